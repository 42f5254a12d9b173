"""Limits of what belongs to no incident."""

from datetime import datetime, timedelta

from shudao.engine.respond.duty import due_after
from shudao.engine.respond.index import index_of
from shudao.org.queries.holidays import holiday_calendar
from shudao.plan.queries import edition_in_force

ANSWER_WITHIN = timedelta(days=3)
"""Time for an answer to a demand on an ordinary day where no plan in force gives any: assumed."""

ASSUMED = "assumed"
"""`due_source` of such a limit."""


def answer_limit(now: datetime) -> tuple[datetime, str]:
    """Until when a demand taken up now is to be answered, and where that limit stands: the plan in force, else assumed.

    The plan counts from a milestone of its incident; on an ordinary day it counts from when the demand is taken up.
    """
    edition = edition_in_force()
    demands = edition.plan.demands if edition else None
    if edition is None or demands is None:
        return now + ANSWER_WITHIN, ASSUMED
    at, _ = due_after(index_of(edition.plan, holiday_calendar()).clock, demands.answer_due, now)
    return at, (demands.answer_due.source or f"{edition.title} {edition.version}")[:200]
