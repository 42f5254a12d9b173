"""Limits in working hours go by the uploaded table of holidays; a year that it does not know is assumed."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from shudao.base.scene import LIVE
from shudao.engine.respond.duty import NO_TABLE, Calendar, calendar_of, calendar_values
from shudao.engine.review.clock import Clock
from shudao.engine.review.trace import read_trace
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Actor
from shudao.org.actions import put_holidays
from shudao.org.queries.holidays import holiday_calendar
from shudao.respond.actions import open_incident
from shudao.respond.models import Task

pytestmark = pytest.mark.django_db
# 2026-07-13 is a Monday: Tuesday and Wednesday off, the Saturday after worked (an invented table).
TABLE = [
    (date(2026, 7, 14), "holiday", "试放"),
    (date(2026, 7, 15), "holiday", "试放"),
    (date(2026, 7, 18), "workday", "试补"),
]


@pytest.fixture
def in_hours(plan):
    """The plan with its first report due within ten working hours: two days from 10:00 on."""
    first = plan.steps[0]
    due = msgspec.structs.replace(first.due, within=600, clock="duty")
    steps = (msgspec.structs.replace(first, due=due), *plan.steps[1:])
    return msgspec.structs.replace(plan, steps=steps, duty_hours="08:30-17:30")


def due_at(plan, act):
    incident = open_incident(act, plan, title="停电", origin="hotline", milestones={"detected": act_time()})
    return Task.objects.get(incident=incident, step="report").due_at, incident


def act_time():
    from shudao.base import clock

    return clock.now(LIVE)


def test_a_limit_runs_over_holidays_and_a_make_up_workday(office, in_hours, duty, standing):
    plain, _ = due_at(in_hours, duty)
    assert plain == datetime(2026, 7, 14, 3, 0, tzinfo=UTC)  # 7,5 hours on Monday, the rest on Tuesday at 11:00
    put_holidays(Actor(LIVE, "head"), TABLE)
    later, incident = due_at(in_hours, duty)
    assert later == datetime(2026, 7, 16, 3, 0, tzinfo=UTC)
    standing.set(datetime(2026, 7, 17, 2, 0, tzinfo=UTC))
    over_weekend, _ = due_at(in_hours, duty)
    assert over_weekend == datetime(2026, 7, 18, 3, 0, tzinfo=UTC)  # Saturday is worked
    assert incident.number


def test_the_score_counts_by_the_table_the_incident_began_with(office, in_hours, duty):
    put_holidays(Actor(LIVE, "head"), TABLE)
    due, incident = due_at(in_hours, duty)
    trace = read_trace(entries_of(incident.stream))
    clock = Clock(trace, in_hours, in_hours.steps)
    start = clock.start("detected").at
    assert clock.share(start, in_hours.steps[0].due, due) == 1
    entry = next(row for row in entries_of(incident.stream) if row["verb"] == "open_incident")
    assert entry["data"]["calendar"]["work"] == ["2026-07-18"]


def test_without_a_table_nothing_is_stated(office, in_hours, duty):
    _, incident = due_at(in_hours, duty)
    entry = next(row for row in entries_of(incident.stream) if row["verb"] == "open_incident")
    assert "calendar" not in entry["data"] and holiday_calendar() is NO_TABLE


def test_a_stated_table_is_read_back_and_nonsense_is_none():
    table = Calendar(frozenset({date(2026, 10, 1)}), frozenset({date(2026, 10, 10)}), frozenset({2026, 2025}))
    back = calendar_of(calendar_values(table, (2026,)))
    assert back == Calendar(table.off, table.work, frozenset({2026}))
    assert calendar_values(table, (2030,)) == {}
    for nonsense in (None, [], {"off": ["x"]}, {"years": ["x"]}, {"off": 3}):
        assert calendar_of(nonsense) == NO_TABLE
