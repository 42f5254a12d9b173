"""A plan's own tests are asked honestly: they hold, they fail, and a broken one is refused."""

import pytest

from shudao.engine.plan.model import Plan
from shudao.engine.respond.expectations import Case, Expect, Given, check_cases, load_cases
from shudao.engine.words import BadInput
from tests.engine.respond.plans import limit, make_plan, step

LADDERS = [{"id": "up", "rungs": [{"after_min": 0, "posts": ["owner"]}, {"after_min": 10, "posts": ["deputy"]}]}]


def small_plan() -> Plan:
    tell = step("tell", "head", ladder="up", due=limit(60), sets="reported")
    grade = step("grade", "leader", act="confirm_level", after=["tell"])
    return make_plan(tell, grade, step("gather", "duty", after=["grade"], levels=["I"]), ladders=LADDERS)


def case(given: Given, expect: Expect) -> tuple[Case, ...]:
    return (Case(id="c", title="t", given=given, expect=expect),)


def test_silence_climbs_to_the_deputy_and_no_further() -> None:
    given = Given(silent=("head",), minutes=40)
    assert check_cases(small_plan(), case(given, Expect(called={"tell": ("head", "deputy")}))) == ()


def test_who_answers_keeps_the_deputy_asleep() -> None:
    found = check_cases(small_plan(), case(Given(minutes=40), Expect(called={"tell": ("head", "deputy")})))
    assert len(found) == 1
    assert "deputy" in found[0].words.en


@pytest.mark.parametrize(("level", "opens"), [("I", True), ("III", False)])
def test_the_level_decides_what_opens(level: str, opens: bool) -> None:
    given = Given(level=level, done={"tell": 5, "grade": 8}, minutes=20)
    yes, no = Expect(opened=("gather",)), Expect(not_opened=("gather",))
    assert bool(check_cases(small_plan(), case(given, yes))) is not opens
    assert bool(check_cases(small_plan(), case(given, no))) is opens


def test_a_milestone_is_reached_only_when_its_step_is_done() -> None:
    expect = Expect(reached=("reported",))
    assert check_cases(small_plan(), case(Given(done={"tell": 5}, minutes=6), expect)) == ()
    assert len(check_cases(small_plan(), case(Given(done={"tell": 5}, minutes=4), expect))) == 1


def test_a_post_that_must_not_be_called_is_named() -> None:
    given = Given(silent=("head",), minutes=11)
    assert len(check_cases(small_plan(), case(given, Expect(not_called={"tell": ("deputy",)})))) == 1


def test_a_step_that_the_plan_does_not_have_is_refused() -> None:
    with pytest.raises(BadInput, match="nowhere"):
        check_cases(small_plan(), case(Given(done={"nowhere": 1}, minutes=2), Expect()))


@pytest.mark.parametrize(
    "text", ["cases: 7", "cases: [{id: a}]", "- a", "cases: [{id: a, title: b, given: {x: 1}, expect: {}}]"]
)
def test_a_file_of_another_form_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(BadInput, match=r"expect/a\.yaml"):
        load_cases({"expect/a.yaml": text.encode()})


def test_only_the_expect_folder_is_read() -> None:
    assert load_cases({"plan.yaml": b"id: x", "texts/a.md": b"x"}) == ()
