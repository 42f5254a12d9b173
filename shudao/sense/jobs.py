"""Taking in what was heard."""

from shudao.base import clock
from shudao.base.cursor import read_cursor
from shudao.base.jobs import job
from shudao.base.scene import LIVE
from shudao.listen.models import Item
from shudao.listen.queries import scenes_heard
from shudao.sense.actions import enough_to_learn, learn_from_corrections, pull_items, run_trial, warn_due
from shudao.sense.actions.keep import CURSOR
from shudao.sense.departments import anything_due
from shudao.sense.models import StoryHold
from shudao.sense.queries import trial_under_way


def something_waits() -> bool:
    """Whether any scene holds an item that was not sensed yet, or a person's word on stories waits."""
    return StoryHold.objects.filter(done_at=None).exists() or any(
        Item.objects.in_scene(scene).after(read_cursor(scene, CURSOR)).exists() for scene in scenes_heard()
    )


AT_ONCE = 2  # batches of a scene in one turn: behind a large import, deadlines and messages still have their turns


@job(every=2, waits=something_waits)
def sense_items() -> None:
    """Pull what waits in every scene, a few batches at a time."""
    for scene in scenes_heard():
        for _ in range(AT_ONCE):
            if not pull_items(scene):
                break


def departments_wait() -> bool:
    """A department's rule is reached, or an answer of one is late."""
    return anything_due(clock.now(LIVE))


@job(every=30, waits=departments_wait)
def warn_departments() -> None:
    """Tell departments what their rules ask for, and whose answer is late."""
    warn_due(clock.now(LIVE))


@job(every=300, waits=enough_to_learn)
def learn_tone() -> None:
    """Learn tone again from what was corrected since the last time."""
    learn_from_corrections()


def trial_waits() -> bool:
    """Somebody asked for a trial that is not done."""
    return trial_under_way(LIVE) is not None


@job(every=2, waits=trial_waits, apart=True)
def try_again() -> None:
    """Go on with the trial that was asked for, beside the watch."""
    run_trial(LIVE)
