"""Taking in what was heard."""

from shudao.base.jobs import job
from shudao.sense.actions import pull_scene
from shudao.sense.queries import scenes_heard


@job(every=3)
def sense_items() -> None:
    """Pull what waits in every scene."""
    for scene in scenes_heard():
        pull_scene(scene)
