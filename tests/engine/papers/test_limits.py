"""Limits beside actual times, and how moments and lengths are put in words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.papers.limits import Target, due_of, judge, targets_of
from shudao.engine.papers.phrases import say_date, say_minutes, say_moment, zone_of
from shudao.engine.papers.statement import Signed, StatementData, statement_paper
from shudao.engine.plan.model import Limit, Superior
from tests.engine.papers.matter import PLAN, T0, words_of

CHINA = zone_of("+08:00")


def target(**changes):
    return Target(**({"milestone": "published", "within": 60, "of": "detected", "started_at": T0} | changes))


@pytest.mark.parametrize(("reached", "now", "verdict"), [
    (60, 100, "in_time"), (61, 100, "late"), (None, 60, "running"), (None, 61, "missed"),
])  # fmt: skip
def test_a_limit_is_judged_to_the_minute(reached, now, verdict):
    at = None if reached is None else T0 + timedelta(minutes=reached)
    assert judge(target(reached_at=at), T0 + timedelta(minutes=now)) == verdict


def test_a_limit_without_a_start_or_on_the_duty_clock_is_not_guessed():
    assert judge(target(started_at=None), T0) == "not_started"
    assert judge(target(clock="duty"), T0) == "unknown"
    counted = target(clock="duty", due_at=T0 + timedelta(minutes=900))
    assert due_of(counted) == T0 + timedelta(minutes=900) and judge(counted, T0) == "running"


def test_only_the_levels_own_limits_stand_in_the_table():
    assert [row.milestone for row in targets_of(PLAN, "III", {})] == ["superior_told", "superior_written"]
    assert [row.milestone for row in targets_of(PLAN, "II", {})][-1] == "published"


def test_a_superiors_limits_are_added_once():
    import msgspec

    oral = Limit(within=30, of="detected", source="上级规定")
    plan = msgspec.structs.replace(
        PLAN, superiors=(Superior(unit="city", first_oral=oral, first_written=Limit(within=90, of="detected")),)
    )
    told = [row.within for row in targets_of(plan, "III", {}) if row.milestone == "superior_told"]
    written = [row.within for row in targets_of(plan, "III", {}) if row.milestone == "superior_written"]
    assert (told, written) == ([30], [120, 90])


def test_moments_are_said_in_the_plans_own_time():
    at = datetime(2026, 3, 7, 23, 5, tzinfo=UTC)
    assert say_moment(at, "zh", CHINA) == "3月8日 07:05"
    assert say_moment(at, "en", CHINA, year=True) == "8 March 2026 07:05"
    assert say_date(at, "zh", CHINA) == "2026年3月8日" and say_moment(None, "zh", CHINA) == "—"
    with pytest.raises(ValueError):
        zone_of("8")


@pytest.mark.parametrize(("minutes", "zh", "en"), [
    (0, "0分钟", "0 min"), (45, "45分钟", "45 min"), (150, "2小时30分钟", "2 h 30 min"), (1440 * 3 + 240, "3天4小时", "3 d 4 h"),
    (-5, "-5分钟", "-5 min"),
])  # fmt: skip
def test_lengths_are_said_in_plain_words(minutes, zh, en):
    assert (say_minutes(minutes, "zh"), say_minutes(minutes, "en")) == (zh, en)


@given(st.floats(min_value=-1e6, max_value=1e6))
def test_any_length_has_words(minutes):
    assert say_minutes(minutes, "zh") and say_minutes(minutes, "en")


def test_a_statement_prints_what_people_wrote_and_its_approvals():
    signed = Signed(stage="法务", post="法务岗", at=T0, entry=9)
    data = StatementData(
        title="情况说明",
        text="正文",
        organisation="甲",
        known=("停电三个小区",),
        next_update_at=T0,
        contact="热线",
        approvals=(signed,),
    )
    text = words_of(statement_paper(data, T0))
    for piece in ("正文", "1. 停电三个小区", "下次通报时间：2026年3月8日 07:10", "联系方式：热线", "法务岗", "同意"):
        assert piece in text
    assert "正在做的" not in text
