"""What one edition says otherwise than another, in words; the same plan says nothing otherwise, whatever its order."""

from hypothesis import given, settings

from shudao.engine.plan.compare import compare_plans
from shudao.engine.plan.model import Plan
from tests.engine.respond.plans import limit, make_plan, step
from tests.engine.respond.test_properties import plans

LADDER = {
    "id": "main",
    "rungs": [{"after_min": 0, "posts": ["owner"]}, {"after_min": 5, "posts": ["deputy", "leader"]}],
}


def said(old: Plan, new: Plan) -> dict[tuple[str, str, str], str]:
    return {(row.part, row.how, row.code): row.words.zh for row in compare_plans(old, new)}


def test_steps_limits_posts_and_ladders_are_told_in_words() -> None:
    old = make_plan(step("a", "duty", due=limit(30)), step("b"), ladders=[LADDER])
    other = {**LADDER, "rungs": [LADDER["rungs"][0], {"after_min": 5, "posts": ["deputy", "leader"], "need": 2}]}
    new = make_plan(step("a", "head", due=limit(15, clock="duty")), step("c", after=["a"]), ladders=[other])
    assert said(old, new) == {
        ("step", "changed", "a"): "“动作a”的责任岗位：duty → head",
        ("step", "added", "c"): "新增动作“动作c”",
        ("step", "removed", "b"): "删去动作“动作b”",
        ("limit", "changed", "a"): "“动作a”的时限：自发现起 30 分钟 → 自发现起 15 个工作分钟",
        ("ladder", "changed", "main"): (
            "“main”的呼叫梯次：0 分 owner；5 分 deputy、leader → 0 分 owner；5 分 deputy、leader（2 个应答）"
        ),
    }


def test_a_new_level_and_a_limit_that_is_dropped() -> None:
    old = make_plan(step("a", due=limit(30)))
    new = make_plan(step("a"), levels=[{"code": "I", "name": "红色", "colour": "red"}])
    found = said(old, new)
    assert found["limit", "removed", "a"] == "“动作a”的时限：自发现起 30 分钟 → 无"
    assert found["level", "changed", "I"] == "“红色”的名称：一级 → 红色"
    assert ("level", "removed", "II") in found


@given(plans(), plans())
@settings(max_examples=60, deadline=None)
def test_a_plan_differs_from_itself_in_nothing_and_both_languages_speak(old: Plan, new: Plan) -> None:
    assert compare_plans(old, old) == ()
    for row in compare_plans(old, new):
        assert row.words.zh and row.words.en
    there, back = compare_plans(old, new), compare_plans(new, old)
    assert {row.code for row in there if row.how == "added" and row.part == "step"} == {
        row.code for row in back if row.how == "removed" and row.part == "step"
    }
