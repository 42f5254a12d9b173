"""Questions about shifts: who is on duty in a stretch of time, what nobody covers, whose swap and note waits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from shudao.org.models import HandOver, Holding, Post, Shift, ShiftRule, ShiftSwap, Staff
from shudao.org.queries.holidays import holiday_calendar
from shudao.org.rolling import Span, days_of, minus, uncovered

AHEAD = timedelta(days=35)
SOON = timedelta(hours=2)
"""So long before his shift a person is shown the note of who leaves."""
NOTE_LIVES = timedelta(hours=72)
BRIEF = timedelta(minutes=1)
LONGEST = timedelta(days=3)
"""No single shift is longer."""


@dataclass(frozen=True, slots=True)
class Gap:
    """空班 (gap): a stretch in which a post has nobody on duty; `holders` = who is called instead, empty = nobody."""

    post: Post
    start: datetime
    end: datetime
    holders: tuple[str, ...] = ()

    @property
    def is_long(self) -> bool:
        """Too long for one shift: it wants a rule, or somebody who holds the post."""
        return self.end - self.start > LONGEST


def rules_run_dry(now: datetime) -> bool:
    """Whether a rule lacks a shift within the next 35 days."""
    today = timezone.localdate(now)
    first, last, calendar = today + timedelta(days=1), today + AHEAD, holiday_calendar()
    rules = ShiftRule.objects.filter(Q(to_on=None) | Q(to_on__gte=first))
    wanted = {(row.pk, day) for row in rules for day in days_of(row, first, last, calendar)}
    there = Shift.objects.filter(rule__isnull=False, day__gte=first, day__lte=last).values_list("rule", "day")
    return bool(wanted - set(there))


def shifts_between(start: datetime, end: datetime) -> QuerySet[Shift]:
    """The shifts that touch a stretch of time, with their posts and people."""
    return Shift.objects.between(start, end).select_related("post__unit", "staff")


def gaps_between(start: datetime, end: datetime) -> list[Gap]:
    """Where nobody is on duty: of posts to be manned day and night every stretch without a shift, of the others every
    stretch without anybody at all. Earliest first."""
    posts = list(Post.objects.filter(retired_at=None).select_related("unit").order_by("unit__pk", "code"))
    shifts, held = _shift_spans(start, end), _held_spans(start, end)
    found = [gap for post in posts for gap in _gaps_of(post, shifts[post.pk], held[post.pk], start, end)]
    return sorted(found, key=lambda gap: (gap.start, gap.post.code))


def _gaps_of(post: Post, shifts: list[Span], held: list[tuple[Span, str]], start: datetime, end: datetime) -> list[Gap]:
    spans = [span for span, _name in held]
    off_duty = uncovered(shifts, start, end)
    nobody = minus(off_duty, spans)
    found = [Gap(post, *gap) for gap in nobody if gap[1] - gap[0] >= BRIEF]
    if post.is_all_hours:
        for gap in minus(off_duty, nobody):
            if gap[1] - gap[0] >= BRIEF:
                names = {name: None for (begins, ends), name in held if begins < gap[1] and ends > gap[0]}
                found.append(Gap(post, *gap, tuple(names)))
    return found


def _shift_spans(start: datetime, end: datetime) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    rows = Shift.objects.between(start, end).filter(staff__user__is_active=True)
    for post, begins, ends in rows.values_list("post", "start_at", "end_at"):
        found[post].append((begins, ends))
    return found


def _held_spans(start: datetime, end: datetime) -> dict[int, list[tuple[Span, str]]]:
    found: dict[int, list[tuple[Span, str]]] = defaultdict(list)
    rows = Holding.objects.filter(from_at__lt=end, staff__user__is_active=True).exclude(to_at__lte=start)
    for post, begins, ends, name in rows.values_list("post", "from_at", "to_at", "staff__name"):
        found[post].append(((max(begins, start), min(ends or end, end)), name))
    return found


def shifts_of(staff: Staff, start: datetime, end: datetime) -> QuerySet[Shift]:
    """One person's shifts in a stretch of time."""
    return Shift.objects.between(start, end).filter(staff=staff).select_related("post")


def swaps_open() -> QuerySet[ShiftSwap]:
    """Swaps that wait for an answer."""
    return _swaps().filter(state=ShiftSwap.State.ASKED)


def swaps_of(staff: Staff) -> QuerySet[ShiftSwap]:
    """Swaps that wait for a person's answer, or that he asked for and nobody has answered."""
    return swaps_open().filter(Q(asked=staff) | Q(asker=staff))


def hand_overs_for(staff: Staff, now: datetime) -> list[HandOver]:
    """Notes that wait for a person: of a post in whose shift he is or will soon be, written by somebody else."""
    mine = Shift.objects.standing().filter(staff=staff, start_at__lte=now + SOON, end_at__gt=now).values("post")
    rows = HandOver.objects.filter(acknowledged_at=None, written_at__gt=now - NOTE_LIVES, post__in=mine)
    return list(rows.exclude(writer=staff).select_related("post", "writer").order_by("written_at"))


def hand_overs() -> QuerySet[HandOver]:
    """All notes, the newest first."""
    return HandOver.objects.select_related("post", "writer", "reader")


def duties_to_hand_over(staff: Staff, now: datetime) -> list[Post]:
    """Posts whose shift a person is doing or has done within the last hours: he may write a note for them."""
    rows = Shift.objects.between(now - timedelta(hours=12), now + timedelta(seconds=1)).filter(staff=staff)
    return list(Post.objects.filter(pk__in=rows.values("post")).order_by("code"))


def _swaps() -> QuerySet[ShiftSwap]:
    return ShiftSwap.objects.select_related("shift__post", "shift__staff", "back__post", "asker", "asked")


def rules_in_force(now: datetime) -> QuerySet[ShiftRule]:
    """Rules that have not ended."""
    rows = ShiftRule.objects.filter(Q(to_on=None) | Q(to_on__gte=timezone.localdate(now)))
    return rows.select_related("post__unit", "staff")


def together(gaps: Iterable[Gap]) -> list[tuple[Gap, list[Gap]]]:
    """Gaps of the same post at the same hours, with who is called instead, as one line: the first, and all of them."""
    lines: dict[object, list[Gap]] = {}
    for gap in gaps:
        start, end = timezone.localtime(gap.start), timezone.localtime(gap.end)
        lines.setdefault((gap.post.pk, start.time(), end.time(), end - start, gap.holders), []).append(gap)
    return [(same[0], same) for same in lines.values()]
