"""四周 (around): what the frame of every page shows of the stages: unread messages, whether the worker still
works, and the place in the ledger from which the live parts listen."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shudao.base import clock
from shudao.base.models import JobRow
from shudao.base.scene import LIVE
from shudao.ledger.queries import last_place
from shudao.notify.queries import inbox
from shudao.org.access import my_posts
from shudao.org.models import Staff

SILENT_AFTER = timedelta(minutes=2)
"""Jobs run every few seconds; when the longest waiting one has waited that long, nobody runs them."""


def around(request: HttpRequest) -> dict[str, Any]:
    """Context of every page, asked of the database only where it is shown."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "live_place": SimpleLazyObject(last_place),
        "unread": SimpleLazyObject(lambda: unread_of(request)),
        "worker_is_silent": SimpleLazyObject(worker_is_silent),
    }


def unread_of(request: HttpRequest) -> int:
    """Messages to the reader's posts that nobody has confirmed."""
    if not Staff.objects.filter(user_id=request.user.pk).exists():
        return 0
    return inbox(LIVE, [post.code for post in my_posts(request)]).count()


def worker_is_silent() -> bool:
    """The worker has not taken up its jobs for a while. A site whose worker never ran says nothing."""
    waiting = JobRow.objects.order_by("due_at").values_list("due_at", flat=True).first()
    return waiting is not None and waiting < clock.now(LIVE) - SILENT_AFTER
