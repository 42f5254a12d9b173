"""Reading what is known of evidence; the files themselves are opened by a verb."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet, Sum

from shudao.base.scene import Scene
from shudao.engine.pictures import is_alike
from shudao.listen.models import Evidence


class Due(NamedTuple):
    """到期 (due): how many pieces of evidence a deadline takes, and their bytes."""

    count: int
    size: int


def evidence_of(scene: Scene, key: int) -> Evidence | None:
    """One piece by its key."""
    return Evidence.objects.in_scene(scene).select_related("item", "report").filter(pk=key).first()


def all_evidence(scene: Scene) -> QuerySet[Evidence]:
    """Everything but files that only wait for their import, newest first."""
    rows = Evidence.objects.in_scene(scene).exclude(kind=Evidence.Kind.UPLOAD).select_related("item", "report")
    return rows.order_by("-added_at", "-pk")


def evidence_before(scene: Scene, before: datetime) -> QuerySet[Evidence]:
    """What is kept and was added before a moment."""
    return Evidence.objects.in_scene(scene).filter(added_at__lt=before, erased_at=None)


def due_evidence(scene: Scene, before: datetime) -> Due:
    """What `erase_evidence` would take."""
    rows = evidence_before(scene, before)
    return Due(rows.count(), rows.aggregate(size=Sum("size"))["size"] or 0)


def unread_pictures(limit: int) -> list[Evidence]:
    """Pictures of reports and pasted posts whose words nobody has tried to read."""
    rows = Evidence.objects.filter(kind=Evidence.Kind.PICTURE, words_at=None, erased_at=None)
    return list(rows.order_by("pk")[:limit])


def same_pictures(scene: Scene, digest: str, look: str, since: datetime, limit: int = 2000) -> list[Evidence]:
    """Pictures of reports since a moment that are the same to the byte or look the same, the earliest first."""
    rows = Evidence.objects.in_scene(scene).filter(kind=Evidence.Kind.PICTURE, added_at__gte=since).exclude(report=None)
    exact = list(rows.filter(digest=digest).order_by("pk")[:1])
    if exact or not look:
        return exact
    recent = rows.exclude(look="").order_by("-pk").values_list("pk", "look")[:limit]
    keys = [key for key, other in recent if is_alike(look, other)]
    return list(rows.filter(pk__in=keys).order_by("pk"))
