"""Reading the inbox."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from shudao.base.scene import Scene
from shudao.notify.channels import INBOX
from shudao.notify.models import Message
from shudao.org.models import Staff


def inbox(scene: Scene, posts: Iterable[str], staff: Staff | None = None) -> QuerySet[Message]:
    """Unconfirmed messages to these posts (and to that person himself), newest first."""
    return addressed(scene, posts, staff).filter(confirmed_at=None)


def addressed(scene: Scene, posts: Iterable[str], staff: Staff | None = None) -> QuerySet[Message]:
    """All messages to these posts (and to that person himself), newest first."""
    to_posts = Q(post__in=list(posts), staff=None)
    meant = to_posts | Q(staff=staff) if staff else to_posts
    return Message.objects.in_scene(scene).filter(meant, channel=INBOX).order_by("-made_at", "-pk")
