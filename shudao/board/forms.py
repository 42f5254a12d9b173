"""Forms of what looks across stages: how long things are kept, and what goes now."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm
from shudao.base.retention import Kind


class PeriodForm(VerbForm):
    """How long a class is kept, and whether the daily job applies it."""

    verb = "set_retention"
    days = forms.IntegerField(label=_("留存天数"), required=False, min_value=1)
    is_on = forms.BooleanField(label=_("到期自动清除"), required=False)
    reason = forms.CharField(label=_("理由或依据"), required=False, max_length=200)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tongue = get_language() or "zh"
        self.fields["days"].help_text = _("不填即长期留存。至少 %(least)d 天；建议：%(days)s，%(why)s。") % {
            "least": kind.least,
            "days": _("长期") if kind.days is None else _("满 %(n)d 天") % {"n": kind.days},
            "why": kind.why.say(tongue),
        }
        self.fields["reason"].help_text = _("与建议不同时要写明，例如本单位的规定。")
        if kind.is_sure:
            self.fields["is_on"].help_text = _("这一类总是到期清除，不能关闭。")
            self.fields["is_on"].disabled = True
            self.fields["is_on"].initial = True


class EraseForm(VerbForm):
    """Which classes, and before which day; first counted, then erased."""

    verb = "erase_old"
    before = forms.DateField(
        label=_("清除这一天以前的"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kinds = forms.MultipleChoiceField(label=_("类别"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, found: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tongue = get_language() or "zh"
        self.fields["kinds"].choices = [(kind.code, kind.words.say(tongue)) for kind in found]  # type: ignore[attr-defined]

    @property
    def moment(self) -> datetime:
        """The beginning of that day on the office's clock."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["before"], time.min))


def usual_day(now: datetime, days: int) -> str:
    """The day that many days ago, as a form begins with it."""
    return (timezone.localtime(now) - timedelta(days=days)).date().isoformat()
