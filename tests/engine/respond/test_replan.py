"""Another edition for a run under way: what is finished stays, what is gone is cancelled, what is new opens, limits are
counted anew; and nothing that is watched is lost, whatever the two editions are."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond import orders as od
from shudao.engine.respond.advance import advance
from shudao.engine.respond.replan import GONE, shift_of
from shudao.engine.respond.state import RunState, state_from_json, state_to_json
from shudao.engine.words import BadInput
from tests.engine.respond.plans import POSTS, Walk, limit, make_plan, minute, of_kind, step
from tests.engine.respond.test_properties import MOVES, Move, check_watched, plans, to_event


def change(walk: Walk, new: Plan, at: float, vacant: tuple[str, ...] = ()) -> tuple[od.AnyOrder, ...]:
    """Put a walk on another edition."""
    staffed = tuple(post.id for post in new.posts if post.id not in vacant)
    given = msgspec.structs.asdict(shift_of(walk.plan, new, walk.state))
    walk.plan = new
    return walk.go(ev.PlanChanged(at=minute(at), post="head", staffed=staffed, **given))


def test_finished_work_stays_and_is_not_called_for_again() -> None:
    walk = Walk(make_plan(step("a"), step("b", after=["a"])))
    walk.finish("a", 3)
    orders = change(walk, make_plan(step("b", after=["a"]), step("a"), step("c", after=["a"])), 5)
    assert walk.statuses() == {"b": "called", "a": "done", "c": "called"}
    assert [order.step for order in of_kind(orders, od.CallPost)] == ["c"]
    assert walk.run("a").ended_at == minute(3)


def test_what_is_gone_is_cancelled_with_its_calls_and_limits() -> None:
    walk = Walk(make_plan(step("a", due=limit(30)), step("b")))
    orders = change(walk, make_plan(step("b")), 5)
    assert of_kind(orders, od.MarkTask) == [
        od.MarkTask(step="a", round=1, status="cancelled", post="", at=minute(5), reason=GONE)
    ]
    assert od.StopCalls(step="a", round=1) in orders
    assert not [key for key in walk.state.deadlines if ":a:" in key]
    assert walk.tick(500) == [] or all(order.step == "b" for order in of_kind(walk.log, od.RaiseAlarm))


def test_a_step_that_comes_back_goes_on_as_a_new_round_and_what_was_done_stays_done() -> None:
    whole = make_plan(step("a"), step("b"), step("c"))
    walk = Walk(whole)
    walk.finish("b", 1)
    change(walk, make_plan(step("c")), 5)
    change(walk, whole, 9)
    assert walk.statuses() == {"a": "called", "b": "done", "c": "called"}
    assert (walk.run("a").round, walk.run("b").round) == (2, 1)


@pytest.mark.parametrize(("within", "late_before"), [(60, False), (60, True), (5, False)])
def test_limits_are_counted_anew_from_their_milestone(within: int, late_before: bool) -> None:
    walk = Walk(make_plan(step("a", due=limit(30))))
    walk.go(ev.Acknowledged(at=minute(1), step="a", post="duty"))
    now = 31 if late_before else 10
    walk.tick(now)
    change(walk, make_plan(step("a", due=limit(within))), now)
    assert walk.run("a").due_at == minute(within)
    before = len(of_kind(walk.log, od.RaiseAlarm))
    walk.tick(120)
    late = [order for order in of_kind(walk.log, od.RaiseAlarm)[before:] if order.reason == "overdue"]
    assert len(late) == 1  # the new limit is told once, also where the old one had passed


def test_a_limit_that_is_dropped_is_watched_no_longer() -> None:
    walk = Walk(make_plan(step("a", due=limit(30)), step("b", after=["a"], due=limit(40))))
    orders = change(walk, make_plan(step("a"), step("b", after=["a"])), 5)
    assert walk.run("a").due_at is None and walk.run("b").due_at is None
    assert {order.key for order in of_kind(orders, od.CancelDeadline)} == {"due:a:1", "due:b:1"}
    (amended,) = of_kind(orders, od.AmendTask)
    assert (amended.step, amended.due_at) == ("a", None)


def test_another_owner_is_called_and_work_in_hand_stays_in_hand() -> None:
    walk = Walk(make_plan(step("a", "duty"), step("b", "duty")))
    walk.go(ev.Acknowledged(at=minute(1), step="b", post="duty"))
    orders = change(walk, make_plan(step("a", "leader"), step("b", "leader")), 5)
    assert [(order.step, order.post) for order in of_kind(orders, od.CallPost)] == [("a", "leader")]
    assert (walk.run("b").status, walk.run("b").by) == ("acknowledged", "duty")
    assert {order.step for order in of_kind(orders, od.AmendTask)} == {"a", "b"}


def test_work_in_the_hands_of_a_post_that_is_gone_is_called_for_again() -> None:
    walk = Walk(make_plan(step("a", "speaker")))
    walk.go(ev.Acknowledged(at=minute(1), step="a", post="speaker"))
    new = make_plan(step("a", "duty"))
    new = msgspec.structs.replace(new, posts=tuple(post for post in new.posts if post.id != "speaker"))
    orders = change(walk, new, 5)
    assert [order.post for order in of_kind(orders, od.CallPost)] == ["duty"]
    assert walk.run("a").status == "called"


def test_a_renamed_step_whose_act_was_done_is_fulfilled() -> None:
    walk = Walk(make_plan(step("told", act="tell_superior", sets="superior_told"), step("x", after=["told"])))
    walk.act("tell_superior", 2)
    orders = change(walk, make_plan(step("oral", act="tell_superior"), step("x", after=["oral"])), 5)
    assert walk.run("oral").status == "done"
    assert of_kind(orders, od.CallPost) == []


def test_a_level_the_new_edition_lacks_is_refused() -> None:
    walk = Walk(make_plan(step("a")))
    walk.level("III", 2)
    new = make_plan(step("a"))
    new = msgspec.structs.replace(new, levels=new.levels[:2])
    with pytest.raises(BadInput):
        change(walk, new, 5)


def test_a_new_step_behind_a_branch_taken_already_opens() -> None:
    walk = Walk(make_plan(step("a"), step("b", after=["a"])))
    walk.finish("a", 2)
    branching = make_plan(step("a", next=[{"if": "true", "to": "c"}]), step("b", after=["a"]), step("c", after=["a"]))
    change(walk, branching, 5)
    assert walk.run("c").status == "called"


@dataclass
class Course:
    """A wild course of events over two editions, with what the orders say is watched."""

    state: RunState
    standing: dict[str, datetime] = field(default_factory=dict)

    def go(self, plan: Plan, event: ev.Event) -> tuple[od.AnyOrder, ...]:
        before = state_from_json(state_to_json(self.state))
        assert before == self.state
        self.state, orders = advance(plan, self.state, event)
        if isinstance(event, ev.DuePassed):
            self.standing.pop(event.key, None)
        for order in orders:
            if isinstance(order, od.SetDeadline):
                self.standing[order.key] = order.at
            elif isinstance(order, od.CancelDeadline):
                del self.standing[order.key]
        assert self.standing == dict(self.state.deadlines)
        check_watched(plan, self.state)
        assert self.state.staffed.issuperset(order.post for order in orders if isinstance(order, od.CallPost))
        return orders

    def play(self, plan: Plan, moves: list[Move]) -> None:
        for move in moves:
            assert self.state.now is not None
            event = to_event(plan, self.state, move, self.state.now + timedelta(minutes=move[0]))
            if event is not None:
                self.go(plan, event)


@given(plans(), plans(), MOVES, MOVES)
@settings(max_examples=120, deadline=None)
def test_nothing_watched_is_lost_over_a_change_of_plan(
    old: Plan, new: Plan, moves: list[Move], later: list[Move]
) -> None:
    from shudao.engine.respond.state import begin

    course = Course(begin(old))
    course.go(old, ev.Opened(at=minute(0), staffed=POSTS[:5], milestones={"detected": minute(0)}))
    course.play(old, moves)
    before = course.state
    given_: dict[str, Any] = msgspec.structs.asdict(shift_of(old, new, before))
    assert before.now is not None
    course.go(new, ev.PlanChanged(at=before.now, id="change", post="head", staffed=POSTS[:5], **given_))
    after = {run.step: run for run in (*course.state.steps, *course.state.gone)}
    assert set(after) >= {run.step for run in before.steps}
    for run in before.steps:
        if run.status == "done":
            assert after[run.step].status == "done" and after[run.step].ended_at == run.ended_at
    assert {run.step for run in course.state.gone if run.is_open} == set()
    course.play(new, later)
