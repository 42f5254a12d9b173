"""Reading reports: the queue of the duty officer, what one person sent, and what became of it."""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from shudao.base.scene import Scene
from shudao.engine.words import Words
from shudao.listen.models import ObserverLink, Report
from shudao.org.models import Observer, Staff

JOIN_WITHIN = timedelta(days=3)  # a link or picture reported again after that is a new sighting

FateOf = Callable[[Iterable[int]], dict[int, Words]]
fates: list[FateOf] = []
"""去向 (fate): each later stage that does something with an item says what, in words for the one who reported it.

A stage adds its function when its app is ready; the last one that knows an item has the word."""


def reports(scene: Scene) -> QuerySet[Report]:
    """The reports that stand for themselves, newest first, each with how often it was sent again."""
    rows = Report.objects.in_scene(scene).filter(joined_to=None).select_related("item", "staff", "observer__unit")
    return (
        rows.annotate(times=Count("joined", distinct=True) + 1).prefetch_related("evidence").order_by("-sent_at", "-pk")
    )


def report_of(scene: Scene, key: int) -> Report | None:
    """One report by its key."""
    return reports(scene).filter(pk=key).first() or Report.objects.in_scene(scene).filter(pk=key).first()


def waiting_count(scene: Scene) -> int:
    """How many wait for the duty officer."""
    return Report.objects.in_scene(scene).filter(joined_to=None, state=Report.State.WAITING).count()


def report_by_token(token: uuid.UUID) -> Report | None:
    """The report that a phone sent under that id."""
    return Report.objects.select_related("joined_to").filter(token=token).first()


def reports_by(staff: Staff | None, observer: Observer | None) -> QuerySet[Report]:
    """What one of our own people sent, newest first."""
    mine = Q(staff=staff) if staff else Q(observer=observer)
    rows = Report.objects.filter(mine) if staff or observer else Report.objects.none()
    return (
        rows.select_related("item", "joined_to__item").annotate(pictures=Count("evidence")).order_by("-sent_at", "-pk")
    )


def same_link(scene: Scene, link: str, since: datetime) -> Report | None:
    """The first report of that address since a moment."""
    rows = Report.objects.in_scene(scene).filter(link=link, joined_to=None, sent_at__gte=since)
    return rows.order_by("sent_at", "pk").first() if link else None


def fate_of(items: Iterable[int]) -> dict[int, Words]:
    """Item key -> what became of it, as far as any stage has done something with it."""
    keys = list(items)
    found: dict[int, Words] = {}
    for ask in fates if keys else []:
        found |= ask(keys)
    return found


def observer_by_link(token: str) -> ObserverLink | None:
    """The link in force with that token, of an observer who still is one."""
    return _in_force().filter(digest=link_digest(token)).first()


def link_in_force(key: int) -> ObserverLink | None:
    """That link, unless it was withdrawn."""
    return _in_force().filter(pk=key).first()


def observers_with_links() -> QuerySet[Observer]:
    """Observers of the register who serve, by unit and name."""
    return Observer.objects.filter(ended_on=None).select_related("unit").order_by("unit__name", "name", "pk")


def links_of(observers: Iterable[Observer]) -> dict[int, ObserverLink]:
    """Observer key -> the link in force."""
    return {link.observer_id: link for link in _in_force().filter(observer__in=list(observers))}


def link_digest(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _in_force() -> QuerySet[ObserverLink]:
    rows = ObserverLink.objects.filter(withdrawn_at=None, observer__ended_on=None)
    return rows.select_related("observer__unit")
