"""Forms of alerts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import MomentField, VerbForm


class DismissAlertForm(VerbForm):
    """Say why an alert is no matter for the organisation."""

    verb = "dismiss_alert"
    reason = forms.CharField(
        label=_("为什么与本单位无关"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        help_text=_("理由写入记录；以后同类预警可以对照。"),
    )  # fmt: skip


class PassAlertForm(VerbForm):
    """Pass an alert on to a department."""

    verb, label, button = "pass_alert", _("转给部门"), _("转给部门")
    unit = forms.ChoiceField(label=_("转给哪个部门"))
    note = forms.CharField(
        label=_("请部门做什么"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, required=False
    )
    due_at = MomentField(label=_("何时答复"), help_text=_("不填即不设期限；逾期未答复的会催办。"))

    def __init__(self, *args: Any, units: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units.items())  # type: ignore[attr-defined]


class AnswerWarningForm(VerbForm):
    """What the department found and does."""

    verb, label, button = "answer_warning", _("答复部门预警"), _("答复")
    text = forms.CharField(
        label=_("查到什么、在做什么"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("转办的人会收到；可以写进声明。"),
    )  # fmt: skip


class AddWarningRuleForm(VerbForm):
    """What a department wants to hear of."""

    verb, label, button = "add_warning_rule", _("部门预警规则"), _("设定")
    unit = forms.ChoiceField(label=_("哪个部门"))
    topic = forms.ChoiceField(label=_("哪个专题"), required=False)
    at_least = forms.IntegerField(
        label=_("至少多少条"), required=False, min_value=1, max_value=100_000, help_text=_("不填：每条预警都转给部门。")
    )
    hours = forms.IntegerField(label=_("在几小时内"), min_value=1, max_value=168, initial=1)

    def __init__(self, *args: Any, units: Mapping[str, str], topics: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units.items())  # type: ignore[attr-defined]
        self.fields["topic"].choices = [("", _("各专题")), *topics.items()]  # type: ignore[attr-defined]
