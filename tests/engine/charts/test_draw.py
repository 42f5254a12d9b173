"""Drawing instructions: nothing outside themselves, the wall clock they were given, columns set on each other."""

import json
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.charts.draw import spec_of, wall
from shudao.engine.charts.looks import FONT, look_of
from shudao.engine.charts.model import ClockRow, Column, First, Rise, SpreadChart, VolumeChart, clocks_chart

CHINA = timezone(timedelta(hours=8))
T0 = datetime(2026, 7, 13, 8, tzinfo=CHINA)
LOOK = look_of("light", "wide")


def rows_of(spec):
    """All data rows of a specification."""
    found = [spec.get("data", {}).get("values", [])]
    found += [layer.get("data", {}).get("values", []) for layer in spec.get("layer", [])]
    return [row for rows in found for row in rows] + [row for rows in spec.get("datasets", {}).values() for row in rows]


def clocks(*rows):
    return clocks_chart("口头报告迟了", rows, T0 + timedelta(hours=2))


def clock(done=None, due=30):
    limit = None if due is None else T0 + timedelta(minutes=due)
    return ClockRow(name="口头报告", start=T0, due=limit, done=done, state="left", says="说明")


CHARTS = [
    VolumeChart(title="量", columns=(Column(T0, "社交", 3), Column(T0, "新闻", 2)), series=("社交", "新闻"), unit="条"),
    SpreadChart(
        title="扩散", rises=(Rise(T0, "社交", 1),), firsts=(First(T0, "社交", 1, "首现"),), series=("社交",), unit="条"
    ),
    clocks(clock()),
]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: type(chart).__name__)
@pytest.mark.parametrize("tone", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_chart_names_one_font_and_reaches_for_nothing(chart, tone, size):
    spec = spec_of(chart, look_of(tone, size))
    said = json.dumps(spec, ensure_ascii=False)
    assert spec["config"]["font"] == FONT and chart.title in said.replace('", "', "")
    assert '"url"' not in said and "http" not in said.replace(spec["$schema"], "")


def test_moments_keep_the_wall_clock_they_were_given_in():
    assert wall(T0).startswith("2026-07-13T08:00") and wall(T0).endswith("+00:00")
    assert wall(T0) == wall(T0.replace(tzinfo=UTC))


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from("甲乙丙"), st.integers(0, 50)),
        max_size=30,
        unique_by=lambda row: row[:2],
    )
)
def test_columns_stand_on_each_other_without_a_gap(given_rows):
    columns = tuple(Column(T0 + timedelta(hours=hour), name, count) for hour, name, count in given_rows)
    rows = rows_of(spec_of(VolumeChart(title="量", columns=columns, series=tuple("甲乙丙"), unit="条"), LOOK))
    for at in {row["at"] for row in rows}:
        stack = sorted((row["from"], row["to"]) for row in rows if row["at"] == at)
        assert stack[0][0] == 0 and all(one[1] == other[0] for one, other in pairwise(stack))
    assert sum(row["to"] - row["from"] for row in rows) == sum(row.count for row in columns)


@pytest.mark.parametrize(
    ("row", "over"),
    [(clock(), True), (clock(due=300), False), (clock(done=T0 + timedelta(minutes=20)), False),
     (clock(done=T0 + timedelta(minutes=40)), True), (clock(due=None), False)],
)  # fmt: skip
def test_what_is_over_its_limit_is_drawn_as_over(row, over):
    assert any(found.get("kind") == "超出" for found in rows_of(spec_of(clocks(row), LOOK))) == over


def test_a_long_title_is_broken_into_lines_that_fit():
    chart = VolumeChart(title="供电" * 40 + " Substation", columns=(), series=("社交",), unit="条")
    lines = spec_of(chart, look_of("light", "narrow"))["title"]["text"]
    assert len(lines) > 2 and "".join(lines).replace(" ", "") == chart.title.replace(" ", "")


def test_an_empty_chart_is_drawn_all_the_same():
    for chart in (VolumeChart(title="量", columns=(), series=(), unit="条"), SpreadChart(title="扩散", rises=(), firsts=(), series=(), unit="条"), clocks()):  # fmt: skip
        assert spec_of(chart, LOOK)["config"]
