"""Metrics are differences of milestones; what is missing is named, never guessed."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.plan.load import load_plan
from shudao.engine.plan.model import MILESTONES, Plan
from shudao.engine.review.lengths import SPANS, lengths, missing, name_of
from shudao.library import path_of, read_folder

START = datetime(2026, 7, 13, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(read_folder(path_of("plans", "zh", "power")))


def at(**minutes):
    return {name: START + timedelta(minutes=value) for name, value in minutes.items()}


def by_id(rows):
    return {row.id: row for row in rows}


def test_every_milestone_of_the_list_is_measured():
    assert {name for _, start, end in SPANS for name in (start, end)} == set(MILESTONES)
    assert len({name for name, *_ in SPANS}) == len(SPANS)


def test_a_length_is_the_difference_and_knows_the_plans_limit(plan):
    found = by_id(lengths(plan, at(first_seen=0, detected=5, superior_told=40, graded=60, activated=75)))
    assert (found["detection"].minutes, found["detection"].limit) == (5.0, None)
    told = found["oral_report"]
    assert (told.minutes, told.limit, told.is_late, told.missing) == (35.0, 30, True, ())
    assert (found["activation"].minutes, found["activation"].limit, found["activation"].is_late) == (15.0, 30, False)


def test_what_is_missing_is_named_and_nothing_is_made_of_it(plan):
    rows = lengths(plan, at(detected=0, graded=30))
    found = by_id(rows)
    assert (found["detection"].minutes, found["detection"].missing) == (None, ("first_seen",))
    assert (found["whole"].minutes, found["whole"].missing) == (None, ("first_seen", "closed"))
    assert not found["whole"].is_late
    assert missing(rows)[0] == "first_seen" and len(set(missing(rows))) == len(missing(rows))
    assert "graded" not in missing(rows)


def test_a_step_of_another_level_is_not_asked_for(plan):
    light = by_id(lengths(plan, at(detected=0), level="IV"))
    assert "meeting" not in light and "meeting" in by_id(lengths(plan, at(detected=0), level="III"))


def test_the_plans_own_milestones_are_measured_and_named(plan):
    found = by_id(lengths(plan, at(detected=0, restored=500)))
    assert (found["restored"].minutes, found["restored"].limit, found["restored"].is_late) == (500.0, 480, True)
    assert "现场恢复" in name_of(found["restored"], plan).zh


def test_a_limit_in_duty_hours_is_not_judged_by_plain_minutes(plan):
    steps = tuple(
        msgspec.structs.replace(row, due=msgspec.structs.replace(row.due, clock="duty")) if row.sets == "superior_told" else row
        for row in plan.steps
    )  # fmt: skip
    row = by_id(lengths(msgspec.structs.replace(plan, steps=steps), at(detected=0, superior_told=900)))["oral_report"]
    assert (row.limit, row.clock, row.is_late) == (30, "duty", False)


@given(st.dictionaries(st.sampled_from(MILESTONES), st.integers(0, 10_000)))
def test_whatever_was_reached_the_difference_holds_or_the_gap_is_named(minutes):
    reached = at(**minutes)
    plan = Plan(id="p", title="t", version="1", status="signed")
    for row in lengths(plan, reached):
        if row.missing:
            assert row.minutes is None and not set(row.missing) & set(reached)
        else:
            assert row.minutes == minutes[row.end] - minutes[row.start]
