"""相关事件 (joined incidents) of a room: linked, merged into it, or into which it went."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from shudao.engine.words import Words
from shudao.respond import queries
from shudao.respond.models import Carried, Incident, Merger
from shudao.respond.screens import words as said
from shudao.respond.screens.parts import Part


def address_of(incident: Incident) -> str:
    """The room of an incident, from the root."""
    run = incident.scene_value.run_code
    return f"/respond/runs/{run}/incidents/{incident.number}/" if run else f"/respond/incidents/{incident.number}/"


@dataclass(frozen=True)
class LinkRow:
    """关联 (link) as one of the two sees it: the other, where its room is, why."""

    other: Incident
    address: str
    note: str


class JoinedPart(Part):
    """What stands beside this incident."""

    @cached_property
    def links(self) -> list[LinkRow]:
        """Linked incidents."""
        rows = queries.links_of(self.incident)
        others = [(row, row.other if row.incident_id == self.incident.pk else row.incident) for row in rows]
        return [LinkRow(other, address_of(other), row.note) for row, other in others]

    @cached_property
    def mergers(self) -> list[tuple[Merger, str]]:
        """What went into it."""
        return [(row, address_of(row.incident)) for row in queries.merged_into(self.incident)]

    @property
    def joined_count(self) -> int:
        """How many."""
        return len(self.links) + len(self.mergers)

    @cached_property
    def merger(self) -> Merger | None:
        """Into which it went."""
        return None if self.incident.is_open else queries.merger_of(self.incident)

    @property
    def carried(self) -> list[tuple[Words, Carried]]:
        """What of it is open there."""
        return [(said.CARRIED[row.kind], row) for row in self.merger.carried.all()] if self.merger else []

    @property
    def merged_address(self) -> str:
        """Where the matter goes on."""
        return address_of(self.merger.into) if self.merger else ""

    @property
    def may_merge(self) -> str:
        """In which post the reader may let it go into another; "" when in none."""
        return self.reader.as_any(sorted(queries.enders_of(self.incident)))
