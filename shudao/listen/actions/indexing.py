"""Keeping the search index: items are taken in by a cursor, taken away when their words go, told anew when they change.

The index moves in the transaction that writes it; whoever was killed in between goes on where it stands. An index that
does not stand where the cursor says (a site restored from a backup, another version) is made anew.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from shudao.base.cursor import move_cursor, read_cursor
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.engine.text.normalise import fold
from shudao.engine.text.terms import TermsOnce
from shudao.listen.models import Item
from shudao.listen.search import Entry, the_index

CURSOR = "search"
BATCH = 1_000
_once = TermsOnce()


def index_items(scene: Scene, limit: int = BATCH) -> int:
    """Take the next items of a scene into the index; returns how many, 0 when none wait."""
    rows = _waiting(scene, read_cursor(scene, CURSOR), limit)
    entries = [_entry(row) for row in rows if row.erased_at is None]
    with short_write():
        index, place = the_index(), read_cursor(scene, CURSOR)
        index.prepare()
        if index.place(scene.key) != place:
            index.forget(scene.key)
            index.move(scene.key, 0)
            move_cursor(scene, CURSOR, 0)
            return 1  # from the beginning, at the next call
        if not rows or rows[0].pk <= place:
            return 0  # another worker was quicker
        index.add(scene.key, entries)
        index.move(scene.key, rows[-1].pk)
        move_cursor(scene, CURSOR, rows[-1].pk)
    return len(rows)


def index_scene(scene: Scene) -> int:
    """Take in all that waits; returns the number of items."""
    total = 0
    while count := index_items(scene):
        total += count
    return total


def unindex_items(keys: Iterable[int]) -> None:
    """Take items out of the index, inside an act, before their words go."""
    for scene, rows in _indexed(keys):
        the_index().remove(scene.key, [_entry(row) for row in rows])


@contextmanager
def reindexed(items: Iterable[Item]) -> Iterator[None]:
    """Inside it the words of items are changed, inside an act: the index then holds the new ones."""
    keys = [item.pk for item in items]
    unindex_items(keys)
    yield
    for scene, rows in _indexed(keys):
        the_index().add(scene.key, [_entry(row) for row in rows])


def tidy_index() -> bool:
    """Do a part of the merging that follows on erasures and the ends of months; False when none is left."""
    with short_write():
        return the_index().tidy()


def _waiting(scene: Scene, place: int, limit: int) -> list[Item]:
    return list(Item.objects.in_scene(scene).after(place).only("title", "text", "read_at", "erased_at")[:limit])


def _indexed(keys: Iterable[int]) -> Iterator[tuple[Scene, list[Item]]]:
    """The items among these that the index holds, scene by scene."""
    rows = Item.objects.filter(pk__in=list(keys), erased_at=None).only("scene", "title", "text", "read_at", "erased_at")
    by_scene: dict[str, list[Item]] = {}
    for row in rows:
        by_scene.setdefault(row.scene, []).append(row)
    for key, some in by_scene.items():
        place = the_index().place(key)
        if held := [row for row in some if row.pk <= place]:
            yield Scene(key), held


def _entry(row: Item) -> Entry:
    month = row.read_at.year * 100 + row.read_at.month
    return Entry(row.pk, month, _once.of(fold(row.title)), _once.of(fold(row.text)))
