"""Forms of incidents that belong together."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shudao.base import clock
from shudao.respond.forms.base import RoomForm, box
from shudao.respond.models import Incident
from shudao.respond.queries import Remains, enders_of, linkable, links_of, mergeable, remains_of


class OtherForm(RoomForm):
    """This incident and another one."""

    @cached_property
    def others(self) -> dict[str, Incident]:
        """Those that may be chosen, by number."""
        return {row.number: row for row in self._others()}

    def _others(self) -> list[Incident]:
        return []

    def name_others(self, name: str) -> None:
        """Let a field choose among them."""
        self.choose(name, [(number, f"{number} {row.title}") for number, row in self.others.items()])

    @property
    def stopped(self) -> bool:
        """There is no other."""
        return not self.others


class LinkIncidentsForm(OtherForm):
    """Say that another incident belongs to this one."""

    verb, label, button = "link_incidents", _("关联另一事件"), _("关联")
    other = forms.ChoiceField(label=_("哪个事件"))
    note = forms.CharField(label=_("是什么关系"), widget=box(2), max_length=500, required=False,
                           help_text=_("例如：同一处停电引起；去年那次又被翻出来。"))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_others("other")

    def _others(self) -> list[Incident]:
        return list(linkable(self.incident))


class UnlinkIncidentsForm(OtherForm):
    """Say that it does not."""

    verb, label, button = "unlink_incidents", _("解除关联"), _("解除")
    other = forms.ChoiceField(label=_("哪个事件"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_others("other")

    def _others(self) -> list[Incident]:
        rows = links_of(self.incident)
        return [row.other if row.incident_id == self.incident.pk else row.incident for row in rows]


class MergeIncidentsForm(OtherForm):
    """Let this incident go into another."""

    verb, label, button = "merge_incidents", _("并入另一事件"), _("并入，并结束本事件")
    into = forms.ChoiceField(label=_("并入哪个事件"))
    reason = forms.CharField(label=_("理由"), widget=box(2), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_others("into")

    def _others(self) -> list[Incident]:
        return list(mergeable(self.incident))

    @property
    def signers(self) -> list[str]:
        """Names of the posts that may decide it."""
        return [post.name for post in self.plan.posts if post.id in enders_of(self.incident)]

    @property
    def is_anothers(self) -> bool:
        """None of the reader's posts may decide it."""
        return not set(dict(self.fields["post"].choices)) & enders_of(self.incident)  # type: ignore[attr-defined]

    @property
    def stopped(self) -> bool:
        """There is no other, or somebody else decides."""
        return not self.others or self.is_anothers

    @cached_property
    def remains(self) -> Remains:
        """What is open in it."""
        return remains_of(self.incident, clock.now(self.incident.scene_value))
