"""Steps open when the plan says so, end by the verb the plan names, and carry their milestones and limits."""

import pytest

from shudao.engine.respond import events as ev
from shudao.engine.respond import orders as od
from shudao.engine.words import BadInput
from tests.engine.respond.plans import Walk, limit, make_plan, minute, of_kind, step


def test_it_works() -> None:
    walk = Walk(make_plan(step("report", sets="reported", due=limit(15)), step("verify", after=["report"])))
    assert walk.statuses() == {"report": "called", "verify": "pending"}
    orders = walk.finish("report", 5)
    assert od.ReachMilestone(milestone="reported", at=minute(5)) in orders
    assert [order.step for order in of_kind(orders, od.OpenTask)] == ["verify"]
    assert walk.statuses() == {"report": "done", "verify": "called"}


def test_all_predecessors_or_any_of_them() -> None:
    walk = Walk(make_plan(step("a"), step("b"), step("both", after=["a", "b"]), step("either", after_any=["a", "b"])))
    walk.finish("a", 1)
    assert (walk.run("both").status, walk.run("either").status) == ("pending", "called")
    walk.finish("b", 2)
    assert walk.run("both").status == "called"


def test_a_skipped_step_lets_the_next_one_open() -> None:
    walk = Walk(make_plan(step("a", sets="met"), step("b", after=["a"])))
    walk.go(ev.Skipped(at=minute(1), step="a", post="head", reason="不需要"))
    assert walk.statuses() == {"a": "skipped", "b": "called"}
    assert walk.run("a").reason == "不需要"
    assert "met" not in walk.state.milestones


def test_steps_of_a_level_wait_for_the_level() -> None:
    walk = Walk(make_plan(step("all"), step("high", levels=["I", "II"]), step("low", levels=["III"])))
    assert walk.statuses() == {"all": "called", "high": "pending", "low": "pending"}
    walk.level("II", 5)
    assert walk.statuses() == {"all": "called", "high": "called", "low": "pending"}
    assert walk.state.milestones["graded"] == minute(5)


def test_a_step_not_wanted_at_the_level_holds_nobody_up() -> None:
    walk = Walk(make_plan(step("high", levels=["I"]), step("low", levels=["III"]), step("next", after=["high"]),
                          step("join", after_any=["high", "low"])))  # fmt: skip
    assert walk.run("next").status == "pending"
    walk.level("III", 1)
    assert walk.statuses() == {"high": "pending", "low": "called", "next": "called", "join": "pending"}


def test_level_down_cancels_and_level_up_opens_again_as_a_new_round() -> None:
    walk = Walk(make_plan(step("big", levels=["I"], due=limit(60))))
    walk.level("I", 1)
    down = walk.level("II", 2)
    assert walk.run("big").status == "cancelled"
    assert od.CancelDeadline(key="due:big:1") in down
    assert walk.run("big").reason == "level"
    walk.level("I", 3)
    assert (walk.run("big").status, walk.run("big").round) == ("called", 2)
    assert walk.state.deadlines["due:big:2"] == minute(60)


def test_done_work_stays_done_when_the_level_changes() -> None:
    walk = Walk(make_plan(step("big", levels=["I"])))
    walk.level("I", 1)
    walk.finish("big", 2)
    walk.level("III", 3)
    assert walk.run("big").status == "done"


def test_an_unknown_level_or_step_is_bad_input() -> None:
    walk = Walk(make_plan(step("a")))
    with pytest.raises(BadInput):
        walk.level("IX", 1)
    with pytest.raises(BadInput):
        walk.finish("nowhere", 1)


def test_a_condition_opens_when_its_fact_becomes_known() -> None:
    walk = Walk(make_plan(step("care", when="harm and casualties > 0")))
    assert walk.run("care").status == "pending"
    walk.go(ev.FactsKnown(at=minute(1), values={"harm": True}))
    assert walk.run("care").status == "pending"
    walk.go(ev.FactsKnown(at=minute(2), values={"casualties": 2}))
    assert walk.run("care").status == "called"


