"""Dates as people and programs write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake.moments import date_in_name, read_when
from shudao.engine.intake.setting import CHINA
from shudao.engine.post import PostError

EIGHT = datetime(2026, 3, 1, 8, 5, tzinfo=CHINA)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-01 08:05",
        "2026-03-01 08:05:00",
        "2026/3/1 8:05",
        "2026.3.1 8:05:00",
        "2026年3月1日 08:05",
        "2026年3月1日8时5分",
        " 2026-03-01T08:05:00+08:00 ",
        "2026-03-01T00:05:00Z",
        "Sun, 01 Mar 2026 08:05:00 +0800",
        "1772323500",
        "1772323500000",
        1772323500,
        46082.336805555555,
        "46082.3368056",
        datetime(2026, 3, 1, 8, 5),
        datetime(2026, 3, 1, 0, 5, tzinfo=UTC),
    ],
)
def test_the_same_moment_in_many_hands(written):
    assert read_when(written, CHINA) == EIGHT


def test_a_day_begins_at_midnight_where_it_was_written():
    assert read_when(date(2026, 3, 1), CHINA) == read_when("2026年3月1日", CHINA) == datetime(2026, 3, 1, tzinfo=CHINA)


@pytest.mark.parametrize(
    "written",
    [None, "", "昨天", "2026-13-01", "2026-02-30 08:00", True, 5, "1960-01-01", "9999-12-31", "0001-01-01", float("nan"),
     float("inf"), datetime(1, 1, 1), datetime.max, [], "2026-03-01 25:00"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(written):
    with pytest.raises(PostError):
        read_when(written, CHINA)


@given(st.text(max_size=40) | st.floats() | st.integers() | st.datetimes() | st.dates() | st.none())
def test_anything_is_a_moment_or_refused(value):
    try:
        assert read_when(value, CHINA).tzinfo
    except PostError:
        return


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("晚报_20260301_A05", datetime(2026, 3, 1, tzinfo=CHINA)),
        ("晚间新闻_20260301_1830", datetime(2026, 3, 1, 18, 30, tzinfo=CHINA)),
        ("2026-03-01 新闻", datetime(2026, 3, 1, tzinfo=CHINA)),
        ("scan_20261345", None),
        ("00120260301999", None),
        ("版面", None),
    ],
)
def test_a_file_name_may_state_the_date(name, moment):
    assert date_in_name(name, CHINA) == moment
