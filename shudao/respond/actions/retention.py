"""Retention of what incidents hold: attached items after the incident has ended, contacts after the answer."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from shudao.base.retention import Kind, retained
from shudao.base.scene import LIVE
from shudao.engine.words import Words
from shudao.listen.actions.door import scrub_traces
from shudao.respond.models import Attachment, DemandContact


def attached_before(before: datetime) -> QuerySet[Attachment]:
    """Attachments with words of incidents that were closed before a moment."""
    rows = Attachment.objects.filter(incident__scene=LIVE.key, incident__closed_at__lt=before)
    return rows.exclude(title="", text="")


def empty_attachments(keys: list[int]) -> set[int]:
    """Take words and voices of attachments, inside an act; returns the items that no other attachment still tells."""
    rows = Attachment.objects.filter(pk__in=keys)
    items = set(rows.values_list("item_id", flat=True))
    rows.update(voice="", title="", text="")
    told = Attachment.objects.filter(item__in=items).exclude(title="", text="")
    return items - set(told.values_list("item_id", flat=True))


def attached() -> Exists:
    """For a query over items: whether an incident holds it."""
    return Exists(Attachment.objects.filter(item=OuterRef("pk")))


def held_open(item: str) -> Exists:
    """For a query over what belongs to an item: whether an incident that is not closed holds that item."""
    return Exists(Attachment.objects.filter(item=OuterRef(item), incident__closed_at=None))


def _contacts(before: datetime) -> QuerySet[DemandContact]:
    return DemandContact.objects.filter(demand__scene=LIVE.key, erased_at=None, demand__answered_at__lt=before)


def _erase_contacts(keys: list[int], now: datetime) -> object:
    DemandContact.objects.filter(pk__in=keys).update(sealed="", erased_at=now)
    return scrub_traces


CONTACTS = retained(
    Kind(
        code="contacts",
        place=7,
        words=Words("诉求人联系方式", "contacts of those who asked"),
        what=Words("为答复而留的电话、邮箱等，加密保存", "telephone or mail kept for the answer, encrypted"),
        why=Words("答复后还要回访一次", "after the answer one looks once whether it holds"),
        days=30,
        moment="demand__answered_at",
        rows=_contacts,
        erase=_erase_contacts,
        is_sure=True,
    )
)
