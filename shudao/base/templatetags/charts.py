"""Charts of the pages: the picture for day and night, desk and phone, and the same numbers as a table; small lines in text."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shudao.base.charts import expect, keep_chart
from shudao.engine.charts.looks import WIDTHS, Size
from shudao.engine.charts.model import Chart, ClocksChart, SpreadChart, VolumeChart

register = template.Library()
Table = tuple[list[str], list[list[str | int]]]
MOST_ROWS = 120
"""Rows of the table beside a chart; a chart of more tells no single one."""


@register.inclusion_tag("base/chart.html")
def chart(drawn: Chart | None, size: Size = "wide") -> dict[str, Any]:
    """A chart with its table; `narrow` where it stands in a side column. Nothing when there is nothing to show."""
    if drawn is None:
        return {}
    head, rows = table_of(drawn)
    name = keep_chart(drawn)
    expect(name, size)
    return {
        "size": size,
        "width": WIDTHS[size],
        "chart": drawn,
        "name": name,
        "head": head,
        "rows": rows[:MOST_ROWS],
        "height": height_of(drawn),
    }


@register.simple_tag
def spark(values: Sequence[int], label: str = "") -> SafeString | str:
    """A small line of what came and went; `label` says the same in words."""
    if len(values) < 2:
        return ""
    top = max(max(values), 1)
    points = " ".join(
        f"{place * 60 / (len(values) - 1):.1f},{15 - value * 13 / top:.1f}" for place, value in enumerate(values)
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 60 16" width="60" height="16" role="img" aria-label="{}"><polyline points="{}"/></svg>',
        label, points,
    )  # fmt: skip


def table_of(drawn: Chart) -> Table:
    """The numbers of a chart as head and rows."""
    match drawn:
        case VolumeChart():
            return _volume(drawn)
        case SpreadChart():
            return _spread(drawn)
        case ClocksChart():
            return _clocks(drawn)


def height_of(drawn: Chart) -> int:
    """About how high the wide picture is, so that nothing jumps when it comes."""
    return (
        80 + 44 * len(drawn.rows) if isinstance(drawn, ClocksChart) else 302 if isinstance(drawn, VolumeChart) else 342
    )


def _volume(drawn: VolumeChart) -> Table:
    counts = {(row.at, row.series): row.count for row in drawn.columns}
    moments = sorted({row.at for row in drawn.columns if row.count})
    rows: list[list[str | int]] = [
        [_when(at), *(counts.get((at, name), 0) for name in drawn.series)] for at in reversed(moments)
    ]
    return [gettext("时间"), *drawn.series], rows


def _spread(drawn: SpreadChart) -> Table:
    last = {row.series: row.total for row in sorted(drawn.rises, key=lambda row: row.at)}
    first = {row.series: row for row in sorted(drawn.firsts, key=lambda row: row.at, reverse=True)}
    rows: list[list[str | int]] = [
        [name, _when(first[name].at) if name in first else "", last.get(name, 0)] for name in drawn.series
    ]
    return [gettext("类别"), gettext("首次出现"), gettext("总数")], rows


def _clocks(drawn: ClocksChart) -> Table:
    rows: list[list[str | int]] = [
        [row.name, _when(row.due) if row.due else "", _when(row.done) if row.done else "", row.says]
        for row in drawn.rows
    ]
    return [gettext("环节"), gettext("时限"), gettext("达到"), gettext("情况")], rows


def _when(at: datetime) -> str:
    return date_format(at, gettext("n月j日 H:i"))
