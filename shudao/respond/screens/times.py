"""历时 (times): how long it took from one milestone to another, and which milestones were not reached."""

from dataclasses import dataclass

from shudao.engine.review.lengths import Length, lengths, missing, name_of
from shudao.engine.words import Words
from shudao.respond.models import Incident
from shudao.respond.queries import milestone_name, milestones_of


@dataclass(frozen=True)
class TimesPart:
    """历时 (times) of one incident: the measures that were taken, and the milestones they lack."""

    taken: list[tuple[Words, Length]]
    lacking: list[Words]


def times_of(incident: Incident) -> TimesPart:
    """Measured from the milestones on record."""
    plan = incident.plan
    rows = lengths(plan, milestones_of(incident), incident.level or None)
    taken = [(name_of(row, plan), row) for row in rows if row.minutes is not None]
    return TimesPart(taken, [milestone_name(name, plan) for name in missing(rows)])