def test_a_condition_on_time_sets_its_own_alarm_clock() -> None:
    walk = Walk(make_plan(step("push", when="minutes_since(detected) > 30 and not reached('reported')")))
    assert walk.run("push").status == "pending"
    walk.tick(31)
    assert walk.run("push").status == "called"


def test_a_condition_on_time_that_came_too_late_stays_shut() -> None:
    walk = Walk(make_plan(step("push", when="minutes_since(detected) >= 30 and not reached('reported')")))
    walk.go(ev.MilestoneReached(at=minute(10), milestone="reported"))
    walk.tick(60)
    assert walk.run("push").status == "pending"


def test_a_condition_on_a_step() -> None:
    walk = Walk(make_plan(step("a"), step("b", when="done('a')")))
    walk.finish("a", 1)
    assert walk.run("b").status == "called"


def test_branches_choose_their_steps() -> None:
    walk = Walk(make_plan(step("judge", next=[{"if": "harm", "to": "care"}, {"if": "not harm", "to": "calm"}]),
                          step("care"), step("calm")))  # fmt: skip
    assert (walk.run("care").status, walk.run("calm").status) == ("pending", "pending")
    walk.go(ev.FactsKnown(at=minute(1), values={"harm": True}))
    walk.finish("judge", 2)
    assert (walk.run("care").status, walk.run("calm").status) == ("called", "pending")


def test_a_branch_back_opens_a_new_round_and_does_not_hold_up_the_first() -> None:
    walk = Walk(make_plan(step("write"), step("check", after=["write"], next=[{"if": "bad", "to": "write"}])))
    walk.finish("write", 1)
    walk.go(ev.FactsKnown(at=minute(2), values={"bad": True}))
    walk.finish("check", 3)
    assert (walk.run("write").status, walk.run("write").round) == ("called", 2)


def test_a_loop_of_automatic_steps_stops_with_an_alarm() -> None:
    walk = Walk(make_plan(step("go"), step("a", kind="auto", after=["go"], next=[{"if": "true", "to": "b"}]),
                          step("b", kind="auto", next=[{"if": "true", "to": "a2"}]),
                          step("a2", kind="auto", next=[{"if": "true", "to": "b"}])))  # fmt: skip
    orders = walk.finish("go", 1)
    assert [order.reason for order in of_kind(orders, od.RaiseAlarm)] == ["loop"]


def test_an_automatic_step_runs_by_itself_and_calls_nobody() -> None:
    walk = Walk(make_plan(step("mark", kind="auto", sets="activated")))
    assert walk.run("mark").status == "done"
    assert walk.state.milestones["activated"] == minute(0)
    assert of_kind(walk.opening, od.CallPost) == []


def test_a_waiting_step_ends_when_its_time_has_come() -> None:
    walk = Walk(make_plan(step("cool", kind="wait", due=limit(60)), step("next", after=["cool"])))
    walk.tick(59)
    assert walk.run("cool").status == "called"
    walk.tick(60)
    assert walk.statuses() == {"cool": "done", "next": "called"}
    assert of_kind(walk.log, od.RaiseAlarm) == []


def test_a_waiting_step_opened_after_its_time_ends_at_once() -> None:
    walk = Walk(make_plan(step("a"), step("cool", kind="wait", after=["a"], due=limit(10))))
    walk.tick(20)
    walk.finish("a", 30)
    assert walk.run("cool").status == "done"


