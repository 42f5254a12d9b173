"""The form of inner hosts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm


class AllowInnerHostForm(VerbForm):
    """Name a server of the office's own network."""

    verb = "allow_inner_host"
    host = forms.CharField(
        label=_("主机或网段"),
        max_length=260,
        help_text=_("例如 oa.example.cn、10.1.2.3:8080、10.1.2.0/24，不大于 /16。"),
    )
    reason = forms.CharField(label=_("用途"), max_length=200, help_text=_("谁的服务器，读什么。"))
