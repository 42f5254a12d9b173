"""Whether background work goes on: asked by the pages (the worker may be dead) and by the heartbeat (a job may hang)."""

from datetime import datetime, timedelta

from shudao.base.jobs import registered
from shudao.base.models import JobRow
from shudao.base.scene import LIVE
from shudao.notify.models import Message

PULSE = "notify.deliver_messages"
"""The job that is due every two seconds: when it has waited long, nobody runs jobs, or one hangs and holds up the rest."""
SILENT_AFTER = timedelta(minutes=2)
LATE_AFTER = timedelta(minutes=5)


def silent_since(now: datetime) -> datetime | None:
    """Since when the worker has not taken up its jobs; None while it does.

    Before its first turn there are no rows of jobs: then a message that nobody hands on tells.
    """
    waiting = JobRow.objects.filter(name=PULSE).values_list("due_at", flat=True).first()
    if waiting is None:
        open_messages = Message.objects.filter(scene=LIVE.key, done_at=None).order_by("due_at")
        waiting = open_messages.values_list("due_at", flat=True).first()
    return waiting if waiting is not None and waiting < now - SILENT_AFTER else None


def worker_is_silent(now: datetime) -> bool:
    """Nobody runs the jobs: no deadline moves and no message leaves."""
    return silent_since(now) is not None


def late_jobs(now: datetime) -> list[str]:
    """Jobs of this process that should have run a while ago, by name: one hangs, or holds up the others."""
    rows = JobRow.objects.filter(due_at__lt=now - LATE_AFTER, name__in=registered())
    return list(rows.order_by("name").values_list("name", flat=True))
