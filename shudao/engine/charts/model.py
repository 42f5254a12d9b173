"""图 (chart) as frozen values: every word in it is the caller's, in the reader's language. One message in its title.

Moments are local and aware; a chart shows the wall clock they were given in, wherever it is drawn.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

Lang: TypeAlias = Literal["zh", "en"]
State: TypeAlias = Literal["met", "missed", "late", "left"]


class _Chart(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What all charts have: the message, what the numbers are measured from, the language of dates."""

    title: str
    measured: str = ""
    lang: Lang = "zh"


class Column(msgspec.Struct, frozen=True):
    """柱 (column): how many of one series fell into the stretch of time that begins at `at`."""

    at: datetime
    series: str
    count: int


class VolumeChart(_Chart, frozen=True, kw_only=True):
    """量 (volume) over time, a column a stretch, stacked by series in the order given."""

    columns: tuple[Column, ...]
    series: tuple[str, ...]
    unit: str
    minutes: int = 60


class Rise(msgspec.Struct, frozen=True):
    """升 (rise): how many of one series there were by a moment."""

    at: datetime
    series: str
    total: int


class First(msgspec.Struct, frozen=True):
    """首现 (first): when a series (or an outlet in it) first appeared, and what the mark says."""

    at: datetime
    series: str
    total: int
    says: str


class SpreadChart(_Chart, frozen=True, kw_only=True):
    """扩散 (spread): totals that only grow, a line a series, with a mark where each first appeared."""

    rises: tuple[Rise, ...]
    firsts: tuple[First, ...]
    series: tuple[str, ...]
    unit: str


class ClockRow(msgspec.Struct, frozen=True, kw_only=True):
    """钟 (clock) of one milestone: from when it ran, its limit, when it was reached, and in words how it stands."""

    name: str
    start: datetime
    due: datetime | None
    done: datetime | None
    state: State
    says: str


class ClocksChart(_Chart, frozen=True, kw_only=True):
    """时限 (clocks) of an incident: each milestone's limit as a bar, the moment it was reached, and what is over."""

    rows: tuple[ClockRow, ...]
    now: datetime
    limit: str
    over: str
    reached: str


Chart: TypeAlias = VolumeChart | SpreadChart | ClocksChart


def clocks_chart(
    title: str, rows: Iterable[ClockRow], now: datetime, *, lang: Lang = "zh", measured: str = ""
) -> ClocksChart:
    """The clocks of an incident, with the words of its legend in `lang`. Rows keep their order."""
    words = ("时限内", "超出", "达到") if lang == "zh" else ("within the limit", "over", "reached")
    limit, over, reached = words
    return ClocksChart(
        title=title, measured=measured, lang=lang, rows=tuple(rows), now=now, limit=limit, over=over, reached=reached
    )
