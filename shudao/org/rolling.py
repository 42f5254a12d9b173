"""滚动排班 (rolling): the days a shift rule falls on, the stretch of a shift, and what no shift covers. No database."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.utils import timezone

from shudao.engine.respond.duty import Calendar

Span = tuple[datetime, datetime]


class Rule(Protocol):
    """What is asked of a shift rule."""

    days: str
    weekdays: str
    every_weeks: int
    from_time: time
    to_time: time
    from_on: date
    to_on: date | None


def days_of(rule: Rule, first: date, last: date, calendar: Calendar) -> Iterator[date]:
    """The days from `first` to `last` on which the rule makes a shift begin."""
    day, ends = max(first, rule.from_on), min(last, rule.to_on or last)
    begins = rule.from_on - timedelta(days=rule.from_on.weekday())
    while day <= ends:
        week = (day - begins).days // 7
        if week % max(rule.every_weeks, 1) == 0 and _falls_on(rule, day, calendar):
            yield day
        day += timedelta(days=1)


def _falls_on(rule: Rule, day: date, calendar: Calendar) -> bool:
    if rule.days == "weekdays":
        return str(day.isoweekday()) in rule.weekdays
    return calendar.is_workday(day) == (rule.days == "workdays")


def span_of(day: date, from_time: time, to_time: time) -> Span:
    """A shift that begins on that day, on the organisation's clock; to the next day when it ends no later than it began."""
    zone = timezone.get_default_timezone()
    start, end = datetime.combine(day, from_time, zone), datetime.combine(day, to_time, zone)
    return start, end + (timedelta(days=1) if to_time <= from_time else timedelta())


def uncovered(covered: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """The stretches between `start` and `end` that none of the spans covers."""
    found, at = [], start
    for begins, ends in sorted(covered):
        if begins >= end:
            break
        if begins > at:
            found.append((at, begins))
        at = max(at, ends)
    if at < end:
        found.append((at, end))
    return found


def minus(spans: Iterable[Span], covered: Iterable[Span]) -> list[Span]:
    """What is left of the spans where nothing of `covered` lies."""
    others = sorted(covered)
    return [gap for start, end in spans for gap in uncovered(others, start, end)]
