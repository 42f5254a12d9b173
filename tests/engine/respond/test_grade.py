"""A level is proposed by the plan's own criteria, each shown with what it was asked of."""

from typing import Any

import pytest

from shudao.engine.plan.expr import Value
from shudao.engine.plan.model import Plan
from shudao.engine.respond.grade import Proposal, propose_level
from shudao.engine.words import BadInput
from tests.engine.respond.plans import make_plan


def criterion(name: str, level: str, expr: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "level": level, "axis": "x", "expr": expr, "text": name, "clause": f"3.{name}", **more}


def graded(*criteria: dict[str, Any], **more: Any) -> Plan:
    return make_plan(severity={"criteria": list(criteria), "confirm_by": ["head"], "default": "III", **more})


PLAN = graded(
    criterion("1", "I", "harm and tier >= 3"), criterion("2", "II", "harm"), criterion("3", "II", "tier >= 2"),
    criterion("4", "I", "speed > 10", kind="score", weight=0.6),
    criterion("5", "I", "heat > 10", kind="score", weight=0.5),
    upgrade_if=["failed"],
)  # fmt: skip


def propose(**facts: Value) -> Proposal:
    return propose_level(PLAN, {"harm": False, "tier": 0, "speed": 0, "heat": 0, "failed": False, **facts})


def test_the_most_severe_hard_criterion_decides_with_all_its_clauses() -> None:
    proposal = propose(harm=True, tier=2)
    assert (proposal.level, proposal.rule, proposal.clauses) == ("II", "hard", ("3.2", "3.3"))
    assert propose(harm=True, tier=3).level == "I"


def test_scores_count_when_no_hard_criterion_holds() -> None:
    assert (propose(speed=11).level, propose(speed=11).rule) == ("III", "default")
    assert (propose(speed=11, heat=11).level, propose(speed=11, heat=11).rule) == ("I", "score")


def test_hard_goes_before_score() -> None:
    assert propose(tier=2, speed=11, heat=11).rule == "hard"


def test_upgrading_raises_by_one_and_never_beyond_the_top() -> None:
    assert (propose(failed=True).level, propose(failed=True).upgraded) == ("II", True)
    top = propose(harm=True, tier=3, failed=True)
    assert (top.level, top.upgraded) == ("I", False)


def test_every_criterion_is_shown_with_its_values() -> None:
    evidence = {row.criterion: row for row in propose(harm=True).evidence}
    assert set(evidence) == {"1", "2", "3", "4", "5", "upgrade:failed"}
    assert evidence["2"].holds is True and evidence["2"].values == {"harm": True}
    assert evidence["1"].values == {"harm": True, "tier": 0}


def test_facts_that_could_still_raise_the_level_are_named() -> None:
    proposal = propose_level(PLAN, {"tier": 2, "speed": 0, "failed": False})
    assert proposal.level == "II"
    assert proposal.missing == ("heat",)
    assert propose_level(PLAN, {"tier": 3}).missing == ("harm", "speed", "heat", "failed")


def test_nothing_known_gives_the_default_and_no_clause() -> None:
    proposal = propose_level(PLAN, {})
    assert (proposal.level, proposal.rule, proposal.clauses) == ("III", "default", ())


def test_an_unknown_default_falls_to_the_mildest() -> None:
    assert propose_level(graded(default="?"), {}).level == "III"


def test_a_plan_without_grading_is_bad_input() -> None:
    with pytest.raises(BadInput):
        propose_level(make_plan(), {})
