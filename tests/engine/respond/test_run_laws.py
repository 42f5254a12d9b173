"""Laws of a run, over wild plans and courses: how a step may go on, when it may open, what silence and vacancy cost."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond import orders as od
from shudao.engine.respond.advance import advance
from shudao.engine.respond.index import index_of
from shudao.engine.respond.opening import ENDED
from shudao.engine.respond.state import SILENT, RunState, begin
from tests.engine.respond.plans import POSTS, Walk, make_plan, minute, of_kind, step
from tests.engine.respond.test_properties import MOVES, Move, plans, play

HAND = {"acknowledged", "working", "submitted"}
NEXT: dict[str, set[str]] = {
    "pending": {"called", "done", "skipped"},
    "called": {*HAND, "pending", "done", "skipped", "cancelled"},
    "acknowledged": {"working", "submitted", "pending", "done", "skipped", "cancelled"},
    "working": {"submitted", "pending", "done", "skipped", "cancelled"},
    "submitted": {"returned", "pending", "done", "skipped", "cancelled"},
    "returned": {*HAND, "pending", "done", "skipped", "cancelled"},
    "done": {"returned", "pending", "called", "skipped"},
    "skipped": {"pending", "called", "done"},
    "cancelled": {"pending", "called", "done"},
}  # fmt: skip
"""Within one event a step that opens may also end, and one that ended may begin another round."""


@given(plans(), MOVES)
@settings(max_examples=100, deadline=None)
def test_a_step_goes_on_only_as_the_plan_says_and_is_left_by_a_post_with_a_reason(
    plan: Plan, moves: list[Move]
) -> None:
    states = [begin(plan), *(state for _, state, _ in play(plan, moves))]
    for before, after in pairwise(states):
        for was, run in zip(before.steps, after.steps, strict=True):
            if run.status != was.status:
                assert run.status in NEXT[was.status] | ({run.status} if run.round > was.round else set())
            if run.status == "skipped":
                assert run.by and run.reason
            if run.status in ENDED:
                assert run.ended_at is not None and not run.is_overdue(minute(99_999))
            elif run.due_at is not None and run.status != "cancelled":
                assert run.is_overdue(run.due_at + timedelta(seconds=1)) and not run.is_overdue(run.due_at)


@given(plans(), MOVES)
@settings(max_examples=100, deadline=None)
def test_a_join_opens_when_all_or_one_before_it_has_ended(plan: Plan, moves: list[Move]) -> None:
    """A step is called for only when every step it waits for (or one, where one will do) has ended, was cancelled or is
    not wanted; an act done early ends it without a call."""
    for event, state, orders in play(plan, moves):
        if isinstance(event, ev.Returned):
            continue
        runs = {run.step: run for run in state.steps}
        for name in {order.step for order in orders if isinstance(order, od.CallPost)}:
            row, run = plan.step(name), runs[name]
            if run.opened_at != state.now or run.round > 1 or run.status != "called":
                continue
            assert all(_past(plan, state, before) for before in row.after)
            if row.after_any:
                ended = [before for before in row.after_any if runs[before].status in ENDED]
                assert ended or all(_past(plan, state, before) for before in row.after_any)


def _past(plan: Plan, state: RunState, name: str) -> bool:
    levels = plan.step(name).levels
    unwanted = state.level is not None and bool(levels) and state.level not in levels
    return unwanted or state.run(name).status in (*ENDED, "cancelled")


@given(plans(), MOVES)
@settings(max_examples=80, deadline=None)
def test_repetition_waits_its_interval_and_stops_when_what_it_waits_for_is_reached(
    plan: Plan, moves: list[Move]
) -> None:
    for (_, before, _), (event, after, _) in pairwise(play(plan, moves)):
        for row, was, run in zip(plan.steps, before.steps, after.steps, strict=True):
            if row.repeat is None or run.round == was.round or not isinstance(event, ev.DuePassed):
                continue
            if event.key.startswith("repeat:") and event.key.split(":")[1] == run.step:
                assert was.opened_at is not None and event.at >= was.opened_at + timedelta(minutes=row.repeat.every)
                assert "published" not in before.milestones


@given(plans(), MOVES)
@settings(max_examples=100, deadline=None)
def test_a_post_nobody_holds_is_always_an_alarm_and_nobody_stands_in_silently(plan: Plan, moves: list[Move]) -> None:
    for _, state, orders in play(plan, moves):
        for place, (row, run) in enumerate(zip(plan.steps, state.steps, strict=True)):
            if run.status not in SILENT or row.kind in ("auto", "wait"):
                continue
            marks = {mark for mark in state.alarms if f":{run.step}:{run.round}:" in mark}
            if row.owner not in state.staffed:
                assert any(mark.startswith("vacant:") and mark.endswith(f":{row.owner}") for mark in marks)
            if run.rung > len(index_of(plan).ladders[place].rungs):
                assert any(mark.startswith("ladder_exhausted:") for mark in marks)
        for order in orders:
            if isinstance(order, od.CallPost):
                rungs = index_of(plan).ladders[index_of(plan).at[order.step]]
                posts = {post for rung in rungs.rungs for post in rung.posts} | {rungs.final}
                assert order.post in posts


@st.composite
def ladders(draw: st.DrawFn) -> dict[str, Any]:
    at, rungs = 0, []
    for _ in range(draw(st.integers(1, 4))):
        posts = draw(st.lists(st.sampled_from(POSTS), min_size=1, max_size=3, unique=True))
        rungs.append({"after_min": at, "posts": posts, "need": draw(st.sampled_from(["any", "all", 1, 2]))})
        at += draw(st.integers(1, 20))
    return {
        "id": "main",
        "rungs": rungs,
        "repeat": draw(st.integers(0, 2)),
        "final": draw(st.sampled_from([None, *POSTS])),
    }


@given(ladders(), st.sets(st.sampled_from(POSTS)))
@settings(max_examples=150, deadline=None)
def test_silence_climbs_at_its_minute_and_an_empty_rung_costs_no_time(ladder: dict[str, Any], vacant: set[str]) -> None:
    """Nobody answers: whoever holds a post of any rung is called, and the run never waits upon a rung that is empty."""
    walk = Walk(make_plan(step("a", "duty", ladder="main"), ladders=[ladder]), vacant=vacant)
    for _ in range(60):
        run = walk.run("a")
        rungs = ladder["rungs"]
        if 0 <= run.rung < len(rungs):
            assert set(rungs[run.rung]["posts"]) - vacant, "it waits upon an empty rung"
        waiting = [(at, key) for key, at in walk.state.deadlines.items() if key.startswith("rung:")]
        if not waiting:
            break
        at, key = min(waiting)
        walk.go(ev.DuePassed(at=at, key=key))
    called = {order.post for order in of_kind(walk.log, od.CallPost)}
    wanted = {post for rung in rungs for post in rung["posts"]} | ({ladder["final"]} - {None})
    assert called == wanted - vacant
    assert any(order.reason == "ladder_exhausted" for order in of_kind(walk.log, od.RaiseAlarm))


@given(ladders(), st.lists(st.tuples(st.integers(0, 40), st.sampled_from(POSTS)), max_size=8))
@settings(max_examples=120, deadline=None)
def test_it_is_in_hand_exactly_when_as_many_answered_as_the_rung_wants(
    ladder: dict[str, Any], answers: list[tuple[int, str]]
) -> None:
    walk = Walk(make_plan(step("a", "duty", ladder="main"), ladders=[ladder]))
    for at, post in sorted(answers):
        walk.tick(at)
        before = walk.run("a")
        if before.status not in SILENT:
            break
        walk.go(ev.Acknowledged(at=minute(at), step="a", post=post))
        after, rungs = walk.run("a"), ladder["rungs"]
        answered = {*before.acked, post}
        row = rungs[before.rung] if 0 <= before.rung < len(rungs) else {"need": "any", "posts": []}
        enough = {"any": True, "all": answered >= set(row["posts"])}.get(
            row["need"], len(answered) >= _number(row["need"])
        )
        assert (after.status == "acknowledged") == enough
        assert set(after.acked) == answered


def _number(need: object) -> int:
    return need if isinstance(need, int) else 0


@given(plans(), MOVES)
@settings(max_examples=60, deadline=None)
def test_several_runs_do_not_touch_each_other(plan: Plan, moves: list[Move]) -> None:
    """Two runs of one plan, told in turn, give what each gives alone."""
    trail = play(plan, moves)
    one = other = begin(plan)
    for event, after, _ in trail:
        one, _ = advance(plan, one, event)
        if isinstance(event, ev.Opened):
            other, _ = advance(plan, other, event)
        assert one == after
    assert other == trail[0][1]
