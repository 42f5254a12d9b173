"""Reading the outbox."""

from collections.abc import Iterable

from django.db.models import QuerySet

from shudao.base.scene import Scene
from shudao.notify.models import Message


def inbox(scene: Scene, posts: Iterable[str]) -> QuerySet[Message]:
    """Unconfirmed messages to these posts, newest first."""
    rows = Message.objects.in_scene(scene).filter(post__in=list(posts), confirmed_at=None, channel="inbox")
    return rows.order_by("-made_at", "-pk")
