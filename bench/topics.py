"""Topics: rate of matching beside naive Python and a PostgreSQL table of tsqueries, and agreement with the naive answer.

Topics are made by seed from words of the public titles: an AND of groups of alternatives, 30 % with exclusions, 20 %
with NEAR/20. Posts are short public titles joined to the length of a post. Every answer carries clauses and offsets;
the peers answer yes or no only. Everything is matched on texts folded before.
"""

import gc
import gzip
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench.figure import Figure
from bench.postgres_topics import held, own_cluster, seconds, table_of_queries
from bench.shared import shared
from shudao.engine.sense.match import Folded, TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic
from shudao.engine.text.segment import words

TITLES = "zhihu_to_2023.jsonl.gz"
POSTS, WARM, BATCH, ROUNDS = 8_000, 30_000, 1_000, 5
NAIVE = {1_000: 200, 10_000: 40}
"""Posts the naive peer is timed on: it is slow, and its rate does not depend on how many."""
SERVED = 1_000
"""Posts PostgreSQL is timed on."""
NEAR = 20
OFTEN = 0.01
AT = datetime(2026, 7, 1, tzinfo=UTC)


class Wanted(NamedTuple):
    """One topic as plain data: groups of alternatives, all of which are wanted; words not wanted; two words near."""

    groups: tuple[tuple[str, ...], ...]
    barred: tuple[str, ...]
    near: tuple[str, str] | None

    @property
    def query(self) -> str:
        """In the language of topics."""
        parts = [f"({'|'.join(group)})" for group in self.groups]
        if self.near:
            parts.append(f"{self.near[0]} NEAR/{NEAR} {self.near[1]}")
        return "+".join(parts) + "".join(f"-{word}" for word in self.barred)

    def holds(self, text: str) -> bool:
        """The naive answer."""
        if not all(any(word in text for word in group) for group in self.groups):
            return False
        if any(word in text for word in self.barred):
            return False
        return self.near is None or _close(text, *self.near)


def _close(text: str, one: str, other: str) -> bool:
    """Whether the two words stand within the distance somewhere, either first, not overlapping."""
    if one not in text or other not in text:
        return False
    return any(
        0 <= max(a - b - len(other), b - a - len(one)) <= NEAR for a in _places(text, one) for b in _places(text, other)
    )


def _places(text: str, word: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]


