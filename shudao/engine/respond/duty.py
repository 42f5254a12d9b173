"""工作时钟 (duty clock): minutes of limits counted in the organisation's working hours.

Holidays and make-up workdays come from a table (`Calendar`). In a year that the table does not know, Saturday and
Sunday are off, every other day is worked, and the answer says that it is assumed.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import pairwise
from typing import Any

import msgspec

from shudao.engine.plan.model import Limit
from shudao.engine.words import BadInput, Words

MAX_DAYS = 4000
"""How far a limit is followed, in days; a table without workdays ends there."""

_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~至]\s*(\d{1,2}):(\d{2})")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")


class Calendar(msgspec.Struct, frozen=True):
    """日历 (calendar): days off, worked weekend days, and the years the table covers."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether that day is worked."""
        return day in self.work or (day not in self.off and day.weekday() < 5)


NO_TABLE = Calendar()


def calendar_values(calendar: Calendar, years: Iterable[int]) -> dict[str, list[Any]]:
    """What the table says of these years, as plain values for an entry; empty when it knows none of them."""
    known = sorted(calendar.years & set(years))
    if not known:
        return {}
    days = {"off": calendar.off, "work": calendar.work}
    found = {name: sorted(day.isoformat() for day in several if day.year in known) for name, several in days.items()}
    return {"years": known, **found}


def calendar_of(values: object) -> Calendar:
    """The table that an entry states; none when it states none that can be read."""
    if not isinstance(values, dict):
        return NO_TABLE
    try:
        off, work = (frozenset(date.fromisoformat(day) for day in values.get(name, ())) for name in ("off", "work"))
        return Calendar(off, work, frozenset(int(year) for year in values.get("years", ())))
    except (TypeError, ValueError):
        return NO_TABLE


class DutyClock(msgspec.Struct, frozen=True):
    """Working hours of an organisation: minutes of the day [(start, end)], its zone, its calendar."""

    windows: tuple[tuple[int, int], ...]
    zone: timezone
    calendar: Calendar = NO_TABLE

    def after(self, start: datetime, minutes: int) -> tuple[datetime, bool]:
        """The moment (UTC) when that many working minutes have passed since `start`, and whether it is assumed."""
        local = start.astimezone(self.zone)
        left = timedelta(minutes=minutes)
        last, years = start, set()
        for day, begins, ends in self._spans(local):
            years.add(day.year)
            begins = max(begins, local)
            if ends - begins >= left:
                return (begins + left).astimezone(UTC), not years <= self.calendar.years
            left -= max(ends - begins, timedelta())
            last = ends
        return last.astimezone(UTC), True

    def _spans(self, local: datetime) -> Iterator[tuple[date, datetime, datetime]]:
        """Working spans from that day on which end after `local`."""
        for count in range(MAX_DAYS):
            day = local.date() + timedelta(days=count)
            if not self.calendar.is_workday(day):
                continue
            midnight = datetime.combine(day, time(), tzinfo=self.zone)
            for start, end in self.windows:
                ends = midnight + timedelta(minutes=end)
                if ends > local:
                    yield day, midnight + timedelta(minutes=start), ends


@lru_cache(maxsize=64)
def duty_clock(hours: str, utc_offset: str, calendar: Calendar = NO_TABLE) -> DutyClock:
    """The clock for hours such as `08:30-12:00, 14:00-17:30`. Raises BadInput."""
    windows = tuple(_window(match, hours) for match in _WINDOW.finditer(hours))
    rest = _WINDOW.sub("", hours).strip(" ,，、;；")
    offset = _OFFSET.fullmatch(utc_offset)
    if not windows or rest or any(start < end for (_, end), (start, _) in pairwise(windows)):
        raise BadInput(Words("工作时间读不懂", "the duty hours cannot be read"), where=f"duty_hours {hours!r}",
                       mend=Words("写成 08:30-17:30", "write 08:30-17:30"))  # fmt: skip
    if not offset or int(offset[2]) > 14 or int(offset[3]) > 59:
        raise BadInput(Words("时区读不懂", "the zone cannot be read"), where=f"utc_offset {utc_offset!r}",
                       mend=Words("写成 +08:00", "write +08:00"))  # fmt: skip
    shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return DutyClock(windows, timezone(-shift if offset[1] == "-" else shift), calendar)


def due_after(clock: DutyClock, limit: Limit, start: datetime) -> tuple[datetime, bool]:
    """When a limit counted from `start` is over (UTC), and whether holidays had to be assumed."""
    if limit.clock == "duty":
        return clock.after(start, limit.within)
    return start + timedelta(minutes=limit.within), False


def _window(match: re.Match[str], hours: str) -> tuple[int, int]:
    first, second, third, fourth = (int(part) for part in match.groups())
    start, end = first * 60 + second, third * 60 + fourth
    if second > 59 or fourth > 59 or not start < end <= 24 * 60:
        raise BadInput(Words("工作时间要从早到晚", "duty hours run from early to late"), where=f"duty_hours {hours!r}")
    return start, end
