"""Handing messages on."""

import os

from shudao.base import clock
from shudao.base.jobs import job
from shudao.base.scene import Scene
from shudao.notify.actions import deliver_due
from shudao.notify.models import Message


@job(every=2)
def deliver_messages() -> None:
    """Deliver what is due in every scene."""
    open_scenes = Message.objects.filter(done_at=None).values_list("scene", flat=True).distinct()
    for key in list(open_scenes):
        scene = Scene(key)
        deliver_due(scene, clock.now(scene), holder=str(os.getpid()))
