"""SQLite: FTS5 tables without content, one a scene and month, so that a month that has gone is dropped as a whole.

Such a table forgets a row when it is told again what it was told; what was forgotten leaves the file when the parts of
the index are merged, which `tidy` does a few pages at a time. A month that is over is merged as well: it answers quicker.
"""

# ruff: noqa: S608 - names of tables are made here; values are passed apart

from collections.abc import Iterator, Sequence
from itertools import groupby

from shudao.engine.sense.wanted import Every, Phrase, Some, Wish
from shudao.listen.search import Entry, Within
from shudao.listen.search.places import TABLE, move_to, place_of, rows_of, run, run_many

_PAGES = 400  # merged at a time

_TABLES = (
    TABLE,
    "CREATE TABLE IF NOT EXISTS search_month (id INTEGER PRIMARY KEY, scene TEXT NOT NULL, month INTEGER NOT NULL,"
    " posts INTEGER NOT NULL, is_dirty INTEGER NOT NULL DEFAULT 0, UNIQUE (scene, month))",
)


class LiteIndex:
    """The index in SQLite."""

    def prepare(self) -> None:
        """Make its tables, if there are none."""
        for table in _TABLES:
            run(table)

    def place(self, scene: str) -> int:
        """Key of the last item taken in."""
        return place_of(scene) if _exists() else 0

    def move(self, scene: str, place: int) -> None:
        """Remember the place."""
        move_to(scene, place)

    def forget(self, scene: str) -> None:
        """Drop all that is held of a scene."""
        for ident, _month in self._months(scene, 0):
            self._drop(ident)
        run("DELETE FROM search_place WHERE scene = %s", [scene])

    def add(self, scene: str, entries: Sequence[Entry]) -> None:
        """Take entries in."""
        for ident, some in self._by_month(scene, entries, make=True):
            rows = [(one.key, one.title, one.text) for one in some]
            run_many(f"INSERT INTO search_words_{ident} (rowid, title, text) VALUES (%s, %s, %s)", rows)
            run("UPDATE search_month SET posts = posts + %s WHERE id = %s", [len(rows), ident])

    def remove(self, scene: str, entries: Sequence[Entry]) -> None:
        """Take entries away; a month of which nothing is left goes as a whole."""
        for ident, some in self._by_month(scene, entries, make=False):
            left = rows_of("SELECT posts FROM search_month WHERE id = %s", [ident])[0][0] - len(some)
            if left <= 0:
                self._drop(ident)
                continue
            table = f"search_words_{ident}"
            rows = [(one.key, one.title, one.text) for one in some]
            run_many(f"INSERT INTO {table} ({table}, rowid, title, text) VALUES ('delete', %s, %s, %s)", rows)
            run("UPDATE search_month SET posts = %s, is_dirty = 1 WHERE id = %s", [left, ident])

    def is_dirty(self) -> bool:
        """Whether a month is over, or something was taken from it, since it was merged."""
        return _exists() and bool(rows_of("SELECT 1 FROM search_month WHERE is_dirty > 0 LIMIT 1", []))

    def tidy(self) -> bool:
        """Merge a part of such a month; False when there is none."""
        if not self.is_dirty():
            return False
        dirty = rows_of("SELECT id, is_dirty FROM search_month WHERE is_dirty > 0 ORDER BY id LIMIT 1", [])
        ident, turn = dirty[0]
        table = f"search_words_{ident}"
        before = rows_of("SELECT total_changes()", [])[0][0]
        run(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [-_PAGES if turn == 1 else _PAGES])
        is_done = rows_of("SELECT total_changes()", [])[0][0] - before < 2
        run("UPDATE search_month SET is_dirty = %s WHERE id = %s", [0 if is_done else 2, ident])
        return True

    def find(self, scene: str, wish: Wish, within: Within, start: int, most: int) -> list[int]:
        """Keys of items that hold what is wished, the last read first."""
        found: list[int] = []
        for ident, _month in self._months(scene, within.since):
            sql, values = _match(ident, wish, within, "f.rowid")
            rows = rows_of(f"{sql} ORDER BY f.rowid DESC LIMIT %s", [*values, start + most - len(found)])
            found += [row[0] for row in rows]
            if len(found) >= start + most:
                break
        return found[start:]

    def count(self, scene: str, wish: Wish, within: Within, most: int) -> int:
        """How many there are; no further than `most`."""
        total = 0
        for ident, _month in self._months(scene, within.since):
            sql, values = _match(ident, wish, within, "1")
            total += rows_of(f"SELECT count(*) FROM ({sql} LIMIT %s)", [*values, most - total])[0][0]
            if total >= most:
                break
        return total

    def _months(self, scene: str, since: int) -> list[tuple[int, int]]:
        """Tables and months of a scene, the latest first."""
        if not _exists():
            return []
        sql = "SELECT id, month FROM search_month WHERE scene = %s AND month >= %s ORDER BY month DESC"
        return [(row[0], row[1]) for row in rows_of(sql, [scene, since])]

    def _by_month(self, scene: str, entries: Sequence[Entry], *, make: bool) -> Iterator[tuple[int, list[Entry]]]:
        known = {month: ident for ident, month in self._months(scene, 0)}
        for month, some in groupby(sorted(entries, key=lambda one: (one.month, one.key)), key=lambda one: one.month):
            if month not in known and make:
                known[month] = self._make(scene, month)
            if month in known:
                yield known[month], list(some)

    def _make(self, scene: str, month: int) -> int:
        """The table of a new month; those before it are merged for good, so that asking them stays quick."""
        run("UPDATE search_month SET is_dirty = 1 WHERE scene = %s AND is_dirty = 0", [scene])
        run("INSERT INTO search_month (scene, month, posts) VALUES (%s, %s, 0)", [scene, month])
        rows = rows_of("SELECT id FROM search_month WHERE scene = %s AND month = %s", [scene, month])
        ident = int(rows[0][0])
        run(f"CREATE VIRTUAL TABLE search_words_{ident} USING fts5 (title, text, content='', tokenize='ascii')")
        return ident

    def _drop(self, ident: int) -> None:
        run(f"DROP TABLE search_words_{ident}")
        run("DELETE FROM search_month WHERE id = %s", [ident])


def _match(ident: int, wish: Wish, within: Within, what: str) -> tuple[str, list[object]]:
    table = f"search_words_{ident}"
    sql = f"SELECT {what} FROM {table} f"
    if within.sql:
        sql += " CROSS JOIN listen_item i ON i.id = f.rowid"  # CROSS: the words first, then the items
    sql += f" WHERE f.{table} MATCH %s"
    values: list[object] = [asked(wish)]
    if within.sql:
        sql, values = f"{sql} AND {within.sql}", [*values, *within.values]
    return sql, values


def asked(wish: Wish) -> str:
    """A wish as FTS5 reads it; terms are letters and digits only, so nothing in them needs care."""
    if isinstance(wish, Phrase):
        field = f"{wish.field} : " if wish.field else ""
        return f'{field}"{" ".join(wish.terms)}"{" *" if wish.prefix else ""}'
    if isinstance(wish, Some):
        return f"({' OR '.join(map(asked, wish.parts))})"
    assert isinstance(wish, Every)  # noqa: S101 - there is no other kind
    every = f"({' AND '.join(map(asked, wish.parts))})"
    return f"({every} NOT ({' OR '.join(map(asked, wish.without))}))" if wish.without else every


def _exists() -> bool:
    return bool(rows_of("SELECT 1 FROM sqlite_master WHERE name = 'search_month'", []))
