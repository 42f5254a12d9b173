"""Quality of stories on the public development sets (`story_data.py`), in both settings, beside "every title alone", a
one-pass baseline and river's TextClust; what each part is worth; whether stories chain as the stream grows.

Not an absolute claim: one reader labelled the first set, a machine the second. Differences under .03 are ties.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from statistics import pstdev
from typing import NamedTuple

from bench.cluster_scores import Scores, score
from bench.figure import Figure
from bench.hotsearch import NAME
from bench.shared import shared
from bench.story_data import GOLD, UCI, Row, hot, uci
from bench.story_peers import STANDS, textclust
from bench.vector_cache import CachedEncoder, cached_encoder
from shudao.engine.sense.senser import SensePost, Senser, SenseSettings
from shudao.engine.sense.stories import StorySettings

NEVER = 10**9
DRAWN = 40
LONG = 100_000
ONE_PASS = StorySettings(merge_every=NEVER, tau=1e12, join=0.25, burst_cap=1.0)
"""The baseline: the same terms and running IDF, one pass, no merging, no decay, no bursts."""
KINDS = ("f", "f_multi", "ari", "best_f1", "singles_joined", "strangers")
WITHOUT = {
    "merges": StorySettings(merge_every=NEVER),
    "splits": StorySettings(split=-1.0, split_meant=-1.0),
    "time decay": StorySettings(tau=1e12),
    "bursts": StorySettings(burst_cap=1.0),
}


class Made(NamedTuple):
    """What a run gave: labels, stories as placed and in the end (of labelled rows), rows per CPU second, splits."""

    gold: list
    placed: list[str]
    final: list[str]
    rate: float
    marks: list[tuple[int, float, float]]
    """After each 10,000 rows: rows, strangers, share of all rows in the biggest story."""


def tell(rows: Sequence[Row], settings: StorySettings | None = None, encoder: CachedEncoder | None = None) -> Made:
    """Run the engine over a stream. Reading meanings is not timed: they come from the cache."""
    posts = [SensePost(id=str(n), at=datetime.fromtimestamp(row[0], UTC), title=row[1]) for n, row in enumerate(rows)]
    if encoder is not None:
        Senser((), encoder=encoder)
    senser = Senser((), SenseSettings(stories=settings or StorySettings()), encoder)
    seconds, placed, marks = 0.0, [], []
    for start in range(0, len(posts), 500):
        begun = time.process_time()
        placed += [row.story for row in senser.feed(posts[start : start + 500])]
        seconds += time.process_time() - begun
        if len(placed) % 10_000 == 0:
            marks.append(_mark(rows, senser, len(placed)))
    senser.settle()
    if encoder is not None:
        encoder.keep()
    scored = [n for n, row in enumerate(rows) if row[2] is not None and row[2] != -1]
    finals = [senser.final_story(n) for n in scored]
    return Made([rows[n][2] for n in scored], [placed[n] for n in scored], finals, len(rows) / seconds, marks)


def _mark(rows: Sequence[Row], senser: Senser, count: int) -> tuple[int, float, float]:
    made = [senser.final_story(n) for n in range(count)]
    biggest = Counter(made).most_common(1)[0][1] / count
    gold = [row[2] for row in rows[:count]]
    return count, 0.0 if None in gold else score(gold, made).strangers, biggest


def run() -> Iterator[Figure]:
    """Both settings on both sets, the ablation, the peer, the long stream."""
    gold, history, english = (shared("data", name) for name in (GOLD, NAME, UCI))
    if gold is None or history is None or english is None:
        print("  the public data are not beside this checkout; nothing measured")
        return
    sets = {"hot dev": hot(gold, history), "uci mixed": uci(english)}
    for name, rows in sets.items():
        yield from compare(name, rows)
    yield from _ablation(sets["hot dev"])
    yield from _peer(sets["uci mixed"][:STANDS])
    yield from _long(uci(english, LONG))


def compare(name: str, rows: Sequence[Row]) -> Iterator[Figure]:
    """Every score of both settings, with the spread of F when rows are drawn anew."""
    once = tell(rows, ONE_PASS)
    base = score(once.gold, once.placed)
    alone = score(once.gold, range(len(once.gold)))
    encoder = cached_encoder(name.replace(" ", "-"))
    for setting, with_vectors in (("core", False), ("vectors", True)):
        if with_vectors and encoder is None:
            print("  the extra vectors is not installed; core alone")
            return
        made = tell(rows, None, encoder if with_vectors else None)
        spread = _spread(made.gold, made.final)
        print("  " + score(made.gold, made.final).line(f"{name} {setting}"))
        for what, stories in (("as placed", made.placed), ("final", made.final)):
            yield from _scores(f"{name} {setting} {what}", score(made.gold, stories), base, alone, spread)
        yield Figure(name=f"{name} {setting} rate", value=made.rate, unit="rows/CPU s", data=f"{len(rows)} titles")


def _scores(name: str, made: Scores, base: Scores, alone: Scores, spread: float) -> Iterator[Figure]:
    for kind in ("precision", "recall", *KINDS):
        note = f"every title alone {getattr(alone, kind):.3f}"
        if kind == "f":
            note += f"; ±{spread:.3f} when rows are drawn anew"
        yield Figure(
            name=f"{name} {kind}", value=getattr(made, kind), unit="", data="labelled titles",
            peer="one pass", peer_value=getattr(base, kind), note=note,
        )  # fmt: skip


def _spread(gold: Sequence, made: Sequence) -> float:
    """Standard deviation of F over rows drawn with replacement."""
    chance, found = random.Random(20), []
    for _ in range(DRAWN):
        rows = chance.choices(range(len(gold)), k=len(gold))
        found.append(score([gold[n] for n in rows], [made[n] for n in rows]).f)
    return pstdev(found)


def _ablation(rows: Sequence[Row]) -> Iterator[Figure]:
    """F on hot dev with each part left out; with vectors where they are installed."""
    encoder = cached_encoder("hot-dev")
    whole = tell(rows, None, encoder)
    full = score(whole.gold, whole.final).f
    for name, settings in WITHOUT.items():
        made = tell(rows, settings, encoder)
        yield Figure(
            name=f"hot dev f without {name}", value=score(made.gold, made.final).f, unit="", data="hot dev",
            peer="with it", peer_value=full,
        )  # fmt: skip


def _peer(rows: Sequence[Row]) -> Iterator[Figure]:
    """TextClust on the titles it can stand, ours on the same."""
    peer = textclust(rows)
    if peer is None:
        print("  river is not installed; no peer")
        return
    theirs, rate = peer
    made = tell(rows)
    ours = score(made.gold, made.placed)
    data = f"first {len(rows)} of uci mixed, as placed"
    yield Figure(
        name="core f beside TextClust", value=ours.f, unit="", data=data, peer="TextClust", peer_value=theirs.f
    )
    yield Figure(
        name="core rate beside TextClust", value=made.rate, unit="rows/CPU s", data=data,
        peer="TextClust", peer_value=rate, ratio=made.rate / rate,
    )  # fmt: skip


def _long(rows: Sequence[Row]) -> Iterator[Figure]:
    """Whether stories chain: strangers and the biggest story after each 10,000 rows."""
    for setting, encoder in (("core", None), ("vectors", cached_encoder("uci-long"))):
        if setting == "vectors" and encoder is None:
            return
        for count, strangers, biggest in tell(rows, None, encoder).marks:
            yield Figure(
                name=f"long stream {setting} strangers at {count}", value=strangers, unit="", data="uci mixed, all",
                note=f"biggest story {biggest:.2%} of all rows",
            )  # fmt: skip
