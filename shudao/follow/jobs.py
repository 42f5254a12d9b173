"""What following does by itself: a pass of each watch, and the end of those whose time is over."""

from shudao.base import clock
from shudao.base.jobs import job
from shudao.base.scene import LIVE
from shudao.follow.actions import end_watch, follow_up, index_archive, remind_of_care
from shudao.follow.actions.care import to_remind
from shudao.follow.queries import open_watches
from shudao.ledger.verbs import Actor


@job(every=60)
def keep_watch() -> None:
    """Look at what each watch has not seen yet; a watch past its day is ended after a last look."""
    for watch in open_watches():
        scene = watch.incident.scene_value
        actor = Actor(scene, "system")
        follow_up(actor, watch)
        if watch.until <= clock.now(scene):
            end_watch(actor, watch)


@job(every=30)
def keep_archive_words() -> None:
    """Make closed incidents findable by their words."""
    index_archive()


@job(every=3600)
def remind_care() -> None:
    """Remind the posts of care before a referral nobody has seen is deleted."""
    if to_remind(clock.now(LIVE)):
        remind_of_care(Actor(LIVE, "system"))
