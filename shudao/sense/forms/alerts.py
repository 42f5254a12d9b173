"""Forms of alerts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm


class DismissAlertForm(VerbForm):
    """Say why an alert is no matter for the organisation."""

    verb = "dismiss_alert"
    reason = forms.CharField(
        label=_("为什么与本单位无关"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        help_text=_("理由写入记录；以后同类预警可以对照。"),
    )  # fmt: skip
