"""Quality of stories on the shared development sets, beside "every title alone" and a one-pass baseline.

    .venv/bin/python bench/stories.py [--days 60] [--rows 10000]

- hot: 614 hand-read hot-search titles of two days, after `--days` of the same list's own history (labels of the history are
  unknown and not used; a row uses only what came before it).
- uci: English headlines, each story's rows re-timed as story start + Exp(mean 12 h), seed 20, whole stories drawn until
  `--rows` rows are reached.
Not an absolute claim: one reader labelled the first, a machine the second. Without the shared data it says so and ends well.
"""

import argparse
import gzip
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from cluster_scores import score  # noqa: E402
from hotsearch import NAME, shared  # noqa: E402

from shudao.engine.sense.senser import SensePost, Senser, SenseSettings  # noqa: E402
from shudao.engine.sense.stories import StorySettings  # noqa: E402

GOLD = "data/gold_hotsearch_dev.jsonl"
UCI = "data/en_uci_first30days.jsonl.gz"
HALF_DAY = 43_200.0
NEVER = 10**9
ONE_PASS = StorySettings(merge_every=NEVER, tau=1e12, join=0.25, burst_cap=1.0)
"""The baseline: the same terms and running IDF, one pass, no merging, no decay, no bursts."""

Row = tuple[float, str, int | None]  # moment, title, story (None = unlabelled, -1 = leave out)


def hot(days: int) -> list[Row]:
    """History without labels, then the labelled titles."""
    gold = [json.loads(line) for line in shared(GOLD).open(encoding="utf-8")]
    rows = [(_moment(row["t"]), row["title"], row["story"]) for row in gold]
    begin = min(at for at, _title, _story in rows)
    return [*_history(begin, days), *rows]


def _history(begin: float, days: int) -> Iterator[Row]:
    with gzip.open(shared(NAME), "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            at = _moment(row["t"])
            if at >= begin:
                return
            if at >= begin - days * 86_400:
                yield at, row["title"], None


def uci(rows: int) -> list[Row]:
    """Headlines re-timed so that the file's order tells nothing."""
    stories: dict[str, list[dict]] = {}
    with gzip.open(shared(UCI), "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            stories.setdefault(row["cluster"], []).append(row)
    chance = random.Random(20)
    names = sorted(stories)
    chance.shuffle(names)
    found: list[Row] = []
    for number, name in enumerate(names):
        if len(found) >= rows:
            break
        start = min(row["t_ms"] for row in stories[name]) / 1000
        found += [(start + chance.expovariate(1 / HALF_DAY), row["title"], number) for row in stories[name]]
    return sorted(found)


def measure(name: str, rows: Sequence[Row], settings: StorySettings) -> None:
    """Print both scores of one setting: as placed, and after merges."""
    senser = Senser((), SenseSettings(stories=settings))
    begun = time.process_time()
    placed = []
    posts = [
        SensePost(id=str(n), at=datetime.fromtimestamp(at, UTC), title=title) for n, (at, title, _) in enumerate(rows)
    ]
    for start in range(0, len(posts), 500):
        placed += [row.story for row in senser.feed(posts[start : start + 500])]
    seconds = time.process_time() - begun
    if settings.merge_every < NEVER:
        senser.settle()
    scored = [n for n, row in enumerate(rows) if row[2] is not None and row[2] != -1]
    gold = [rows[n][2] for n in scored]
    print(score(gold, [placed[n] for n in scored]).line(f"{name} as placed"))
    if settings.merge_every < NEVER:
        print(score(gold, [senser.final_story(n) for n in scored]).line(f"{name} final"))
    print(f"{name}: {len(rows) / seconds:.0f} rows/s of CPU")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--rows", type=int, default=10_000)
    options = parser.parse_args()
    if not shared(GOLD).exists():
        print("the shared data are not beside this repository (set SHUDAO_SHARED); nothing measured")
        return
    for name, rows in (("hot", hot(options.days)), ("uci-mixed", uci(options.rows))):
        gold = [row[2] for row in rows if row[2] is not None and row[2] != -1]
        print(score(gold, range(len(gold))).line(f"{name} every title alone"))
        measure(f"{name} one pass", rows, ONE_PASS)
        measure(f"{name} core", rows, StorySettings())


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


if __name__ == "__main__":
    main()
