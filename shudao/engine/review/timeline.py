"""时间线 (timeline): the stream as lines for people, each with its entry, its minute and its milestone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from shudao.engine.review.trace import Mark, read_trace

QUIET = frozenset({"read_batch", "call_post", "record_heads"})
"""Verbs left out of the short timeline: many, and each the consequence of another line."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """一行 (line): entry number, when it happened, minutes from the start, who (post), what, and its plain values."""

    seq: int
    at: datetime
    minute: float
    verb: str
    post: str
    milestone: str | None
    data: dict[str, Any]
    late_by: float = 0.0


def timeline(entries: Iterable[Mapping[str, Any]], *, short: bool = False) -> list[Line]:
    """Lines in order of `seq`; `short` leaves the quiet verbs out; `late_by` = minutes from doing to writing down."""
    trace = read_trace(entries)
    start = trace.marks[0].at
    return [_line(mark, start) for mark in trace.marks if not (short and mark.verb in QUIET)]


def _line(mark: Mark, start: datetime) -> Line:
    milestone = mark.data.get("milestone") if mark.verb == "reach_milestone" else None
    return Line(
        seq=mark.seq,
        at=mark.moment,
        minute=(mark.moment - start).total_seconds() / 60,
        verb=mark.verb,
        post=mark.post,
        milestone=milestone,
        data=mark.data,
        late_by=(mark.at - mark.moment).total_seconds() / 60,
    )
