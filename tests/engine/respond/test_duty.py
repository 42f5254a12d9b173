"""Limits on the duty clock count working hours only, by a table where there is one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.plan.model import Limit
from shudao.engine.respond.duty import NO_TABLE, Calendar, due_after, duty_clock
from shudao.engine.words import BadInput

TABLE = Calendar(
    off=frozenset({date(2031, 5, 1), date(2031, 5, 2)}), work=frozenset({date(2031, 5, 4)}), years=frozenset({2031})
)
CLOCK = duty_clock("08:30-12:00, 14:00-17:30", "+08:00", TABLE)


def local(day: int, hour: int, minute: int = 0, month: int = 5) -> datetime:
    """Local time (+08:00) of 2031 in UTC."""
    return datetime(2031, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (local(6, 9), 60, local(6, 10)),
        (local(6, 11, 30), 60, local(6, 14, 30)),
        (local(6, 17), 60, local(7, 9)),
        (local(6, 3), 30, local(6, 9)),
        (local(9, 17), 60, local(12, 9)),
        (local(30, 17, month=4), 60, local(4, 9)),
        (local(6, 9), 0, local(6, 9)),
        (local(6, 20), 0, local(7, 8, 30)),
    ],
    ids=["inside", "over lunch", "over night", "before hours", "over a weekend", "over holidays to a make-up Sunday",
         "nothing", "nothing, at night"],
)  # fmt: skip
def test_working_minutes(start: datetime, minutes: int, due: datetime) -> None:
    assert CLOCK.after(start, minutes) == (due, False)


def test_a_year_without_a_table_is_assumed_and_says_so() -> None:
    at, assumed = CLOCK.after(datetime(2032, 1, 1, 1, 0, tzinfo=UTC), 30)
    assert (at, assumed) == (datetime(2032, 1, 1, 1, 30, tzinfo=UTC), True)
    assert duty_clock("08:30-17:30", "+08:00").after(local(6, 9), 60) == (local(6, 10), True)


def test_the_wall_clock_just_counts() -> None:
    limit = Limit(within=60, of="detected")
    assert due_after(CLOCK, limit, local(6, 23, 30)) == (local(7, 0, 30), False)


def test_a_table_without_workdays_comes_to_an_end() -> None:
    days = frozenset(date(2031, 1, 1) + timedelta(days=n) for n in range(4100))
    clock = duty_clock("08:30-17:30", "+08:00", Calendar(off=days))
    assert clock.after(local(6, 9), 10)[1] is True


@pytest.mark.parametrize("hours", ["", "all day", "17:30-08:30", "08:30-25:00", "08:30-12:00 13:00", "08:70-09:00",
                                   "14:00-17:00, 08:00-12:00"])  # fmt: skip
def test_hours_that_cannot_be_read(hours: str) -> None:
    with pytest.raises(BadInput):
        duty_clock(hours, "+08:00")


@pytest.mark.parametrize("offset", ["", "8", "+8", "+15:00", "+08:60", "Z"])
def test_zones_that_cannot_be_read(offset: str) -> None:
    with pytest.raises(BadInput):
        duty_clock("08:30-17:30", offset)


@given(st.integers(0, 60 * 24 * 60), st.integers(0, 3000), st.integers(1, 3000))
def test_more_minutes_are_never_earlier_and_time_adds_up(offset: int, first: int, second: int) -> None:
    start = local(1, 0, month=6) + timedelta(minutes=offset)
    between, _ = CLOCK.after(start, first)
    assert start <= between
    assert CLOCK.after(between, second)[0] == CLOCK.after(start, first + second)[0]


def test_no_table_knows_no_year() -> None:
    assert NO_TABLE.years == frozenset()
