"""Reading imports: the list, one with how far it is, and how columns were understood the last time."""

from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from shudao.base.cursor import read_cursor
from shudao.base.scene import Scene
from shudao.engine.intake.setting import Layout
from shudao.engine.intake.sniff import Sniffed
from shudao.listen import store
from shudao.listen.models import ColumnMemory, ImportReject, ImportRun, Source

SENSE = "sense"  # the cursor by which the next stage says how far it has read


def imports(scene: Scene) -> QuerySet[ImportRun]:
    """All imports, newest first."""
    return ImportRun.objects.in_scene(scene).select_related("source").order_by("-uploaded_at", "-pk")


def import_of(scene: Scene, key: int) -> ImportRun | None:
    """One import by its key."""
    return imports(scene).select_related("evidence").filter(pk=key).first()


def due_imports(now: datetime, worker: str) -> list[int]:
    """Keys of imports that this worker has or that wait for one, the earliest begun first."""
    states = (ImportRun.State.WAITING, ImportRun.State.RUNNING)
    free = Q(lease_until=None) | Q(lease_until__lt=now) | Q(claimed_by=worker)
    rows = ImportRun.objects.filter(free, state__in=states).order_by("started_at", "pk")
    return list(rows.values_list("pk", flat=True))


def look_of(run: ImportRun) -> Sniffed | None:
    """What was seen of the file when it was handed over; None once the file is gone."""
    if run.evidence is None or not run.evidence.is_kept:
        return None
    words = store.words_of(run.evidence)
    return msgspec.json.decode(words, type=Sniffed) if words else None


def memory_of(source: Source, fingerprint: str) -> ColumnMemory | None:
    """How sheets with these headings were understood for a source the last time; else for any other source."""
    rows = ColumnMemory.objects.filter(fingerprint=fingerprint, source__scene=source.scene)
    return rows.filter(source=source).first() or rows.order_by("-used_at").first()


def layout_in(kept: dict[str, object] | None) -> Layout | None:
    """A stored layout as the readers take it."""
    return msgspec.convert(kept, Layout) if kept else None


def rejects_of(run: ImportRun) -> QuerySet[ImportReject]:
    """What an import turned away, in the order of the file."""
    return run.rejects.order_by("pk")


def sensed_upto(scene: Scene) -> int:
    """Key of the last item that sensing has taken in."""
    return read_cursor(scene, SENSE)


def idle_uploads(before: datetime) -> QuerySet[ImportRun]:
    """Imports that were handed over before a moment and never begun."""
    return ImportRun.objects.filter(state=ImportRun.State.MAPPING, uploaded_at__lt=before).select_related("evidence")
