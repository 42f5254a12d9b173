"""Forms of web hooks in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm
from shudao.listen.forms.imports import KIND_WORDS


class OpenHookForm(VerbForm):
    """Whose posts will be handed over."""

    verb = "open_hook"
    source = forms.CharField(
        label=_("信源名称"), max_length=200, widget=forms.TextInput(attrs={"list": "known-sources", "autocomplete": "off"}),
        help_text=_("推送来的信息都记在这个信源名下。"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("媒体类别"), choices=[row for row in KIND_WORDS if row[0]], initial="web")

    def clean_source(self) -> str:
        """One line."""
        return " ".join(self.cleaned_data["source"].split())
