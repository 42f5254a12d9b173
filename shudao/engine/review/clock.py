"""起算与到期 (starts and dues): from when a limit runs in this stream, and when it is past, whatever the team did.

A start that was never reached takes the latest moment the plan allowed for it, so nobody escapes a limit by never
reaching its start.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from shudao.engine.plan.model import Limit, Plan, Step
from shudao.engine.respond.duty import Calendar, calendar_of, due_after, duty_clock
from shudao.engine.review.milestones import milestone_seqs, milestones_of
from shudao.engine.review.rating import LATE, LATEST
from shudao.engine.review.trace import Mark, Trace


def _calendar(trace: Trace) -> Calendar:
    """The table of holidays that the incident began with."""
    opened = trace.first("open_incident")
    return calendar_of(opened.data.get("calendar") if opened else None)


class Start(msgspec.Struct, frozen=True):
    """起点 (start) of a limit: its moment, the latest moment allowed for it, and the entry that says so."""

    at: datetime
    latest: datetime
    seqs: tuple[int, ...]


class Clock:
    """Starts of limits in one stream, under the steps that count."""

    def __init__(self, trace: Trace, plan: Plan, steps: Iterable[Step]) -> None:
        self.trace = trace
        self.duty = duty_clock(plan.duty_hours, plan.utc_offset, _calendar(trace))
        self.reached = milestones_of(trace)
        self.seqs = milestone_seqs(trace)
        self.setters = {row.sets: row for row in reversed(tuple(steps)) if row.sets and row.due}

    def start(self, milestone: str) -> Start:
        """The milestone's moment, or the latest one the plan allowed when it was not reached."""
        latest, origin = self._latest(milestone, ())
        if milestone not in self.reached:
            return Start(latest, latest, (origin.seq,))
        at = self.reached[milestone]
        return Start(at, latest if milestone in self.setters else at, (self.seqs[milestone],))

    def is_past(self, start: Start, limit: Limit) -> bool:
        """Whether the stream ran on until the limit was past, from the earlier of the real and the latest start."""
        return self.share(min(start.at, start.latest), limit, self.trace.end) >= 1

    def share(self, start: datetime, limit: Limit, moment: datetime) -> float:
        """How much of the limit was used up at a moment: of wall minutes, or by steps of working time.

        Working time is only asked about at the bounds of the letters, so its share is one of four figures.
        """
        if limit.clock == "wall":
            return self.trace.minutes(start, moment) / limit.within if limit.within > 0 else float("inf")
        ends = ((part, self._duty_end(start, limit.within * part)) for part in (1.0, LATE, LATEST))
        reached = [part for part, end in ends if moment >= end]
        if not reached:
            return 0.0
        exactly = moment == self._duty_end(start, limit.within * reached[-1])
        return reached[-1] if exactly else reached[-1] + 0.01

    def _duty_end(self, start: datetime, minutes: float) -> datetime:
        return self.duty.after(start, round(minutes))[0]

    def _latest(self, milestone: str, asked: tuple[str, ...]) -> tuple[datetime, Mark]:
        setter = self.setters.get(milestone)
        if setter is None or setter.due is None or milestone in asked:
            origin = self._origin(milestone)
            return origin.moment, origin
        before, origin = self._latest(setter.due.of, (*asked, milestone))
        return due_after(self.duty, setter.due, before)[0], origin

    def _origin(self, milestone: str) -> Mark:
        """The outer event a milestone without a step of its own goes back to: first thing seen, else the alert."""
        wanted = ("send_inject", "read_batch") if milestone == "first_seen" else ("raise_alert", "open_incident")
        found = (self.trace.first(verb) for verb in (*wanted, "send_inject"))
        return next((mark for mark in found if mark is not None), self.trace.marks[0])
