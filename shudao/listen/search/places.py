"""How far the index of each scene reaches: a row a scene, beside the terms; the same on both databases."""

from collections.abc import Sequence

from django.db import connection

from shudao.listen.search import VERSION

TABLE = "CREATE TABLE IF NOT EXISTS search_place (scene TEXT PRIMARY KEY, place BIGINT NOT NULL, version TEXT NOT NULL)"


def place_of(scene: str) -> int:
    """Key of the last item taken in; 0 before the first, and for an index of another version."""
    found = rows_of("SELECT place FROM search_place WHERE scene = %s AND version = %s", [scene, VERSION])
    return int(found[0][0]) if found else 0


def move_to(scene: str, place: int) -> None:
    """Remember the place."""
    run(
        "INSERT INTO search_place VALUES (%s, %s, %s)"
        " ON CONFLICT (scene) DO UPDATE SET place = excluded.place, version = excluded.version",
        [scene, place, VERSION],
    )


def rows_of(sql: str, values: Sequence[object]) -> list[tuple]:
    """All rows of a question."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def run(sql: str, values: Sequence[object] = ()) -> None:
    """A statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def run_many(sql: str, given: Sequence[Sequence[object]]) -> None:
    """The same statement for each."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, given)
