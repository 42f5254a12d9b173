"""遮盖 (masking): recall and precision on our own labelled list, by format; and what the door takes for it."""

import gzip
import itertools
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from bench.figure import Figure
from bench.shared import shared
from shudao.engine.intake.clean import clean_post
from shudao.engine.post import Post
from shudao.engine.pseudonym import mask_post, pseudonym
from shudao.engine.text.mask import mask
from tests.engine.text.labelled import SPLITS, score, sentences

TITLES = 20_000


def run() -> Iterator[Figure]:
    """The list, then the speed of the door on public titles."""
    for split in SPLITS:
        yield from _accuracy(split)
    yield from _false_alarms()
    yield from _speed()


def _accuracy(split: str) -> Iterator[Figure]:
    rows = sentences(split)
    found = score(rows, mask)
    data = f"own list, {split}: {len(rows)} sentences, {found.wanted} to be found"
    yield Figure(name=f"recall ({split})", value=1 - len(found.missed) / found.wanted, unit="", data=data)
    precision = found.right / max(1, found.right + len(found.wrong))
    yield Figure(name=f"precision ({split})", value=precision, unit="", data=data)
    worst = min(_recalls(rows), key=lambda pair: pair[1])
    yield Figure(name=f"recall of the worst format ({split})", value=worst[1], unit="", data=data, note=worst[0])


def _recalls(rows: list) -> Iterator[tuple[str, float]]:
    for form in sorted({row.format for row in rows} - {"none"}):
        found = score([row for row in rows if row.format == form], mask)
        yield form, 1 - len(found.missed) / found.wanted


def _titles() -> list[str]:
    path = shared("data", "hotsearch_to_2024.jsonl.gz")
    if path is None:
        print("  public titles are not present: left out")
        return []
    with gzip.open(path, "rt") as lines:
        return [json.loads(line).get("title") or "" for line in itertools.islice(lines, TITLES)]


def _false_alarms() -> Iterator[Figure]:
    if titles := _titles():
        masked = sum(bool(mask(title).spans) for title in titles)
        data = f"{len(titles)} public titles"
        yield Figure(
            name="titles with anything masked, per 10,000", value=masked / len(titles) * 10_000, unit="", data=data
        )


def _speed() -> Iterator[Figure]:
    titles = _titles()
    if not titles:
        return
    at = datetime(2026, 1, 1, tzinfo=UTC)
    posts = [
        Post(id=str(n), kind="social", title=title, published_at=at, author=f"u{n}") for n, title in enumerate(titles)
    ]
    name = partial(pseudonym, b"k" * 32)
    whole = _seconds(lambda: [mask_post(clean_post(post), name) for post in posts])
    alone = _seconds(lambda: [mask(title) for title in titles])
    data = f"{len(posts)} public titles, one core"
    yield Figure(
        name="the whole door (clean, mask, pseudonym)",
        value=whole / len(posts) * 1e6,
        unit="µs a post",
        data=data,
        peer="the same without masking",
        peer_value=(whole - alone) / len(posts) * 1e6,
        ratio=whole / (whole - alone),
    )


def _seconds(work: Callable[[], object]) -> float:
    """Processor time of the quickest of three runs."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)
