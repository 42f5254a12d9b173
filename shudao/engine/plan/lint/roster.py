"""花名册 (roster) for lint: who holds which post, who is on shift when, how they are reached. Holders never stand in a plan.

A YAML or JSON file; an organisation file of the library (`org.roster`) is one too, other keys are passed over:

    holders:  [{post, staff, from: 2026-01-01, to: 2026-12-31}]            # or `holdings`
    shifts:   [{post, staff, weekdays: [1..7], from: "08:00", to: "20:00", on: all|workdays|holidays}]
              [{post, staff, start: 2026-03-01T08:00, end: 2026-03-01T20:00}]   # single shifts
    contacts: [{staff, channels: [phone, sms], tested_on: 2026-02-01}]
    holidays: [2026-05-01]     workdays: [2026-05-09]                      # days off, weekend days worked
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import msgspec

from shudao.engine.plan.yaml_text import read_yaml
from shudao.engine.words import BadInput, Words

MOST_ROWS = 20_000
HOUR = timedelta(hours=1)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    pass


class Holder(_Row, frozen=True, kw_only=True):
    """任职 (holding) of a post."""

    post: str
    staff: str
    from_: date | None = msgspec.field(default=None, name="from")
    to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it covers that day."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class Shift(_Row, frozen=True, kw_only=True):
    """班次 (shift): weekly (`weekdays`, `from`, `to`; over midnight when `to` <= `from`) or single (`start`, `end`)."""

    post: str
    staff: str
    weekdays: tuple[int, ...] = ()
    from_: str = msgspec.field(default="", name="from")
    to: str = ""
    on: Literal["all", "workdays", "holidays"] = "all"
    start: datetime | None = None
    end: datetime | None = None


class Contact(_Row, frozen=True, kw_only=True):
    """联系方式 (contact) of a holder: by which kinds of channel, and when last tried. No numbers stand here."""

    staff: str
    channels: tuple[str, ...] = ()
    tested_on: date | None = None


class Roster(_Row, frozen=True, kw_only=True):
    """花名册 (roster)."""

    holders: tuple[Holder, ...] = ()
    holdings: tuple[Holder, ...] = ()
    shifts: tuple[Shift, ...] = ()
    contacts: tuple[Contact, ...] | None = None
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()

    @property
    def held(self) -> tuple[Holder, ...]:
        """All holdings, under either name."""
        return (*self.holders, *self.holdings)

    def holders_of(self, post: str, day: date | None) -> set[str]:
        """Who holds a post on a day; on any day when none is given."""
        return {row.staff for row in self.held if row.post == post and (day is None or row.holds_on(day))}

    def is_workday(self, day: date) -> bool:
        """Whether that day is worked: 调休 days are, holidays are not."""
        return day in self.workdays or (day not in self.holidays and day.isoweekday() <= 5)

    def spans(self, post: str, first: date, days: int) -> list[tuple[datetime, datetime]]:
        """The shifts of a post in the days from `first`, as naive local times, in order."""
        found: list[tuple[datetime, datetime]] = []
        for shift in self.shifts:
            if shift.post != post:
                continue
            if shift.start and shift.end:
                found.append((shift.start.replace(tzinfo=None), shift.end.replace(tzinfo=None)))
            elif shift.weekdays:
                found += _weekly(self, shift, first, days)
        return sorted(found)


def load_roster(data: bytes, name: str) -> Roster:
    """The roster in a YAML or JSON file. Raises BadInput."""
    value = read_yaml(data, name)
    if not isinstance(value, dict) or not {"holders", "holdings", "shifts", "contacts"} & value.keys():
        raise BadInput(
            Words("这不是花名册：没有任职也没有班次", "no roster: it names no holders and no shifts"),
            where=name,
            mend=Words("写法：holders: [{post, staff}]", "write holders: [{post, staff}]"),
        )
    try:
        roster = msgspec.convert(value, Roster, strict=False)
    except msgspec.ValidationError as fault:
        raise BadInput(Words(f"花名册有误：{fault}", f"the roster is wrong: {fault}"), where=name) from fault
    if len(roster.held) + len(roster.shifts) > MOST_ROWS:
        raise BadInput(Words("花名册过大", "the roster is too large"), where=name)
    for shift in roster.shifts:
        _check(shift, name)
    return roster


def clock_time(text: str) -> time:
    """HH:MM; 24:00 is midnight. ValueError when it is none."""
    hour, _, minute = text.partition(":")
    return time(int(hour) % 24, int(minute or 0)) if int(hour) <= 24 else time(int(hour))


def _weekly(roster: Roster, shift: Shift, first: date, days: int) -> list[tuple[datetime, datetime]]:
    begin, end = clock_time(shift.from_), clock_time(shift.to)
    found = []
    for offset in range(-1, days):
        day = first + timedelta(days=offset)
        worked = roster.is_workday(day)
        if day.isoweekday() not in shift.weekdays or (shift.on != "all" and worked != (shift.on == "workdays")):
            continue
        start = datetime.combine(day, begin)
        stop = datetime.combine(day if end > begin else day + timedelta(days=1), end)
        found.append((start, stop))
    return found


def _check(shift: Shift, name: str) -> None:
    fault: Any = None
    if shift.weekdays:
        try:
            clock_time(shift.from_)
            clock_time(shift.to)
        except ValueError as wrong:
            fault = wrong
    elif not (shift.start and shift.end and shift.start < shift.end):
        fault = "start/end"
    if fault:
        raise BadInput(
            Words(f"岗位 {shift.post} 的班次时间有误", f"a shift of {shift.post} has no good time"), where=name,
            mend=Words("写作 08:00，或给出 start 和 end", "write 08:00, or give start and end"),
        )  # fmt: skip
