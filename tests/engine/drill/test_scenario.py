"""Reading scenario folders: what is taken, what is refused, and where the fault is said to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.drill.scenario import load_scenario, load_team, misfits, require_fit
from shudao.engine.words import BadInput
from tests.engine.review.streams import plan, step

HEAD = """
id: night
title: 夜间停电
version: "1"
plan: p
starts_at: 2025-07-12T19:40:00+08:00
ends_after: 600
key: {level: II}
"""
INJECTS = """
injects:
  - {id: late, at: 30, channel: phone, to: duty, text: "{town}来电"}
  - {id: first, at: 0, channel: posts, posts: [{id: p1, text: 停电了, copies: 2}]}
"""


def load(extra: str = "", injects: str = INJECTS, head: str = HEAD):
    return load_scenario(
        {"scenario.yaml": (head + "variables: {town: 石桥镇}\n" + extra).encode(), "b.yaml": injects.encode()}
    )


def test_files_join_variables_fill_and_injects_stand_in_order_of_time() -> None:
    found = load()
    assert [row.id for row in found.injects] == ["first", "late"]
    assert found.injects[1].text == "石桥镇来电"
    assert found.starts_at.utcoffset().total_seconds() == 8 * 3600


@pytest.mark.parametrize(
    ("extra", "injects", "said"),
    [
        ("colour: red", INJECTS, "colour"),
        ("", INJECTS.replace("{town}", "{village}"), "village"),
        ("", INJECTS.replace("id: late", "id: first"), "first"),
        ("", INJECTS.replace("at: 30", "at: 900"), "late"),
        ("", INJECTS.replace("at: 30", "at: soon"), "at"),
        ("", INJECTS.replace("at: 30", "at: -1"), "late"),
        ("", INJECTS.replace("to: duty, ", ""), "late"),
        ("", INJECTS.replace("copies: 2", "copies: -2"), "first"),
        ("", INJECTS.replace("copies: 2", "copies: 999999"), "posts"),
        ("", "injects: []", "injects"),
        ("", "injects: [", "b.yaml"),
        ("", "- 1", "b.yaml"),
        ("expectations: [{id: x, title: x, inject: nowhere, within: 5, verb: v}]", INJECTS, "x"),
        ("expectations: [{id: x, title: x, inject: first, of: detected, within: 5, verb: v}]", INJECTS, "x"),
        ("expectations: [{id: x, title: x, of: detected, within: 5}]", INJECTS, "x"),
        ("expectations: [{id: x, title: x, of: detected, within: 0, verb: v}]", INJECTS, "x"),
        ("title: 又一个", INJECTS, "title"),
    ],
)
def test_a_fault_is_one_line_that_names_its_place(extra: str, injects: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        load(extra, injects)
    assert said in refused.value.line("en")
    assert "\n" not in refused.value.line("zh")


@pytest.mark.parametrize(
    "change",
    [
        ("+08:00", ""),
        ("ends_after: 600", "ends_after: 0"),
        ("ends_after: 600", "ends_after: 1e99"),
        ("id: night", "id: 夜 里"),
    ],
)
def test_a_scenario_that_cannot_be_run_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(BadInput):
        load(head=HEAD.replace(*change))


@given(st.dictionaries(st.sampled_from(["scenario.yaml", "a.yaml", "b.txt"]), st.binary(max_size=200)))
def test_any_bytes_give_a_scenario_or_one_refusal(files: dict[str, bytes]) -> None:
    with pytest.raises(BadInput):
        load_scenario(files)


@given(st.text(max_size=300))
def test_any_text_after_a_good_head_never_breaks_the_reader(text: str) -> None:
    try:
        load(injects=text)
    except BadInput:
        return


def test_a_scenario_is_held_against_its_plan() -> None:
    found = load("objectives: [{id: o, title: o, steps: [nothing], phases: [nowhere]}]")
    places = {row.where for row in misfits(found, plan(step("verify", 60)))}
    assert places == {"objectives.o.steps", "objectives.o.phases"}
    with pytest.raises(BadInput, match="nothing"):
        require_fit(found, plan(step("verify", 60)))


def test_a_plan_of_another_name_is_only_a_remark() -> None:
    other = plan(step("verify", 60), id="other")
    assert [row.fatal for row in misfits(load(), other)] == [False]
    require_fit(load(), other)


@pytest.mark.parametrize("change", [("to: duty", "to: nobody"), ("level: II", "level: V")])
def test_unknown_posts_and_levels_stop_the_run(change: tuple[str, str]) -> None:
    found = load(injects=INJECTS.replace(*change), head=HEAD.replace(*change))
    with pytest.raises(BadInput):
        require_fit(found, plan(step("verify", 60)))


def test_a_team_file_has_the_form_of_the_script() -> None:
    team = load_team(b"react: 9\ndelays: {approve_statement: 45}\nskip: [hold_meeting]")
    assert (team.react, team.delays, team.skip) == (9, {"approve_statement": 45}, ("hold_meeting",))
    with pytest.raises(BadInput):
        load_team(b"speed: 3")
    with pytest.raises(BadInput):
        load_team(b"- 3")


def test_a_slip_in_a_teams_names_is_found() -> None:
    found, here = load(), plan(step("verify", 60))
    good = load_team(b"delays: {verify: 5, approve_statement: 9, 'approve:duty': 3}\nskip: [hold_meeting]")
    require_fit(found, here, good)
    for text in (b"delays: {verfiy: 5}", b"skip: [hold_meting]", b"level: IX"):
        with pytest.raises(BadInput):
            require_fit(found, here, load_team(text))
