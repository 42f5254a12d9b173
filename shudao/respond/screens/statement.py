"""声明页 (one statement): every version with what changed, its approvals, where it was published."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import cached_property

from shudao.base import clock
from shudao.engine.text.changes import Change, changes
from shudao.engine.words import Words
from shudao.respond import queries
from shudao.respond.models import ApprovalStep, PublicationRecord, Statement, StatementVersion
from shudao.respond.screens import words as said


@dataclass(frozen=True)
class VersionRow:
    """稿 (version) with its approvals and publications."""

    version: StatementVersion
    drafter: str
    stages: list[ApprovalStep]
    places: list[PublicationRecord]


class StatementScreen:
    """One statement. `from_`, `to`: numbers of the versions to compare; the last two unless given."""

    def __init__(self, statement: Statement, *, from_: str = "", to: str = "") -> None:
        self.statement, self.incident = statement, statement.incident
        self.now = clock.now(self.incident.scene_value)
        self._from, self._to = from_, to

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Everything that has a code, by its name."""
        return queries.names_of(self.incident.plan)

    @property
    def title(self) -> str:
        """What kind of paper."""
        return self.names.get(self.statement.document, self.statement.kind)

    @property
    def state(self) -> Words:
        """In words."""
        return said.STATEMENT[self.statement.state]

    @cached_property
    def versions(self) -> list[VersionRow]:
        """Every version, the newest first."""
        rows = self.statement.versions.prefetch_related("approvals", "publications").order_by("-number")
        return [
            VersionRow(row, self.names.get(row.post, row.post), list(row.approvals.all()), list(row.publications.all()))
            for row in rows
        ]

    @cached_property
    def pair(self) -> tuple[StatementVersion, StatementVersion] | None:
        """The two versions that are compared, the older first; None with one version only."""
        by_number = {str(row.version.number): row.version for row in self.versions}
        if len(by_number) < 2:
            return None
        newest = self.versions[0].version
        new = by_number.get(self._to, newest)
        old = by_number.get(self._from) or by_number.get(str(new.number - 1)) or self.versions[-1].version
        return (old, new) if old.number < new.number else (new, old) if new.number < old.number else None

    @cached_property
    def changes(self) -> list[Change]:
        """What changed between them."""
        return changes(self.pair[0].text, self.pair[1].text) if self.pair else []

    @property
    def figures(self) -> list[tuple[str, object, object]]:
        """Figures that changed between them."""
        if not self.pair:
            return []
        old, new = self.pair[0].figures, self.pair[1].figures
        return [(name, old.get(name), new.get(name)) for name in {**old, **new} if old.get(name) != new.get(name)]
