"""Silence climbs; an empty rung costs nothing; a post that nobody holds is an alarm, never a silent default."""

from shudao.engine.respond import events as ev
from shudao.engine.respond import orders as od
from tests.engine.respond.plans import Walk, make_plan, minute, of_kind, step

RUNGS = [
    {"after_min": 0, "posts": ["owner"], "channels": ["phone"]},
    {"after_min": 5, "posts": ["deputy"]},
    {"after_min": 15, "posts": ["leader"]},
]
LADDERS = [{"id": "main", "rungs": RUNGS, "repeat": 1, "final": "signer"}]
PLAN = make_plan(step("a", "head", ladder="main"), ladders=LADDERS)


def calls(walk: Walk) -> list[tuple[str, int, int]]:
    """Every call so far: post, rung, cycle."""
    return [(order.post, order.rung, order.cycle) for order in of_kind(walk.log, od.CallPost)]


def alarms(walk: Walk) -> list[tuple[str, str]]:
    return [(order.reason, order.post) for order in of_kind(walk.log, od.RaiseAlarm)]


def test_the_first_rung_is_called_at_once_by_the_plans_channels() -> None:
    walk = Walk(PLAN)
    assert of_kind(walk.opening, od.CallPost) == [
        od.CallPost(step="a", round=1, rung=0, cycle=0, post="head", channels=("phone",))
    ]


def test_silence_climbs_at_the_ladders_minutes_through_every_cycle_to_the_final_post() -> None:
    walk = Walk(PLAN)
    at = []
    for count in range(200):
        before = len(calls(walk))
        walk.tick(count)
        at += [(count, *call) for call in calls(walk)[before:]]
    assert [(count, post) for count, post, _, _ in at] == [
        (5, "deputy"), (15, "leader"), (25, "head"), (30, "deputy"), (40, "leader"), (50, "signer"),
    ]  # fmt: skip
    assert alarms(walk) == [("ladder_exhausted", "head")]


def test_an_answer_stops_the_calls_and_the_climbing() -> None:
    walk = Walk(PLAN)
    walk.tick(5)
    orders = walk.go(ev.Acknowledged(at=minute(6), step="a", post="deputy"))
    assert od.StopCalls(step="a", round=1) in orders
    assert walk.run("a").by == "deputy"
    assert walk.tick(500) == []


def test_an_empty_rung_costs_no_time_and_raises_an_alarm() -> None:
    walk = Walk(PLAN, vacant=["head", "deputy"])
    assert calls(walk) == [("leader", 2, 0)]
    assert set(alarms(walk)) == {("vacant", "head"), ("vacant", "deputy")}


def test_a_plan_may_let_empty_rungs_wait() -> None:
    plan = make_plan(step("a", "head", ladder="main"),
                     ladders=[{"id": "main", "rungs": RUNGS, "skip_if_empty": False}])  # fmt: skip
    walk = Walk(plan, vacant=["head"])
    assert calls(walk) == []
    walk.tick(5)
    assert calls(walk) == [("deputy", 1, 0)]


def test_nobody_at_all_is_said_at_once_and_never_loops() -> None:
    walk = Walk(PLAN, vacant=["head", "deputy", "leader", "signer"])
    assert calls(walk) == []
    assert set(alarms(walk)) == {("vacant", p) for p in ("head", "deputy", "leader", "signer")} | {
        ("ladder_exhausted", "head")
    }
    assert walk.state.deadlines == {}


def test_somebody_coming_on_duty_is_called_at_once_and_watched() -> None:
    walk = Walk(PLAN, vacant=["head", "deputy", "leader", "signer"])
    walk.go(ev.Staffed(at=minute(30), posts={"deputy": True}))
    assert calls(walk) == [("deputy", 1, 1)]
    assert any(key.startswith("rung:a:") for key in walk.state.deadlines)


def test_the_called_post_losing_its_holder_climbs_at_once() -> None:
    walk = Walk(PLAN)
    walk.go(ev.Staffed(at=minute(2), posts={"head": False}))
    assert calls(walk) == [("head", 0, 0), ("deputy", 1, 0)]
    assert alarms(walk) == [("vacant", "head")]


