"""Times as platforms and people say them; nothing in the future, and what was read can be read again as a date."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake.said import is_said, read_said
from shudao.engine.intake.setting import CHINA
from shudao.engine.post import EARLIEST, PostError

NOW = datetime(2026, 7, 13, 10, 0, tzinfo=CHINA)  # a Monday


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("刚刚", "2026-07-13 10:00"), ("2分钟前", "2026-07-13 09:58"), ("3小时前", "2026-07-13 07:00"), ("两天前", "2026-07-11 10:00"),
        ("十五分钟前", "2026-07-13 09:45"), ("半小时前", "2026-07-13 09:30"), ("一个半小时前", "2026-07-13 08:30"), ("1 周前", "2026-07-06 10:00"),
        ("昨天 09:32", "2026-07-12 09:32"), ("昨天09:32", "2026-07-12 09:32"), ("昨天", "2026-07-12 00:00"), ("前天 下午3点半", "2026-07-11 15:30"),
        ("昨晚8点", "2026-07-12 20:00"), ("今天 08:05", "2026-07-13 08:05"), ("大前天 7:00", "2026-07-10 07:00"), ("凌晨2点", "2026-07-13 02:00"),
        ("11月21日 09:32", "2025-11-21 09:32"), ("7月13日 09:32", "2026-07-13 09:32"), ("07-12 23:59", "2026-07-12 23:59"), ("2月29日", "2024-02-29 00:00"),
        ("2026-07-12T09:32:00+08:00", "2026-07-12 09:32"), ("2026年7月1日 8:05", "2026-07-01 08:05"), ("2026/7/1 08:05:09", "2026-07-01 08:05"),
        ("周一 09:00", "2026-07-13 09:00"), ("上周三 08:00", "2026-07-08 08:00"), ("星期日", "2026-07-12 00:00"), ("12:30", "2026-07-12 12:30"),
        ("发布于 2小时前", "2026-07-13 08:00"), ("yesterday at 09:32", "2026-07-12 09:32"), ("5 minutes ago", "2026-07-13 09:55"), ("3h ago", "2026-07-13 07:00"),
        ("昨天 12:05 am", "2026-07-12 00:05"), ("昨天 9:05 pm", "2026-07-12 21:05"),
    ],
)  # fmt: skip
def test_what_is_said_is_understood(said, meant):
    assert read_said(said, NOW, CHINA).strftime("%Y-%m-%d %H:%M") == meant
    assert is_said(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "明天",
        "明天 08:00",
        "13月1日",
        "2月30日",
        "25:00",
        "12",
        "12345",
        "停电了",
        "x" * 200,
        "昨天昨天",
        "2027-01-01",
        "二三小时前",
    ],
)
def test_what_is_no_time_or_lies_ahead_is_refused(said):
    with pytest.raises(PostError):
        read_said(said, NOW, CHINA)


@given(st.text(alphabet="今昨前天日月年周一二三星期上下午晚点半分秒小时钟刚0123456789:：-/. agoampTZ+", max_size=24))
def test_any_text_gives_a_moment_of_the_past_or_a_refusal(text):
    try:
        moment = read_said(text, NOW, CHINA)
    except PostError:
        return
    assert EARLIEST <= moment <= NOW + timedelta(minutes=1) and moment.tzinfo is not None


@given(st.datetimes(datetime(1995, 1, 1), datetime(2026, 7, 13, 9)))
def test_a_written_date_comes_back(moment):
    written = f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour}:{moment.minute:02}"
    assert read_said(written, NOW, CHINA).replace(tzinfo=None) == moment.replace(second=0, microsecond=0)
