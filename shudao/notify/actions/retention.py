"""Retention of messages: what was said to posts, and how it went out."""

from datetime import datetime

from django.db.models import QuerySet

from shudao.base.retention import Kind, retained
from shudao.base.scene import LIVE
from shudao.engine.words import Words
from shudao.notify.models import Message, Parcel


def _messages(before: datetime) -> QuerySet[Message]:
    """Messages that were handed on; who has not confirmed one by then will not."""
    return Message.objects.in_scene(LIVE).filter(made_at__lt=before).exclude(done_at=None)


def _erase_messages(keys: list[int], _now: datetime) -> None:
    Message.objects.filter(pk__in=keys).delete()


def _parcels(before: datetime) -> QuerySet[Parcel]:
    """Parcels that left, or were given up."""
    return Parcel.objects.in_scene(LIVE).filter(made_at__lt=before).exclude(done_at=None, lost_at=None)


def _erase_parcels(keys: list[int], _now: datetime) -> None:
    Parcel.objects.filter(pk__in=keys).delete()


MESSAGES = retained(
    Kind(
        code="messages",
        place=9,
        words=Words("站内消息", "messages"),
        what=Words(
            "发给岗位的消息与投递情况；何时呼叫何人应答仍在留痕中",
            "messages to posts and their delivery; who was called when stays in the record",
        ),
        why=Words("半年内可查未送达", "for half a year one can see what did not arrive"),
        days=180,
        moment="made_at",
        rows=_messages,
        erase=_erase_messages,
        least=7,
    )
)
PARCELS = retained(
    Kind(
        code="parcels",
        place=10,
        words=Words("外发消息", "messages sent outside"),
        what=Words(
            "经邮件与机器人发出的内容、对方应答", "what left by mail and robots, and what the other side answered"
        ),
        why=Words("半年内可查未送达", "for half a year one can see what did not arrive"),
        days=180,
        moment="made_at",
        rows=_parcels,
        erase=_erase_parcels,
        least=7,
    )
)
