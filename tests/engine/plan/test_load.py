"""A plan folder becomes one plan, or one sentence that says where it is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.plan.load import load_plan, plan_digest, plan_from_json, plan_json
from shudao.engine.words import BadInput

HEAD = "id: demo\ntitle: 示例预案\nversion: '1'\nstatus: draft\n"
STEP = "{{id: {id}, title: 核实, phase: first, owner: duty, clause: '3.1'}}"


def folder(**files: str) -> dict[str, bytes]:
    named = {name.replace("__", "/") + ".yaml": text.encode() for name, text in files.items()}
    return {"plan.yaml": HEAD.encode(), **named}


def fault(files: dict[str, bytes]) -> str:
    with pytest.raises(BadInput) as caught:
        load_plan(files)
    return caught.value.line("en")


def test_files_are_merged_and_steps_appended_in_name_order() -> None:
    plan = load_plan(folder(steps__b=f"- {STEP.format(id='two')}", steps__a=f"steps: [{STEP.format(id='one')}]",
                            posts="posts: [{id: duty, name: 值班员, unit: office}]"))  # fmt: skip
    assert [step.id for step in plan.steps] == ["one", "two"]
    assert plan.post("duty").name == "值班员"


def test_other_folders_are_left_alone() -> None:
    assert load_plan(folder(texts__x="[", expect__y="[", deep__steps__z="[")).id == "demo"


def test_times_dates_and_words_stay_text() -> None:
    plan = load_plan(folder(more="duty_hours: 17:00\neffective_from: 2026-01-01\nscope: no"))
    assert (plan.duty_hours, plan.effective_from, plan.scope) == ("17:00", "2026-01-01", "no")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (folder(more="colour: red"), "colour"),
        (folder(steps__a="- {id: s, title: t, phase: p, owner: o, clause: c, due: {within: x, of: d}}"),
         "steps/a.yaml steps[0].due.within"),
        (folder(steps__a=f"- {STEP.format(id='s')}", steps__b=f"- {STEP.format(id='s')}"), "steps/b.yaml steps[0]"),
        (folder(again="title: twice"), "plan.yaml title"),
        (folder(more="scope: &a x\nparent: *a"), "more.yaml:1"),
        (folder(more="scope: a\nscope: b"), "more.yaml:2"),
        (folder(more="basis: " + "[" * 60 + "]" * 60), "nested too deeply"),
        (folder(more="scope: !!python/object/apply:os.system [x]"), "more.yaml:1"),
        (folder(more="- a"), "more.yaml"),
        ({"plan.yaml": b"\xff\xfe\x00"}, "plan.yaml"),
        ({"plan.yaml": b"x" * 2_000_001}, "plan.yaml"),
        ({}, "no plan file"),
        (folder(more="severity: {criteria: [{id: a, level: I, axis: x, expr: '1 > 0', text: t, clause: c}, "
                     "{id: a, level: I, axis: x, expr: '1 > 0', text: t, clause: c}], confirm_by: [], default: I}"),
         "severity.criteria[1]"),
    ],
)  # fmt: skip
def test_a_faulty_folder_is_refused_with_its_place(files: dict[str, bytes], said: str) -> None:
    assert said in fault(files)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_plan_or_bad_input(raw: bytes) -> None:
    try:
        load_plan({"plan.yaml": HEAD.encode(), "more.yaml": raw})
    except BadInput as caught:
        assert caught.line("zh")


def test_the_digest_tells_editions_apart_and_survives_storage() -> None:
    one, two = load_plan(folder()), load_plan(folder(more="scope: all"))
    assert plan_digest(one) != plan_digest(two)
    assert plan_digest(plan_from_json(plan_json(two))) == plan_digest(two)


def test_a_value_written_at_its_default_does_not_change_the_digest() -> None:
    assert plan_digest(load_plan(folder())) == plan_digest(load_plan(folder(more="scope: ''\nlanguage: zh")))


def test_damaged_stored_plan_is_bad_input() -> None:
    with pytest.raises(BadInput):
        plan_from_json(b'{"id": 1}')
