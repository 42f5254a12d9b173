"""后台作业 (jobs): a small loop over rows with lease and claim. No broker; a job is only a hint to look at rows.

Stages register their jobs in `jobs.py`; the worker process runs what is due. A job that fails is noted on its row and
tried again at its next turn; it never stops the others. A job that can tell by reading that nothing `waits` for it is
left alone, so that an idle site writes next to nothing; its row is still turned now and then, as a sign of life.

A job of long work (reading a file of 50,000 rows) is declared `apart`: it has a worker process of its own, so that no
deadline waits for it.
"""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.db.models import Q

from shudao.base import clock
from shudao.base.logs import places
from shudao.base.models import JobRow
from shudao.base.scene import LIVE
from shudao.base.write import short_write

log = logging.getLogger("shudao.jobs")
LEASE = timedelta(seconds=60)
"""Jobs are harmless when repeated; a short lease lets a restarted worker go on within the minute."""
SIGN_OF_LIFE = timedelta(seconds=30)


@dataclass(frozen=True)
class Job:
    """One registered job: what to run, how often."""

    name: str
    every: timedelta
    run: Callable[[], object]
    waits: Callable[[], bool] | None = None
    apart: bool = False


_registry: dict[str, Job] = {}


def job(
    *, every: int, waits: Callable[[], bool] | None = None, apart: bool = False
) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a function without arguments to be run every so many seconds; `waits` says cheaply, without writing,
    whether there is anything for it to do; `apart` sets it to the worker for long work.
    """

    def register(run: Callable[[], object]) -> Callable[[], object]:
        name = f"{run.__module__.removeprefix('shudao.').removesuffix('.jobs')}.{run.__name__}"
        _registry[name] = Job(name, timedelta(seconds=every), run, waits, apart)
        return run

    return register


def registered() -> dict[str, Job]:
    """All jobs by name."""
    return dict(_registry)


def run_due(*, apart: bool | None = None) -> list[str]:
    """Run every job that is due and free, once; returns their names. What a crash cuts off is due when the lease ends.

    `apart`: only those of long work, or only the others; by default all.
    """
    mine = {name for name, entry in _registry.items() if apart in (None, entry.apart)}
    faults = {name: _run(_registry[name]) for name in _claim(clock.now(LIVE), mine)}
    if faults:
        _release(faults)
    return list(faults)


def work(stop: Callable[[], bool], *, pause: float = 0.5, apart: bool | None = None) -> None:
    """The worker's loop, until `stop()` says so."""
    _forget_retired()
    while not stop():
        close_old_connections()
        if not run_due(apart=apart):
            time.sleep(pause)


def _forget_retired() -> None:
    """Jobs that this version has no more: their rows would read as late, or as failing, for ever."""
    if JobRow.objects.exclude(name__in=_registry).exists():
        with short_write():
            JobRow.objects.exclude(name__in=_registry).delete()


def _claim(now: datetime, mine: set[str]) -> list[str]:
    known = set(JobRow.objects.values_list("name", flat=True))
    if fresh := [JobRow(name=name, due_at=now) for name in _registry if name not in known]:
        with short_write():
            JobRow.objects.bulk_create(fresh, ignore_conflicts=True)
    if not (wanted := _wanted(now, mine)):
        return []
    with short_write():
        names = [name for name, _ in _due(now) if name in wanted]  # again: another worker may have been quicker
        JobRow.objects.filter(name__in=names).update(lease_until=now + LEASE, claimed_by=str(os.getpid()))
    return names


def _due(now: datetime) -> list[tuple[str, datetime]]:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rows = JobRow.objects.filter(free, due_at__lte=now, name__in=_registry)
    return list(rows.order_by("due_at").values_list("name", "due_at"))


def _wanted(now: datetime, mine: set[str]) -> set[str]:
    """What is due and has something to do, or has given no sign of life for a while."""
    due = [(name, due_at) for name, due_at in _due(now) if name in mine]
    return {name for name, due_at in due if due_at <= now - SIGN_OF_LIFE or _has_work(_registry[name])}


def _has_work(entry: Job) -> bool:
    try:
        return entry.waits is None or entry.waits()
    except Exception:
        log.exception("job %s cannot tell whether it has work", entry.name)
        return True


def _release(faults: dict[str, str]) -> None:
    now = clock.now(LIVE)
    turns = {_registry[name].every for name in faults}
    with short_write():
        for every in turns:
            names = [name for name in faults if _registry[name].every == every]
            rows = JobRow.objects.filter(name__in=names)
            rows.update(due_at=now + every, lease_until=None, claimed_by="", last_fault="")
        for name, fault in faults.items():
            if fault:
                JobRow.objects.filter(name=name).update(last_fault=fault)


def _run(entry: Job) -> str:
    try:
        entry.run()
    except Exception as error:
        log.exception("job %s failed", entry.name)
        return places((type(error), error, error.__traceback__))[:500]  # its words may quote a post
    return ""
