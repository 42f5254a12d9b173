"""Forms that merge and split stories."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm


class MergeStoriesForm(VerbForm):
    """Choose the story that is the same matter."""

    verb, label, button = "merge_stories", _("和另一话题合并"), _("合并")
    other = forms.IntegerField(
        label=_("话题"), min_value=1, error_messages={"required": _("请选一个话题。"), "invalid": _("请选一个话题。")}
    )


class SplitStoryForm(VerbForm):
    """Choose the posts that are another matter."""

    verb, label, button = "split_story", _("拆成两个话题"), _("拆出选中的")
    item = forms.MultipleChoiceField(
        label=_("信息"),
        error_messages={
            "required": _("请选出要拆出去的信息。"),
            "invalid_choice": _("选中的信息已不在这个话题里，请重新选。"),
        },
    )

    def __init__(self, *args: Any, keys: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]
