"""Finding incidents, demands and tasks among many: filters and search over folded words."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from shudao.base.scene import Scene
from shudao.engine.respond.state import OPEN
from shudao.engine.text.normalise import fold
from shudao.respond.models import Demand, Fact, Incident, Task

MOST_WORDS = 6
STATES = ("open", "following", "closed")
"""Of an incident: under way; closed and watched (its key lives); over."""


def search_words(text: str) -> list[str]:
    """The words of a search as they are compared: folded, a handful of them."""
    return [word for word in fold(text).split() if word][:MOST_WORDS]


def find_incidents(
    scene: Scene, *, state: str = "", level: str = "", plan: str = "", words: str = ""
) -> QuerySet[Incident]:
    """Incidents of a scene, the newest first. `words`: each in the number, the title or a fact."""
    rows = Incident.objects.in_scene(scene).select_related("key_row")
    if state == "open":
        rows = rows.filter(closed_at=None)
    elif state == "following":
        rows = rows.filter(closed_at__isnull=False, key_row__destroyed_at=None)
    elif state == "closed":
        rows = rows.filter(closed_at__isnull=False).exclude(key_row__destroyed_at=None)
    rows = rows.filter(level=level) if level else rows
    rows = rows.filter(plan_copy__plan_id=plan) if plan else rows
    for word in search_words(words):
        facts = Fact.objects.filter(incident=OuterRef("pk"), text__icontains=word)
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Exists(facts))
    return rows.order_by("-opened_at", "-pk")


def counts_of_incidents(scene: Scene) -> dict[str, int]:
    """How many incidents of a scene are in each state."""
    over = Q(closed_at__isnull=False)
    return Incident.objects.in_scene(scene).aggregate(
        open=Count("pk", filter=Q(closed_at=None)),
        following=Count("pk", filter=over & Q(key_row__destroyed_at=None)),
        closed=Count("pk", filter=over & Q(key_row__destroyed_at__isnull=False)),
    )


def burdens_of(incidents: Iterable[Incident], now: datetime) -> dict[int, tuple[int, int, int]]:
    """Incident -> open tasks, late ones, open demands."""
    keys = [row.pk for row in incidents]
    tasks = Task.objects.filter(incident__in=keys, status__in=OPEN).values("incident").order_by()
    late = Count("pk", filter=Q(due_at__lt=now))
    counted = {row["incident"]: (row["n"], row["late"]) for row in tasks.annotate(n=Count("pk"), late=late)}
    demands = Demand.objects.filter(incident__in=keys, state=Demand.State.OPEN).values("incident").order_by()
    asked = {row["incident"]: row["n"] for row in demands.annotate(n=Count("pk"))}
    return {key: (*counted.get(key, (0, 0)), asked.get(key, 0)) for key in keys}


def find_demands(
    scene: Scene,
    *,
    state: str = "",
    channel: str = "",
    owners: Iterable[str] | None = None,
    words: str = "",
    incident: str = "",
    now: datetime | None = None,
) -> QuerySet[Demand]:
    """Demands of a scene, with and without an incident: the open ones first by their limit, then the newest.

    `state`: open, late, answered, declined, look (an answer waits to be followed up).
    """
    rows = Demand.objects.in_scene(scene).select_related("incident")
    if state == "late":
        rows = rows.filter(state=Demand.State.OPEN, due_at__lt=now)
    elif state == "look":
        rows = rows.filter(state=Demand.State.ANSWERED, follow_up_on__isnull=False, followed_up_at=None)
    elif state in Demand.State.values:
        rows = rows.filter(state=state)
    rows = rows.filter(incident__number=incident) if incident else rows
    rows = rows.filter(channel=channel) if channel in Demand.Channel.values else rows
    rows = rows.filter(owner__in=list(owners)) if owners is not None else rows
    for word in search_words(words):
        rows = rows.filter(words__contains=word)
    if state in ("open", "late"):
        return rows.order_by("due_at", "pk")
    return rows.order_by(F("answered_at").desc(nulls_first=True), "due_at", "pk")


def counts_of_demands(scene: Scene, now: datetime, owners: Iterable[str] | None = None) -> list[dict[str, object]]:
    """Owner -> how many demands are open, late, answered, declined, in one question."""
    rows = Demand.objects.in_scene(scene).order_by()
    rows = rows.filter(owner__in=list(owners)) if owners is not None else rows
    waits = Q(state=Demand.State.OPEN)
    counted = rows.values("owner").annotate(
        open=Count("pk", filter=waits),
        late=Count("pk", filter=waits & Q(due_at__lt=now)),
        answered=Count("pk", filter=Q(state=Demand.State.ANSWERED)),
        declined=Count("pk", filter=Q(state=Demand.State.DECLINED)),
        in_time=Count("pk", filter=~waits & Q(answered_at__lte=F("due_at"))),
    )
    return list(counted)


def late_demands(now: datetime, most: int = 200) -> list[Demand]:
    """Demands outside any incident whose limit has passed and nobody was told."""
    rows = Demand.objects.filter(incident=None, state=Demand.State.OPEN, late_told_at=None, due_at__lte=now)
    return list(rows.order_by("due_at")[:most])


def late_tasks(now: datetime, most: int = 200) -> list[Task]:
    """Tasks outside any incident whose limit has passed and nobody was told."""
    rows = Task.objects.filter(incident=None, status__in=OPEN, late_told_at=None, due_at__lte=now)
    return list(rows.order_by("due_at")[:most])
