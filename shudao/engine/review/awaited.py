"""期望 (expectations) in time, made from the plan, the scenario and the demands, each rated against one stream."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from shudao.engine.drill.model import Expectation, FieldDemand
from shudao.engine.plan.model import Limit, Step
from shudao.engine.review.case import Case, done_mark, first_of, seqs
from shudao.engine.review.clock import Start
from shudao.engine.review.pairs import raised_demands, taken_demands, taken_facts
from shudao.engine.review.rating import LATEST, Letter, Rated
from shudao.engine.review.trace import Mark, Trace

A_DAY = 1440
"""Minutes for an answer where neither plan nor demand gives any."""


def step_rows(case: Case) -> Iterator[Rated]:
    """Every touched step: done by its limit, and answered by its first limit."""
    for step in case.steps:
        yield _done(case, step)
        if step.ack_within is not None:
            yield _acknowledged(case, step, _minutes(step.ack_within))


def _done(case: Case, step: Step) -> Rated:
    done = done_mark(case.trace, step)
    start = case.clock.start(step.due.of) if step.due else None
    minutes, rating = case.judge(start, step.due, done, spotless=not _stumbled(case.trace, step))
    if rating == "U" and _handed_in(case, step, start):
        rating = "M"
    return Rated(
        id=f"step:{step.id}",
        title=step.title,
        objective=case.objective_of(step, step.phase),
        column="time",
        must=step.must,
        rating=rating,
        minutes=minutes,
        limit=float(step.due.within) if step.due else None,
        post=step.owner,
        step=step.id,
        evidence=seqs(case.trace.first("start_task", step=step.id), done, start=start),
    )


def _handed_in(case: Case, step: Step, start: Start | None) -> bool:
    """Incomplete but not nothing: submitted within twice the limit and never finished in time."""
    paper = case.trace.first("submit_task", step=step.id)
    if paper is None or start is None or step.due is None:
        return paper is not None
    return case.clock.share(start.at, step.due, paper.moment) <= LATEST


def _acknowledged(case: Case, step: Step, limit: Limit) -> Rated:
    """Answered within the step's first limit; a step that never opened is past due when its completion is."""
    opened = case.trace.first("start_task", step=step.id)
    answer = first_of(
        mark for mark in (case.trace.first("acknowledge_task", step=step.id), done_mark(case.trace, step)) if mark
    )
    minutes: float | None = None
    rating: Letter | None = None
    if opened:
        minutes, rating = case.judge(Start(opened.at, opened.at, ()), limit, answer)
    elif step.due:
        _, rating = case.judge(case.clock.start(step.due.of), step.due, None)
    return Rated(
        id=f"answer:{step.id}",
        title=case.say(f"签收：{step.title}", f"Acknowledged: {step.title}"),
        objective=case.objective_of(step, step.phase),
        column="time",
        must=False,  # the plan's must is that it is done; answering soon is a should
        rating=rating,
        minutes=minutes,
        limit=float(limit.within),
        post=step.owner,
        step=step.id,
        evidence=seqs(opened, answer if opened else None),
    )


def _stumbled(trace: Trace, step: Step) -> bool:
    """Whether the step was returned, or more than one rung of its ladder had to be called."""
    rungs = {mark.data.get("rung") for mark in trace.all("call_post", step=step.id)}
    return trace.first("return_task", step=step.id) is not None or len(rungs) > 1


def written_rows(case: Case) -> Iterator[Rated]:
    """The scenario's hand-written expectations; a conditional inject that was not sent skips its own."""
    for row in case.scenario.expectations if case.scenario else ():
        start = _written_start(case, row)
        if start is not None:
            yield _written(case, row, start)


def _written_start(case: Case, row: Expectation) -> Start | None:
    if row.of or case.scenario is None:
        return case.clock.start(row.of)
    sent = case.trace.first("send_inject", inject=row.inject)
    if sent:
        return Start(sent.at, sent.at, (sent.seq,))
    inject = case.scenario.inject(row.inject)
    planned = case.trace.marks[0].at + timedelta(minutes=inject.at)
    return None if inject.only_if else Start(planned, planned, ())


def _written(case: Case, row: Expectation, start: Start) -> Rated:
    answer = _awaited(case, row, start)
    minutes, rating = case.judge(start, _minutes(row.within), answer)
    return Rated(
        id=f"written:{row.id}",
        title=row.title,
        objective=row.objective or "written",
        column="time",
        must=row.must,
        rating=rating,
        minutes=minutes,
        limit=row.within,
        evidence=seqs(answer, start=start),
    )


def _awaited(case: Case, row: Expectation, start: Start) -> Mark | None:
    """The entry a hand-written expectation waits for; `demand` and `fact` in it are the scenario's own ids."""
    if row.milestone:
        return case.trace.first("reach_milestone", milestone=row.milestone)
    where = dict(row.where)
    for name, taken in (("demand", taken_demands), ("fact", taken_facts)):
        if name in where:
            mark = taken(case).get(str(where[name]))
            if mark is None:
                return None
            where[name] = mark.data.get(name, "")
    return first_of(mark for mark in case.trace.all(row.verb, **where) if mark.moment >= start.at)


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
        return _minutes(A_DAY)
    return _minutes((datetime.fromisoformat(due) - taken.at).total_seconds() / 60)


def _minutes(within: float) -> Limit:
    """A limit in plain minutes from whatever start is given with it."""
    return Limit(within=max(1, round(within)), of="")