def test_the_path_of_a_task() -> None:
    walk = Walk(make_plan(step("a")))
    seen = []
    for event in (
        ev.Acknowledged(at=minute(1), step="a", post="duty"),
        ev.Started(at=minute(2), step="a", post="duty"),
        ev.Submitted(at=minute(3), step="a", post="duty"),
        ev.Returned(at=minute(4), step="a", post="head"),
        ev.Submitted(at=minute(5), step="a", post="duty"),
        ev.Finished(at=minute(6), step="a", post="head"),
    ):
        walk.go(event)
        seen.append(walk.run("a").status)
    assert seen == ["acknowledged", "working", "submitted", "returned", "submitted", "done"]
    assert walk.run("a").returns == 1


def test_returned_work_is_called_again_and_what_waits_upon_it_waits_again() -> None:
    walk = Walk(make_plan(step("draft", "drafter", act="draft_statement"),
                          step("sign", "signer", act="approve_statement", after=["draft"], due=limit(60))))  # fmt: skip
    walk.act("draft_statement", 5, "drafter")
    assert walk.run("sign").status == "called"
    orders = walk.go(ev.Returned(at=minute(10), step="draft", post="signer", reason="数字未核"))
    assert [call.post for call in of_kind(orders, od.CallPost)] == ["drafter"]
    assert walk.statuses() == {"draft": "returned", "sign": "pending"}
    assert walk.state.deadlines["due:sign:1"] == minute(60)
    walk.act("draft_statement", 20, "drafter")
    assert walk.statuses() == {"draft": "done", "sign": "called"}
    assert (walk.run("draft").returns, walk.state.deadlines["due:sign:1"]) == (1, minute(60))


class TestActs:
    def test_an_act_completes_its_step_and_sets_both_milestones(self) -> None:
        walk = Walk(make_plan(step("tell", act="tell_superior", sets="told_ours")))
        walk.act("tell_superior:oral", 7, happened_at=minute(4))
        assert walk.run("tell").status == "done"
        assert (walk.state.milestones["superior_told"], walk.state.milestones["told_ours"]) == (minute(4), minute(4))

    def test_the_name_after_the_colon_must_fit_when_the_step_gives_one(self) -> None:
        walk = Walk(make_plan(step("first", act="send_briefing:first")))
        walk.act("send_briefing:final", 1)
        assert walk.run("first").status == "called"
        walk.act("send_briefing:first", 2)
        assert walk.run("first").status == "done"

    def test_the_acting_posts_own_step_comes_first(self) -> None:
        walk = Walk(make_plan(step("a", "duty", act="add_fact"), step("b", "head", act="add_fact")))
        walk.act("add_fact", 1, "head")
        assert walk.statuses() == {"a": "called", "b": "done"}

    def test_a_named_step_wins(self) -> None:
        walk = Walk(make_plan(step("a", act="add_fact"), step("b", act="add_fact")))
        walk.act("add_fact", 1, step="b")
        assert walk.statuses() == {"a": "called", "b": "done"}

    def test_what_was_done_early_counts_and_calls_nobody(self) -> None:
        walk = Walk(make_plan(step("grade"), step("tell", "head", act="tell_superior", after=["grade"], due=limit(30))))
        orders = walk.act("tell_superior:oral", 3)
        assert walk.run("tell").status == "done"
        assert of_kind(orders, od.CallPost) == []
        assert "due:tell:1" not in walk.state.deadlines

    def test_a_second_act_is_not_taken_for_a_later_twin(self) -> None:
        walk = Walk(make_plan(step("one", act="draft_statement"), step("pub", after=["one"]),
                              step("two", act="draft_statement", after=["pub"])))  # fmt: skip
        walk.act("draft_statement", 1)
        walk.act("draft_statement", 2)
        assert walk.statuses() == {"one": "done", "pub": "called", "two": "pending"}

    def test_an_act_before_the_level_is_known_is_kept_for_its_step(self) -> None:
        walk = Walk(make_plan(step("meet", act="hold_meeting", levels=["I"], sets="met")))
        walk.act("hold_meeting", 3, "head")
        assert walk.run("meet").status == "pending"
        orders = walk.level("I", 9)
        assert walk.run("meet").status == "done"
        assert walk.run("meet").ended_at == minute(3)
        assert of_kind(orders, od.CallPost) == []

    def test_a_holding_statement_is_the_first_word_and_not_yet_the_publication(self) -> None:
        walk = Walk(make_plan(step("a")))
        walk.act("publish_statement:holding", 5)
        assert "published" not in walk.state.milestones
        walk.act("publish_statement:full", 50)
        assert (walk.state.milestones["first_word"], walk.state.milestones["published"]) == (minute(5), minute(50))


