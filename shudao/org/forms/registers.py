"""Forms of the registers."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shudao.org.forms.parts import DayField, OrgForm, Pick, post_choices, today, unit_choices
from shudao.org.models import Activity, Correction, Observer, Outlet, OwnAccount

CHANNELS = [
    ("account", _("社交平台账号")), ("web", _("网站")), ("hotline", _("热线")), ("press", _("发布会或通稿")), ("im", _("群组")),
    ("mail", _("邮件")),
]  # fmt: skip
LONG = {"rows": 4}
BREAKS = re.compile(r"[、,，;；\s]+")


class ObserverForm(OrgForm):
    """An observer."""

    verb = "add_observer"
    name = forms.CharField(label=_("姓名或称呼"), max_length=60)
    unit = Pick(label=_("单位"))
    since = DayField(label=_("聘任日期"), required=False, help_text=_("不填即今天。"))

    def furnish(self) -> None:
        """The units."""
        self.fields["unit"].offer(unit_choices())

    def first(self) -> dict[str, Any]:
        """As it stands."""
        return {name: getattr(self.row, name) for name in self.fields} if self.row else {}


class ChangeObserverForm(ObserverForm):
    """An observer's entry."""

    verb = "change_observer"
    since = DayField(label=_("聘任日期"), required=False)
    trained_on = DayField(label=_("最近培训"), required=False, help_text=_("登记培训活动时会自动更新，一般不必手填。"))


class OwnAccountForm(OrgForm):
    """An own account or group."""

    verb = "own_account"
    platform = forms.CharField(label=_("平台"), max_length=60)
    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"), choices=OwnAccount.Kind.choices)
    channel = forms.ChoiceField(label=_("渠道"), choices=CHANNELS, help_text=_("与预案里的发布渠道对应。"))
    address = forms.URLField(label=_("网址"), max_length=300, required=False, assume_scheme="https")
    owner = Pick(label=_("负责岗位"), required=False)

    def furnish(self) -> None:
        """The posts; a channel that is none of ours stays as it is."""
        self.fields["owner"].offer(post_choices(), gettext("（未定）"))
        if self.row and self.row.channel not in dict(CHANNELS):
            self.fields["channel"].choices = [*CHANNELS, (self.row.channel, self.row.channel)]  # type: ignore[attr-defined]

    def first(self) -> dict[str, Any]:
        """As it stands."""
        return {name: getattr(self.row, name) for name in self.fields} if self.row else {}


class OutletForm(OrgForm):
    """An outlet."""

    verb = "outlet"
    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"), choices=Outlet.Kind.choices)
    tier = forms.TypedChoiceField(
        label=_("层级"), choices=Outlet.Tier.choices, coerce=int, initial=Outlet.Tier.LOCAL,
        help_text=_("传得多远；研判级别时会用到。"),
    )  # fmt: skip

    def first(self) -> dict[str, Any]:
        """As it stands."""
        return {name: getattr(self.row, name) for name in self.fields} if self.row else {}


class CorrectionForm(OrgForm):
    """A correction to be asked."""

    verb = "add_correction"
    asked_on = DayField(label=_("提出日期"))
    claim = forms.CharField(label=_("不实说法"), max_length=2000, widget=forms.Textarea(attrs=LONG))
    evidence = forms.CharField(
        label=_("依据"),
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        help_text=_("哪份记录、谁出具的；没有依据不能登记。"),
    )
    reply = forms.CharField(label=_("对方答复"), max_length=4000, required=False, widget=forms.Textarea(attrs=LONG))
    review_on = DayField(label=_("复核日期"), help_text=_("到时再看：说法是否仍不实，记录是否还公道。"))

    def first(self) -> dict[str, Any]:
        """Asked today, looked at again in half a year."""
        return {"asked_on": today(), "review_on": today() + timedelta(days=180)}


class AnswerCorrectionForm(OrgForm):
    """What the outlet said."""

    verb = "answer_correction"
    reply = forms.CharField(label=_("对方答复"), max_length=4000, widget=forms.Textarea(attrs=LONG))
    outcome = forms.ChoiceField(label=_("结果"), choices=Correction.Outcome.choices)

    def first(self) -> dict[str, Any]:
        """As it stands."""
        return {"reply": self.row.reply, "outcome": self.row.outcome}


class ReviewCorrectionForm(OrgForm):
    """The next review."""

    verb = "review_correction"
    note = forms.CharField(label=_("复核意见"), max_length=400, required=False)
    review_on = DayField(label=_("下次复核"))

    def first(self) -> dict[str, Any]:
        """In a year."""
        return {"review_on": today() + timedelta(days=365)}


class ActivityForm(OrgForm):
    """A training or awareness activity."""

    verb = "activity"
    kind = forms.ChoiceField(label=_("类别"), choices=Activity.Kind.choices)
    held_on = DayField(label=_("日期"))
    unit = Pick(label=_("单位"))
    subject = forms.CharField(label=_("主题"), max_length=200)
    attended = forms.IntegerField(label=_("参加人数"), min_value=0, max_value=1_000_000, initial=0)
    observers = forms.CharField(
        label=_("参加的信息员"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写姓名，用顿号分开；是培训的，他们的最近培训日期会更新。"),
    )  # fmt: skip
    evidence = forms.CharField(
        label=_("佐证"), max_length=2000, required=False, widget=forms.Textarea(attrs=LONG),
        help_text=_("签到表编号、通知文号、报道链接等。"),
    )  # fmt: skip
    file = forms.FileField(label=_("佐证文件"), required=False, help_text=_("照片、签到表等，不超过 5 MB。"))

    def furnish(self) -> None:
        """The units."""
        self.fields["unit"].offer(unit_choices())

    def first(self) -> dict[str, Any]:
        """As it stands."""
        if not self.row:
            return {"held_on": today()}
        there = {
            name: getattr(self.row, name) for name in ("kind", "held_on", "unit", "subject", "attended", "evidence")
        }
        names = gettext("、").join(row.name for row in self.row.observers.all())
        return {**there, "observers": names}

    def clean_observers(self) -> list[Observer]:
        """The observers of these names. An error says which is none."""
        names = [name for name in BREAKS.split(self.cleaned_data["observers"]) if name]
        known: dict[str, Observer] = {}
        for row in Observer.objects.filter(name__in=names, ended_on=None).order_by("-pk"):
            known[row.name] = row
        if unknown := [name for name in names if name not in known]:
            said = gettext("、").join(unknown[:5])
            raise forms.ValidationError(gettext("没有这样的在任信息员：%(names)s") % {"names": said})
        return [known[name] for name in dict.fromkeys(names)]

    def clean_file(self) -> tuple[str, bytes] | None:
        """Name and content."""
        given = self.cleaned_data["file"]
        return (given.name[:200], given.read()) if given else None
