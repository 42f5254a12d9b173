"""Shifts: rules that repeat and are rolled out ahead, and what is changed by hand. The past stays as it was."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.org.actions.ending import withdraw_swaps
from shudao.org.models import Post, Shift, ShiftRule, Staff
from shudao.org.queries.holidays import holiday_calendar
from shudao.org.queries.shifts import LONGEST
from shudao.org.rolling import days_of, span_of

AHEAD = timedelta(days=35)
"""Every rule has its shifts at least so far ahead."""
REACH = timedelta(days=42)
"""How far they are rolled out at once, so that it is done once a week and not every hour."""


@verb(zh="新增排班规则", en="add shift rule")
def add_shift_rule(
    act: Act, *, post: Post, staff: Staff, from_time: time, to_time: time, from_on: date,
    to_on: date | None = None, days: str = ShiftRule.Days.WEEKDAYS, weekdays: str = "", every_weeks: int = 1,
) -> ShiftRule:  # fmt: skip
    """A shift that repeats; its shifts of the next weeks are made at once. Refused without a day, and for who or what is
    out of service."""
    refuse_idle(post, staff)
    if days == ShiftRule.Days.WEEKDAYS and not weekdays:
        raise refuse("请选星期几", "choose the days of the week", code="weekdays")
    if to_on and to_on < from_on:
        raise refuse("止不能早于起", "it cannot end before it begins", code="order")
    row = ShiftRule.objects.create(
        post=post, staff=staff, from_time=from_time, to_time=to_time, from_on=from_on, to_on=to_on, days=days,
        weekdays="".join(sorted(weekdays)) if days == ShiftRule.Days.WEEKDAYS else "", every_weeks=every_weeks,
    )  # fmt: skip
    made = roll([row], act.now)
    act.note(**rule_values(row), staff=Erasable(staff.name), count=made)
    return row


@verb(zh="结束排班规则", en="end shift rule")
def end_shift_rule(act: Act, row: ShiftRule, *, to_on: date | None = None) -> ShiftRule:
    """No shift of it begins after that day (today, unless another is given); what was changed by hand stays."""
    today = timezone.localdate(act.now)
    last = to_on or today
    if row.to_on and row.to_on < today:
        raise refuse("这条规则已经结束", "this rule has ended", code="ended")
    if last < row.from_on - timedelta(days=1):
        raise refuse("不能早于规则开始", "it cannot end before it began", code="order")
    row.to_on = last
    row.save(update_fields=["to_on"])
    coming = Shift.objects.filter(rule=row, day__gt=last, start_at__gt=act.now, is_changed=False, dropped_at=None)
    withdraw_swaps(Q(shift__in=coming) | Q(back__in=coming), act.now, act.post)
    count, _ = coming.delete()
    act.note(**rule_values(row), staff=Erasable(row.staff.name), count=count)
    return row


@verb(zh="排出班次", en="roll shifts")
def roll_shifts(act: Act) -> int:
    """Make the coming shifts of every rule; harmless when repeated. Returns how many were made."""
    today = timezone.localdate(act.now)
    rules = ShiftRule.objects.filter(Q(to_on=None) | Q(to_on__gte=today))
    count = roll(rules, act.now)
    act.note(count=count, until=(today + REACH).isoformat())
    return count


@verb(zh="加排班次", en="add shift")
def add_shift(act: Act, *, post: Post, staff: Staff, start_at: datetime, end_at: datetime) -> Shift:
    """A single shift. Refused in the past, when it is too long, and for somebody on this shift already."""
    refuse_idle(post, staff)
    _refuse_times(act, start_at, end_at)
    _refuse_twice(post, staff, start_at, end_at)
    row = Shift.objects.create(post=post, staff=staff, start_at=start_at, end_at=end_at, is_changed=True)
    act.note(post=post.code, staff=Erasable(staff.name), start_at=start_at, end_at=end_at)
    return row


@verb(zh="调整班次", en="change shift")
def change_shift(act: Act, row: Shift, *, staff: Staff, start_at: datetime, end_at: datetime) -> Shift:
    """Another person or other times. Of a running shift what was done stays: the new person takes over now."""
    row = _coming(act, row)
    refuse_idle(row.post, staff)
    begun = row.start_at <= act.now
    if begun and staff != row.staff:
        _refuse_times(act, act.now, end_at)
        before, row = row, hand_on(act, row, staff, end_at)
        was = before.end_at
    else:
        _refuse_times(act, act.now if begun else start_at, end_at)
        _refuse_twice(row.post, staff, start_at, end_at, but=row.pk)
        was, row.end_at, row.is_changed = row.end_at, end_at, True
        row.staff, row.start_at = staff, row.start_at if begun else start_at
        row.save(update_fields=["staff", "start_at", "end_at", "is_changed"])
    withdraw_swaps(Q(shift=row) | Q(back=row), act.now, act.post)
    times = {"start_at": row.start_at, "end_at": row.end_at, "was_end_at": was}
    act.note(post=row.post.code, staff=Erasable(staff.name), **times)
    return row


@verb(zh="取消班次", en="drop shift")
def drop_shift(act: Act, row: Shift) -> Shift:
    """It will not be done; a running one ends now. The rule does not bring it back."""
    row = _coming(act, row)
    if row.start_at <= act.now:
        row.end_at, row.is_changed = act.now, True
    else:
        row.dropped_at = act.now
    row.save(update_fields=["end_at", "is_changed", "dropped_at"])
    withdraw_swaps(Q(shift=row) | Q(back=row), act.now, act.post)
    act.note(post=row.post.code, staff=Erasable(row.staff.name), start_at=row.start_at, end_at=row.end_at)
    return row


def roll(rules: Iterable[ShiftRule], now: datetime, *, since: date | None = None) -> int:
    """Bring the coming shifts of these rules in line with them; returns how many were made. What was changed or
    dropped by hand, and what has begun, stays. `since`: also those of the past from that day on.
    """
    rows = {row.pk: row for row in rules}
    today, calendar = timezone.localdate(now), holiday_calendar()
    first, last = since or today - timedelta(days=1), today + REACH
    there = {(row.rule_id, row.day): row for row in Shift.objects.filter(rule__in=rows, day__gte=first, day__lte=last)}
    wanted = {(key, day) for key, row in rows.items() for day in days_of(row, first, last, calendar)}
    gone = [row.pk for place, row in there.items() if place not in wanted and _is_free(row, now)]
    if gone:
        withdraw_swaps(Q(shift__in=gone) | Q(back__in=gone), now)
        Shift.objects.filter(pk__in=gone).delete()
    made = [_shift(rows[key], day) for key, day in sorted(wanted - there.keys())]
    made = [row for row in made if since or row.end_at > now]
    Shift.objects.bulk_create(made, batch_size=500)
    return len(made)


def _shift(rule: ShiftRule, day: date) -> Shift:
    start, end = span_of(day, rule.from_time, rule.to_time)
    return Shift(post_id=rule.post_id, staff_id=rule.staff_id, rule=rule, day=day, start_at=start, end_at=end)


def hand_on(act: Act, row: Shift, staff: Staff, end_at: datetime | None = None) -> Shift:
    """The rest of a running shift goes to another; what was done stays. Returns the rest."""
    ends = end_at or row.end_at
    row.end_at, row.is_changed = act.now, True
    row.save(update_fields=["end_at", "is_changed"])
    return Shift.objects.create(post=row.post, staff=staff, start_at=act.now, end_at=ends, is_changed=True)


def refuse_idle(post: Post, staff: Staff) -> None:
    """Refused for a post or person out of service."""
    if post.retired_at:
        raise refuse(f"{post.name} 已停用", f"{post.name} is out of service", code="retired")
    if staff.left_at:
        raise refuse(f"{staff.name} 已经离开", f"{staff.name} has left", code="left")


def rule_values(row: ShiftRule) -> dict[str, object]:
    """A rule in plain values."""
    return {
        "post": row.post.code, "days": row.days, "weekdays": row.weekdays, "every_weeks": row.every_weeks,
        "from_time": row.from_time.strftime("%H:%M"), "to_time": row.to_time.strftime("%H:%M"),
        "from_on": row.from_on.isoformat(), "to_on": row.to_on.isoformat() if row.to_on else "",
    }  # fmt: skip


def _is_free(row: Shift, now: datetime) -> bool:
    return row.start_at > now and not row.is_changed and row.dropped_at is None


def _coming(act: Act, row: Shift) -> Shift:
    """The shift, fresh. Refused when it is over or dropped: who was on duty is not written anew."""
    row = Shift.objects.select_for_update(of=("self",)).select_related("post", "staff").get(pk=row.pk)
    if row.dropped_at:
        raise refuse("这个班次已经取消", "this shift was dropped", code="dropped")
    if row.end_at <= act.now:
        raise refuse("已经值完的班不能改", "a shift that is over is not changed", code="over")
    return row


def _refuse_times(act: Act, start_at: datetime, end_at: datetime) -> None:
    if end_at <= act.now or start_at < act.now - timedelta(minutes=5):
        raise refuse("班次不能排在过去", "a shift cannot lie in the past", code="past")
    if end_at <= start_at:
        raise refuse("结束要晚于开始", "it ends after it begins", code="order")
    if end_at - start_at > LONGEST:
        raise refuse("一个班次最长 3 天", "a shift is three days at most", code="long")


def _refuse_twice(post: Post, staff: Staff, start_at: datetime, end_at: datetime, but: int = 0) -> None:
    rows = Shift.objects.between(start_at, end_at).filter(post=post, staff=staff).exclude(pk=but)
    if rows.exists():
        raise refuse(f"{staff.name} 这段时间已在此岗值班", f"{staff.name} is on this duty then already", code="twice")
