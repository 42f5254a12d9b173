"""Search index: a million posts in SQLite beside PostgreSQL and a plain LIKE; what of two characters is found.

Recall is held against plain substrings, beside an index of the words a segmenter cuts (`cut_for_search`): the same
text, the same questions. Latencies are wall clock, the first page of twenty and its count, while another process adds
posts as fast as it can.
"""

import multiprocessing
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.figure import Figure
from bench.shared import shared
from bench.topics import TITLES, posts_of

POSTS = int(os.environ.get("SEARCH_POSTS", "1000000"))
SERVED = POSTS // 10
CHUNK = 2_000
MONTH_OF = 100_000  # posts of one month
QUESTIONS, JUDGED = 300, 20_000
SCENE = "live"


def run() -> Iterator[Figure]:
    """Fill, ask while filling, judge, then the same in PostgreSQL."""
    path = shared("data", TITLES)
    if path is None:
        print("  the public data are not beside this checkout; nothing measured")
        return
    folder = Path(tempfile.mkdtemp(prefix="shudao-search-"))
    try:
        _use_sqlite(folder)
        texts = posts_of(path, POSTS // 4, seed=3)  # each stands four times, as copies do
        yield from _lite(folder, texts)
        yield from _recall(texts[:JUDGED])
        yield from _postgres(texts)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _use_sqlite(folder: Path) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="shudao.project.settings",
        SHUDAO_SECRET="bench",
        SHUDAO_DATA=str(folder),
        DATABASE_URL=f"sqlite:///{folder / 'search.sqlite3'}",
    )
    import django

    django.setup()


