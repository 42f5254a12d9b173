"""The whole pipeline beside the one commonly put together, on the same posts, with the same 1,000 topics.

Ours: decoding, folding, matching, near-copies and features in one process; stories, alerts and rows in SQLite (`store.py`)
in another; CPU seconds of each are counted, and the rate on two cores is that of the slower of the two. The naive pipeline
has one process, as it is written. What the site itself makes of the same posts, through its models, is measured apart.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from bench.figure import Figure
from bench.naive_pipeline import Naive
from bench.store import Store
from bench.stream import AGAIN, path, posts, query, topics
from shudao.engine.sense.query import Topic
from shudao.engine.sense.senser import Senser, SenseSettings
from shudao.engine.sense.tone import load_lexicon
from shudao.library import path_of
from shudao.project.sense_front import PostLines, fed

AT, AROUND = 4_000, 400  # stored posts at which the naive pipeline is measured, and over how many
ROUNDS = 3
SHORT = 24_000
LONG = int(os.environ.get("SHUDAO_BENCH_POSTS", "1000000"))
HERE = Path(__file__).parent.parent
Tenth = tuple[float, float]
"""CPU seconds of the first and of the second process for a tenth of the posts."""


def made() -> Senser:
    """A fresh engine with the topics and words of tone."""
    watched = [Topic(id=name, name=name, query=query((name, *rest))) for name, *rest in topics()]
    lexicon = load_lexicon(path_of("lexicons", "tone.yaml").read_bytes(), "tone.yaml")
    return Senser(watched, SenseSettings(lexicon=lexicon))


def run() -> Iterator[Figure]:
    """The naive rate at 4,000 stored posts; ours there, on two cores and on one; small batches; the long run; the site."""
    if path() is None:
        print("  the public data are not beside this checkout; nothing measured")
        return
    with tempfile.TemporaryDirectory(prefix="shudao-bench-") as folder:
        room = Path(folder)
        yield from beside_the_naive(room)
        yield small_batches(room)
        yield from long_run(room)
        yield site(room)


def beside_the_naive(room: Path) -> Iterator[Figure]:
    """Rounds of both, one after the other."""
    lines = list(posts(AT + AROUND * ROUNDS))
    naive = Naive(room / "naive.sqlite3", topics())
    naive.take(lines[: AT - AROUND])
    theirs, two, one = [], [], []
    for turn in range(ROUNDS):
        start = AT - AROUND + turn * AROUND
        theirs.append(AROUND / naive.take(lines[start : start + AROUND]))
        spent = through(room, f"short{turn}", SHORT, tenths=1)[0][0]
        two.append(SHORT / max(spent))
        one.append(SHORT / sum(spent))
    peer, data = statistics.median(theirs), f"posts of {AGAIN:.0%} repeats, {len(topics())} topics"
    for name, rates in (("two processes", two), ("one process", one)):
        value = statistics.median(rates)
        yield Figure(
            name=f"pipeline, {name}", value=value, unit="posts/CPU s", data=data, peer=f"naive at {AT} stored",
            peer_value=peer, ratio=value / peer,
            note=f"rounds {min(rates):.0f} to {max(rates):.0f}, naive {min(theirs):.0f} to {max(theirs):.0f}; "
            "with rows in SQLite, without search index",
        )  # fmt: skip


def through(room: Path, name: str, count: int, tenths: int) -> tuple[list[Tenth], dict[str, float]]:
    """So many posts through both processes: CPU seconds of each tenth, and what was left in the end."""
    lines = room / f"{name}.jsonl"
    with lines.open("wb") as file:
        file.writelines(posts(count))
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_second, args=(ours, theirs, lines, room / f"{name}.sqlite3", count // tenths))
    child.start()
    theirs.close()
    spent, left = ours.recv()
    child.join()
    lines.unlink()
    return spent, left


def _second(back: object, told: object, lines: Path, base: Path, each: int) -> None:
    """Both halves in turn, their CPU time counted apart: so other work on the machine does not count."""
    senser, store = made(), Store(base)
    spent, taken, done = [], [0.0, 0.0], 0
    first_memory, wall = 0.0, time.perf_counter()
    clock, batches = time.process_time, fed(PostLines(lines), senser)
    while True:
        begun = clock()
        batch = next(batches, None)
        ready = clock()
        if batch is None:
            break
        placed = senser.take(batch.posts)
        store.keep(batch.posts, placed, senser.moves())
        senser.alerts()
        taken = [taken[0] + ready - begun, taken[1] + clock() - ready]
        done += len(batch.posts)
        if done % each < len(batch.posts) and len(spent) < done // each:
            spent.append((taken[0], taken[1]))
            taken = [0.0, 0.0]
            first_memory = first_memory or _memory()
    left = {
        "bytes": store.size / done, "memory": (_memory() - first_memory) / max(1, done - each), "peak": _memory(),
        "hits": store.count("hit"), "stories": senser.story_count, "wall": done / (time.perf_counter() - wall),
    }  # fmt: skip
    told.send((spent, left))  # type: ignore[attr-defined]


def _memory() -> float:
    """Bytes the process holds at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


