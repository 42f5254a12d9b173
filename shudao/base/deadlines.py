"""Due rows: claim what is due with a lease, act, mark done. A crash in between repeats, it never forgets.

Whoever acts must be harmless when repeated: mark the row done in the same transaction as what it caused.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Min, Q

from shudao.base import clock
from shudao.base.models import DueRow
from shudao.base.scene import Scene
from shudao.base.write import short_write

Row = TypeVar("Row", bound=DueRow)
LEASE = timedelta(seconds=60)


def claim_due(model: type[Row], scene: Scene, now: datetime, *, holder: str, limit: int = 50) -> list[Row]:
    """Lease up to `limit` rows of a scene that are due and free, earliest first."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = model._default_manager.filter(free, scene=scene.key, done_at=None, due_at__lte=now)
    if not due.exists():  # most looks find nothing, and then nobody else should have to wait for the write lock
        return []
    with short_write():
        wanted = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
        due.filter(pk__in=wanted).update(lease_until=now + LEASE, claimed_by=holder)
    mine = model._default_manager.filter(pk__in=wanted, claimed_by=holder, done_at=None)
    return list(mine.order_by("due_at", "pk"))


def due_scenes(model: type[DueRow]) -> list[Scene]:
    """Scenes with an open row that is due by their own clock."""
    rows = model._default_manager.filter(done_at=None).order_by().values_list("scene")
    first = [(Scene(key), at) for key, at in rows.annotate(first=Min("due_at"))]
    return [scene for scene, at in first if at <= clock.now(scene)]


def next_due(model: type[DueRow], scene: Scene) -> datetime | None:
    """When the next open row of a scene falls due; None when nothing is open."""
    rows = model._default_manager.filter(scene=scene.key, done_at=None)
    return rows.order_by("due_at").values_list("due_at", flat=True).first()
