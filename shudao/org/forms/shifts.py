"""Forms of shifts, swaps, hand-over notes and holidays."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import MomentField
from shudao.org.forms.parts import (
    DayField,
    HourField,
    OrgForm,
    Pick,
    StaffField,
    WeekdaysField,
    people_in_service,
    post_choices,
    today,
)
from shudao.org.models import ShiftRule

MOST_BACK = 60
LONG = {"rows": 5}


class ShiftRuleForm(OrgForm):
    """A shift that repeats."""

    verb = "add_shift_rule"
    post = Pick(label=_("岗位"))
    staff = StaffField()
    days = forms.ChoiceField(
        label=_("哪些天"), choices=ShiftRule.Days.choices, widget=forms.RadioSelect, initial=ShiftRule.Days.WEEKDAYS
    )
    weekdays = WeekdaysField(required=False, help_text=_("按星期排班时勾选。"))
    from_time = HourField(label=_("上班"), initial="08:00")
    to_time = HourField(label=_("下班"), initial="20:00", help_text=_("不晚于上班时间的，表示到次日。"))
    every_weeks = forms.IntegerField(
        label=_("每几周一轮"),
        min_value=1,
        max_value=26,
        initial=1,
        help_text=_("1 为每周；2 为隔周，从起始日那一周算起。"),
    )
    from_on = DayField(label=_("起"))
    to_on = DayField(label=_("止"), required=False, help_text=_("不填即一直排下去。"))

    def furnish(self) -> None:
        """Posts and people."""
        self.fields["post"].offer(post_choices())
        self.fields["staff"].offer(people_in_service())

    def first(self) -> dict[str, Any]:
        """The post of the address; from the day that the address or the office's clock names."""
        return {"post": self.asked.get("post", ""), "from_on": self.asked.get("day") or today()}

    def clean(self) -> dict[str, Any]:
        """Days of the week are asked where the rule goes by them."""
        found = super().clean() or {}
        if found.get("days") == ShiftRule.Days.WEEKDAYS and not found.get("weekdays"):
            self.add_error("weekdays", gettext("请勾选星期几。"))
        return found


class EndRuleForm(OrgForm):
    """The last day of a rule."""

    verb = "end_shift_rule"
    to_on = DayField(label=_("最后一天"), required=False, help_text=_("不填即今天；之后的班取消，人工调整过的保留。"))


class ShiftForm(OrgForm):
    """A single shift."""

    verb = "add_shift"
    post = Pick(label=_("岗位"))
    staff = StaffField()
    start_at = MomentField(label=_("开始"), required=True, help_text="")
    end_at = MomentField(label=_("结束"), required=True, help_text="")

    def furnish(self) -> None:
        """Posts and people."""
        self.fields["post"].offer(post_choices())
        self.fields["staff"].offer(people_in_service())

    def first(self) -> dict[str, Any]:
        """As the address says: from a gap."""
        return {name: self.asked.get(name, "") for name in ("post", "start_at", "end_at")}


class ChangeShiftForm(OrgForm):
    """Another person or other times."""

    verb = "change_shift"
    staff = StaffField(label=_("值班人"))
    start_at = MomentField(label=_("开始"), required=True, help_text="")
    end_at = MomentField(label=_("结束"), required=True, help_text="")

    def furnish(self) -> None:
        """People."""
        self.fields["staff"].offer(people_in_service())

    def first(self) -> dict[str, Any]:
        """As it stands."""
        return {"staff": self.row.staff, "start_at": self.row.start_at, "end_at": self.row.end_at}


class AskSwapForm(OrgForm):
    """Whom one asks to take the shift."""

    verb = "ask_swap"
    asked = StaffField(label=_("请谁来值"))
    back = Pick(label=_("换回对方的哪个班"), required=False, help_text=_("同一岗位今后的班；不选就是只请人代班。"))
    reason = forms.CharField(label=_("缘由"), max_length=200, required=False)

    def furnish(self) -> None:
        """The others, and their coming shifts in the same post."""
        self.fields["asked"].offer(row for row in people_in_service() if row.pk != self.row.staff_id)
        coming = self.row.post.shifts.standing().filter(start_at__gt=self.row.start_at.replace(hour=0, minute=0))
        coming = coming.exclude(staff=self.row.staff).select_related("staff", "staff__user")[:MOST_BACK]
        self.fields["back"].offer(
            ((str(row.pk), f"{row.staff.name} {_when(row)}", row) for row in coming), gettext("（不换回）")
        )

    def clean(self) -> dict[str, Any]:
        """A shift in return is one of the person who is asked."""
        found = super().clean() or {}
        back, asked = found.get("back"), found.get("asked")
        if back and asked and back.staff_id != asked.pk:
            self.add_error("back", gettext("这不是%(name)s的班。") % {"name": asked.name})
        return found


class DeclineSwapForm(OrgForm):
    """Why not."""

    verb = "decline_swap"
    reason = forms.CharField(label=_("缘由"), max_length=200, required=False)


class HandOverForm(OrgForm):
    """What the next shift must know."""

    verb = "write_hand_over"
    post = Pick(label=_("岗位"))
    text = forms.CharField(
        label=_("要交接的事"), max_length=4000, widget=forms.Textarea(attrs=LONG),
        help_text=_("在办的事、等谁的回复、几点前要做什么。不写当事人的姓名和电话。"),
    )  # fmt: skip

    def furnish(self) -> None:
        """The posts whose shift one is doing."""
        self.fields["post"].offer((row.code, row.name, row) for row in self.row.duties)

    def first(self) -> dict[str, Any]:
        """The only one."""
        return {"post": self.row.duties[0]} if self.row.duties else {}


class HolidaysForm(OrgForm):
    """The table of holidays as a file, or typed."""

    verb = "put_holidays"
    file = forms.FileField(label=_("表格文件"), required=False, help_text=_("xlsx 或 csv，三列：日期、类别、名称。"))
    text = forms.CharField(
        label=_("或直接填写"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一行一天，例如：2026-10-01 放假 国庆节；2026-10-10 上班 调休。连续几天可写 2026-10-01 至 2026-10-07。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        found = super().clean() or {}
        if bool(found.get("file")) == bool(found.get("text", "").strip()):
            raise forms.ValidationError(gettext("请选一个文件，或直接填写，二者取一。"))
        return found


def _when(row: Any) -> str:
    start, end = timezone.localtime(row.start_at), timezone.localtime(row.end_at)
    return f"{start:%m-%d %H:%M}–{end:%H:%M}"
