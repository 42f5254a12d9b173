"""The sample organisations are staffed as their plans ask."""

from itertools import pairwise

import pytest

from shudao.engine.plan.lint import lint
from shudao.engine.plan.lint.roster import load_roster as load_people
from shudao.library import path_of
from tests.library.samples import ORGANISATIONS, plan_of, posts, roster

every_organisation = pytest.mark.parametrize("name", ORGANISATIONS)
MINUTES_A_DAY = 24 * 60


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


@every_organisation
def test_points_to_files_that_exist(name: str) -> None:
    one = roster(name)
    for path in (one.plan, one.topics, one.stream, one.scenario):
        assert path_of(*path.split("/")).exists()


@every_organisation
def test_has_the_posts_and_units_of_its_plan(name: str) -> None:
    one, its_plan = roster(name), plan_of(roster(name))
    held = {(row.code, row.name, row.unit, row.deputies) for row in one.posts}
    assert {(row.id, row.name, row.unit, row.deputies) for row in its_plan.posts} <= held
    units = {(row.code, row.name, row.kind) for row in one.units}
    assert {(row.id, row.name, row.kind) for row in its_plan.units} <= units


@every_organisation
def test_every_post_is_held_and_nobody_deputises_for_himself(name: str) -> None:
    one, its_plan = roster(name), plan_of(roster(name))
    holders = {row.code: {h.staff for h in one.holdings if h.post == row.code} for row in one.posts}
    assert all(holders.values())
    for post in its_plan.posts:
        for other in (*post.deputies, *post.not_same_as):
            assert holders[post.id].isdisjoint(holders[other]), (post.id, other)


@every_organisation
def test_posts_on_duty_day_and_night_have_no_gap_in_their_shifts(name: str) -> None:
    one, its_plan = roster(name), plan_of(roster(name))
    for post in (row.id for row in its_plan.posts if row.all_hours):
        spans = sorted((minutes(row.from_), minutes(row.to)) for row in one.shifts if row.post == post)
        assert all(row.weekdays == (1, 2, 3, 4, 5, 6, 7) for row in one.shifts if row.post == post)
        assert spans
        assert all(end == start for (_, end), (start, _) in pairwise(spans))
        assert spans[-1][1] in (spans[0][0], spans[0][0] % MINUTES_A_DAY)


@every_organisation
def test_registers_hold_accounts_observers_outlets_and_a_correction(name: str) -> None:
    registers = roster(name).registers
    assert registers.own_accounts
    assert registers.observers
    assert {row.tier for row in registers.outlets} >= {1, 2, 3}
    assert any(row.corrections for row in registers.outlets)
    channels = {row.id for row in plan_of(roster(name)).channels}
    assert {row.channel for row in registers.own_accounts} <= channels


@every_organisation
def test_its_people_leave_the_plan_lint_clean_on_the_day_of_the_stream(name: str) -> None:
    one = roster(name)
    stream = one.stream.removeprefix("streams/").removesuffix(".jsonl")
    people = load_people(path_of("organisations", f"{name}.yaml").read_bytes(), name)
    found = lint(plan_of(one), people, today=posts(stream)[0].published_at.date())
    assert [(row.rule, row.where, row.message.zh) for row in found if row.severity != "note"] == []
