"""Retention of what was heard: items give way to a digest of their id; evidence, reports and rejects go."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from shudao.base.retention import Kind, retained
from shudao.base.scene import LIVE
from shudao.engine.words import Words
from shudao.listen import store
from shudao.listen.actions.door import scrub_traces
from shudao.listen.actions.indexing import unindex_items
from shudao.listen.models import ErasedItem, Evidence, ImportReject, Item, Rejection, Report, erased_digest


def delete_items(keys: Iterable[int]) -> None:
    """Take items away, inside an act; a digest of each id stays, so that its source does not bring it back."""
    rows = Item.objects.filter(pk__in=list(keys))
    unindex_items(rows.values_list("pk", flat=True))
    ErasedItem.objects.bulk_create(
        [ErasedItem(source_id=source, digest=erased_digest(ext_id)) for source, ext_id in _known(rows)],
        batch_size=500,
        ignore_conflicts=True,
    )
    rows.delete()


def empty_items(keys: Iterable[int], now: datetime) -> None:
    """Take the words of items, inside an act; the rows stay, since a story or an incident is told by them."""
    rows = Item.objects.filter(pk__in=list(keys), erased_at=None)
    unindex_items(rows.values_list("pk", flat=True))
    ErasedItem.objects.bulk_create(
        [ErasedItem(source_id=source, digest=erased_digest(ext_id)) for source, ext_id in _known(rows)],
        batch_size=500,
        ignore_conflicts=True,
    )
    for key in list(rows.values_list("pk", flat=True)):
        Item.objects.filter(pk=key).update(
            ext_id=f"erased-{key}", outlet="", url="", title="", text="", pseudonym="", sealed=b"", counts={}, digest="",
            erased_at=now,
        )  # fmt: skip


def empty_evidence(keys: list[int], now: datetime) -> "object":
    """Destroy the keys of evidence, inside an act; the files go once that is kept."""
    rows = Evidence.objects.filter(pk__in=keys)
    names = list(rows.values_list("file", flat=True))
    rows.update(wrapped=b"", words=b"", digest="", look="", erased_at=now)

    def drop() -> None:
        store.drop(*names)
        scrub_traces()

    return drop


def _known(rows: QuerySet[Item]) -> Iterable[tuple[int, str]]:
    return rows.filter(erased_at=None).values_list("source_id", "ext_id")


def _reports(before: datetime) -> QuerySet[Report]:
    return Report.objects.in_scene(LIVE).filter(sent_at__lt=before).exclude(state=Report.State.WAITING)


def _erase_reports(keys: list[int], _now: datetime) -> "object":
    Report.objects.filter(pk__in=keys).delete()
    return scrub_traces


def _rejections(before: datetime) -> QuerySet[Rejection]:
    return Rejection.objects.in_scene(LIVE).filter(at__lt=before)


def _erase_rejections(keys: list[int], _now: datetime) -> None:
    Rejection.objects.filter(pk__in=keys).delete()


def _import_rejects(before: datetime) -> QuerySet[ImportReject]:
    return ImportReject.objects.filter(run__scene=LIVE.key, run__ended_at__lt=before)


def _erase_import_rejects(keys: list[int], _now: datetime) -> None:
    ImportReject.objects.filter(pk__in=keys).delete()


REPORTS = retained(
    Kind(
        code="reports",
        place=6,
        words=Words("上报记录", "reports"),
        what=Words(
            "谁在何时上报了什么，处理结果；所报内容按“信息条”另计",
            "who of us reported what and when, and what was decided; the words count as an item",
        ),
        why=Words("一年内可核对信息员的上报与培训", "within a year reports can be held against training"),
        days=365,
        moment="sent_at",
        rows=_reports,
        erase=_erase_reports,
        least=30,
    )
)
REJECTIONS = retained(
    Kind(
        code="rejections",
        place=12,
        words=Words("退件", "rejects"),
        what=Words(
            "读不懂的行：行号、原因、摘要值，没有内容", "lines that were no post: number, reason, digest, no words"
        ),
        why=Words("够改正一个信源", "long enough to mend a source"),
        days=90,
        moment="at",
        rows=_rejections,
        erase=_erase_rejections,
    )
)
IMPORT_REJECTS = retained(
    Kind(
        code="import_rejects",
        place=13,
        words=Words("导入退件", "rejects of imports"),
        what=Words("导入时退回的行号与原因，没有内容", "numbers and reasons of lines turned away, no words"),
        why=Words("够改正一张表", "long enough to mend a sheet"),
        days=90,
        moment="run__ended_at",
        rows=_import_rejects,
        erase=_erase_import_rejects,
    )
)
