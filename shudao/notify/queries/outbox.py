"""Reading the outbox: what waits to be put together, what waits to leave, and what became of a message."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, IntegerField, Max, Min, Q, QuerySet, Value, When

from shudao.notify.models import Attempt, Channel, Delivery, Message, Parcel
from shudao.notify.queries.wishes import channels_on

BUSY = timedelta(hours=1)
GATHER = (timedelta(), timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=30))
"""How long after the last parcel of a thread the next one waits, by how many left within the hour: one message first,
then an update with all that came meanwhile."""
GATHER_URGENT = timedelta(seconds=20)
_URGENT = Case(When(is_urgent=True, then=Value(1)), default=Value(0), output_field=IntegerField())


def due_lanes(now: datetime) -> list[tuple[int, int, str]]:
    """(channel, person, thread) of deliveries that may leave by now, of channels that are on, the most urgent first.

    Lanes, not deliveries: a thousand that must wait in one lane do not stand before one that may leave in another.
    """
    rows = Delivery.objects.filter(done_at=None, due_at__lte=now, channel__in=channels_on())
    lanes = rows.values("channel", "staff", "thread").annotate(urgent=Max(_URGENT), since=Min("due_at"))
    return [(row["channel"], row["staff"], row["thread"]) for row in lanes.order_by("-urgent", "since")]


def due_in_lane(channel: int, people: Iterable[int], thread: str, now: datetime) -> list[Delivery]:
    """The deliveries of a lane that may leave by now, the oldest first."""
    rows = Delivery.objects.filter(done_at=None, due_at__lte=now, channel=channel, staff__in=people, thread=thread)
    return list(rows.select_related("message", "channel", "staff__user").order_by("due_at", "pk"))


def under_way(channel: Channel, staff_id: int | None, thread: str) -> bool:
    """Whether something of that thread still waits to leave: what comes after waits for it, and goes along next time."""
    rows = Parcel.objects.filter(channel=channel, staff=staff_id, thread=thread)
    return rows.filter(done_at=None, lost_at=None).exists()


def latest_parcels(channel: Channel, staff_id: int | None, thread: str) -> QuerySet[Parcel]:
    """What left in a thread, the latest first."""
    return Parcel.objects.filter(channel=channel, staff=staff_id, thread=thread).order_by("-place")


def may_leave_at(channel: Channel, staff_id: int | None, thread: str, now: datetime, *, urgent: bool) -> datetime:
    """When the next parcel of a thread may be put together, so that a storm gives one message and one update."""
    made = list(latest_parcels(channel, staff_id, thread).values_list("made_at", flat=True)[: len(GATHER)])
    recent = [at for at in made if at > now - BUSY]
    if not recent:
        return now
    wait = GATHER_URGENT if urgent else GATHER[min(len(recent), len(GATHER) - 1)]
    return max(now, recent[0] + wait)


def due_channels(now: datetime) -> list[Channel]:
    """Channels that are on, under no pause, and have something to send."""
    rows = Channel.objects.filter(Q(hold_until=None) | Q(hold_until__lte=now), paused_at=None, removed_at=None)
    waiting = Parcel.objects.filter(done_at=None, lost_at=None, due_at__lte=now).values("channel")
    return list(rows.filter(pk__in=waiting).order_by("pk"))


def overdue_parcels(before: datetime) -> int:
    """How many parcels of channels that are on were put together before that moment and have not left."""
    rows = Parcel.objects.filter(channel__in=channels_on(), done_at=None, lost_at=None, made_at__lt=before)
    return rows.count()


def deliveries_of(message: Message) -> QuerySet[Delivery]:
    """Where a message went besides the inbox."""
    return message.deliveries.select_related("channel", "staff", "parcel").order_by("-made_at", "-pk")


def attempts_of_parcels(parcels: list[int]) -> QuerySet[Attempt]:
    """Every try to hand these parcels over, in order."""
    return Attempt.objects.filter(parcel__in=parcels).order_by("began_at", "pk")
