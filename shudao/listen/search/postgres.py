"""PostgreSQL: one row an item with its terms as a tsvector (title weighted A, text B) under a GIN index.

The planner likes to walk the key backwards and to look at every row; so the newest rows are walked on purpose, and
what is rare is taken from the index first and ordered afterwards.
"""

# ruff: noqa: S608 - names of tables are made here; values are passed apart

from collections.abc import Iterable, Sequence

from shudao.engine.sense.wanted import Every, Phrase, Some, Wish
from shudao.listen.search import Entry, Within
from shudao.listen.search.places import TABLE, move_to, place_of, rows_of, run, run_many

_TABLES = (
    TABLE,
    "CREATE TABLE IF NOT EXISTS search_words"
    " (scene TEXT NOT NULL, id BIGINT NOT NULL, month INTEGER NOT NULL, words TSVECTOR NOT NULL, PRIMARY KEY (scene, id))",
    "CREATE INDEX IF NOT EXISTS search_words_gin ON search_words USING gin (words) WITH (fastupdate = off)",
)
_NEWEST = 2_000  # rows walked before the index is asked
_GAP = 10  # places between title and text, so that no phrase stands across
_LAST = 16_383  # places a tsvector tells apart
_MOST_BYTES = 900_000  # of one tsvector's text; it holds a megabyte at most


class PostgresIndex:
    """The index in PostgreSQL."""

    def prepare(self) -> None:
        """Make its tables, if there are none."""
        if not _exists():
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
        if not _exists():
            return
        for table in ("search_words", "search_place"):
            run(f"DELETE FROM {table} WHERE scene = %s", [scene])

    def add(self, scene: str, entries: Sequence[Entry]) -> None:
        """Take entries in."""
        given = [(scene, one.key, one.month, _vector(one)) for one in entries]
        run_many("INSERT INTO search_words VALUES (%s, %s, %s, %s::tsvector)", given)

    def remove(self, scene: str, entries: Sequence[Entry]) -> None:
        """Take entries away."""
        if not _exists():
            return
        keys = [one.key for one in entries]
        run("DELETE FROM search_words WHERE scene = %s AND id = ANY(%s)", [scene, keys])

    def is_dirty(self) -> bool:
        """Dead rows are left to autovacuum, as those of the items are."""
        return False

    def tidy(self) -> bool:
        """Nothing to be done here."""
        return False

    def find(self, scene: str, wish: Wish, within: Within, start: int, most: int) -> list[int]:
        """Keys of items that hold what is wished, the last read first."""
        if not _exists():
            return []
        if start == 0 and not within.sql:
            newest = self._newest(scene, wish, most)
            if len(newest) >= most:
                return newest
        sql, values = _match(scene, wish, within, "f.id")
        return [row[0] for row in rows_of(f"{sql} ORDER BY f.id DESC LIMIT %s OFFSET %s", [*values, most, start])]

    def count(self, scene: str, wish: Wish, within: Within, most: int) -> int:
        """How many there are; no further than `most`."""
        if not _exists():
            return 0
        sql, values = _match(scene, wish, within, "1")
        return int(rows_of(f"SELECT count(*) FROM ({sql} LIMIT %s) AS found", [*values, most])[0][0])

    def _newest(self, scene: str, wish: Wish, most: int) -> list[int]:
        """Those among the last rows; nearly all of the answers that are asked for."""
        sql = (
            "SELECT id FROM (SELECT id, words FROM search_words WHERE scene = %s ORDER BY id DESC LIMIT %s) AS newest"
            " WHERE words @@ %s::tsquery LIMIT %s"
        )
        return [row[0] for row in rows_of(sql, [scene, _NEWEST, asked(wish), most])]


def _match(scene: str, wish: Wish, within: Within, what: str) -> tuple[str, list[object]]:
    sql = (
        "WITH f AS MATERIALIZED (SELECT id FROM search_words WHERE words @@ %s::tsquery AND scene = %s AND month >= %s)"
        f" SELECT {what} FROM f"
    )
    values: list[object] = [asked(wish), scene, within.since]
    if not within.sql:
        return sql, values
    return f"{sql} JOIN listen_item i ON i.id = f.id WHERE {within.sql}", [*values, *within.values]


def _vector(entry: Entry) -> str:
    """The terms with their places, as a tsvector is written."""
    title, text = entry.title.split(), entry.text.split()
    told = [*_placed(title, 1, "A"), *_placed(text, len(title) + _GAP, "B")]
    said = " ".join(told)
    while len(said.encode()) > _MOST_BYTES:
        told = told[: len(told) * 3 // 4]
        said = " ".join(told)
    return said


def _placed(terms: Iterable[str], first: int, weight: str) -> Iterable[str]:
    return (f"'{term}':{min(first + at, _LAST)}{weight}" for at, term in enumerate(terms))


def asked(wish: Wish) -> str:
    """A wish as a tsquery; terms are letters and digits only, so nothing in them needs care."""
    if isinstance(wish, Phrase):
        marks = {"title": "A", "text": "B"}.get(wish.field, "")
        last = len(wish.terms) - 1
        said = [f"'{term}'{_after(marks, is_open=wish.prefix and at == last)}" for at, term in enumerate(wish.terms)]
        return f"({' <-> '.join(said)})"
    if isinstance(wish, Some):
        return f"({' | '.join(map(asked, wish.parts))})"
    assert isinstance(wish, Every)  # noqa: S101 - there is no other kind
    parts = [*map(asked, wish.parts), *(f"!{asked(part)}" for part in wish.without)]
    return f"({' & '.join(parts)})"


def _after(marks: str, *, is_open: bool) -> str:
    return f":{'*' if is_open else ''}{marks}" if marks or is_open else ""


def _exists() -> bool:
    return bool(rows_of("SELECT to_regclass('search_words') IS NOT NULL", [])[0][0])