def test_who_has_the_work_losing_its_holder_is_an_alarm() -> None:
    walk = Walk(PLAN)
    walk.go(ev.Started(at=minute(1), step="a", post="head"))
    walk.go(ev.Staffed(at=minute(2), posts={"head": False}))
    assert alarms(walk) == [("vacant", "head")]


def test_a_rung_that_needs_all_waits_for_all() -> None:
    rungs = [{"after_min": 0, "posts": ["head", "leader"], "need": "all"}, {"after_min": 10, "posts": ["deputy"]}]
    walk = Walk(make_plan(step("a", "head", ladder="both"), ladders=[{"id": "both", "rungs": rungs}]))
    walk.go(ev.Acknowledged(at=minute(1), step="a", post="head"))
    assert walk.run("a").status == "called"
    walk.go(ev.Acknowledged(at=minute(2), step="a", post="leader"))
    assert walk.run("a").status == "acknowledged"


def test_a_rung_that_needs_all_does_not_wait_for_who_left() -> None:
    rungs = [{"after_min": 0, "posts": ["head", "leader"], "need": "all"}]
    walk = Walk(make_plan(step("a", "head", ladder="both"), ladders=[{"id": "both", "rungs": rungs}]))
    walk.go(ev.Acknowledged(at=minute(1), step="a", post="head"))
    walk.go(ev.Staffed(at=minute(2), posts={"leader": False}))
    assert walk.run("a").status == "acknowledged"


def test_without_a_ladder_the_owner_and_then_the_deputies_are_called() -> None:
    walk = Walk(make_plan(step("a", "head", ack_within=8)))
    walk.tick(8)
    assert calls(walk) == [("head", 0, 0), ("deputy", 1, 0)]
    assert ("unanswered", "head") in alarms(walk)


def test_a_first_rung_may_wait() -> None:
    rungs = [{"after_min": 3, "posts": ["head"]}]
    walk = Walk(make_plan(step("a", "head", ladder="slow"), ladders=[{"id": "slow", "rungs": rungs}]))
    assert calls(walk) == []
    walk.tick(3)
    assert calls(walk) == [("head", 0, 0)]


HEADS = {"after_min": 0, "posts": ["head", "leader", "signer"], "need": 2}
QUORUM = make_plan(
    step("a", "head", ladder="two"),
    ladders=[{"id": "two", "rungs": [HEADS, {"after_min": 5, "posts": ["deputy"], "need": 2}], "repeat": 1}],
)


def test_so_many_answers_are_waited_for_and_who_has_answered_is_told() -> None:
    walk = Walk(QUORUM)
    orders = walk.go(ev.Acknowledged(at=minute(1), step="a", post="signer"))
    assert orders == (od.CountAnswer(step="a", round=1, post="signer"),)
    assert walk.run("a").status == "called"
    orders = walk.go(ev.Acknowledged(at=minute(2), step="a", post="head"))
    assert (walk.run("a").status, walk.run("a").by, walk.run("a").acked) == ("acknowledged", "head", ("signer", "head"))
    assert walk.tick(500) == []


def test_answers_of_earlier_rungs_count_and_who_answered_is_not_called_again() -> None:
    walk = Walk(QUORUM)
    walk.go(ev.Acknowledged(at=minute(1), step="a", post="leader"))
    walk.tick(10)
    assert [post for post, _, cycle in calls(walk) if cycle == 1] == ["head", "signer"]
    walk.go(ev.Acknowledged(at=minute(11), step="a", post="deputy"))
    assert (walk.run("a").status, walk.run("a").by) == ("acknowledged", "deputy")


def test_the_owner_has_it_when_he_answered_and_another_completed_the_number() -> None:
    walk = Walk(QUORUM)
    walk.go(ev.Acknowledged(at=minute(1), step="a", post="head"))
    orders = walk.go(ev.Acknowledged(at=minute(2), step="a", post="signer"))
    assert walk.run("a").by == "head"
    assert od.CountAnswer(step="a", round=1, post="signer") in orders


def test_too_few_holders_is_an_alarm_at_once() -> None:
    walk = Walk(QUORUM, vacant=["leader", "signer"])
    assert ("too_few", "head") in alarms(walk)
    assert ("too_few", "head") not in alarms(Walk(QUORUM, vacant=["leader"]))
