"""发布 (release): statements as they were made public, with the draft, the approvals and the truth of that moment."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from shudao.engine.review.case import Case
from shudao.engine.review.trace import Mark, number


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """发布 (release): a publishing entry, the last draft before it, and the approvals since that draft."""

    published: Mark
    draft: Mark | None
    approvals: tuple[Mark, ...]

    @property
    def figures(self) -> dict[str, float | None]:
        """The figures it states, by name; None for one that is no number."""
        return figures_of(self.draft)

    @property
    def checklist(self) -> Mapping[str, object]:
        """Which of the six marks of a whole statement it carries."""
        found = self.draft.data.get("checklist") if self.draft else None
        return found if isinstance(found, dict) else {}

    @property
    def next_update_at(self) -> datetime | None:
        """When it promised the next word; None when it promised none, or no moment that can be read."""
        try:
            found = datetime.fromisoformat(str(self.draft.data.get("next_update_at"))) if self.draft else None
        except ValueError:
            return None
        return found if found is None or found.tzinfo else None

    @property
    def is_approved(self) -> bool:
        """Whether the last stage had said yes before it went out."""
        return any(mark.data.get("final") is True for mark in self.approvals)


def releases(case: Case) -> list[Release]:
    """Every publication in order; a statement put out on two channels counts for each."""
    return [_release(case, mark) for mark in case.trace.all("publish_statement")]


def _release(case: Case, published: Mark) -> Release:
    name = published.data.get("statement")
    before = [mark for mark in case.trace.marks if mark.seq < published.seq and mark.says(statement=name)]
    drafts = [mark for mark in before if mark.verb == "draft_statement"]
    since = drafts[-1].seq if drafts else 0
    approvals = tuple(mark for mark in before if mark.verb == "approve_statement" and mark.seq > since)
    return Release(published=published, draft=drafts[-1] if drafts else None, approvals=approvals)


def fact_sheet(case: Case, before: Mark) -> dict[str, float | None]:
    """The figures of the fact sheet in force when an entry was written."""
    sheet: dict[str, float | None] = {}
    for mark in case.trace.all("add_fact"):
        if mark.seq < before.seq:
            sheet.update(figures_of(mark) if mark.data.get("status") == "known" else dict.fromkeys(figures_of(mark)))
    return {name: value for name, value in sheet.items() if value is not None}


def truth(case: Case, before: Mark) -> dict[str, set[float]]:
    """The values each figure has had in the scenario up to an entry: what the place of the matter had reported."""
    values: dict[str, set[float]] = {}
    for inject in case.scenario.injects if case.scenario else ():
        sent = case.trace.first("send_inject", inject=inject.id) if inject.facts else None
        for fact in inject.facts if sent and sent.seq < before.seq else ():
            for name, value in fact.figures.items():
                values.setdefault(name, set()).add(float(value))
    return values


def false_figures(case: Case, release: Release) -> list[str]:
    """Names of published figures that contradict the fact sheet, or the scenario's own truth."""
    sheet, known = fact_sheet(case, release.published), truth(case, release.published)
    found = []
    for name, value in release.figures.items():
        against_sheet = name in sheet and value != sheet[name]
        against_truth = name in known and value not in known[name]
        if against_sheet or against_truth:
            found.append(name)
    return sorted(found)


def figures_of(mark: Mark | None) -> dict[str, float | None]:
    """The figures an entry states, by name; None for one that is no number."""
    found = mark.data.get("figures") if mark else None
    return {str(name): number(value) for name, value in found.items()} if isinstance(found, dict) else {}
