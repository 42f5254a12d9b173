"""Reading the register of sources."""

import re
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from shudao.base.scene import Scene
from shudao.listen.models import Item, Source

SILENT = timedelta(days=7)
"""A source that can be read and has brought nothing for so long may have moved."""

STATES = ("all", "ok", "failing", "silent", "waiting", "paused", "retired")


def silent(now: datetime) -> Q:
    """Read without fault, and nothing new for long."""
    return Q(state=Source.State.OK, last_read_at__isnull=False, last_item_at__lt=now - SILENT)


def in_state(state: str, now: datetime) -> Q:
    """The sources of a kind of health."""
    waiting = Q(last_read_at=None) & ~Q(connector="file")
    return {
        "ok": Q(state=Source.State.OK) & ~silent(now) & ~waiting,
        "failing": Q(state=Source.State.FAILING),
        "silent": silent(now),
        "waiting": Q(state=Source.State.OK) & waiting,
        "paused": Q(state=Source.State.PAUSED),
        "retired": Q(state=Source.State.RETIRED),
    }.get(state, ~Q(state=Source.State.RETIRED))


def sources_of(scene: Scene, *, state: str, ask: str, now: datetime) -> QuerySet[Source]:
    """The register, narrowed; those that cannot be read come first."""
    rows = Source.objects.in_scene(scene).filter(in_state(state, now)).select_related("department")
    if ask:
        rows = rows.filter(Q(name__icontains=ask) | Q(address__icontains=ask) | Q(code__icontains=ask))
    return rows.order_by("-failures", "name", "pk")


def counts_by_state(scene: Scene, now: datetime) -> dict[str, int]:
    """How many sources there are of each kind of health."""
    told = {state: Count("pk", filter=in_state(state, now)) for state in STATES}
    return dict(Source.objects.in_scene(scene).aggregate(**told))


def latest_items(source: Source, most: int = 10) -> list[Item]:
    """What it brought last."""
    return list(Item.objects.filter(source=source, scene=source.scene).order_by("-pk")[:most])


def free_source_code(scene: Scene, hint: str) -> str:
    """A code for a source that was given none, made of its host or name."""
    stem = re.sub(r"[^a-z0-9]+", "-", hint.lower()).strip("-")[:40] or "source"
    taken = set(Source.objects.in_scene(scene).filter(code__startswith=stem).values_list("code", flat=True))
    number = 1
    while (code := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return code
