"""节前联通测试 (before a holiday): when a longer stretch of days off of the table comes near, a test is proposed, once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from shudao.notify.models import Message, ReachTest
from shudao.org.models import Holiday
from shudao.org.queries.holidays import holiday_calendar

AHEAD = timedelta(days=4)
"""So long before it begins a test is proposed; one begun within that time counts as done."""
LEAST, LONGEST = 3, 15
"""Days off in a row that make it worth a test; no table has more."""


@dataclass(frozen=True)
class Coming:
    """将至的假期 (coming holiday): its first and last day, and its name as the table has it."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1

    @property
    def matter(self) -> str:
        """By which its proposal is known."""
        return f"reach_due/{self.first.isoformat()}"


def coming_holiday(now: datetime) -> Coming | None:
    """The next stretch of at least three days off with a holiday of the table in it that begins within the next days."""
    today, calendar = timezone.localdate(now), holiday_calendar()
    for ahead in range(1, AHEAD.days + 1):
        first = today + timedelta(days=ahead)
        if calendar.is_workday(first) or not calendar.is_workday(first - timedelta(days=1)):
            continue
        last = first
        while not calendar.is_workday(last + timedelta(days=1)) and (last - first).days < LONGEST:
            last += timedelta(days=1)
        rows = Holiday.objects.filter(on__gte=first, on__lte=last, kind=Holiday.Kind.HOLIDAY)
        found = Coming(first, last, next((row.name for row in rows if row.name), ""))
        if found.days >= LEAST and rows:
            return found
    return None


def proposed_test(now: datetime) -> Coming | None:
    """The holiday before which a test is wanted: it comes near and none was begun in these days."""
    found = coming_holiday(now)
    done = found and ReachTest.objects.filter(started_at__gte=now - AHEAD).exists()
    return None if done else found


def unproposed_test(now: datetime) -> Coming | None:
    """The same while nobody was told so yet."""
    found = proposed_test(now)
    told = found and Message.objects.filter(matter=found.matter).exists()
    return None if told else found
