"""实时来源 (streams): what the live pages are told of: streams of the ledger that moved, messages unread, who is signed in."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db.models import Count

from shudao.base import clock
from shudao.base.live import News, Sources
from shudao.base.scene import LIVE
from shudao.ledger.queries import appended_since, last_place
from shudao.notify.models import Message

LOOK_BACK = 200
"""Entries looked at again: where several write at once, one with a lower place may be kept after one with a higher."""
MARK = 16


class Ledger:
    """留痕 (ledger) as the poller sees it: remembers what it has told."""

    def __init__(self) -> None:
        self._told: set[int] = set()

    def look(self, place: int | None) -> News:
        """What moved since `place`; from the start everything counts as told."""
        if place is None:
            place = last_place()
            self._told = {row for row, _ in appended_since(place - LOOK_BACK)}
            return News(place, unread=unread_by_box())
        rows = appended_since(place - LOOK_BACK)
        fresh = [(row, stream) for row, stream in rows if row not in self._told]
        if not fresh:
            return News(place)
        reached = max(place, *(row for row, _ in fresh))
        self._told = {row for row, _ in rows if row > reached - LOOK_BACK}
        return News(reached, frozenset(key for _, stream in fresh for key in keys_of(stream)), unread_by_box())


def keys_of(stream: str) -> tuple[str, ...]:
    """What one may watch that moves with a stream. A drill run moves nothing of the real world, nor the other way round."""
    return (stream,) if stream.startswith("run/") else ("live", stream)


def unread_by_box() -> dict[str, int]:
    """Unconfirmed messages of the real world by inbox: a post's, or a person's own."""
    rows = Message.objects.in_scene(LIVE).filter(confirmed_at=None, channel="inbox").order_by()
    found: dict[str, int] = {}
    for post, staff, count in rows.values_list("post", "staff").annotate(count=Count("pk")):
        box = own_box(staff) if staff else post
        found[box] = found.get(box, 0) + count
    return found


def own_box(staff: int) -> str:
    """The inbox of one person."""
    return f"staff/{staff}"


def mark_of(user: object) -> str:
    """Changes with the password; says nothing of it."""
    return str(user.get_session_auth_hash())[:MARK]  # type: ignore[attr-defined]


def still_in(marks: Iterable[tuple[int, str, str]]) -> set[tuple[int, str, str]]:
    """Those (user, session, mark) that are still signed in, active and with the same password: two questions for all."""
    asked = set(marks)
    now = clock.now(LIVE)
    sessions = Session.objects.filter(session_key__in={key for _, key, _ in asked}, expire_date__gt=now)
    kept = set(sessions.values_list("session_key", flat=True))
    users = get_user_model().objects.filter(pk__in={user for user, _, _ in asked}, is_active=True)
    known = {user.pk: mark_of(user) for user in users}
    return {row for row in asked if row[1] in kept and known.get(row[0]) == row[2]}


def sources() -> Sources:
    """What the hub asks."""
    return Sources(look=Ledger().look, still_in=still_in)