def _entries(texts: Sequence[str], start: int, count: int, cut: Callable[[str], str]) -> list:
    from shudao.engine.text.normalise import fold
    from shudao.listen.search import Entry

    return [
        Entry(number, 202601 + number // MONTH_OF, "", cut(fold(texts[number * 7919 % len(texts)])))
        for number in range(start, start + count)
    ]


def _fill(index: object, texts: Sequence[str], start: int, count: int, cut: Callable[[str], str]) -> float:
    """Seconds of CPU it took, cutting included."""
    from shudao.base.write import short_write

    begun = time.process_time()
    for first in range(start, start + count, CHUNK):
        entries = _entries(texts, first, min(CHUNK, start + count - first), cut)
        with short_write():
            index.add(SCENE, entries)
    return time.process_time() - begun


def _tidied(index: object) -> float:
    """Seconds of CPU for putting past months in order, as the worker does."""
    from shudao.base.write import short_write

    begun, is_left = time.process_time(), True
    while is_left:
        with short_write():
            is_left = index.tidy()
    return time.process_time() - begun


def _lite(folder: Path, texts: Sequence[str]) -> Iterator[Figure]:
    from django.db import connection

    from shudao.base.write import short_write
    from shudao.engine.text.terms import TermsOnce
    from shudao.listen.search import the_index

    index, cut = the_index(), TermsOnce()
    with short_write():
        index.prepare()
    spent = _fill(index, texts, 1, POSTS, cut.of) + _tidied(index)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = sum(file.stat().st_size for file in folder.glob("*.sqlite3*"))
    data = f"{POSTS:,} posts of {statistics.mean(map(len, texts)):.0f} characters, {POSTS // MONTH_OF} months"
    yield Figure(name="SQLite, posts taken in", value=POSTS / spent, unit="posts/CPU s", data=data)
    yield Figure(name="SQLite, size of the index", value=size / POSTS, unit="bytes/post", data=data)
    wishes = _wishes(texts)
    with _writing(texts):
        pages, counts = _asked(index, wishes)
    plain = _like(texts)
    yield from _latencies("SQLite, taking in", pages, counts, data, plain)
    connection.close()


def _wishes(texts: Sequence[str]) -> list:
    """Two characters, three, four, two words together, as they stand somewhere in the posts."""
    from shudao.engine.sense.query import parse
    from shudao.engine.sense.wanted import wanted
    from shudao.engine.text.segment import words

    chance = random.Random(11)
    found = []
    while len(found) < QUESTIONS:
        known = [w for w in words(chance.choice(texts)) if 2 <= len(w) <= 4 and all("一" <= c <= "鿿" for c in w)]
        if len(known) > 1:
            found.append(wanted(parse(" ".join(chance.sample(known, 1 + len(found) % 2)))).wish)
    return found


class Taken(NamedTuple):
    """Milliseconds of one question: wall clock and processor."""

    wall: float
    cpu: float


def _taken(work: Callable[[], object]) -> Taken:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Taken((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)


def _asked(index: object, wishes: Sequence) -> tuple[list[Taken], list[Taken]]:
    """The first pages and the counts; every other question is of two words."""
    from shudao.listen.search import Within

    pages = [_taken(lambda wish=wish: index.find(SCENE, wish, Within(), 0, 20)) for wish in wishes]
    return pages, [_taken(lambda wish=wish: index.count(SCENE, wish, Within(), 10_000)) for wish in wishes]


def _latencies(
    name: str, pages: Sequence[Taken], counts: Sequence[Taken], data: str, plain: float = 0
) -> Iterator[Figure]:
    for what, some in (("one word", slice(0, None, 2)), ("two words", slice(1, None, 2))):
        yield _latency(f"{name}, first page of {what}, p95", pages[some], data, plain)
        yield _latency(f"{name}, count of {what}, p95", counts[some], data)


def _latency(name: str, taken: Sequence[Taken], data: str, plain: float = 0) -> Figure:
    walls, cpus = sorted(one.wall for one in taken), sorted(one.cpu for one in taken)
    p95 = int(len(walls) * 0.95)
    return Figure(
        name=name, value=walls[p95], unit="ms", data=data,
        peer="LIKE over all rows" if plain else "", peer_value=plain or None, ratio=plain / walls[p95] if plain else None,
        note=f"{len(walls)} questions, median {statistics.median(walls):.2f}, processor p95 {cpus[p95]:.2f}",
    )  # fmt: skip


class _writing:  # noqa: N801 - reads as what goes on meanwhile
    """Another process takes posts in, a batch a transaction, without a pause."""

    def __init__(self, texts: Sequence[str]) -> None:
        context = multiprocessing.get_context("spawn")
        self.stop = context.Event()
        self.began = context.Event()
        self.child = context.Process(target=_write, args=(list(texts[:50_000]), self.began, self.stop))

    def __enter__(self) -> None:
        self.child.start()
        self.began.wait(60)

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.child.join(60)


def _write(texts: Sequence[str], began: object, stop: object) -> None:
    import django

    django.setup()
    from shudao.engine.text.terms import TermsOnce
    from shudao.listen.search import the_index

    index, cut, start = the_index(), TermsOnce(), POSTS + 1
    while not stop.is_set():
        _fill(index, texts, start, 500, cut.of)
        start += 500
        began.set()


def _like(texts: Sequence[str]) -> float:
    """Milliseconds of a plain LIKE over as many rows, the newest twenty: the median of five words."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT)")
        cursor.execute("BEGIN")
        cursor.executemany(
            "INSERT INTO plain VALUES (%s, %s)", [(n, texts[n * 7919 % len(texts)]) for n in range(1, POSTS + 1)]
        )
        cursor.execute("COMMIT")
        taken = []
        for word in ("变压器", "停水", "工资条", "台风天", "校车"):
            begun = time.perf_counter()
            cursor.execute("SELECT id FROM plain WHERE text LIKE %s ORDER BY id DESC LIMIT 20", [f"%{word}%"])
            cursor.fetchall()
            taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def _recall(texts: Sequence[str]) -> Iterator[Figure]:
    """Of the posts that hold two characters as they stand, the share found; ours and an index of segmented words."""
    from shudao.engine.sense.query import parse
    from shudao.engine.sense.wanted import wanted
    from shudao.engine.text.normalise import fold
    from shudao.engine.text.segment import words
    from shudao.engine.text.terms import terms

    folded = [fold(text) for text in texts]
    pairs, cut = [set(terms(text)) for text in folded], [set(words(text)) for text in folded]
    chance = random.Random(12)
    stock = sorted({word for found in cut for word in found if len(word) == 2 and all("一" <= c <= "鿿" for c in word)})
    hits = ours = theirs = extra = 0
    for word in chance.sample(stock, QUESTIONS):
        asked = wanted(parse(f'"{word}"')).wish.terms[0]
        for text, mine, other in zip(folded, pairs, cut, strict=True):
            holds = word in text
            hits += holds
            ours += holds and asked in mine
            extra += not holds and asked in mine
            theirs += holds and word in other
    data = f"{QUESTIONS} words of two characters, {len(texts):,} posts, {hits:,} hits"
    yield Figure(
        name="recall of two characters against substrings", value=ours / hits, unit="", data=data,
        peer="words by cut_for_search", peer_value=theirs / hits, note=f"precision {ours / (ours + extra):.3f}",
    )  # fmt: skip


def _postgres(texts: Sequence[str]) -> Iterator[Figure]:
    """The same index in PostgreSQL, a tenth of the posts, at rest."""
    from tests.postgres import binaries, cluster

    tools = binaries()
    if tools is None:
        print("  PostgreSQL is not installed; left out")
        return
    with cluster(tools) as url:
        results = multiprocessing.get_context("spawn").Manager().list()
        child = multiprocessing.get_context("spawn").Process(target=_served, args=(url, list(texts), results))
        child.start()
        child.join()
        seconds, size, pages, counts = results
    data = f"{SERVED:,} posts"
    yield Figure(
        name="PostgreSQL, posts taken in", value=SERVED / seconds, unit="posts/s", data=data, note="wall clock"
    )
    yield Figure(name="PostgreSQL, size of the index", value=size / SERVED, unit="bytes/post", data=data)
    yield from _latencies("PostgreSQL", pages, counts, data)


def _served(url: str, texts: Sequence[str], results: list) -> None:
    os.environ["DATABASE_URL"] = url
    import django

    django.setup()
    from django.db import connection

    from shudao.base.write import short_write
    from shudao.engine.text.terms import TermsOnce
    from shudao.listen.search import the_index

    index = the_index()
    with short_write():
        index.prepare()
    begun = time.perf_counter()
    _fill(index, texts, 1, SERVED, TermsOnce().of)
    results.append(time.perf_counter() - begun)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_words")
        cursor.execute("SELECT pg_total_relation_size('search_words')")
        results.append(cursor.fetchone()[0])
    results.extend(_asked(index, _wishes(texts)))
