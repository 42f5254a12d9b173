"""历时 (lengths): every measure of speed is the difference of two milestones; one that cannot be taken names what is missing."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from shudao.engine.papers.phrases import MILESTONE_NAMES
from shudao.engine.plan.model import Clock, Limit, Plan
from shudao.engine.respond.state import applies
from shudao.engine.words import Words

SPANS: tuple[tuple[str, str, str], ...] = (
    ("detection", "first_seen", "detected"),
    ("acknowledgement", "detected", "acknowledged"),
    ("report_to_head", "detected", "reported"),
    ("grading", "detected", "graded"),
    ("activation", "graded", "activated"),
    ("oral_report", "detected", "superior_told"),
    ("written_report", "detected", "superior_written"),
    ("meeting", "activated", "met"),
    ("first_word", "detected", "first_word"),
    ("approval", "activated", "statement_approved"),
    ("release", "statement_approved", "published"),
    ("publication", "detected", "published"),
    ("answers", "detected", "demands_answered"),
    ("calming", "detected", "settled"),
    ("closing", "settled", "closed"),
    ("whole", "first_seen", "closed"),
)
"""Measure, from, to: the common list of INTERFACES, each of its milestones in at least one."""


class Length(msgspec.Struct, frozen=True, kw_only=True):
    """历时 (length) between two milestones in minutes; None with what is `missing`. `limit`: the plan's, on its clock."""

    id: str
    start: str
    end: str
    minutes: float | None
    missing: tuple[str, ...] = ()
    limit: int | None = None
    clock: Clock = "wall"

    @property
    def is_late(self) -> bool:
        """Longer than the plan's limit; of a limit in duty hours minutes alone cannot tell."""
        return (
            self.clock == "wall" and None not in (self.minutes, self.limit) and (self.minutes or 0) > (self.limit or 0)
        )


def lengths(plan: Plan, reached: Mapping[str, datetime], level: str | None = None) -> tuple[Length, ...]:
    """Every measure that applies, in the order of the list, then the milestones that the plan added.

    Where the plan limits a milestone from another start than the list does, that difference is a measure too.
    A milestone that neither the plan's steps at this level nor the run itself would ever set is not asked for.
    """
    limits = _limits(plan, level)
    spans = list(SPANS)
    known = {(start, end) for _, start, end in SPANS}
    spans += [(end, limit.of, end) for end, limit in limits.items() if (limit.of, end) not in known]
    spans += [(row.id, "detected", row.id) for row in plan.milestones if row.id not in limits]
    wanted = _wanted(plan, level) | set(reached)
    return tuple(_length(*span, reached, limits) for span in spans if {span[1], span[2]} <= wanted)


def missing(found: tuple[Length, ...]) -> tuple[str, ...]:
    """The milestones that were not reached, each once, in order."""
    return tuple(dict.fromkeys(name for row in found for name in row.missing))


def name_of(row: Length, plan: Plan) -> Words:
    """ "From this to that" in words."""
    own = {one.id: Words(one.name, one.name) for one in plan.milestones}
    start, end = (MILESTONE_NAMES.get(name) or own.get(name) or Words(name, name) for name in (row.start, row.end))
    return Words(f"{start.zh} → {end.zh}", f"{start.en} → {end.en}")


def _length(
    name: str, start: str, end: str, reached: Mapping[str, datetime], limits: Mapping[str, Limit]
) -> Length:  # fmt: skip
    lacking = tuple(one for one in (start, end) if one not in reached)
    took = None if lacking else round((reached[end] - reached[start]).total_seconds() / 60, 2)
    limit = limits.get(end)
    if limit is None or limit.of != start:
        return Length(id=name, start=start, end=end, minutes=took, missing=lacking)
    return Length(
        id=name, start=start, end=end, minutes=took, missing=lacking, limit=limit.within, clock=limit.clock
    )  # fmt: skip


def _limits(plan: Plan, level: str | None) -> dict[str, Limit]:
    """Milestone -> the limit of the step that sets it."""
    steps = [step for step in plan.steps if step.sets and step.due and (not level or applies(step.levels, level))]
    found: dict[str, Limit] = {}
    for step in steps:
        if step.sets and step.due:
            found.setdefault(step.sets, step.due)
    return found


def _wanted(plan: Plan, level: str | None) -> set[str]:
    """Milestones that somebody owes: those of the run itself, and those that a step of the plan sets."""
    owed = {step.sets for step in plan.steps if step.sets and (not level or applies(step.levels, level))}
    return owed | {"first_seen", "detected", "graded", "published", "settled", "closed"}
