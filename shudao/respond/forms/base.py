"""What the forms of the response share: a form of the room, one of ordinary business, their choices.

Forms check writing; the verbs decide what may be done.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import MomentField, VerbForm
from shudao.respond.actions import BY_PHONE
from shudao.respond.models import Incident

Choices = Iterable[tuple[str, Any]]
PHONE = ("oral_of", "told")


def box(rows: int) -> forms.Textarea:
    """A text box of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


class LinesField(forms.CharField):
    """逐行 (lines): one thing a line; gives the lines that say something."""

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """The lines, trimmed."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class PostedForm(VerbForm):
    """A form of somebody who acts in one of his posts. `posts`: by code."""

    label: Any = ""
    button: Any = _("确定")
    post = forms.ChoiceField(label=_("以哪个岗位办理"))

    def __init__(self, *args: Any, posts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("post", list(posts.items()))
        self.order_fields([name for name in self.fields if name != "post"])
        if len(posts) <= 1:
            self.fields["post"].widget = forms.HiddenInput()
            self.fields["post"].initial = next(iter(posts), "")

    def choose(self, name: str, choices: Choices) -> None:
        """Set what may be chosen in a field."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


class RoomForm(PostedForm):
    """A form in the room of one incident. What a post did by telephone is recorded with the same form (`oral_of`)."""

    def __init__(self, *args: Any, incident: Incident, posts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, posts=posts, **kwargs)
        self.incident, self.plan = incident, incident.plan
        if self.verb in BY_PHONE:
            self._take_calls()

    def _take_calls(self) -> None:
        others = [(post.id, post.name) for post in self.plan.posts]
        self.fields["oral_of"] = forms.ChoiceField(
            label=_("是哪个岗位在电话里办的"), choices=[("", _("不是代录")), *others], required=False
        )
        self.fields["told"] = forms.CharField(
            label=_("谁告诉谁"),
            required=False,
            max_length=200,
            help_text=_("例如：组长来电，告知值班员。对方须限时补认。"),
        )
        self.fields.setdefault("happened_at", MomentField())

    @property
    def phone_fields(self) -> list[BoundField]:
        """What is filled in for somebody who did it by telephone."""
        names = (*PHONE, *(("happened_at",) if "happened_at" not in self.base_fields else ()))
        return [
            self[name] for name in names if name in self.fields and "oral_of" in self.fields and self.verb in BY_PHONE
        ]

    @property
    def main_fields(self) -> list[BoundField]:
        """Everything else that is seen."""
        apart = {field.name for field in self.phone_fields}
        return [field for field in self.visible_fields() if field.name not in apart]

    @property
    def is_phoned(self) -> bool:
        """Whether it is filled in for somebody else."""
        return self.verb in BY_PHONE and bool(self["oral_of"].value())

    def clean(self) -> dict[str, Any]:
        """Whoever records for another says who told whom."""
        given = super().clean() or self.cleaned_data
        if self.verb in BY_PHONE and given.get("oral_of") and not given.get("told"):
            self.add_error("told", _("代录须写明谁告诉谁。"))
        return given

    def name_posts(self, name: str) -> None:
        """Let a field choose among the posts of the plan."""
        self.choose(name, [(post.id, post.name) for post in self.plan.posts])
