"""A limit is where the wording sets an end; duties, windows, rhythms and thresholds are none; wishes are holes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.plan.read.times import bare_limit, holes, limits


def found(text: str) -> list[tuple[int, str]]:
    return [(one.minutes, one.span.text) for one in limits(text)]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("值班员应在30分钟内报告", 30), ("半小时内电话报告", 30), ("一个半小时内完成", 90), ("两个小时之内到场", 120),
        ("不超过4小时发布", 240), ("最迟不晚于五个小时发布", 300), ("三个工作日内答复", 4320), ("十二小时以内", 720),
        ("处置结束后一周内总结", 10080), ("当日形成专报", 1440), ("当天下班前反馈", 1440), ("次日9时前报送", 2880),
        ("二十五分钟内", 25), ("时限：2小时", 120), ("report within 30 minutes", 30), ("no later than two hours", 120),
    ],
)  # fmt: skip
def test_limits(text: str, minutes: int):
    assert [value for value, _ in found(text)] == [minutes]


@pytest.mark.parametrize(
    "text",
    [
        "实行24小时值班", "保持24小时通讯畅通", "做好24小时全程文字记录", "1小时内转发量超过1万次", "24小时内登上热搜榜前十",
        "每2小时报告一次", "每日17时前报送", "提前3天通知", "连续7天无新增", "档案保存5年", "近30日内重复投诉", "会议时间不超过1小时",
        "持续监测72小时", "当日值班领导带班", "24小时内有人值守", "办理期限可以延长，但延长不得超过30日", "超过24小时未回复的",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_limit(text: str):
    assert found(text) == []


def test_a_threshold_in_the_next_part_does_not_take_a_limit_away():
    assert found("应在30分钟内报告，转发量超过1万次的，升为一级") == [(30, "30分钟内")]
    assert found("1小时内，转发量超过1万次的，为一级") == []


def test_several_limits_in_one_line_keep_their_order():
    assert found("特别重大1小时内、重大2小时内、较大4小时内报告") == [
        (60, "1小时内"),
        (120, "2小时内"),
        (240, "4小时内"),
    ]


@pytest.mark.parametrize(
    ("text", "start"),
    [("事件发生后，应在半小时内报告", "事件发生后"), ("自收到投诉之日起15个工作日内答复", "收到投诉之日起"),
     ("接到报告1小时内", "接到报告"), ("within 30 minutes of detection", "detection")],
)  # fmt: skip
def test_the_words_of_the_start(text: str, start: str):
    assert limits(text)[0].of.text.lstrip("自") == start


def test_working_days_are_marked():
    assert limits("5个工作日内答复")[0].workdays
    assert not limits("5日内答复")[0].workdays


def test_in_a_column_of_limits_a_bare_length_is_one():
    assert bare_limit("30分钟").minutes == 30
    assert bare_limit("立即") is None


def test_wishes_are_holes_named_by_their_part():
    text = "力争在第一时间发布准确信息，稳定情绪；发现问题及时报告"
    assert [(hole.span.text, hole.word) for hole in holes(text, limits(text))] == [
        ("力争在第一时间发布准确信息", "第一时间"), ("发现问题及时报告", "及时"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["第一时间（30分钟内）报告", "舆情迅速扩散的", "未及时报告的", "30分钟内立即报告"])
def test_no_hole_where_a_limit_stands_or_nothing_is_asked(text: str):
    assert holes(text, limits(text)) == []


@given(st.text(alphabet="在应30半两小时分钟内日之不超过个工作，。；后报告及第一时间 ", max_size=60))
def test_every_text_is_a_cut_and_nothing_breaks(text: str):
    rows = limits(text)
    assert all(text[one.span.start : one.span.end] == one.span.text and one.minutes > 0 for one in rows)
    assert all(text[h.span.start : h.span.end] == h.span.text for h in holes(text, rows))
