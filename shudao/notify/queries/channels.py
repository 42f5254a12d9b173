"""Reading channels: their secrets, how they fare, what the other side said last."""

import json
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from shudao.base.sealing import unseal
from shudao.notify.channels import KINDS, Settings
from shudao.notify.models import Attempt, Channel, Outside, Parcel

PURPOSE = "notify channel"
BEAT = "notify heartbeat"


def channels() -> QuerySet[Channel]:
    """Every channel that was not removed."""
    return Channel.objects.filter(removed_at=None)


def channel_by_code(code: str) -> Channel | None:
    """The channel of that code; None when there is none or it was removed."""
    return channels().filter(code=code).first()


def settings_of(channel: Channel) -> Settings:
    """All settings of a channel with its secrets opened; for sending, never for showing."""
    kind = KINDS[channel.kind]
    opened = unseal(channel.sealed, PURPOSE)
    return {field.name: "" for field in kind.fields} | channel.settings | (json.loads(opened) if opened else {})


def with_last_attempt(rows: QuerySet[Channel]) -> QuerySet[Channel]:
    """Channels with `last_attempt`, the key of the latest try that ended."""
    ended = Attempt.objects.filter(channel=OuterRef("pk")).exclude(ended_at=None).order_by("-began_at", "-pk")
    return rows.annotate(last_attempt=Subquery(ended.values("pk")[:1]))


def with_waiting(rows: QuerySet[Channel]) -> QuerySet[Channel]:
    """Channels with `waiting`, how many parcels have not left."""
    return rows.annotate(waiting=Count("parcels", filter=Q(parcels__done_at=None, parcels__lost_at=None)))


def last_attempts(rows: list[Channel]) -> dict[int, Attempt]:
    """Channel id -> its latest try that ended."""
    wanted = [row.last_attempt for row in rows if row.last_attempt]  # type: ignore[attr-defined]
    return {row.channel_id: row for row in Attempt.objects.filter(pk__in=wanted)}


def attempts_of(channel: Channel) -> QuerySet[Attempt]:
    """Every try of a channel, the latest first."""
    return Attempt.objects.filter(channel=channel).select_related("parcel").order_by("-began_at", "-pk")


def free_at(channel: Channel, now: datetime) -> datetime:
    """When the channel may send its next letter: now, or when the pauses it must keep are over."""
    at = max(now, channel.hold_until or now)
    for count, seconds in KINDS[channel.kind].pace:
        since = now - timedelta(seconds=seconds)
        begun = Attempt.objects.filter(channel=channel, began_at__gt=since).order_by("-began_at")
        latest = list(begun.values_list("began_at", flat=True)[:count])
        if len(latest) == count:
            at = max(at, latest[-1] + timedelta(seconds=seconds))
    return at


def waiting_parcels(channel: Channel) -> QuerySet[Parcel]:
    """What has not left yet."""
    return Parcel.objects.filter(channel=channel, done_at=None, lost_at=None).order_by("due_at", "pk")


def outside() -> Outside:
    """What the site says of itself to the outside; an empty one before anybody said anything."""
    return Outside.objects.filter(pk=1).first() or Outside(pk=1)


def beat_address(row: Outside) -> str:
    """The address told that the site lives."""
    return unseal(row.beat_sealed, BEAT)
