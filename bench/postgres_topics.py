"""PostgreSQL as a matcher of topics: a table of tsqueries, every post held against all of them."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tests.postgres import binaries, cluster


@contextmanager
def own_cluster() -> Iterator[object]:
    """A connection to a cluster of its own; None where PostgreSQL is not installed."""
    import psycopg

    tools = binaries()
    if tools is None:
        yield None
        return
    with cluster(tools) as url, psycopg.connect(url, autocommit=True) as connection:
        yield connection


def table_of_queries(connection, queries: Sequence[str]) -> None:
    """The table, one row a topic."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE topics (id int, query tsquery)")
        cursor.executemany("INSERT INTO topics VALUES (%s, %s::tsquery)", list(enumerate(queries)))
        cursor.execute("VACUUM ANALYZE topics")


def held(connection, vectors: Sequence[str]) -> list[list[int]]:
    """For each post (a tsvector as text) the topics that hold."""
    found = []
    with connection.cursor() as cursor:
        for vector in vectors:
            cursor.execute("SELECT id FROM topics WHERE %s::tsvector @@ query ORDER BY id", [vector])
            found.append([row[0] for row in cursor.fetchall()])
    return found


def seconds(work: Callable[[], object], rounds: int = 3) -> tuple[float, str]:
    """Median of the wall clock (two processes take part) and the spread."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken), f"{min(taken):.3g}-{max(taken):.3g} s"
