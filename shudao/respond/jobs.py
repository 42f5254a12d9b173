"""Watching deadlines."""

import os

from shudao.base import clock
from shudao.base.jobs import job
from shudao.base.scene import Scene
from shudao.respond.actions.deadline import fire_due
from shudao.respond.models import Deadline


@job(every=1)
def fire_deadlines() -> None:
    """Tell the runs of every scene what has come due."""
    open_scenes = Deadline.objects.filter(done_at=None).values_list("scene", flat=True).distinct()
    for key in list(open_scenes):
        scene = Scene(key)
        fire_due(scene, clock.now(scene), holder=str(os.getpid()))
