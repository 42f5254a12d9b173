"""Pulling items from listening: through the engine, and what came of them into rows, in one short write a batch.

The engine's state lives in the worker's memory. After a restart it is rebuilt from the rows: the latest items are recalled
where they stand, in the order of reading, so nothing is decided twice and no alert arises again.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.utils import timezone

from shudao.base import clock
from shudao.base.cursor import read_cursor
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic as Watched
from shudao.engine.sense.senser import Senser, SenseSettings
from shudao.engine.sense.tone import Lexicon, load_lexicon
from shudao.ledger.verbs import Actor
from shudao.library import path_of
from shudao.listen.models import Item
from shudao.listen.queries import items_after
from shudao.sense.actions.alerts import raise_alert
from shudao.sense.actions.keep import CURSOR, ERASED, Batch, Raced, keep_batch, moment_of
from shudao.sense.models import Topic
from shudao.sense.queries import alerts, placed_lately, topics_in_force

BATCH = 500
RECALLED = 20_000  # items a restarted engine takes in again
FORGET_AFTER = 200_000  # posts after which the engine is rebuilt, so that a long run needs no more memory than a short
SYSTEM = "system"


@dataclass
class _Memory:
    """The engine of one scene, the place it has read to, the topics it holds posts against, the mark of retention."""

    senser: Senser
    place: int
    topics: dict[str, Topic]
    erased: int = 0


_memories: dict[str, _Memory] = {}


def pull_scene(scene: Scene) -> int:
    """Take in all that is waiting in a scene; returns the number of items."""
    total = 0
    while count := pull_items(scene):
        total += count
    return total


def pull_items(scene: Scene, limit: int = BATCH) -> int:
    """Take in the next items of a scene; returns how many, 0 when none wait (or another worker took them)."""
    place = read_cursor(scene, CURSOR)
    items = items_after(scene, place, limit)
    if not items:
        return 0
    memory = _memory(scene, place)
    try:
        _take_in(scene, memory, items)
    except BaseException as error:
        del _memories[scene.key]  # the engine is ahead of the rows: rebuild it from them
        if isinstance(error, Raced):
            return 0
        raise
    if memory.senser.posts > FORGET_AFTER:
        del _memories[scene.key]
    return len(items)


def forget_all() -> None:
    """Drop every engine in memory, as a restart does."""
    _memories.clear()


def _take_in(scene: Scene, memory: _Memory, items: list[Item]) -> None:
    senser = memory.senser
    placed = senser.feed([_post(item) for item in items])
    batch = Batch(scene, memory.place, items, placed, senser.moves(), memory.topics, senser, memory.erased)
    now = clock.now(scene)
    drafts = senser.alerts()
    if drafts:
        raise_alert(Actor(scene, SYSTEM), drafts, memory.topics, lambda: keep_batch(batch, now))
    else:
        with short_write():
            keep_batch(batch, now)
    memory.place = items[-1].pk


def _memory(scene: Scene, place: int) -> _Memory:
    """The scene's engine, at `place` and with the topics now in force."""
    memory = _memories.get(scene.key)
    topics = {row.code: row for row in topics_in_force(scene)}
    if memory is None or memory.place != place or memory.erased != read_cursor(scene, ERASED):
        memory = _memories[scene.key] = _recalled(scene, place, topics)
    if memory.topics != topics:
        memory.senser.set_topics([_watched(row) for row in topics.values()])
        memory.topics = topics
    return memory


def _recalled(scene: Scene, place: int, topics: dict[str, Topic]) -> _Memory:
    erased = read_cursor(scene, ERASED)
    local = timezone.localtime(clock.now(scene)).utcoffset() or timedelta()
    settings = SenseSettings(lexicon=_lexicon(), utc_offset=local.total_seconds())
    senser = Senser([_watched(row) for row in topics.values()], settings)
    rows = placed_lately(scene, place, RECALLED)
    senser.recall([_post(row.item) for row in rows], [str(row.story.first_item_id) for row in rows])
    for alert in alerts(scene).exclude(story=None).order_by("number"):
        senser.remember_alert(alert.topic.code, str(alert.story.first_item_id), alert.at)
    return _Memory(senser, place, topics, erased)


def _post(item: Item) -> SensePost:
    return SensePost(
        id=str(item.pk),
        at=moment_of(item),
        source=item.outlet or item.source.name,
        kind=item.kind,
        title=item.title,
        text=item.text,
    )


def _watched(row: Topic) -> Watched:
    return Watched(
        id=row.code,
        name=row.name,
        query=row.query,
        sources=tuple(row.sources),
        languages=tuple(row.languages),
        owner_post=row.owner_post,
    )


@cache
def _lexicon() -> Lexicon:
    return load_lexicon(path_of("lexicons", "tone.yaml").read_bytes(), "tone.yaml")