def posts_of(path: Path, count: int, seed: int) -> list[str]:
    """Texts of about the length of a public post: two titles each."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in lines]
    chance = random.Random(seed)
    return [f"{chance.choice(titles)}，{chance.choice(titles)}" for _ in range(count)]


def topics_of(texts: Sequence[str], count: int, seed: int) -> list[Wanted]:
    """Topics from the texts' own words of two to four Han characters, but for those in more than one text of 100.

    Each is made around one text: every group holds a word of it beside others, so that topics are met.
    """
    cut = [_han(words(text)) for text in texts]
    met = Counter(word for found in cut for word in set(found))
    cut = [[word for word in dict.fromkeys(found) if met[word] <= OFTEN * len(texts)] for found in cut]
    stock = sorted({word for found in cut for word in found})
    told = [found for found in cut if len(found) >= 4]
    chance = random.Random(seed)
    return [_topic(chance.choice(told), stock, chance) for _ in range(count)]


def _han(found: Sequence[str]) -> list[str]:
    return [word for word in found if 2 <= len(word) <= 4 and all("\u4e00" <= char <= "\u9fff" for char in word)]


def _topic(told: Sequence[str], stock: Sequence[str], chance: random.Random) -> Wanted:
    own = chance.sample(told, 3 if chance.random() < 0.3 else 2)
    groups = tuple((word, *chance.sample(stock, chance.randint(0, 2))) for word in own)
    barred = tuple(chance.sample(stock, chance.randint(1, 2))) if chance.random() < 0.3 else ()
    near = (chance.choice(told), chance.choice(told)) if chance.random() < 0.2 else None
    return Wanted(groups, barred, near)


def _rows(made: Sequence[Wanted]) -> list[Topic]:
    return [Topic(id=str(n), name=str(n), query=one.query) for n, one in enumerate(made)]


def _fold(texts: Sequence[str]) -> list[Folded]:
    return [Folded(SensePost(id=str(n), at=AT, text=text)) for n, text in enumerate(texts)]


def _matched(topics: TopicSet, folded: Sequence[Folded], size: int = BATCH) -> list[list[int]]:
    found: list[list[int]] = []
    for start in range(0, len(folded), size):
        found += [[int(hit.topic) for hit in hits] for hits in topics.match_all(folded[start : start + size])]
    return found


def _naive(made: Sequence[Wanted], texts: Sequence[str]) -> list[list[int]]:
    return [[n for n, one in enumerate(made) if one.holds(text)] for text in texts]


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


class Set(NamedTuple):
    """Topics of one number, compiled and warmed up, and what they were made of."""

    made: list[Wanted]
    topics: TopicSet

    @classmethod
    def of(cls, texts: Sequence[str], count: int, warm: Sequence[Folded]) -> "Set":
        """Made by seed; anchors are learned from posts that are not measured."""
        made = topics_of(texts, count, seed=7)
        found = cls(made, TopicSet.compile(_rows(made)))
        _matched(found.topics, warm)
        return found


def run() -> Iterator[Figure]:
    """1,000 and 10,000 topics: rate, agreement, cost of ten times the topics, edits; then PostgreSQL."""
    path = shared("data", TITLES)
    if path is None:
        print("  the public data are not beside this checkout; nothing measured")
        return
    texts = posts_of(path, POSTS, seed=5)
    folded, warm = _fold(texts), _fold(posts_of(path, WARM, seed=6))
    told = posts_of(path, 6_000, seed=8)
    sets = {count: Set.of(told, count, warm) for count in NAIVE}
    gc.collect()
    gc.freeze()  # what was built is not looked through again while others are timed
    ours, naive = _rounds(sets, folded)
    data = f"{POSTS:,} posts of {statistics.mean(map(len, texts)):.0f} characters, batches of {BATCH:,}"
    for count, one in sets.items():
        yield from _beside_naive(one, folded, ours[count], naive[count], data)
    yield from _growth(ours, data)
    yield from _edits(sets[10_000])
    yield from _beside_postgres(sets[1_000], folded)


def _rounds(sets: dict[int, Set], folded: Sequence[Folded]) -> tuple[dict[int, list[float]], dict[int, list[float]]]:
    """Seconds of CPU a post, ours and the naive ones, in turn."""
    ours: dict[int, list[float]] = {count: [] for count in sets}
    naive: dict[int, list[float]] = {count: [] for count in sets}
    for _ in range(ROUNDS):
        for count, one in sets.items():
            some = [post.body for post in folded[: NAIVE[count]]]
            ours[count].append(_cpu(lambda one=one: _matched(one.topics, folded)) / len(folded))
            naive[count].append(_cpu(lambda one=one, some=some: _naive(one.made, some)) / len(some))
    return ours, naive


def _beside_naive(
    one: Set, folded: Sequence[Folded], ours: list[float], naive: list[float], data: str
) -> Iterator[Figure]:
    count = len(one.made)
    ratios = sorted(theirs / own for own, theirs in zip(ours, naive, strict=True))
    found = _matched(one.topics, folded)
    met = statistics.mean(map(len, found))
    yield Figure(
        name=f"posts a second, {count:,} topics", value=1 / statistics.median(ours), unit="posts/CPU s", data=data,
        peer="naive Python, in loops", peer_value=1 / statistics.median(naive), ratio=statistics.median(ratios),
        note=f"{ROUNDS} rounds, ratio {ratios[0]:.0f}-{ratios[-1]:.0f}; {met:.2f} topics a post, clauses and offsets told",
    )  # fmt: skip
    places = [*range(NAIVE[count]), *[at for at, hits in enumerate(found) if hits][: NAIVE[count]]]
    expected = _naive(one.made, [folded[at].body for at in places])
    agree = sum(a == found[at] for a, at in zip(expected, places, strict=True)) / len(places)
    yield Figure(
        name=f"posts answered as the naive answer, {count:,} topics", value=agree, unit="", data=f"{len(places)} posts",
        note=f"the first and as many with hits; {sum(map(len, expected))} hits",
    )  # fmt: skip


def _growth(ours: dict[int, list[float]], data: str) -> Iterator[Figure]:
    ratios = sorted(many / few for few, many in zip(ours[1_000], ours[10_000], strict=True))
    yield Figure(
        name="cost a post of 10,000 topics over 1,000", value=statistics.median(ratios), unit="times", data=data,
        note=f"{ROUNDS} rounds, {ratios[0]:.1f}-{ratios[-1]:.1f}",
    )  # fmt: skip


def _edits(one: Set) -> Iterator[Figure]:
    rows = _rows(one.made)
    changed = [*rows[1:], Topic(id="new", name="new", query="停电 小区 -演练")]
    fresh = sorted(_cpu(lambda: TopicSet.compile(rows)) for _ in range(ROUNDS))
    edits = sorted(_cpu(lambda: TopicSet.compile(changed, one.topics)) for _ in range(ROUNDS))
    yield Figure(
        name="an edit among 10,000 topics", value=statistics.median(edits), unit="CPU s", data="one dropped, one added",
        peer="all compiled afresh", peer_value=statistics.median(fresh),
        note=f"{edits[0]:.3f}-{edits[-1]:.3f}",
    )  # fmt: skip


def _beside_postgres(one: Set, folded: Sequence[Folded]) -> Iterator[Figure]:
    bodies = [post.body for post in folded[:SERVED]]
    with own_cluster() as connection:
        if connection is None:
            print("  PostgreSQL is not installed; left out")
            return
        table_of_queries(connection, [_tsquery(topic) for topic in one.made])
        vectors = [_tsvector(body) for body in bodies]
        answers: list[list[int]] = []
        theirs, their_spread = seconds(lambda: answers.extend(held(connection, vectors)))
    own, _spread = seconds(lambda: _matched(one.topics, folded))
    found = _matched(one.topics, folded[:SERVED])
    plain = {n for n, topic in enumerate(one.made) if topic.near is None}
    same = sum(
        [n for n in a if n in plain] == [n for n in b if n in plain]
        for a, b in zip(answers[:SERVED], found, strict=True)
    )
    yield Figure(
        name="posts a second beside a table of tsqueries, 1,000 topics", value=len(folded) / own, unit="posts/s",
        data=f"{SERVED} posts there", peer="PostgreSQL, tsvector @@ tsquery", peer_value=SERVED / theirs,
        ratio=(theirs / SERVED) / (own / len(folded)),
        note=f"wall clock, two processes there, {their_spread}; NEAR is AND there; {same / SERVED:.3f} of posts answered the same",
    )  # fmt: skip


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _tsvector(text: str) -> str:
    """Every pair of neighbouring characters at its place, so that words are found as they stand."""
    return " ".join(f"{_quoted(pair)}:{at + 1}" for at, pair in enumerate(_pairs(text)))


def _tsquery(topic: Wanted) -> str:
    parts = ["(" + " | ".join(map(_phrase, group)) + ")" for group in topic.groups]
    parts += [_phrase(word) for word in topic.near or ()]
    parts += [f"!{_phrase(word)}" for word in topic.barred]
    return " & ".join(parts)


def _phrase(word: str) -> str:
    return "(" + " <-> ".join(map(_quoted, _pairs(word))) + ")"


def _quoted(text: str) -> str:
    doubled = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
