"""对公众的交代 (owed): demands to be answered and next words that were promised, each rated against one stream."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from shudao.engine.drill.model import FieldDemand
from shudao.engine.plan.model import Limit
from shudao.engine.review.case import Case, first_of, minutes_limit, seqs
from shudao.engine.review.clock import Start
from shudao.engine.review.pairs import raised_demands, taken_demands
from shudao.engine.review.rating import Rated
from shudao.engine.review.release import releases
from shudao.engine.review.trace import Mark, Trace

A_DAY = 1440
"""Minutes for an answer where neither plan nor demand gives any."""


def promise_rows(case: Case) -> Iterator[Rated]:
    """Every "next word by then" of a published statement: kept by a later publication of other words."""
    said = releases(case)
    for place, row in enumerate(said):
        due = row.next_update_at
        if due is not None and due > row.published.moment:
            later = (other.published for other in said[place + 1 :] if other.draft != row.draft)
            yield _promise(case, row.published, due, first_of(later))


def _promise(case: Case, published: Mark, due: datetime, answer: Mark | None) -> Rated:
    start = Start(published.moment, published.moment, (published.seq,))
    limit = minutes_limit((due - published.moment).total_seconds() / 60)
    minutes, rating = case.judge(start, limit, answer)
    step = case.step_of(act="publish_statement")
    return Rated(
        id=f"promise:{published.data.get('statement')}",
        title=case.say("按承诺的时间再次通报", "Next word given when promised"),
        objective=case.objective_of(step, "demands"),
        column="time",
        must=True,
        rating=rating,
        minutes=minutes,
        limit=float(limit.within),
        post=step.owner if step else "",
        evidence=seqs(answer, start=start),
    )


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """诉求对 (asked): a demand that the scenario raised, the entry that took one up, or both."""

    origin: Mark
    raised: FieldDemand | None = None
    taken: Mark | None = None


def demand_rows(case: Case) -> Iterator[Rated]:
    """Every demand that the scenario raised or the team took up: answered, or declined with a reason, in time.

    A demand that nobody took up counts as unanswered.
    """
    for asked in _asked(case):
        yield _demand(case, asked)


def _asked(case: Case) -> Iterator[Asked]:
    taken = taken_demands(case)
    for row in raised_demands(case):
        if isinstance(row.what, FieldDemand):
            yield Asked(origin=row.sent, raised=row.what, taken=taken.get(row.id))
    paired = {mark.seq for mark in taken.values()}
    for mark in case.trace.all("add_demand"):
        if mark.seq not in paired:
            yield Asked(origin=mark, taken=mark)


def _demand(case: Case, asked: Asked) -> Rated:
    answer = _closing(case.trace, asked.taken)
    start = Start(asked.origin.at, asked.origin.at, seqs(asked.origin, asked.taken))
    limit = _answer_limit(case, asked.taken)
    minutes, rating = case.judge(start, limit, answer)
    named = asked.raised.id if asked.raised else str(asked.taken.data.get("demand")) if asked.taken else ""
    what = asked.raised.text if asked.raised else named
    owner = asked.taken.data.get("owner") if asked.taken else asked.raised.owner if asked.raised else ""
    return Rated(
        id=f"demand:{named}",
        title=case.say(f"答复诉求：{what}", f"Demand answered: {what}"),
        objective=case.objective_of(case.step_of(act="answer_demand", sets="demands_answered"), "demands"),
        column="time",
        must=True,
        rating=rating,
        minutes=minutes,
        limit=float(limit.within),
        post=str(owner or ""),
        evidence=seqs(answer, start=start),
    )


def _closing(trace: Trace, taken: Mark | None) -> Mark | None:
    """The answer to a demand, or the reason it was declined with."""
    if taken is None:
        return None
    name = taken.data.get("demand")
    return first_of(mark for verb in ("answer_demand", "decline_demand") for mark in trace.all(verb, demand=name))


def _answer_limit(case: Case, taken: Mark | None) -> Limit:
    """The plan's limit for an answer; without one, what the demand itself was given; else a day."""
    if case.plan.demands:
        return case.plan.demands.answer_due
    due = str(taken.data.get("due_at") or "") if taken else ""
    if taken is None or not due:
        return minutes_limit(A_DAY)
    return minutes_limit((datetime.fromisoformat(due) - taken.at).total_seconds() / 60)
