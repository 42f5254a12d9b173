"""Labelled streams for stories.

- hot: 614 hand-read hot-search titles of two days, after 60 days of the same list's own history (labels of the history
  are unknown and not used; a row uses only what came before it).
- uci: English headlines, each story's rows re-timed as story start + Exp(mean 12 h), seed 20, whole stories drawn until
  the rows wanted are reached: the file's own order would tell what belongs together.
"""

import gzip
import json
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

DAYS, ROWS = 60, 10_000
HALF_DAY = 43_200.0
GOLD = "gold_hotsearch_dev.jsonl"
UCI = "en_uci_first30days.jsonl.gz"

Row = tuple[float, str, int | str | None]  # moment, title, story (None = unlabelled, -1 = leave out)


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


def uci(path: Path, most: int = ROWS) -> list[Row]:
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
        if len(found) >= most:
            break
        start = min(row["t_ms"] for row in stories[name]) / 1000
        found += [(start + chance.expovariate(1 / HALF_DAY), row["title"], number) for row in stories[name]]
    return sorted(found)


def labelled(posts: Path, labels: Path) -> list[Row]:
    """A half of the project's own invented stream."""
    story = {row["id"]: row["story"] for row in map(json.loads, labels.open(encoding="utf-8"))}
    rows = [json.loads(line) for line in posts.open(encoding="utf-8")]
    return [
        (_moment(row["published_at"]), "\n".join(filter(None, (row.get("title"), row.get("text")))), story[row["id"]])
        for row in rows
    ]


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