def _without(key: str, walk: Walk) -> dict[str, object]:
    return {name: at for name, at in walk.state.deadlines.items() if name != key}


class TestLimits:
    def test_a_limit_counts_from_its_milestone_also_when_that_comes_later(self) -> None:
        walk = Walk(make_plan(step("a", due=limit(30, "graded"))))
        assert walk.run("a").due_at is None
        walk.level("II", 10)
        assert walk.run("a").due_at == minute(40)

    def test_late_is_asked_for_and_never_a_status(self) -> None:
        walk = Walk(make_plan(step("a", due=limit(30))))
        assert not walk.run("a").is_overdue(minute(30))
        assert walk.run("a").is_overdue(minute(31))
        walk.tick(40)
        assert walk.run("a").status == "called"

    def test_passing_alarms_once_and_calls_the_next_rung_at_once(self) -> None:
        walk = Walk(make_plan(step("a", "head", due=limit(10), ack_within=60)))
        orders = walk.tick(10)
        assert [(order.reason, order.post) for order in of_kind(orders, od.RaiseAlarm)] == [("overdue", "head")]
        assert [call.post for call in of_kind(orders, od.CallPost)] == ["deputy"]
        assert of_kind(walk.tick(20), od.RaiseAlarm) == []

    def test_passing_calls_the_deputy_even_when_somebody_has_it(self) -> None:
        walk = Walk(make_plan(step("a", "head", due=limit(10))))
        walk.go(ev.Acknowledged(at=minute(1), step="a", post="head"))
        assert [call.post for call in of_kind(walk.tick(10), od.CallPost)] == ["deputy"]

    def test_or_only_alarms_where_the_plan_says_so(self) -> None:
        walk = Walk(make_plan(step("a", "head", due=limit(10), on_overdue="alarm")))
        orders = walk.tick(10)
        assert [order.reason for order in of_kind(orders, od.RaiseAlarm)] == ["overdue"]
        assert of_kind(orders, od.CallPost) == []

    def test_a_step_that_still_waits_its_turn_can_be_late(self) -> None:
        walk = Walk(make_plan(step("a"), step("b", "head", after=["a"], due=limit(10))))
        orders = walk.tick(10)
        assert [(order.step, order.reason) for order in of_kind(orders, od.RaiseAlarm)] == [("b", "overdue")]

    def test_a_limit_dropped_with_the_level_comes_back_with_it(self) -> None:
        walk = Walk(make_plan(step("a"), step("b", levels=["I"], after=["a"], due=limit(60))))
        walk.level("I", 1)
        assert "due:b:1" in walk.state.deadlines
        walk.level("II", 2)
        assert (walk.state.deadlines, walk.run("b").due_at) == (_without("due:b:1", walk), None)
        walk.level("I", 3)
        assert walk.state.deadlines["due:b:1"] == minute(60)

    def test_nobody_confirms_a_level_then_the_default_holds_visibly(self) -> None:
        severity = {"criteria": [], "confirm_by": ["head"], "default": "III"}
        walk = Walk(make_plan(step("grade", "head", act="confirm_level", due=limit(20)),
                              step("low", levels=["III"]), step("high", levels=["I"]), severity=severity))  # fmt: skip
        orders = walk.tick(20)
        assert od.AssumeLevel(level="III") in orders
        assert "level_assumed" in [order.reason for order in of_kind(orders, od.RaiseAlarm)]
        assert (walk.run("low").status, walk.state.level_assumed) == ("called", True)
        walk.level("I", 30)
        assert (walk.statuses()["low"], walk.statuses()["high"]) == ("cancelled", "called")
        assert (walk.statuses()["grade"], walk.state.level_assumed) == ("done", False)


