"""期望 (expectations) in time, made from the plan and the scenario, each rated against one stream."""

from collections.abc import Iterator
from datetime import timedelta

from shudao.engine.drill.model import Expectation
from shudao.engine.plan.model import Limit, Step
from shudao.engine.review.case import Case, done_mark, first_of, minutes_limit, seqs
from shudao.engine.review.clock import Start
from shudao.engine.review.pairs import taken_demands, taken_facts
from shudao.engine.review.rating import LATEST, Letter, Rated
from shudao.engine.review.trace import Mark, Trace


def step_rows(case: Case) -> Iterator[Rated]:
    """Every touched step: done by its limit, and answered by its first limit."""
    for step in case.steps:
        yield _done(case, step)
        if step.ack_within is not None:
            yield _acknowledged(case, step, minutes_limit(step.ack_within))


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
    minutes, rating = case.judge(start, minutes_limit(row.within), answer)
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
