"""后台作业 (jobs): a small loop over rows with lease and claim. No broker; a job is only a hint to look at rows.

Stages register their jobs in `jobs.py`; the worker process runs what is due. A job that fails is noted on its row and
tried again at its next turn; it never stops the others.
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
from shudao.base.models import JobRow
from shudao.base.scene import LIVE
from shudao.base.write import short_write

log = logging.getLogger("shudao.jobs")
LEASE = timedelta(seconds=60)
"""Jobs are harmless when repeated; a short lease lets a restarted worker go on within the minute."""


@dataclass(frozen=True)
class Job:
    """One registered job: what to run, how often."""

    name: str
    every: timedelta
    run: Callable[[], object]


_registry: dict[str, Job] = {}


def job(*, every: int) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a function without arguments to be run every so many seconds."""

    def register(run: Callable[[], object]) -> Callable[[], object]:
        name = f"{run.__module__.removeprefix('shudao.').removesuffix('.jobs')}.{run.__name__}"
        _registry[name] = Job(name, timedelta(seconds=every), run)
        return run

    return register


def registered() -> dict[str, Job]:
    """All jobs by name."""
    return dict(_registry)


def run_due() -> list[str]:
    """Run every job that is due and free, once; returns their names. What a crash cuts off is due when the lease ends."""
    faults = {name: _run(_registry[name]) for name in _claim(clock.now(LIVE))}
    if faults:
        _release(faults)
    return list(faults)


def work(stop: Callable[[], bool], *, pause: float = 0.5) -> None:
    """The worker's loop, until `stop()` says so."""
    while not stop():
        close_old_connections()
        if not run_due():
            time.sleep(pause)


def _claim(now: datetime) -> list[str]:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    with short_write():
        known = set(JobRow.objects.values_list("name", flat=True))
        if fresh := [JobRow(name=name, due_at=now) for name in _registry if name not in known]:
            JobRow.objects.bulk_create(fresh)
        due = JobRow.objects.filter(free, due_at__lte=now, name__in=_registry)
        names = list(due.order_by("due_at").values_list("name", flat=True))
        if names:
            JobRow.objects.filter(name__in=names).update(lease_until=now + LEASE, claimed_by=str(os.getpid()))
    return names


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
        return f"{type(error).__name__}: {error}"[:500]
    return ""