class TestRepeats:
    PLAN = make_plan(step("update", due=limit(60), repeat={"every": 120, "until": "reached('settled')"}))

    def test_the_next_round_opens_after_the_interval_with_its_own_limit(self) -> None:
        walk = Walk(self.PLAN)
        walk.finish("update", 30)
        walk.tick(119)
        assert walk.run("update").status == "done"
        walk.tick(120)
        run = walk.run("update")
        assert (run.status, run.round, run.due_at) == ("called", 2, minute(180))

    def test_a_late_round_is_followed_at_once(self) -> None:
        walk = Walk(self.PLAN)
        walk.tick(100)
        walk.finish("update", 150)
        walk.tick(150)
        assert (walk.run("update").round, walk.run("update").opened_at) == (2, minute(150))

    def test_no_round_after_its_end_has_come(self) -> None:
        walk = Walk(self.PLAN)
        walk.finish("update", 30)
        walk.go(ev.MilestoneReached(at=minute(40), milestone="settled"))
        walk.tick(500)
        assert (walk.run("update").status, walk.run("update").round) == ("done", 1)


class TestClosing:
    def test_closing_ends_every_watch_and_call_and_shows_what_stays_open(self) -> None:
        walk = Walk(make_plan(step("a", due=limit(60)), step("end", act="close_incident")))
        orders = walk.go(ev.Closed(at=minute(5), post="head"))
        assert walk.state.deadlines == {}
        assert {order.key for order in of_kind(orders, od.CancelDeadline)} >= {"due:a:1"}
        assert walk.statuses() == {"a": "called", "end": "done"}
        assert walk.state.milestones["closed"] == minute(5)

    def test_nothing_is_ordered_afterwards(self) -> None:
        walk = Walk(make_plan(step("a", due=limit(60))))
        walk.go(ev.Closed(at=minute(5), post="head"))
        before = walk.state
        assert walk.finish("a", 6) == ()
        assert walk.go(ev.DuePassed(at=minute(60), key="due:a:1")) == ()
        assert walk.state is before


class TestTwiceAndLate:
    def test_nothing_happens_before_the_opening(self) -> None:
        from shudao.engine.respond.advance import advance
        from shudao.engine.respond.state import begin

        plan = make_plan(step("a"))
        assert advance(plan, begin(plan), ev.Finished(at=minute(1), step="a", post="duty")) == (begin(plan), ())

    def test_the_same_event_twice_is_harmless(self) -> None:
        walk = Walk(make_plan(step("a", act="add_fact"), step("b", act="add_fact", after=["a"])))
        walk.act("add_fact", 1)
        before = walk.state
        assert walk.act("add_fact", 1) == ()
        assert walk.state is before

    def test_two_events_of_one_instant_are_told_apart_by_their_id(self) -> None:
        walk = Walk(make_plan(step("a")))
        for n, event in enumerate((ev.Submitted, ev.Returned, ev.Submitted)):
            walk.go(event(at=minute(1), id=str(n), step="a", post="duty"))
        assert walk.run("a").status == "submitted"

    def test_an_old_event_changes_nothing(self) -> None:
        walk = Walk(make_plan(step("a")))
        walk.level("II", 10)
        assert walk.level("I", 9) == ()
        assert walk.state.level == "II"

    def test_a_deadline_said_too_early_is_kept(self) -> None:
        walk = Walk(make_plan(step("a", due=limit(60))))
        assert walk.go(ev.DuePassed(at=minute(59), key="due:a:1")) == ()
        assert "due:a:1" in walk.state.deadlines
