"""Pulling items from listening: through the engine, and what came of them into rows, in one short write a batch.

The engine's state lives in the worker's memory. It is kept as a file now and then (`state.py`), and whenever what it decides
by has changed; a restarted worker takes the file, reads again what came after it, and stands exactly where it stood. Without
a file that fits, the latest items are recalled where they stand, so nothing is decided twice and no alert arises again.
"""

from dataclasses import dataclass

from shudao.base import clock
from shudao.base.cursor import read_cursor
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.engine.sense.senser import Senser
from shudao.ledger.verbs import Actor
from shudao.listen.models import Item
from shudao.listen.queries import items_after
from shudao.sense.actions.alerts import raise_alert
from shudao.sense.actions.feeding import fresh_senser, post_of, watched
from shudao.sense.actions.holds import follow_holds, held_in, replay_holds
from shudao.sense.actions.keep import CURSOR, ERASED, Batch, Raced, keep_batch
from shudao.sense.actions.state import discard, is_due, thawed, write_state
from shudao.sense.actions.tone import model_of
from shudao.sense.actions.trials import encoder_in_force
from shudao.sense.models import EngineState, Topic
from shudao.sense.queries import alerts, holds_waiting, latest_taught, placed_lately, topics_in_force, vectors_in_force

BATCH = 500
RECALLED = 20_000  # items a restarted engine takes in again
FORGET_AFTER = 200_000  # posts after which the engine is rebuilt, so that a long run needs no more memory than a short
SYSTEM = "system"


@dataclass
class _Memory:
    """The engine of one scene, the place it has read to, the topics it holds posts against, the mark of retention, and how
    many posts it had read when it was last kept."""

    senser: Senser
    place: int
    topics: dict[str, Topic]
    erased: int = 0
    saved: int = 0
    tone: int = 0
    """Number of the tone model it reads by, 0 for the lexicon alone."""
    with_vectors: bool = False
    is_changed: bool = False
    """Whether it decides by something else than the kept file says."""


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
    words = holds_waiting(scene).exists()
    if not words and not Item.objects.in_scene(scene).after(place).exists():
        return 0
    memory = _memory(scene, place)
    try:
        if words:
            memory = _follow(scene, memory)
        items = items_after(scene, place, min(limit, FORGET_AFTER - memory.senser.posts))
        if items:
            _take_in(scene, memory, items)
    except BaseException as error:
        del _memories[scene.key]  # the engine is ahead of the rows: rebuild it from them
        if isinstance(error, Raced):
            return 0
        raise
    return len(items)


def forget_all() -> None:
    """Drop every engine in memory, as a restart does."""
    _memories.clear()


def _follow(scene: Scene, memory: _Memory) -> _Memory:
    """The engine after it followed what persons said of stories; one built from the rows where it did not know of them."""
    if follow_holds(scene, memory.place, memory.senser):
        memory.is_changed = True
        return memory
    _memories[scene.key] = _recalled(scene, memory.place, memory.topics)
    return _follow(scene, _memories[scene.key])


def _take_in(scene: Scene, memory: _Memory, items: list[Item]) -> None:
    senser = memory.senser
    placed = senser.feed([post_of(item) for item in items])
    moves, drafts = senser.moves(), senser.alerts()
    state = _state(scene, memory, items[-1].pk)
    batch = Batch(scene, memory.place, items, placed, moves, memory.topics, senser, memory.erased, state)
    now = clock.now(scene)
    try:
        if drafts:
            raise_alert(Actor(scene, SYSTEM), drafts, memory.topics, lambda: keep_batch(batch, now))
        else:
            with short_write():
                keep_batch(batch, now)
    except BaseException:
        discard(state)
        raise
    memory.place = items[-1].pk
    if state is not None:
        memory.saved, memory.is_changed = senser.posts, False


def _state(scene: Scene, memory: _Memory, place: int) -> EngineState | None:
    """The engine as it stands, when its time has come to be kept."""
    if not memory.is_changed and not is_due(memory.senser.posts, memory.saved):
        return None
    return write_state(scene, memory.senser, place, memory.erased, [row.pk for row in memory.topics.values()])


def _memory(scene: Scene, place: int) -> _Memory:
    """The scene's engine, at `place` and with the topics now in force."""
    memory = _memories.get(scene.key)
    topics = {row.code: row for row in topics_in_force(scene)}
    if memory is None or memory.place != place or memory.erased != read_cursor(scene, ERASED):
        memory = _resumed(scene, place) or _recalled(scene, place, topics)
    if memory.senser.posts >= FORGET_AFTER or memory.with_vectors != vectors_in_force():
        memory = _recalled(scene, place, topics)
    _memories[scene.key] = memory
    if memory.topics != topics:
        memory.senser.set_topics([watched(row) for row in topics.values()])
        memory.topics, memory.is_changed = topics, True
    _read_tone(memory)
    return memory


def _read_tone(memory: _Memory) -> None:
    """Posts are read by what the site taught last, where that is better than the lexicon."""
    taught = latest_taught()
    number = taught.number if taught and taught.in_use else 0
    if memory.tone != number:
        memory.senser.set_tone(model_of(taught) if taught and number else None)
        memory.tone, memory.is_changed = number, True


def _resumed(scene: Scene, place: int) -> _Memory | None:
    """The engine from its kept state, with what came after that read again; None when there is no state that fits."""
    erased, senser = read_cursor(scene, ERASED), fresh_senser(scene, (), encoder_in_force())
    tone = _Memory(senser, place, {})
    _read_tone(tone)
    state = thawed(scene, place, erased, senser)
    if state is None:
        return None
    topics = {row.code: row for row in Topic.objects.filter(pk__in=state.topics).order_by("code")}
    senser.set_topics([watched(row) for row in topics.values()])
    memory = _Memory(senser, place, topics, erased, senser.posts, tone.tone, vectors_in_force())
    try:
        replay_holds(scene, senser, (state.place, place), lambda after, upto: _feed(scene, senser, after, upto))
    except ValueError:
        return None
    senser.moves()
    senser.alerts()
    return memory


def _feed(scene: Scene, senser: Senser, after: int, upto: int) -> None:
    """Read items again, as they were placed then; the rows hold where."""
    while items := [item for item in items_after(scene, after, BATCH) if item.pk <= upto]:
        senser.feed([post_of(item) for item in items])
        after = items[-1].pk


def _recalled(scene: Scene, place: int, topics: dict[str, Topic]) -> _Memory:
    """The engine from the rows: the latest items where they stand, and what was told."""
    senser = fresh_senser(scene, topics.values(), encoder_in_force())
    rows = placed_lately(scene, place, RECALLED)
    senser.recall([post_of(row.item) for row in rows], [str(row.story.first_item_id) for row in rows], held_in(scene))
    for alert in alerts(scene).exclude(story=None).order_by("number"):
        senser.remember_alert(alert.topic.code, str(alert.story.first_item_id), alert.at)
    erased, with_vectors = read_cursor(scene, ERASED), vectors_in_force()
    return _Memory(senser, place, topics, erased, senser.posts, with_vectors=with_vectors, is_changed=True)
