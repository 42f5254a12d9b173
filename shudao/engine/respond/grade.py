"""定级建议 (grading): the level that the plan's own criteria propose for what is known, with the evidence of each.

Hard criteria first: the most severe level of which one holds. Then the scored: the most severe level whose holding
scored criteria weigh 1 or more together. Else the plan's default. `upgrade_if` raises by one. A proposal is never a
decision: a post with the authority confirms it, and the scale is the organisation's own, not a statutory one.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from shudao.engine.plan.expr import Expr, Facts, Truth, Value, parse_expr
from shudao.engine.plan.model import Criterion, Plan
from shudao.engine.words import BadInput, Words

ENOUGH = 1.0
"""Weight that scored criteria of one level need together."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """依据 (evidence): one criterion, whether it holds (None: not known), and the values it was asked of."""

    criterion: str
    level: str
    clause: str
    text: str
    kind: Literal["hard", "score", "upgrade"]
    holds: Truth
    values: Mapping[str, Value | None]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """级别建议 (proposal): the level, the clauses it rests on, evidence of every criterion, and facts still missing.

    `missing` holds only facts that could still change the level. `rule` says what decided.
    """

    level: str
    rule: Literal["hard", "score", "default"]
    upgraded: bool
    clauses: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]


def propose_level(plan: Plan, facts: Mapping[str, Value]) -> Proposal:
    """The level the plan's criteria propose. Raises BadInput when the plan has no levels or no criteria."""
    severity = plan.severity
    if severity is None or not plan.levels:
        raise BadInput(Words("预案没有分级条款", "the plan has no grading part"), where=plan.id)
    evidence = [_ask(plan, row, facts) for row in severity.criteria]
    level, rule, clauses = _decide(plan, evidence)
    raised = [_raise(plan, text, facts, level) for text in severity.upgrade_if]
    upgraded = any(row.holds for row in raised) and plan.rank(level) > 0
    if upgraded:
        level = plan.levels[plan.rank(level) - 1].code
    evidence += raised
    return Proposal(
        level=level, rule=rule, upgraded=upgraded, clauses=clauses, evidence=tuple(evidence),
        missing=_missing(plan, evidence, level),
    )  # fmt: skip


def _ask(plan: Plan, row: Criterion, facts: Mapping[str, Value]) -> Evidence:
    expr = parse_expr(row.expr)
    return Evidence(
        criterion=row.id, level=row.level, clause=row.clause, text=row.text, kind=row.kind,
        holds=_holds(plan, expr, facts, None), values={name: facts.get(name) for name in expr.facts},
    )  # fmt: skip


def _raise(plan: Plan, text: str, facts: Mapping[str, Value], level: str) -> Evidence:
    expr = parse_expr(text)
    place = plan.rank(level)
    return Evidence(
        criterion=f"upgrade:{text}", level=plan.levels[max(place - 1, 0)].code, clause="", text=text, kind="upgrade",
        holds=_holds(plan, expr, facts, level), values={name: facts.get(name) for name in expr.facts},
    )  # fmt: skip


def _holds(plan: Plan, expr: Expr, facts: Mapping[str, Value], level: str | None) -> Truth:
    rank = {row.code: place for place, row in enumerate(plan.levels)}
    return expr.holds(Facts(values=facts, level=level, rank=rank))


def _decide(plan: Plan, evidence: list[Evidence]) -> tuple[str, Literal["hard", "score", "default"], tuple[str, ...]]:
    held = [row for row in evidence if row.holds]
    for level in plan.levels:
        hard = [row for row in held if row.level == level.code and row.kind == "hard"]
        if hard:
            return level.code, "hard", _clauses(hard)
    weights = {row.id: row.weight for row in plan.severity.criteria} if plan.severity else {}
    for level in plan.levels:
        scored = [row for row in held if row.level == level.code and row.kind == "score"]
        if scored and sum(weights[row.criterion] for row in scored) >= ENOUGH:
            return level.code, "score", _clauses(scored)
    default = plan.severity.default if plan.severity else ""
    if default not in {level.code for level in plan.levels}:
        default = plan.levels[-1].code
    return default, "default", ()


def _clauses(rows: list[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.clause for row in rows))


def _missing(plan: Plan, evidence: list[Evidence], level: str) -> tuple[str, ...]:
    """Unknown facts of undecided criteria that stand for a more severe level than the proposed one."""
    rank = {row.code: place for place, row in enumerate(plan.levels)}
    open_rows = [row for row in evidence if row.holds is None and rank.get(row.level, 0) < rank[level]]
    return tuple(dict.fromkeys(name for row in open_rows for name, value in row.values.items() if value is None))
