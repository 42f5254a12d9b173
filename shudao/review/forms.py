"""Forms of review, one a verb."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import MomentField, VerbForm
from shudao.engine.plan.model import Plan


class ReviewForm(VerbForm):
    """A form of somebody who acts in one of his posts."""

    label: Any = ""
    button: Any = ""
    post = forms.ChoiceField(label=_("以哪个岗位办理"))

    def __init__(self, *args: Any, posts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "post"])
        self.fields["post"].choices = list(posts.items())  # type: ignore[attr-defined]
        if len(posts) <= 1:
            self.fields["post"].widget = forms.HiddenInput()
            self.fields["post"].initial = next(iter(posts), "")


class AddLessonForm(ReviewForm):
    """What is to change, whose it is, until when."""

    verb, label, button = "add_lesson", _("登记改进项"), _("登记")
    text = forms.CharField(label=_("改什么"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    owner = forms.ChoiceField(label=_("由谁改"))
    due_at = MomentField(label=_("何时改好"), required=True, help_text=None)
    proof = forms.CharField(
        label=_("怎样算改好"), max_length=500, required=False, help_text=_("例如：新版预案签发、补训签到表。")
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(row.id, row.name) for row in plan.posts]  # type: ignore[attr-defined]


class FinishLessonForm(ReviewForm):
    """The proof that it was done."""

    verb, label, button = "finish_lesson", _("完成改进项"), _("已改好，记入")
    proof = forms.CharField(label=_("完成证明"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)
