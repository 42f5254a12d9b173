"""The form that corrects a tone."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm


class CorrectToneForm(VerbForm):
    """Say what the tone of a post is."""

    verb, label, button = "correct_tone", _("更正语气"), _("就是这样")
    tone = forms.ChoiceField(
        label=_("说话的人是什么语气"), widget=forms.RadioSelect,
        help_text=_("看说话人的语气，不看事情好坏：通报火灾的口气是中性，反话按本意。文字完全相同的转抄一并更正。"),
    )  # fmt: skip
    drawn = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tones: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tone"].choices = list(tones.items())  # type: ignore[attr-defined]
