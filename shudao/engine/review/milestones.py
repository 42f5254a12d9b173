"""里程碑 (milestones) of a stream: when each was first reached, and the lengths between them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shudao.engine.review.trace import Trace, read_trace


def milestones(entries: Iterable[Mapping[str, Any]]) -> dict[str, datetime]:
    """`{name: moment}` in order of the moments; a milestone counts once, from the first entry that says it."""
    return milestones_of(read_trace(entries))


def milestones_of(trace: Trace) -> dict[str, datetime]:
    """The same from a trace already read."""
    found: dict[str, datetime] = {}
    for mark in trace.all("reach_milestone"):
        found.setdefault(str(mark.data.get("milestone")), mark.moment)
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def milestone_seqs(trace: Trace) -> dict[str, int]:
    """`{name: seq}` of the entry that first says each milestone."""
    found: dict[str, int] = {}
    for mark in trace.all("reach_milestone"):
        found.setdefault(str(mark.data.get("milestone")), mark.seq)
    return found
