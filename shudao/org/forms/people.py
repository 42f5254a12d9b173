"""Forms of the organisation, units, posts, staff and holdings."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import MomentField
from shudao.org.forms.parts import OrgForm, Pick, StaffField, people_in_service, post_choices, unit_choices
from shudao.org.models import Staff

UNIT_KINDS = [
    ("department", _("部门")), ("lead", _("领导小组")), ("office", _("办公室")), ("group", _("工作组")),
    ("external", _("外部单位")), ("superior", _("上级单位")),
]  # fmt: skip
DEPUTIES, MOST_DEPUTIES = 3, 8


class OrganisationForm(OrgForm):
    """The organisation itself."""

    verb = "change_organisation"
    name = forms.CharField(label=_("单位全称"), max_length=120, help_text=_("印在每份文书上。"))
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    parent = forms.CharField(
        label=_("上级单位"), max_length=120, required=False, help_text=_("书面报告报给谁，例如上级单位的新闻中心。")
    )

    def first(self) -> dict[str, Any]:
        """As it stands."""
        return {name: getattr(self.row, name) for name in self.fields}


class UnitForm(OrgForm):
    """A unit."""

    verb = "unit"
    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"), choices=UNIT_KINDS)
    parent = Pick(label=_("上级"), required=False)

    def furnish(self) -> None:
        """The units it may stand under: not itself."""
        rows = [choice for choice in unit_choices() if choice[2] != self.row]
        self.fields["parent"].offer(rows, gettext("（最高一级）"))

    def first(self) -> dict[str, Any]:
        """As it stands; a new one under the unit that the address names."""
        if self.row:
            return {"name": self.row.name, "kind": self.row.kind, "parent": self.row.parent}
        return {"parent": self.asked.get("parent", "")}


class NewUnitForm(UnitForm):
    """A unit to be made."""

    code = forms.CharField(
        label=_("代码"), max_length=60, required=False, help_text=_("预案里写的代码；不填就自动编。以后不能改。")
    )


class PostForm(OrgForm):
    """A post."""

    verb = "post"
    name = forms.CharField(label=_("名称"), max_length=120)
    unit = Pick(label=_("单位"))
    is_all_hours = forms.BooleanField(
        label=_("昼夜值守"), required=False, help_text=_("勾选后，没有排班的时段会列为空班。")
    )

    def furnish(self) -> None:
        """The units."""
        self.fields["unit"].offer(unit_choices())

    def first(self) -> dict[str, Any]:
        """As it stands; a new one in the unit that the address names."""
        if self.row:
            return {"name": self.row.name, "unit": self.row.unit, "is_all_hours": self.row.is_all_hours}
        return {"unit": self.asked.get("unit", "")}


class NewPostForm(PostForm):
    """A post to be made."""

    code = forms.CharField(
        label=_("代码"), max_length=60, required=False, help_text=_("预案里写的代码；不填就自动编。以后不能改。")
    )


class DeputiesForm(OrgForm):
    """Deputies of a post, in order."""

    verb = "set_deputies"

    def furnish(self) -> None:
        """One choice for each deputy, and some more."""
        there = [row.deputy for row in self.row.deputies.select_related("deputy")]
        choices = [choice for choice in post_choices() if choice[2] != self.row]
        for order in range(1, min(max(DEPUTIES, len(there) + 1), MOST_DEPUTIES) + 1):
            field = Pick(label=gettext("第 %(n)d 副岗") % {"n": order}, required=False)
            field.offer(choices, gettext("（没有）"))
            self.fields[f"deputy_{order}"] = field
            self.initial.setdefault(f"deputy_{order}", there[order - 1] if order <= len(there) else None)

    def clean(self) -> dict[str, Any]:
        """The deputies in order, empty places left out."""
        found = super().clean() or {}
        found["deputies"] = [row for name, row in sorted(found.items()) if name.startswith("deputy_") and row]
        return found


class RetirePostForm(OrgForm):
    """Which post takes its place."""

    verb = "retire_post"
    replaced_by = Pick(
        label=_("由哪个岗位接替"), required=False,
        help_text=_("选了接替岗位，预案里写的这个岗位就由接替岗位的人负责；现行预案还用着它时必须选。"),
    )  # fmt: skip

    def furnish(self) -> None:
        """Every other post."""
        rows = [choice for choice in post_choices() if choice[2] != self.row]
        self.fields["replaced_by"].offer(rows, gettext("（不接替）"))


class StaffForm(OrgForm):
    """A person."""

    verb = "staff"
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(
        label=_("电话"), max_length=40, required=False, help_text=_("本人愿意提供的；印在通讯录上，不写进留痕。")
    )
    mail = forms.EmailField(label=_("邮箱"), max_length=120, required=False)
    is_administrator = forms.BooleanField(
        label=_("管理员"), required=False, help_text=_("能设置本站；看不到事件内容，除非另任岗位。")
    )

    def furnish(self) -> None:
        """Only an administrator names another."""
        if not (self.me and self.me.is_administrator):
            del self.fields["is_administrator"]

    def first(self) -> dict[str, Any]:
        """As it stands."""
        return {name: getattr(self.row, name) for name in self.fields} if self.row else {}


class NewStaffForm(StaffForm):
    """A person to be registered."""

    account = forms.CharField(
        label=_("账号"), max_length=150, required=False,
        help_text=_("登录用，例如姓名拼音或工号；不填就自动编。以后不能改。"),
    )  # fmt: skip
    field_order = ("name", "account", "phone", "mail", "is_administrator")


class HoldingForm(OrgForm):
    """Who holds which post from when."""

    verb = "start_holding"
    post = Pick(label=_("岗位"))
    staff = StaffField()
    from_at = MomentField(label=_("起"), help_text=_("不填即从现在起。"))
    to_at = MomentField(label=_("止"), help_text=_("不填即一直任职。"))

    def furnish(self) -> None:
        """Posts and people; the one that the address names is fixed."""
        self.fields["post"].offer(post_choices())
        self.fields["staff"].offer(people_in_service())

    def first(self) -> dict[str, Any]:
        """The post and the person of the address."""
        account = self.asked.get("staff", "")
        person = Staff.objects.filter(user__username=account).first() if account else None
        return {"post": self.asked.get("post", ""), "staff": person}


class ChangeHoldingForm(OrgForm):
    """Moments that were written down wrongly."""

    verb = "change_holding"
    from_at = MomentField(label=_("起"), required=True, help_text="")
    to_at = MomentField(label=_("止"), help_text=_("不填即一直任职。"))
    reason = forms.CharField(label=_("更正缘由"), max_length=200)

    def first(self) -> dict[str, Any]:
        """As they stand."""
        return {"from_at": self.row.from_at, "to_at": self.row.to_at}


class EndHoldingForm(OrgForm):
    """Until when."""

    verb = "end_holding"
    to_at = MomentField(label=_("止"), help_text=_("不填即现在。"))