def small_batches(room: Path, size: int = 100) -> Figure:
    """From lines to rows in batches of 100, one process."""
    senser, store, taken = made(), Store(room / "small.sqlite3"), []
    lines = posts(12_000)
    while piece := list(islice(lines, size)):
        file = room / "small.jsonl"
        file.write_bytes(b"".join(piece))
        begun = time.process_time()
        for batch in fed(PostLines(file), senser):
            store.keep(batch.posts, senser.take(batch.posts), senser.moves())
        taken.append((time.process_time() - begun) * 1000)
    low, high = statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]
    return Figure(
        name="batch of 100, p95", value=high, unit="CPU ms", data=f"{len(taken)} batches", note=f"median {low:.1f} ms"
    )


def long_run(room: Path) -> Iterator[Figure]:
    """A million posts once: whether the last tenth goes as fast as the second, and what a post takes to keep."""
    spent, left = through(room, "long", LONG, tenths=10)
    each, data = LONG // 10, f"{LONG} posts, one run"
    rates = [each / max(pair) for pair in spent]
    yield Figure(
        name="last tenth to second tenth", value=rates[-1] / rates[1], unit="", data=data,
        note=f"posts/CPU s by tenths: {', '.join(f'{rate:.0f}' for rate in rates)}",
    )  # fmt: skip
    front, back = (sum(pair[half] for pair in spent) / LONG * 1e6 for half in (0, 1))
    yield Figure(
        name="CPU a post, first half", value=front, unit="us", data=data, peer="second half", peer_value=back,
        note=f"{left['hits']:.0f} hits, {left['stories']:.0f} stories; {left['wall']:.0f} posts/s by the clock in one process",
    )  # fmt: skip
    yield Figure(name="stored", value=left["bytes"], unit="bytes/post", data=data, note="text, rows, indexes")
    yield Figure(
        name="memory", value=left["memory"], unit="bytes/post", data=data, note=f"peak {left['peak'] / 2**20:.0f} MB"
    )


def site(room: Path, count: int = 5_000) -> Figure:
    """The same posts through the site: stored items into placements, hits, readings, stories by its models."""
    lines = room / "site.jsonl"
    lines.write_bytes(b"".join(posts(count)))
    told = [sys.executable, "-m", "bench.site_sense", str(room / "site"), str(lines)]
    done = subprocess.run(told, capture_output=True, text=True, check=True, cwd=HERE)
    heard, sensed = map(float, done.stdout.split()[-2:])
    return Figure(
        name="the site's own sensing", value=count / sensed, unit="posts/CPU s", data=f"{count} posts, SQLite",
        note=f"listening before it: {count / heard:.0f} posts/CPU s",
    )  # fmt: skip
