"""An incident is not closed while something is open, and says what."""

from shudao.engine.respond import events as ev
from shudao.engine.respond.closing import Desk, Promise, left_open, why_not_close
from tests.engine.respond.plans import Walk, limit, make_plan, minute, step

PLAN = make_plan(
    step("a"), step("optional", must=False), step("maybe", when="harm"), step("high", levels=["I"]),
    step("close", act="close_incident", after=["a"]), step("archive", after=["close"]),
    units=[{"id": "parent", "name": "上级单位", "kind": "superior"}],
    superiors=[{"unit": "parent", "first_oral": limit(30), "first_written": limit(120)}],
)  # fmt: skip


def codes(walk: Walk, desk: Desk | None = None) -> list[tuple[str, str]]:
    return [(reason.code, reason.subject) for reason in why_not_close(walk.plan, walk.state, desk or Desk())]


def ready() -> Walk:
    walk = Walk(PLAN)
    walk.level("III", 1)
    walk.finish("a", 2)
    walk.act("tell_superior:oral", 3)
    walk.act("tell_superior:written", 4)
    walk.go(ev.MilestoneReached(at=minute(5), milestone="settled"))
    return walk


def test_nothing_open_nothing_said() -> None:
    assert codes(ready()) == []


def test_everything_open_is_named_once() -> None:
    broken = Promise(statement="声明1", at=minute(9), kept=False)
    desk = Desk(demands_open=("诉求3",), statements_unsigned=("声明2",), statements_unpublished=("声明1",),
                oral_unwritten=("声明1",), promises=(broken,))  # fmt: skip
    assert codes(Walk(PLAN), desk) == [
        ("not_graded", ""), ("task_open", "动作a"), ("demand_open", "诉求3"), ("statement_unsigned", "声明2"),
        ("statement_unpublished", "声明1"), ("urgent_unwritten", "声明1"), ("promise_open", "声明1"),
        ("superior_not_told", "上级单位"), ("superior_not_written", "上级单位"), ("not_settled", ""),
    ]  # fmt: skip


def test_a_kept_promise_is_no_reason() -> None:
    assert codes(ready(), Desk(promises=(Promise(statement="声明1", at=minute(9), kept=True),))) == []


def test_an_assumed_level_is_not_a_confirmed_one() -> None:
    severity = {"criteria": [], "confirm_by": [], "default": "III"}
    walk = Walk(make_plan(step("grade", act="confirm_level", due=limit(10)), severity=severity))
    walk.tick(10)
    assert codes(walk)[0] == ("not_graded", "")


def test_a_skipped_step_is_not_open_and_a_late_pending_one_is() -> None:
    walk = Walk(make_plan(step("a"), step("b", after=["a"])))
    assert [run.step for run in left_open(walk.plan, walk.state)] == ["a", "b"]
    walk.go(ev.Skipped(at=minute(1), step="a", post="head", reason="x"))
    assert [run.step for run in left_open(walk.plan, walk.state)] == ["b"]


def test_a_step_with_a_condition_counts_once_it_opened() -> None:
    walk = Walk(make_plan(step("maybe", when="harm")))
    assert left_open(walk.plan, walk.state) == ()
    walk.go(ev.FactsKnown(at=minute(1), values={"harm": True}))
    assert [run.step for run in left_open(walk.plan, walk.state)] == ["maybe"]


def test_a_branch_not_chosen_is_not_owed() -> None:
    walk = Walk(make_plan(step("j", next=[{"if": "x", "to": "k"}]), step("k")))
    assert [run.step for run in left_open(walk.plan, walk.state)] == ["j"]


def test_reasons_speak_both_languages() -> None:
    for reason in why_not_close(PLAN, Walk(PLAN).state, Desk()):
        assert reason.words.zh and reason.words.en
