"""The small language of plans: total, closed, and never true by ignorance."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.plan.expr import Facts, Truth, parse_expr
from shudao.engine.words import BadInput

T0 = datetime(2031, 5, 6, 1, 0, tzinfo=UTC)
RANK = {"I": 0, "II": 1, "III": 2}


def known(**values: bool | float | str) -> Facts:
    return Facts(values=values, level="II", rank=RANK, milestones={"detected": T0}, done={"verify"},
                 now=T0 + timedelta(minutes=30))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", True),
        ("level >= 'II'", True), ("level > 'II'", False), ("level <= 'III'", False), ("level == 'II'", True),
        ("level >= 'nonsense'", None), ("level in ['I', 'II']", True),
        ("minutes_since(detected) >= 30", True), ("minutes_since('detected') < 30", False),
        ("minutes_since(published) > 1", None),
        ("done('verify')", True), ("done('draft')", False), ("reached(detected) and not reached('met')", True),
        ("heat > 3", True), ("3 < heat < 10", True), ("heat > 'x'", None), ("heat == 5", True), ("heat != 5", False),
        ("tier in ['province', 'central']", True), ("tier not in ['local']", True),
        ("missing > 3", None), ("not missing", None), ("missing or heat > 3", True), ("missing and heat < 3", False),
        ("harm and false", False), ("受伤 or true", True), ("-1 < heat", True),
    ],
)  # fmt: skip
def test_answers(text: str, answer: Truth) -> None:
    assert parse_expr(text).holds(known(heat=5, tier="province", harm=True)) is answer


@pytest.mark.parametrize(
    "text",
    ["a.b", "f(1)", "x[0]", "lambda: 1", "a if b else c", "done()", "done(1)", "done('a', 'b')", "done", "x is None",
     "heat +", "[x for x in y]", "x in y", "f'{x}'", "b'x'", "1 + 1", "x := 1", "(" * 30 + "1" + ")" * 30,
     "x" * 1001, "not " * 60 + "x", "done(x=1)", "None", "*a", "\x00"],
)  # fmt: skip
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_expr(text)


def test_an_expression_tells_what_it_mentions() -> None:
    expr = parse_expr("level >= 'II' and tier == 'x' and done(verify) and minutes_since(told) > 15 and reached(met)")
    assert (expr.facts, expr.steps, expr.milestones) == (("tier",), ("verify",), ("told", "met"))
    assert (expr.levels, expr.waits, expr.asks_level) == (("II",), (("told", 15.0),), True)


@given(st.text(max_size=60))
def test_any_text_parses_or_is_bad_input_and_then_never_raises(text: str) -> None:
    try:
        expr = parse_expr(text)
    except BadInput:
        return
    assert expr.holds(known(heat=5, tier="a")) in (True, False, None)


ATOM = st.sampled_from(["heat > 3", "missing", "level >= 'I'", "true", "false", "tier == 'a'", "reached(detected)"])
EXPRS = st.recursive(ATOM, lambda inner: st.one_of(
    st.builds("({} and {})".format, inner, inner), st.builds("({} or {})".format, inner, inner),
    st.builds("(not {})".format, inner)), max_leaves=8)  # fmt: skip


@given(EXPRS, st.booleans())
def test_learning_more_never_turns_a_decided_answer(text: str, value: bool) -> None:
    try:
        expr = parse_expr(text)
    except BadInput:
        return
    before = expr.holds(known(heat=5, tier="a"))
    after = expr.holds(known(heat=5, tier="a", missing=value))
    assert before is None or after is before
