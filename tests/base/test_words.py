"""Lengths, moments and clocks, as a reader sees them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils.translation import override

from shudao.base.templatetags.words import lasting, say
from shudao.engine.words import Words

NOW = datetime(2026, 7, 13, 2, 0, tzinfo=UTC)


def render(text, **values):
    return Template("{% load words %}" + text).render(Context({"now": NOW, **values}))


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0.5, "不到 1 分钟", "less than a minute"),
        (1, "1 分钟", "1 minute"),
        (59, "59 分钟", "59 minutes"),
        (60, "1 小时", "1 hour"),
        (200, "3 小时 20 分钟", "3 hours 20 minutes"),
        (24 * 60 + 61, "1 天 1 小时", "1 day 1 hour"),
        (-12, "12 分钟", "12 minutes"),
    ],
)
def test_a_length_in_both_languages(minutes, zh, en):
    with override("zh-hans"):
        assert lasting(timedelta(minutes=minutes)) == zh
    with override("en"):
        assert lasting(timedelta(minutes=minutes)) == en


def test_words_are_said_in_the_readers_language():
    with override("zh-hans"):
        assert say(Words("已办", "done")) == "已办"
    with override("en"):
        assert say(Words("已办", "done")) == "done" and say("as it is") == "as it is" and say(None) == ""


@pytest.mark.parametrize(
    ("due", "done", "start", "state", "text"),
    [
        (30, None, None, "left", "还剩 30 分钟"),
        (10, None, None, "soon", "只剩 10 分钟"),
        (10, None, -5, "left", "还剩 10 分钟"),
        (3, None, -17, "soon", "只剩 3 分钟"),
        (-5, None, None, "late", "已超时 5 分钟"),
        (-5, -6, None, "met", "按时完成"),
        (-5, -2, None, "missed", "迟了 3 分钟"),
        (None, None, None, "open", "没有时限"),
    ],
)
def test_a_clock_says_in_words_and_shape(due, done, start, state, text):
    at = {
        name: None if value is None else NOW + timedelta(minutes=value)
        for name, value in {"due": due, "done": done, "start": start}.items()
    }
    with override("zh-hans"):
        shown = render("{% clock_left due done start %}", **at)
    assert f"clock-{state}" in shown and text in shown and "clock-mark" in shown


def test_relative_time_keeps_the_exact_one_on_hover():
    with override("zh-hans"):
        shown = render("{% ago at %}", at=NOW - timedelta(minutes=5))
    assert "5 分钟前" in shown and 'title="2026-07-13 09:55:00 +0800"' in shown


def test_a_moment_gives_the_day_only_when_it_is_not_today():
    with override("zh-hans"):
        assert ">09:00<" in render("{% moment at %}", at=NOW - timedelta(hours=1))
        assert ">7月12日 10:00<" in render("{% moment at %}", at=NOW - timedelta(days=1))
        assert ">2025年7月13日 10:00<" in render("{% moment at %}", at=NOW - timedelta(days=365))
    with override("en"):
        assert ">12 Jul, 10:00<" in render("{% moment at %}", at=NOW - timedelta(days=1))


def test_a_level_is_told_by_numeral_and_name_too():
    shown = render('{% level "II" "Ⅱ级（重大）" "orange" %}')
    assert "level-orange" in shown and ">Ⅱ<" in shown and "Ⅱ级（重大）" in shown
