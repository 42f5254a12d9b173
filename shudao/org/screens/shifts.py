"""Screens of shifts: the week, the month, one's own."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from shudao.org.models import Holiday, Post, Shift, Staff
from shudao.org.queries.holidays import holiday_calendar
from shudao.org.queries.shifts import (
    AHEAD,
    duties_to_hand_over,
    gaps_between,
    hand_overs_for,
    shifts_between,
    shifts_of,
    swaps_of,
)


@dataclass(frozen=True)
class Day:
    """A day as a column or line: whether it is worked, and what the table of holidays calls it."""

    on: date
    is_off: bool
    is_today: bool
    name: str


def days_from(first: date, count: int, today: date) -> list[Day]:
    """So many days from the first on."""
    days = [first + timedelta(days=n) for n in range(count)]
    calendar = holiday_calendar()
    names = dict(Holiday.objects.filter(on__gte=days[0], on__lte=days[-1]).values_list("on", "name"))
    return [Day(on, not calendar.is_workday(on), on == today, names.get(on, "")) for on in days]


def monday_of(text: str, today: date) -> date:
    """Monday of the week that an address names by any of its days; of this week when it names none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    day = min(max(day, today - timedelta(days=3660)), today + timedelta(days=3660))
    return day - timedelta(days=day.weekday())


def month_of(text: str, today: date) -> date:
    """First day of the month that an address names (2026-07); of this month when it names none."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today.replace(day=1)
    return first if abs((first - today).days) < 3660 else today.replace(day=1)


class Week:
    """One question: who is on duty this week, and when nobody."""

    def __init__(self, monday: date, now: datetime, words: str = "") -> None:
        self.now, self.words = now, words
        today = timezone.localdate(now)
        self.days = days_from(monday, 7, today)
        self.first, self.last = monday, monday + timedelta(days=6)
        self.before, self.after = monday - timedelta(days=7), monday + timedelta(days=7)
        self.is_now = self.days[0].on <= today <= self.days[-1].on
        self.start, self.end = _midnight(monday), _midnight(self.after)

    def posts(self) -> list[Post]:
        """Posts with a shift this week, or that are to be manned day and night."""
        keys = set(shifts_between(self.start, self.end).order_by().values_list("post", flat=True).distinct())
        rows = Post.objects.filter(pk__in=keys) | Post.objects.filter(is_all_hours=True, retired_at=None)
        for word in self.words.split():
            rows = rows.filter(name__icontains=word)
        return list(rows.select_related("unit").order_by("unit__pk", "pk"))

    def lines(self, posts: Iterable[Post]) -> list[tuple[Post, list[tuple[Day, list[Shift]]]]]:
        """Post, and for each day the shifts that begin on it."""
        rows = list(posts)
        found: dict[tuple[int, date], list[Shift]] = defaultdict(list)
        shifts = shifts_between(self.start, self.end).filter(post__in=rows).order_by("start_at", "pk")
        for shift in shifts:
            found[shift.post_id, timezone.localdate(shift.start_at)].append(shift)
        return [(post, [(day, found[post.pk, day.on]) for day in self.days]) for post in rows]

    @property
    def sentence(self) -> str:
        """On top: what is not covered from now to the end of the week."""
        start = max(self.start, self.now)
        if start >= self.end:
            return gettext("这一周已经过去。")
        count = len([gap for gap in gaps_between(start, self.end) if gap.post.is_all_hours])
        if not count and not Post.objects.filter(is_all_hours=True, retired_at=None).exists():
            return gettext("还没有要昼夜值守的岗位。")
        if not count:
            return gettext("这一周昼夜值守的岗位都排满了。")
        return ngettext("这一周有 %(n)d 处空班。", "这一周有 %(n)d 处空班。", count) % {"n": count}


class Month:
    """The shifts of one post, day by day."""

    def __init__(self, first: date, post: Post | None, now: datetime) -> None:
        self.first, self.post, self.now = first, post, now
        self.after = (first + timedelta(days=32)).replace(day=1)
        self.before = (first - timedelta(days=1)).replace(day=1)
        self.days = days_from(first, (self.after - first).days, timezone.localdate(now))

    @property
    def lines(self) -> list[tuple[Day, list[Shift]]]:
        """Day, and the shifts that begin on it."""
        found: dict[date, list[Shift]] = defaultdict(list)
        rows = shifts_between(_midnight(self.first), _midnight(self.after)).filter(post=self.post).order_by("start_at")
        for shift in rows if self.post else ():
            found[timezone.localdate(shift.start_at)].append(shift)
        return [(day, found[day.on]) for day in self.days]


class Mine:
    """One question: when am I on duty next?"""

    def __init__(self, staff: Staff, now: datetime) -> None:
        self.staff, self.now = staff, now
        self.shifts = shifts_of(staff, now, now + AHEAD)
        self.swaps = list(swaps_of(staff))
        self.notes = hand_overs_for(staff, now)
        self.duties = duties_to_hand_over(staff, now)

    @property
    def sentence(self) -> str:
        """On top."""
        following = self.shifts.first()
        if following is None:
            return gettext("今后五周没有您的班。")
        said = {"post": following.post.name, "when": when(following.start_at)}
        if following.start_at <= self.now:
            return gettext("您正在%(post)s值班，到 %(when)s。") % {**said, "when": when(following.end_at)}
        return gettext("您的下一个班：%(when)s，%(post)s。") % said


def when(at: datetime) -> str:
    """7月3日 22:00, on the office's clock."""
    local = timezone.localtime(at)
    return gettext("%(month)d月%(day)d日 %(time)s") % {
        "month": local.month, "day": local.day, "time": local.strftime("%H:%M"),
    }  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())
