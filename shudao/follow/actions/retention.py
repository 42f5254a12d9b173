"""Retention of what several stages hold together: items, alerts, evidence, what came back, sealed archives."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from shudao.base.retention import Kind, retained
from shudao.base.scene import LIVE
from shudao.engine.words import Words
from shudao.follow.actions import care  # noqa: F401 - its class is named there
from shudao.follow.models import Archive, RecurrenceItem
from shudao.listen.actions import scrub_traces
from shudao.listen.actions.retention import delete_items, empty_evidence, empty_items
from shudao.listen.models import Evidence, Item, Report
from shudao.respond.actions.retention import attached, attached_before, empty_attachments, held_open
from shudao.respond.models import Incident
from shudao.sense.actions.retention import release_alerts, release_items
from shudao.sense.models import Alert, AlertItem, Placement, Story


def _items(before: datetime) -> QuerySet[Item]:
    """Items of no incident, no alert, no watch, and of no report that still waits."""
    rows = Item.objects.in_scene(LIVE).filter(read_at__lt=before, erased_at=None)
    held = (
        attached(),
        Exists(AlertItem.objects.filter(item=OuterRef("pk"))),
        Exists(RecurrenceItem.objects.filter(item=OuterRef("pk"))),
        Exists(Report.objects.filter(item=OuterRef("pk"), state=Report.State.WAITING)),
    )
    return rows.filter(*(~Q(one) for one in held))


def _erase_items(keys: list[int], now: datetime) -> object:
    released = release_items(LIVE, keys)
    empty_items(released.naming, now)
    delete_items(set(keys) - released.naming)
    _drop_hollow(released.ended)
    return scrub_traces


def _drop_hollow(keys: set[int]) -> None:
    """Rows without words that were kept for a story only, once the story has ended."""
    rows = Item.objects.filter(pk__in=keys).exclude(erased_at=None)
    free = rows.filter(
        ~Q(attached()),
        ~Q(Exists(AlertItem.objects.filter(item=OuterRef("pk")))),
        ~Q(Exists(RecurrenceItem.objects.filter(item=OuterRef("pk")))),
        ~Q(Exists(Placement.objects.filter(item=OuterRef("pk")))),
        ~Q(Exists(Story.objects.filter(first_item=OuterRef("pk")))),
    )
    delete_items(list(free.values_list("pk", flat=True)))


def _erase_attached(keys: list[int], now: datetime) -> object:
    empty_items(empty_attachments(keys), now)
    return scrub_traces


def _alerts(before: datetime) -> QuerySet[Alert]:
    """Alerts that led to no incident."""
    rows = Alert.objects.in_scene(LIVE).filter(raised_at__lt=before)
    led = Incident.objects.in_scene(LIVE).filter(alert=Cast(OuterRef("number"), models.CharField()))
    return rows.filter(~Q(Exists(led)))


def _erase_alerts(keys: list[int], _now: datetime) -> object:
    _drop_hollow(release_alerts(keys))
    return scrub_traces


def _evidence(before: datetime) -> QuerySet[Evidence]:
    """Evidence that belongs to no incident under way."""
    rows = Evidence.objects.in_scene(LIVE).filter(added_at__lt=before, erased_at=None)
    return rows.filter(~Q(held_open("item_id")))


def _recurrences(before: datetime) -> QuerySet[RecurrenceItem]:
    rows = RecurrenceItem.objects.filter(recurrence__incident__scene=LIVE.key)
    return rows.filter(recurrence__watch__ended_at__lt=before)


def _erase_recurrences(keys: list[int], _now: datetime) -> object:
    RecurrenceItem.objects.filter(pk__in=keys).delete()
    return scrub_traces


def _archives(before: datetime) -> QuerySet[Archive]:
    return Archive.objects.filter(incident__scene=LIVE.key, sealed_at__lt=before, erased_at=None)


def _erase_archives(keys: list[int], now: datetime) -> object:
    rows = Archive.objects.filter(pk__in=keys)
    paths = [Path(settings.MEDIA_ROOT) / "archives" / name for name in rows.values_list("name", flat=True)]
    rows.update(erased_at=now)
    return lambda: [path.unlink(missing_ok=True) for path in paths]


ITEMS = retained(
    Kind(
        code="items",
        place=1,
        words=Words("未关联的信息条", "items of no incident"),
        what=Words(
            "读入而没有进入任何事件、预警和跟踪的帖子与报道", "posts and reports that no incident, alert or watch holds"
        ),
        why=Words(
            "个人信息保护法第十九条：不长于所需；半年内再起时还能对照",
            "no longer than needed (PIPL, art. 19); for half a year a matter that comes back can be compared",
        ),
        days=180,
        moment="read_at",
        rows=_items,
        erase=_erase_items,
        least=30,
    )
)
ATTACHED = retained(
    Kind(
        code="attached",
        place=2,
        words=Words("已关联的信息条", "items of incidents"),
        what=Words(
            "事件结束后其中的原文与化名；时间、数量与留痕仍在",
            "words and pseudonyms after the incident has ended; times, counts and record stay",
        ),
        why=Words("三年内可复查处置与复议", "within three years the handling may be looked into again"),
        days=1095,
        moment="incident__closed_at",
        rows=attached_before,
        erase=_erase_attached,
        least=90,
    )
)
ALERTS = retained(
    Kind(
        code="alerts",
        place=4,
        words=Words("预警", "alerts"),
        what=Words("没有转为事件的预警及其理由", "alerts that led to no incident, with their reasons"),
        why=Words("一年内可核对漏报与误报", "within a year missed and false alarms can be counted"),
        days=365,
        moment="raised_at",
        rows=_alerts,
        erase=_erase_alerts,
        least=30,
    )
)
EVIDENCE = retained(
    Kind(
        code="evidence",
        place=5,
        words=Words("原始证据", "raw evidence"),
        what=Words(
            "截图与原始文件，唯一可能含有账号名的存放处；进行中事件的不清除",
            "captures and files, the one store that may hold handles; those of open incidents stay",
        ),
        why=Words("个人信息保护法第十九条：不长于所需", "no longer than needed (PIPL, art. 19)"),
        days=180,
        moment="added_at",
        rows=_evidence,
        erase=empty_evidence,
        least=7,
    )
)
RETURNED = retained(
    Kind(
        code="recurrences",
        place=3,
        words=Words("跟踪中的再现", "what came back during a watch"),
        what=Words("跟踪结束后，再现信息条与事件的对应", "after the watch: which items came back to the incident"),
        why=Words("与已关联的信息条同期", "as long as items of incidents"),
        days=1095,
        moment="recurrence__watch__ended_at",
        rows=_recurrences,
        erase=_erase_recurrences,
        least=90,
    )
)
ARCHIVES = retained(
    Kind(
        code="archives",
        place=14,
        words=Words("封存档案", "sealed archives"),
        what=Words("事件的封存包", "sealed bundles of incidents"),
        why=Words(
            "归档期限由本单位档案规定，系统不自行清除",
            "kept by the office's own rules for archives; never erased unless the office says so",
        ),
        days=None,
        moment="sealed_at",
        rows=_archives,
        erase=_erase_archives,
        least=3650,
    )
)
