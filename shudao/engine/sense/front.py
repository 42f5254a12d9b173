"""前段 (front): what is worked out of posts before they are placed: folded, matched, held against earlier texts, read.

For a batch at once, in arrays where that can be. It knows nothing of stories and alerts, so it may run in a process of its
own (`pack` and `unpack` carry its work over). A post that says word for word what another said costs next to nothing.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from shudao.engine.sense.copies import Copies, Copy, CopySettings
from shudao.engine.sense.features import Terms, terms_all
from shudao.engine.sense.match import Folded, TopicMatch, TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.tone import Tone, ToneReader
from shudao.engine.sense.tone_model import LearnedReader
from shudao.engine.sense.vectors import F32, READ, Budget, Encoder

KEPT_TONES = 20_000  # texts whose tone is remembered for those who say them again


class Ready(NamedTuple):
    """备好 (ready): a post with all that is known of it before it is placed. A plain copy has no terms and no vector."""

    id: str
    at: float
    source: str
    kind: str
    body: str
    copy: Copy | None
    topics: tuple[TopicMatch, ...]
    tone: Tone
    terms: Terms | None
    vector: F32 | None

    @property
    def copies(self) -> int | None:
        """The row it says again in the same words."""
        return None if self.copy is None or is_own(self.copy) else self.copy.row


def is_own(copy: Copy | None) -> bool:
    """Whether a post says something of its own: no copy, or one that changes what it copies."""
    return copy is None or bool(copy.variant)


class Front:
    """前段 (front): `topics`, `tone` and `encoder` are the caller's; what it learns is of earlier texts alone."""

    OUTSIDE = frozenset(("topics", "tone", "encoder", "_tones"))

    def __init__(
        self, copies: CopySettings, tone: ToneReader | LearnedReader, encoder: Encoder | None, encoded_a_minute: int
    ) -> None:
        self.topics = TopicSet.compile(())
        self.tone, self.encoder = tone, encoder
        self._copies = Copies(copies)
        self._budget = Budget(encoded_a_minute)
        self._now = float("-inf")
        self._tones: dict[str, Tone] = {}

    def feed(self, posts: Sequence[SensePost]) -> list[Ready]:
        """The posts made ready, in order."""
        folded = Folded.all_of(posts)
        bodies = [one.body for one in folded]
        moments = [post.at.timestamp() for post in posts]
        copies = self._copies.feed(bodies, moments)
        own = [place for place, copy in enumerate(copies) if is_own(copy)]
        terms: list[Terms | None] = [None] * len(posts)
        for place, found in zip(own, terms_all([bodies[place] for place in own]), strict=True):
            terms[place] = found
        vectors = self._encoded(bodies, moments, own)
        topics = map(tuple, self.topics.match_all(folded))
        rows = zip(posts, moments, bodies, copies, topics, map(self._toned, bodies), terms, vectors, strict=True)
        return [Ready(post.id, at, post.source, post.kind, *rest) for post, at, *rest in rows]

    def read_tone(self, reader: ToneReader | LearnedReader) -> None:
        """Read tone so from the next post on."""
        self.tone = reader
        self._tones.clear()

    def _toned(self, body: str) -> Tone:
        tone = self._tones.get(body)
        if tone is None:
            if len(self._tones) >= KEPT_TONES:
                self._tones.clear()
            tone = self._tones[body] = self.tone.read(body)
        return tone

    def _encoded(self, bodies: Sequence[str], moments: Sequence[float], own: Sequence[int]) -> list[F32 | None]:
        """The vectors of posts that are no plain copies, as far as the minute's budget goes."""
        found: list[F32 | None] = [None] * len(bodies)
        latest = np.maximum.accumulate([self._now, *moments])[1:].tolist() if bodies else []
        self._now = latest[-1] if latest else self._now
        if self.encoder is None:
            return found
        chosen = [place for place in own if bodies[place] and self._budget.allows(latest[place])]
        if chosen:
            rows = self.encoder([bodies[place][:READ] for place in chosen])
            for place, row in zip(chosen, rows, strict=True):
                found[place] = row
        return found


def pack(ready: Sequence[Ready]) -> tuple[Any, ...]:
    """The same in few objects, cheap to hand to another process."""
    columns = list(zip(*ready, strict=True)) or [()] * len(Ready._fields)
    copies, terms, vectors = columns[5], [one for one in columns[8] if one is not None], columns[9]
    empty = np.zeros(0)
    return (
        *columns[:5],
        tuple(None if copy is None else (copy.row, copy.variant) for copy in copies),
        *columns[6:8],
        [one is not None for one in columns[8]],
        np.cumsum([0, *(len(one.numbers) for one in terms)]),
        np.concatenate([one.numbers for one in terms]).astype(np.int32) if terms else empty.astype(np.int32),
        np.concatenate([one.damped for one in terms]) if terms else empty,
        vectors if any(row is not None for row in vectors) else None,
    )


def unpack(packed: tuple[Any, ...]) -> list[Ready]:
    """What `pack` carried over."""
    *plain, copied, topics, tones, held, cuts, numbers, damped, vectors = packed
    made = (Terms(numbers[a:b].astype(np.int64), damped[a:b]) for a, b in pairwise(cuts.tolist()))
    terms = [next(made) if one else None for one in held]
    copies = [None if copy is None else Copy(*copy) for copy in copied]
    rows = zip(*plain, copies, topics, tones, terms, vectors or [None] * len(terms), strict=True)
    return list(map(Ready._make, rows))
