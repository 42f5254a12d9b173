"""The form of a change of plan: which edition, why; what it would change is shown above it."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shudao.plan.models import Edition
from shudao.respond.forms.base import RoomForm, box
from shudao.respond.queries import changers_of, editions_for
from shudao.respond.screens.edition import ChangePreview


class ChangePlanForm(RoomForm):
    """Put the incident on another signed edition."""

    verb, label, button = "change_plan", _("改按另一版预案办理"), _("签署换版")
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    reason = forms.CharField(label=_("换版的理由"), widget=box(2), max_length=500, help_text=_("差异会逐条写入记录。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and self.chosen:
            self.initial["edition"] = self.chosen.pk

    @cached_property
    def editions(self) -> list[Edition]:
        """Signed editions it could be put on, the newest first."""
        return editions_for(self.incident)

    @cached_property
    def chosen(self) -> Edition | None:
        """The one asked for, else the newest."""
        asked = str((self.data.get("edition") if self.is_bound else self.initial.get("edition")) or "")
        found = next((row for row in self.editions if str(row.pk) == asked), None)
        return found or next(iter(self.editions), None)

    @cached_property
    def preview(self) -> ChangePreview | None:
        """What the chosen one would change."""
        return ChangePreview(self.incident, self.chosen.plan) if self.chosen else None

    @property
    def signers(self) -> list[str]:
        """Names of the posts that may sign."""
        may = changers_of(self.plan)
        return [post.name for post in self.plan.posts if post.id in may]

    @property
    def stopped(self) -> bool:
        """Nothing can be signed here now."""
        return self.preview is None or bool(self.preview.against)
