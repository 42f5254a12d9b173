"""Taking in what was heard."""

from shudao.base.cursor import read_cursor
from shudao.base.jobs import job
from shudao.listen.models import Item
from shudao.sense.actions import pull_scene
from shudao.sense.actions.keep import CURSOR
from shudao.sense.queries import scenes_heard


def something_waits() -> bool:
    """Whether any scene holds an item that was not sensed yet."""
    return any(Item.objects.in_scene(scene).after(read_cursor(scene, CURSOR)).exists() for scene in scenes_heard())


@job(every=3, waits=something_waits)
def sense_items() -> None:
    """Pull what waits in every scene."""
    for scene in scenes_heard():
        pull_scene(scene)
