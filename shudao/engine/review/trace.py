"""痕迹 (trace): ledger entries read once and indexed, with the moments and lengths that review measures.

Nothing but entries goes in. A moment is the stated `happened_at` when it lies before the clock's `at`, else `at`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from shudao.engine.words import BadInput, Words

PACE = ("start_run", "resume_run")
"""Verbs that may state the speed of a run's clock."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """记录 (entry) as review reads it; `moment` is when the thing happened, `at` when it was written down."""

    seq: int
    at: datetime
    moment: datetime
    verb: str
    post: str
    data: dict[str, Any]
    hash: str = ""

    def says(self, **values: object) -> bool:
        """Whether every named value stands in the entry's data."""
        return all(self.data.get(key) == value for key, value in values.items())


class Span(msgspec.Struct, frozen=True):
    """一段 (span) of exercise time that was jumped over, not lived through."""

    start: datetime
    end: datetime


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """痕迹 (trace) of one stream in order of `seq`; `end` is the moment of its last entry.

    `speed` is the fastest the clock was set to; at more than 1 its minutes say nothing about people.
    """

    marks: tuple[Mark, ...]
    by_verb: Mapping[str, tuple[Mark, ...]]
    jumps: tuple[Span, ...]
    speed: float
    end: datetime

    @property
    def is_timed(self) -> bool:
        """Whether the clock ran at the speed of life throughout."""
        return self.speed == 1

    def all(self, verb: str, **values: object) -> Iterator[Mark]:
        """Entries of a verb with these data values, in order."""
        return (mark for mark in self.by_verb.get(verb, ()) if mark.says(**values))

    def first(self, verb: str, **values: object) -> Mark | None:
        """The first such entry."""
        return next(self.all(verb, **values), None)

    def minutes(self, start: datetime, end: datetime) -> float:
        """Minutes that players had between two moments: exercise time without what a controller jumped over."""
        length = end - start
        for jump in self.jumps:
            length -= max(timedelta(0), min(end, jump.end) - max(start, jump.start))
        return length.total_seconds() / 60


def read_trace(entries: Iterable[Mapping[str, Any]]) -> Trace:
    """The trace of one stream. BadInput names the first entry that is none, and an empty ledger."""
    marks = sorted((_mark(entry, line) for line, entry in enumerate(entries, 1)), key=lambda mark: mark.seq)
    if not marks:
        raise BadInput(Words("记录是空的", "the ledger is empty"), where="ledger")
    return _indexed(marks)


def lived(trace: Trace) -> Trace:
    """The part of a run up to its `finish_run`: what is written afterwards (score, report, lessons) was not played."""
    finish = trace.first("finish_run")
    return trace if finish is None else _indexed([mark for mark in trace.marks if mark.seq <= finish.seq])


def _indexed(marks: list[Mark]) -> Trace:
    by_verb: dict[str, list[Mark]] = {}
    for mark in marks:
        by_verb.setdefault(mark.verb, []).append(mark)
    return Trace(
        marks=tuple(marks),
        by_verb={verb: tuple(found) for verb, found in by_verb.items()},
        jumps=tuple(_jumps(marks)),
        speed=max((number(mark.data.get("speed", 1)) or 1.0 for mark in marks if mark.verb in PACE), default=1.0),
        end=max(mark.at for mark in marks),
    )


def _mark(entry: Mapping[str, Any], line: int) -> Mark:
    try:
        at = _aware(entry["at"])
        stated = entry.get("happened_at")
        moment = min(at, _aware(stated)) if stated else at
        return Mark(
            seq=int(entry["seq"]),
            at=at,
            moment=moment,
            verb=str(entry["verb"]),
            post=str(entry.get("post") or ""),
            data=dict(entry["data"]),
            hash=str(entry.get("hash") or ""),
        )
    except KeyError as fault:
        what = Words(f"不是一条记录：缺少 {fault.args[0]}", f"not an entry: {fault.args[0]} is missing")
    except (TypeError, ValueError):
        what = Words("不是一条记录：字段的形式不对", "not an entry: a field has the wrong form")
    raise BadInput(what, where=f"line {line}")


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return moment


def _jumps(marks: Iterable[Mark]) -> Iterator[Span]:
    for mark in marks:
        if mark.verb == "jump_clock" and "from" in mark.data and "to" in mark.data:
            try:
                yield Span(_aware(mark.data["from"]), _aware(mark.data["to"]))
            except (TypeError, ValueError):
                continue


def number(value: object) -> float | None:
    """A figure as entries hold it: whole number, or a fraction written as text; None when it is none."""
    if isinstance(value, bool):
        return None
    try:
        return float(str(value))
    except ValueError:
        return None
