"""What ends when a person or post goes: holdings and running shifts now, rules today, coming shifts before they begin."""

from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone

from shudao.ledger.verbs import Act
from shudao.org.models import Holding, Post, Shift, ShiftRule, ShiftSwap, Staff


def end_holdings_of(act: Act, *, post: Post | None = None, staff: Staff | None = None) -> int:
    """End the holdings that run; what had not begun never begins. Returns how many."""
    rows = Holding.objects.filter(_whose(post, staff)).exclude(to_at__lte=act.now)
    count = rows.count()
    rows.filter(from_at__gt=act.now).update(to_at=F("from_at"))
    rows.filter(from_at__lte=act.now).update(to_at=act.now)
    return count


def end_shifts_of(act: Act, *, post: Post | None = None, staff: Staff | None = None) -> int:
    """End rules, cut what runs, drop what comes and withdraw the swaps about it. Returns how many shifts."""
    whose = _whose(post, staff)
    today = timezone.localdate(act.now)
    ShiftRule.objects.filter(whose).exclude(to_on__lt=today).update(to_on=today)
    rows = Shift.objects.standing().filter(whose, end_at__gt=act.now)
    count = rows.count()
    rows.filter(start_at__lt=act.now).update(end_at=act.now, is_changed=True)
    coming = Shift.objects.standing().filter(whose, start_at__gte=act.now)
    withdraw_swaps(Q(shift__in=coming) | Q(back__in=coming) | (Q(asked=staff) if staff else Q()), act.now, act.post)
    coming.update(dropped_at=act.now)
    return count


def withdraw_swaps(which: Q, now: datetime, by: str = "system") -> int:
    """Swaps still asked for that can no longer be done."""
    keys = list(ShiftSwap.objects.filter(which, state=ShiftSwap.State.ASKED).values_list("pk", flat=True))
    state = {"state": ShiftSwap.State.WITHDRAWN, "settled_at": now, "settled_by": by}
    return ShiftSwap.objects.filter(pk__in=keys).update(**state) if keys else 0


def _whose(post: Post | None, staff: Staff | None) -> Q:
    return (Q(post=post) if post else Q()) & (Q(staff=staff) if staff else Q())
