"""时限 (limits): the plan's limits on milestones, as they stand for an incident, and the names of all that has a code."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from shudao.engine.papers.phrases import MILESTONE_NAMES
from shudao.engine.plan.model import Plan
from shudao.engine.words import Words
from shudao.org.queries import post_names
from shudao.respond.models import Incident


class Limit(NamedTuple):
    """时限 (limit) on a milestone: until when, from when, reached when, the clause, the figure's source, whose it is."""

    name: Words
    due_at: datetime | None
    start_at: datetime | None
    done_at: datetime | None
    clause: str
    source: str
    owner: str
    is_assumed: bool = False

    def is_late(self, now: datetime) -> bool:
        """Not reached and past."""
        return self.done_at is None and self.due_at is not None and self.due_at < now


def limits_of(incident: Incident) -> list[Limit]:
    """Limits that apply at the incident's level: the running ones by their hour, then those reached. Asks no database."""
    plan, state = incident.plan, incident.state
    dues = {run.step: run.due_at for run in state.steps if run.due_at}
    assumed = {run.step for run in state.steps if run.assumed}
    rows = []
    for step in plan.steps:
        if not step.due or not step.sets or (step.levels and incident.level and incident.level not in step.levels):
            continue
        done, due = state.milestones.get(step.sets), dues.get(step.id)
        if done or due:
            start = state.milestones.get(step.due.of)
            name = milestone_name(step.sets, plan)
            rows.append(Limit(name, due, start, done, step.clause, step.due.source, step.owner, step.id in assumed))
    return sorted(rows, key=lambda row: (row.done_at is not None, row.due_at or row.done_at or incident.opened_at))


def milestone_name(name: str, plan: Plan) -> Words:
    """A milestone in words; one that the plan added carries its own name."""
    own = {row.id: Words(row.name, row.name) for row in plan.milestones}
    return MILESTONE_NAMES.get(name) or own.get(name) or Words(name, name)


def names_of(plan: Plan) -> Mapping[str, str]:
    """Posts, units, steps, papers, channels, levels by code, as the plan and the organisation call them."""
    named = {row.id: row.title for part in (plan.steps, plan.documents) for row in part}
    named |= {row.id: row.name for part in (plan.units, plan.channels, plan.milestones) for row in part}
    named |= {row.code: row.name for row in plan.levels}
    return {**named, **{post.id: post.name for post in plan.posts}, **post_names()}
