"""Laws of the score that hold for every stream."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.drill.model import Expectation
from shudao.engine.plan.model import Plan, Step
from shudao.engine.review.score import score
from tests.engine.review.streams import SUPERIOR, plan, scenario, step, told

END = 600
NAMES = ("a", "b", "c", "d")
times = st.floats(0, END, allow_nan=False).map(lambda value: round(value, 2))
acts = st.lists(st.tuples(times, st.sampled_from(NAMES)), max_size=8)
limits = st.fixed_dictionaries({name: st.tuples(st.integers(1, 900), st.booleans()) for name in NAMES})


def rows(done: list[tuple[float, str]]) -> list[tuple[float, str, dict[str, Any]]]:
    return [(at, "finish_task", {"step": name}) for at, name in done]


def plan_of(limit: dict[str, tuple[int, bool]]) -> Plan:
    steps: list[Step] = [step(name, within, must=must) for name, (within, must) in limit.items()]
    return plan(*steps, superiors=(SUPERIOR,))


@given(acts, limits)
def test_the_same_inputs_give_the_same_score(done: list[Any], limit: dict[str, Any]) -> None:
    entries = told(*rows(done))
    assert score(entries, plan_of(limit), scenario()) == score(list(reversed(entries)), plan_of(limit), scenario())


@given(acts, limits)
def test_the_score_keeps_its_bounds(done: list[Any], limit: dict[str, Any]) -> None:
    found = score(told(*rows(done)), plan_of(limit), scenario())
    assert 0 <= found.total <= 100
    assert 0 <= found.coverage <= 1
    assert not found.hard_fails or found.total <= 59


@given(acts, limits, st.integers(1, END))
def test_a_past_due_expectation_without_answer_only_lowers(done: list[Any], limit: dict[str, Any], within: int) -> None:
    entries, under = told(*rows(done)), plan_of(limit)
    extra = Expectation(id="x", title="x", of="detected", within=within, verb="never_done")
    assert score(entries, under, scenario(expectations=(extra,))).total <= score(entries, under, scenario()).total


@given(acts, limits, st.integers(END + 1, 9000))
def test_a_not_yet_due_one_changes_only_the_coverage(done: list[Any], limit: dict[str, Any], within: int) -> None:
    entries, under = told(*rows(done)), plan_of(limit)
    extra = Expectation(id="x", title="x", of="detected", within=within, verb="never_done")
    more, less = score(entries, under, scenario(expectations=(extra,))), score(entries, under, scenario())
    assert more.total == less.total
    assert more.coverage <= less.coverage


@settings(max_examples=200)
@given(acts.filter(bool), limits, st.data())
def test_doing_one_thing_later_never_raises_the_score(
    done: list[Any], limit: dict[str, Any], data: st.DataObject
) -> None:
    """For acts that start no other limit; an act that starts one moves the other's own limit as the plan says."""
    place = data.draw(st.integers(0, len(done) - 1))
    later = data.draw(st.floats(done[place][0], END).map(lambda value: round(value, 2)))
    moved = [(later, name) if row == place else (at, name) for row, (at, name) in enumerate(done)]
    under = plan_of(limit)
    assert score(told(*rows(moved)), under, scenario()).total <= score(told(*rows(done)), under, scenario()).total


@given(acts, limits)
def test_leaving_one_thing_undone_never_raises_the_score_when_all_is_due(
    done: list[Any], limit: dict[str, Any]
) -> None:
    under, end = plan_of(limit), 1000
    whole = score(told(*rows(done), end=end), under, scenario()).total
    for name in NAMES:
        without = [row for row in done if row[1] != name]
        assert score(told(*rows(without), end=end), under, scenario()).total <= whole


@given(st.floats(0, 300).map(lambda value: round(value, 2)), st.floats(0, 200).map(lambda value: round(value, 2)))
def test_a_late_start_with_all_that_follows_never_raises_the_score(at: float, delay: float) -> None:
    under = plan(step("grade", 60, sets="graded"), step("publish", 60, "graded"), step("tell", 90))

    def run(shift: float) -> float:
        graded = [
            (at + shift, "finish_task", {"step": "grade"}),
            (at + shift, "reach_milestone", {"milestone": "graded"}),
        ]
        after = [(at + shift + 40, "finish_task", {"step": name}) for name in ("publish", "tell")]
        return score(told(*graded, *after, end=2000), under, scenario()).total

    assert run(delay) <= run(0)
