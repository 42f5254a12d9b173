"""Quality of stories on the public development sets, beside "every title alone" and a one-pass baseline.

- hot: 614 hand-read hot-search titles of two days, after 60 days of the same list's own history (labels of the history
  are unknown and not used; a row uses only what came before it).
- uci: English headlines, each story's rows re-timed as story start + Exp(mean 12 h), seed 20, whole stories drawn until
  10,000 rows are reached.
Not an absolute claim: one reader labelled the first, a machine the second.
"""

import gzip
import json
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.cluster_scores import Scores, score
from bench.figure import Figure
from bench.hotsearch import NAME
from bench.shared import shared
from shudao.engine.sense.senser import SensePost, Senser, SenseSettings
from shudao.engine.sense.stories import StorySettings

DAYS, ROWS = 60, 10_000
HALF_DAY = 43_200.0
NEVER = 10**9
GOLD = "gold_hotsearch_dev.jsonl"
UCI = "en_uci_first30days.jsonl.gz"
ONE_PASS = StorySettings(merge_every=NEVER, tau=1e12, join=0.25, burst_cap=1.0)
"""The baseline: the same terms and running IDF, one pass, no merging, no decay, no bursts."""

Row = tuple[float, str, int | None]  # moment, title, story (None = unlabelled, -1 = leave out)


def hot(path: Path, history: Path) -> list[Row]:
    """History without labels, then the labelled titles."""
    gold = [json.loads(line) for line in path.open(encoding="utf-8")]
    rows = [(_moment(row["t"]), row["title"], row["story"]) for row in gold]
    begin = min(at for at, _title, _story in rows)
    return [*_history(history, begin), *rows]


def _history(path: Path, begin: float) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            at = _moment(row["t"])
            if at >= begin:
                return
            if at >= begin - DAYS * 86_400:
                yield at, row["title"], None


def uci(path: Path) -> list[Row]:
    """Headlines re-timed so that the file's order tells nothing."""
    stories: dict[str, list[dict]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            stories.setdefault(row["cluster"], []).append(row)
    chance = random.Random(20)
    names = sorted(stories)
    chance.shuffle(names)
    found: list[Row] = []
    for number, name in enumerate(names):
        if len(found) >= ROWS:
            break
        start = min(row["t_ms"] for row in stories[name]) / 1000
        found += [(start + chance.expovariate(1 / HALF_DAY), row["title"], number) for row in stories[name]]
    return sorted(found)


def measure(rows: Sequence[Row], settings: StorySettings) -> tuple[Scores, Scores, float]:
    """Scores as placed and after merges, and rows per CPU second."""
    senser = Senser((), SenseSettings(stories=settings))
    posts = [SensePost(id=str(n), at=datetime.fromtimestamp(row[0], UTC), title=row[1]) for n, row in enumerate(rows)]
    begun = time.process_time()
    placed = []
    for start in range(0, len(posts), 500):
        placed += [row.story for row in senser.feed(posts[start : start + 500])]
    seconds = time.process_time() - begun
    senser.settle()
    scored = [n for n, row in enumerate(rows) if row[2] is not None and row[2] != -1]
    gold = [rows[n][2] for n in scored]
    as_placed = score(gold, [placed[n] for n in scored])
    return as_placed, score(gold, [senser.final_story(n) for n in scored]), len(rows) / seconds


def run() -> Iterator[Figure]:
    """B-cubed F, F over stories of several titles, ARI, beside both baselines."""
    gold, history, english = (shared("data", name) for name in (GOLD, NAME, UCI))
    if gold is None or history is None or english is None:
        print("  the public data are not beside this checkout; nothing measured")
        return
    for name, rows in (("hot dev", hot(gold, history)), ("uci mixed", uci(english))):
        yield from _compare(name, rows)


def _compare(name: str, rows: Sequence[Row]) -> Iterator[Figure]:
    labels = [row[2] for row in rows if row[2] is not None and row[2] != -1]
    alone = score(labels, range(len(labels)))
    once = measure(rows, ONE_PASS)[0]
    placed, final, rate = measure(rows, StorySettings())
    for what, made in (("as placed", placed), ("final", final)):
        for kind in ("f", "f_multi", "ari"):
            ours, theirs = getattr(made, kind), getattr(once, kind)
            note = f"every title alone {getattr(alone, kind):.3f}"
            yield Figure(
                name=f"{name} {what} {kind}", value=ours, unit="", data=f"{len(labels)} labelled titles",
                peer="one pass", peer_value=theirs, note=note,
            )  # fmt: skip
    yield Figure(name=f"{name} rate", value=rate, unit="rows/CPU s", data=f"{len(rows)} titles")


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
