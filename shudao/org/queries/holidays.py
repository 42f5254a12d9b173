"""Questions about days off. A year without any row in the table is not known: weekends are off, and that is assumed."""

from collections import Counter
from datetime import date
from functools import lru_cache

from shudao.engine.respond.duty import NO_TABLE, Calendar
from shudao.org.models import Holiday


def holiday_calendar() -> Calendar:
    """The table as the engine takes it; the same object while the table is the same."""
    return _calendar(tuple(Holiday.objects.order_by("on").values_list("on", "kind")))


def is_workday(day: date) -> bool:
    """Whether that day is worked."""
    return holiday_calendar().is_workday(day)


def is_assumed(day: date) -> bool:
    """Whether the table says nothing about that year."""
    return day.year not in holiday_calendar().years


def known_years() -> dict[int, tuple[int, int]]:
    """Year -> (days off, make-up workdays) in the table, the newest first."""
    rows = list(Holiday.objects.values_list("on", "kind"))
    counts = Counter((on.year, kind) for on, kind in rows)
    years = sorted({on.year for on, _kind in rows}, reverse=True)
    return {year: (counts[year, Holiday.Kind.HOLIDAY], counts[year, Holiday.Kind.WORKDAY]) for year in years}


@lru_cache(maxsize=8)
def _calendar(rows: tuple[tuple[date, str], ...]) -> Calendar:
    if not rows:
        return NO_TABLE
    return Calendar(
        off=frozenset(on for on, kind in rows if kind == Holiday.Kind.HOLIDAY),
        work=frozenset(on for on, kind in rows if kind == Holiday.Kind.WORKDAY),
        years=frozenset(on.year for on, _kind in rows),
    )
