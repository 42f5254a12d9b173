"""作图 (draw): a chart's values as a Vega-Lite specification, by Altair. The one place that knows Altair; it is heavy, so
only the drawing process imports this.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import altair

from shudao.engine.charts.looks import Look, theme
from shudao.engine.charts.model import Chart, ClockRow, ClocksChart, SpreadChart, VolumeChart

alt: Any = altair  # its types are those of its schema, too wide to be of use
DAY = 24 * 60
NARROW = 400  # points; a narrow chart says less
Spec = dict[str, Any]


def spec_of(chart: Chart, look: Look) -> Spec:
    """The specification, without any data outside itself."""
    match chart:
        case VolumeChart():
            drawn = _volume(chart, look)
        case SpreadChart():
            drawn = _spread(chart, look)
        case ClocksChart():
            drawn = _clocks(chart, look)
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    titled = drawn.properties(title=_title(chart, look), width=look.width, autosize=fit)
    spec: Spec = {**json.loads(titled.to_json()), "config": theme(look)}
    return spec


def wall(at: datetime) -> str:
    """A moment by its own wall clock, written as if it were UTC: drawn alike on every machine."""
    return at.replace(tzinfo=UTC).isoformat()


def _title(chart: Chart, look: Look) -> Any:
    below = {"subtitle": _broken(chart.measured, look, 12)} if chart.measured else {}
    return alt.TitleParams(_broken(chart.title, look, 15), **below)


def _broken(text: str, look: Look, size: int) -> list[str]:
    """Lines that fit the width; a Han character takes its size, others about half."""
    lines: list[str] = []
    line, wide = "", 0.0
    for word in _words(text):
        length = sum(size if ord(char) > 0x2E7F else size * 0.58 for char in word)
        if line and wide + length > look.width:
            lines, line, wide = [*lines, line.rstrip()], "", 0.0
        line, wide = line + word, wide + length
    return [*lines, line.rstrip()]


def _words(text: str) -> list[str]:
    """Pieces that stay whole: a Han character, or a run of others up to a space."""
    pieces: list[str] = []
    for char in text:
        if pieces and ord(char) <= 0x2E7F and not pieces[-1].endswith(" ") and ord(pieces[-1][-1]) <= 0x2E7F:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _palette(series: Sequence[str], look: Look) -> Any:
    return alt.Scale(domain=list(series), range=[look.series[place % len(look.series)] for place in range(len(series))])


def _time(moments: Sequence[datetime], lang: str, look: Look) -> Any:
    """The axis of time, with days named when more than one is shown."""
    span = (max(moments) - min(moments)).total_seconds() / 60 if moments else 0
    day = "%-m月%-d日" if lang == "zh" else "%-d %b"
    form = day if span > 3 * DAY else f"{day} %H:%M" if span > DAY else "%H:%M"
    axis = alt.Axis(
        title=None,
        format=form,
        labelOverlap=True,
        labelSeparation=8,
        grid=False,
        tickCount=4 if look.width < NARROW else 8,
    )
    return alt.X("at:T", axis=axis, scale=alt.Scale(type="utc"))


def _volume(chart: VolumeChart, look: Look) -> Any:
    return (
        alt.Chart(_data(_stacked(chart)), height=200)
        .mark_rect(stroke=look.paper, strokeWidth=0.5)
        .encode(
            x=_time([row.at for row in chart.columns], chart.lang, look),
            x2="until:T",
            y=alt.Y("from:Q", axis=_counts(chart.unit), scale=alt.Scale(zero=True)),
            y2="to:Q",
            color=alt.Color("series:N", scale=_palette(chart.series, look), sort=list(chart.series)),
        )
    )


def _stacked(chart: VolumeChart) -> Iterator[dict[str, Any]]:
    """Each column set on those below it, in the order of the series."""
    heights: dict[datetime, int] = defaultdict(int)
    for row in sorted(chart.columns, key=lambda row: (row.at, chart.series.index(row.series))):
        if row.count:
            base = heights[row.at]
            heights[row.at] += row.count
            ends = {"at": wall(row.at), "until": _later(row.at, chart.minutes)}
            yield {**ends, "series": row.series, "from": base, "to": heights[row.at]}


def _later(at: datetime, minutes: int) -> str:
    return wall(datetime.fromtimestamp(at.replace(tzinfo=UTC).timestamp() + minutes * 60, UTC))


def _counts(unit: str) -> Any:
    whole = "datum.value % 1 ? '' : format(datum.value, ',')"
    return alt.Axis(title=unit, titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-6, titleX=-24, labelExpr=whole, tickMinStep=1, tickCount=5)  # fmt: skip


def _spread(chart: SpreadChart, look: Look) -> Any:
    time = _time([row.at for row in chart.rises], chart.lang, look)
    colour = alt.Color("series:N", scale=_palette(chart.series, look), sort=list(chart.series))
    shape = alt.StrokeDash("series:N", sort=list(chart.series), legend=None)
    rises = [{"at": wall(row.at), "series": row.series, "total": row.total} for row in chart.rises]
    firsts = [{"at": wall(row.at), "series": row.series, "total": row.total, "says": row.says} for row in chart.firsts]
    y = alt.Y("total:Q", axis=_counts(chart.unit))
    lines = alt.Chart(_data(rises)).mark_line(interpolate="step-after", strokeWidth=2.5)
    marks = alt.Chart(_data(firsts))
    layers = [
        lines.encode(x=time, y=y, color=colour, strokeDash=shape),
        marks.mark_point(filled=True, size=90, stroke=look.paper, opacity=1).encode(
            x=time,
            y=y,
            color=colour,
            shape=alt.Shape("series:N", scale=alt.Scale(domain=list(chart.series)), sort=list(chart.series)),
        ),
    ]
    if look.width > NARROW:
        halo = marks.mark_text(align="left", dx=9, dy=-9, fontSize=11, stroke=look.paper, strokeWidth=4)
        said = marks.mark_text(align="left", dx=9, dy=-9, fontSize=11)
        layers += [
            halo.encode(x=time, y=y, text="says:N"),
            said.encode(x=time, y=y, text="says:N", color=alt.value(look.ink)),
        ]
    return alt.layer(*layers, height=240)


def _clocks(chart: ClocksChart, look: Look) -> Any:
    names = [row.name for row in chart.rows]
    moments = [at for row in chart.rows for at in (row.start, row.due, row.done) if at] + [chart.now]
    axis = alt.Axis(title=None, labelLimit=look.width * 0.4, labelColor=look.ink, domain=False, ticks=False)
    kinds = alt.Scale(domain=[chart.limit, chart.over, chart.reached], range=[look.limit, look.bad, look.good])
    place = {
        "y": alt.Y("name:N", sort=names, axis=axis),
        "color": alt.Color("kind:N", scale=kinds, sort=[chart.limit, chart.over, chart.reached]),
    }
    time = _time(moments, chart.lang, look)
    limits = alt.Chart(_data(_limit(row, chart) for row in chart.rows)).mark_bar(height=12, cornerRadius=2)
    overs = alt.Chart(_data(_over(row, chart) for row in chart.rows)).mark_bar(height=5)
    dones = alt.Chart(_data(_done(row, chart) for row in chart.rows))
    said = alt.Chart(_data(_said(row) for row in chart.rows))
    return alt.layer(
        limits.encode(x=time, x2="until:T", **place),
        overs.encode(x=time, x2="until:T", **place),
        dones.mark_point(shape="diamond", filled=True, size=150, opacity=1, stroke=look.paper).encode(x=time, **place),
        said.mark_text(align="left", dy=-14, fontSize=11).encode(
            x=time, y=place["y"], text="says:N", color=alt.value(look.ink)
        ),
        height=alt.Step(44),
    )


def _data(rows: Iterable[dict[str, Any] | None]) -> Any:
    return alt.Data(values=[row for row in rows if row])


def _limit(row: ClockRow, chart: ClocksChart) -> dict[str, str]:
    end = row.due or row.done or chart.now
    return {"name": row.name, "kind": chart.limit, "at": wall(row.start), "until": wall(end)}


def _over(row: ClockRow, chart: ClocksChart) -> dict[str, str] | None:
    end = row.done or chart.now
    if row.due is None or end <= row.due:
        return None
    return {"name": row.name, "kind": chart.over, "at": wall(row.due), "until": wall(end)}


def _done(row: ClockRow, chart: ClocksChart) -> dict[str, str] | None:
    return {"name": row.name, "kind": chart.reached, "at": wall(row.done)} if row.done else None


def _said(row: ClockRow) -> dict[str, str]:
    return {"name": row.name, "at": wall(row.start), "says": row.says}
