"""四周 (around): what the frame of every page shows of the stages: unread messages, whether the worker still
works, and the place in the ledger from which the live parts listen."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.ledger.queries import last_place
from shudao.notify.access import unconfirmed_count
from shudao.notify.queries import worker_is_silent
from shudao.org.models import Staff


def around(request: HttpRequest) -> dict[str, Any]:
    """Context of every page, asked of the database only where it is shown."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "live_place": SimpleLazyObject(last_place),
        "unread": SimpleLazyObject(lambda: unread_of(request)),
        "worker_is_silent": SimpleLazyObject(lambda: worker_is_silent(clock.now(LIVE))),
    }


def unread_of(request: HttpRequest) -> int:
    """Messages to the reader and his posts that he has not confirmed."""
    return unconfirmed_count(request) if Staff.objects.filter(user_id=request.user.pk).exists() else 0
