"""Watching deadlines, and what must be told by itself."""

import os

from shudao.base import clock
from shudao.base.deadlines import due_scenes
from shudao.base.jobs import job
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.respond.actions import fire_due, tell_demand_late, tell_task_late
from shudao.respond.models import Deadline
from shudao.respond.queries import late_demands, late_tasks


def something_is_due() -> bool:
    """Whether a deadline of any scene has come by that scene's clock."""
    return bool(due_scenes(Deadline))


@job(every=1, waits=something_is_due)
def fire_deadlines() -> None:
    """Tell the runs of every scene what has come due."""
    for scene in due_scenes(Deadline):
        fire_due(scene, clock.now(scene), holder=str(os.getpid()))


@job(every=30)
def tell_late() -> None:
    """Tell whose demand or task outside any incident is late; each is told once."""
    now = clock.now(LIVE)
    for tell, rows in ((tell_demand_late, late_demands(now)), (tell_task_late, late_tasks(now))):
        for row in rows:
            try:
                tell(Actor(row.scene_value, "system"), row)
            except Refused:  # answered or moved between the look and the act
                continue
