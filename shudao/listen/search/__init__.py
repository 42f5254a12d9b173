"""检索索引 (search index): which items hold which terms. Derived from the items, kept in their database, rebuilt from them.

Two ways of keeping it behind one interface: `lite.py` (SQLite FTS5, a table a month) and `postgres.py` (tsvector, GIN).
The tables are no models: a backup leaves them out, and a site restored fills them anew.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from django.db import connection

from shudao.engine.sense.wanted import Wish
from shudao.engine.text import normalise, terms

VERSION = f"{normalise.VERSION}+{terms.VERSION}"
"""An index of another version is made anew."""


class Entry(NamedTuple):
    """索引条 (entry): an item's terms; `month` (202607) is that of its reading."""

    key: int
    month: int
    title: str
    text: str


class Within(NamedTuple):
    """范围 (within): further conditions on the item, as SQL over `i` (the table of items), and the earliest month."""

    sql: str = ""
    values: tuple[object, ...] = ()
    since: int = 0


class SearchIndex(Protocol):
    """检索索引 (search index). All that writes is called inside a transaction."""

    def prepare(self) -> None:
        """Make its tables, if there are none."""

    def place(self, scene: str) -> int:
        """Key of the last item taken in; 0 when there is no index of that scene, or one of another kind."""

    def move(self, scene: str, place: int) -> None:
        """Remember the place."""

    def forget(self, scene: str) -> None:
        """Drop all that is held of a scene."""

    def add(self, scene: str, entries: Sequence[Entry]) -> None:
        """Take entries in."""

    def remove(self, scene: str, entries: Sequence[Entry]) -> None:
        """Take entries away; each as it was added."""

    def is_dirty(self) -> bool:
        """Whether something is to be cleaned or merged."""

    def tidy(self) -> bool:
        """Do a part of it; False when there is none left."""

    def find(self, scene: str, wish: Wish, within: Within, start: int, most: int) -> list[int]:
        """Keys of items that hold what is wished, the last read first."""

    def count(self, scene: str, wish: Wish, within: Within, most: int) -> int:
        """How many there are; no further than `most`."""


def the_index() -> SearchIndex:
    """The index of this site's database."""
    if connection.vendor == "postgresql":
        from shudao.listen.search.postgres import PostgresIndex  # noqa: PLC0415 - only one of the two is needed

        return PostgresIndex()
    from shudao.listen.search.lite import LiteIndex  # noqa: PLC0415 - the same

    return LiteIndex()
