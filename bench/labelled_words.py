"""Copies, variants, asks and tone on the labelled stream (`bench/labelled`): precision and recall of each kind, with counts.

Tone is told three ways on the same posts: always neutral, the lexicon alone, and a model of corrections. On the
development half the model says of every post what it learned from other matters; on the test half it learned from the
development half. The test half is run to report, never to tune by.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.figure import Figure
from shudao.engine.post import Post, read_posts
from shudao.engine.sense.asks import KINDS, asks_in
from shudao.engine.sense.senser import Placed, SensePost, Senser
from shudao.engine.sense.tone import LABELS, Label, ToneReader, load_lexicon
from shudao.engine.sense.tone_model import Correction, LearnedReader, held_out, train
from shudao.engine.text.normalise import fold
from shudao.library import path_of

HERE = Path(__file__).parent / "labelled"
HALVES = ("dev", "test")
LEXICON = load_lexicon(path_of("lexicons", "tone.yaml").read_bytes())
VARIANTS = ("numbers", "negation", "place")


class Row(NamedTuple):
    """A post with what a person says of it."""

    post: Post
    label: dict

    @property
    def text(self) -> str:
        """All that it says."""
        return f"{self.post.title or ''} {self.post.text or ''}".strip()


def rows_of(half: str) -> list[Row]:
    """A half of the stream, in its order."""
    posts = [row for row in read_posts((HERE / f"{half}.jsonl").read_bytes().splitlines()) if isinstance(row, Post)]
    labels = [json.loads(line) for line in (HERE / f"{half}.labels.jsonl").read_text("utf-8").splitlines()]
    return [Row(post, label) for post, label in zip(posts, labels, strict=True)]


def run() -> Iterator[Figure]:
    """Both halves."""
    for half in HALVES:
        rows = rows_of(half)
        yield from _copies(half, rows)
        yield from _asks(half, rows)
    yield from _tones()


def _copies(half: str, rows: Sequence[Row]) -> Iterator[Figure]:
    placed = Senser().feed([SensePost.of(row.post) for row in rows])
    found = [(row, one) for row, one in zip(rows, placed, strict=True) if one.copy_of]
    first = {row.post.id: row.label["copy_of"] or row.post.id for row in rows}
    right = sum(bool(row.label["copy_of"]) and first[one.copy_of] == row.label["copy_of"] for row, one in found)
    wanted = sum(bool(row.label["copy_of"]) for row in rows)
    yield from _pair(f"{half} copies", right, len(found), wanted, f"{len(rows)} posts")
    for kind in VARIANTS:
        yield from _variant(half, kind, rows, placed)


def _variant(half: str, kind: str, rows: Sequence[Row], placed: Sequence[Placed]) -> Iterator[Figure]:
    """Of the copies found, which were told to have changed this."""
    said = [(kind in one.variant, kind in row.label["variant"]) for row, one in zip(rows, placed, strict=True)]
    both = sum(ours and theirs for ours, theirs in said)
    told, wanted = sum(ours for ours, _ in said), sum(theirs for _, theirs in said)
    yield from _pair(f"{half} variants: {kind}", both, told, wanted, "labelled copies")


def _asks(half: str, rows: Sequence[Row]) -> Iterator[Figure]:
    said = [{ask.kind for ask in (*asks_in(row.post.title or ""), *asks_in(row.post.text or ""))} for row in rows]
    for kind in KINDS:
        both = sum(kind in ours and kind in row.label["ask"] for ours, row in zip(said, rows, strict=True))
        told, wanted = sum(kind in ours for ours in said), sum(kind in row.label["ask"] for row in rows)
        yield from _pair(f"{half} asks: {kind}", both, told, wanted, f"{len(rows)} posts")


def _tones() -> Iterator[Figure]:
    dev, test = rows_of("dev"), rows_of("test")
    corrections = [Correction(row.text, row.label["tone"], row.label["story"]) for row in dev]
    begun = time.process_time()
    model = train(corrections, LEXICON)
    seconds = time.process_time() - begun
    learned = LearnedReader(LEXICON, model)
    note = f"dev: by {len({row.group for row in corrections})} groups in 5 parts, each from the others"
    yield from _ways("dev", dev, held_out(corrections, LEXICON), note)
    made = [learned.read(fold(row.text)).label for row in test]
    yield from _ways("test", test, made, "learned from the dev half")
    yield Figure(
        name="tone model trained", value=seconds, unit="CPU s", data=f"{len(dev)} corrections, 5 parts held out"
    )
    yield Figure(
        name="tone read by the model", value=_rate(learned.read, test), unit="posts/CPU s", data="test half",
        peer="lexicon alone", peer_value=_rate(ToneReader(LEXICON).read, test),
    )  # fmt: skip


def _ways(half: str, rows: Sequence[Row], made: Sequence[Label], note: str) -> Iterator[Figure]:
    gold = [row.label["tone"] for row in rows]
    words = [ToneReader(LEXICON).read(fold(row.text)).label for row in rows]
    neutral = _share(gold, ["neutral"] * len(gold))
    data = f"{len(rows)} posts"
    yield Figure(
        name=f"{half} tone: lexicon alone, right", value=_share(gold, words), unit="", data=data, peer="always neutral",
        peer_value=neutral, note=f"mean F1 {_mean_f1(gold, words):.3f}",
    )  # fmt: skip
    yield Figure(
        name=f"{half} tone: learned, right", value=_share(gold, made), unit="", data=data, peer="lexicon alone",
        peer_value=_share(gold, words), note=f"mean F1 {_mean_f1(gold, made):.3f}; {note}",
    )  # fmt: skip
    for label in LABELS:
        both = sum(ours == theirs == label for ours, theirs in zip(made, gold, strict=True))
        yield from _pair(f"{half} tone learned: {label}", both, made.count(label), gold.count(label), data)


def _share(gold: Sequence[str], made: Sequence[str]) -> float:
    return sum(ours == theirs for ours, theirs in zip(made, gold, strict=True)) / len(gold)


def _mean_f1(gold: Sequence[str], made: Sequence[str]) -> float:
    both = Counter(ours for ours, theirs in zip(made, gold, strict=True) if ours == theirs)
    sizes = Counter(gold) + Counter(made)
    return sum(2 * both[label] / max(1, sizes[label]) for label in LABELS) / len(LABELS)


def _rate(read: Callable[[str], object], rows: Sequence[Row]) -> float:
    texts = [fold(row.text) for row in rows]
    begun = time.process_time()
    for text in texts:
        read(text)
    return len(texts) / (time.process_time() - begun)


def _pair(name: str, right: int, told: int, wanted: int, data: str) -> Iterator[Figure]:
    """Precision and recall with the counts behind them."""
    yield Figure(
        name=f"{name}, precision",
        value=right / told if told else 0.0,
        unit="",
        data=data,
        note=f"{right} of {told} told",
    )
    yield Figure(
        name=f"{name}, recall", value=right / wanted if wanted else 0.0, unit="", data=data, note=f"{right} of {wanted}"
    )
