"""最像 (nearest): which open story a post, or a story that has grown, is most like, and whether that is enough."""

from collections.abc import Iterable
from heapq import nsmallest
from typing import NamedTuple

import msgspec

from shudao.engine.sense.history import BURST_CAP
from shudao.engine.sense.opened import Open, OpenStories
from shudao.engine.sense.vectors import F32


class StorySettings(msgspec.Struct, frozen=True, kw_only=True):
    """设置 (settings): seconds where a length of time is meant; likeness between 0 and 1.

    `join`, `merge` and `split` are for words alone, those with `_meant` for words and meaning.
    """

    join: float = 0.20
    merge: float = 0.19
    split: float = 0.10
    join_meant: float = 0.26
    merge_meant: float = 0.32
    split_meant: float = 0.20
    tau: float = 86_400.0
    tau_posts: int = 300
    burst_half_life: float = 0.25  # of tau
    burst_cap: float = BURST_CAP
    open_for: float = 10.0
    merge_every: int = 50
    postings: int = 100
    rare_terms: int = 12
    candidates: int = 20
    meant_candidates: int = 10
    centroid_terms: int = 10_000
    most_open: int = 200_000
    most_meanings: int = 50_000
    encoded_a_minute: int = 6_000


class Sought(NamedTuple):
    """所求 (sought): a unit vector of words, a meaning, the nearness usual in the stream, the moment it counts for."""

    vector: dict[int, float]
    meaning: F32 | None
    usual: float
    moment: float


class Search:
    """查找 (search) among the open stories. Words choose the candidates; without meanings they also decide."""

    def __init__(self, opened: OpenStories, settings: StorySettings) -> None:
        self._open, self._settings = opened, settings

    def nearest(self, sought: Sought, tau: float) -> int | None:
        """The story that a post joins; the more promising of equals. `tau`: half-life of likeness."""
        settings = self._settings
        return self._best(sought, tau, settings.join, settings.join_meant, ())

    def like(self, story: int, tau: float, apart: Iterable[int]) -> int | None:
        """The story that an open one has grown alike; none of `apart`."""
        opened, settings = self._open.by_number[story], self._settings
        length = opened.length
        vector = {term: weight / length for term, weight in opened.terms.items()}
        meaning = None if opened.meaning is None else opened.meaning / opened.meant
        sought = Sought(vector, meaning, opened.usual, opened.last)
        return self._best(sought, tau, settings.merge, settings.merge_meant, (story, *apart))

    def _best(
        self, sought: Sought, tau: float, least: float, least_meant: float, left_out: Iterable[int]
    ) -> int | None:
        settings = self._settings
        ranked, rest = self._open.postings.candidates(
            sought.vector, settings.rare_terms, settings.postings, settings.candidates, left_out
        )
        if sought.meaning is None:
            return self._in_words(sought, tau, least, ranked, rest)
        return self._in_meaning(sought, tau, least, least_meant, [story for _shared, story in ranked])

    def _in_words(
        self, sought: Sought, tau: float, least: float, ranked: list[tuple[float, int]], rest: float
    ) -> int | None:
        """Candidates come with the squared length of what they share with the vector's weighty terms; together with the
        light rest that bounds their cosine, so the search ends when no later one can be better."""
        best, nearest = least, None
        for shared_squared, story in ranked:
            bound = (shared_squared + rest) ** 0.5
            if bound < best:
                break
            opened = self._open.by_number[story]
            fresh = 2.0 ** (-abs(sought.moment - opened.last) / tau)
            if bound * fresh < best:
                continue
            likeness = _shared(sought.vector, opened) * fresh
            if likeness > best or (likeness == best and nearest is None):
                best, nearest = likeness, story
        return nearest

    def _in_meaning(
        self, sought: Sought, tau: float, least: float, least_meant: float, candidates: list[int]
    ) -> int | None:
        """The ten most alike in words, by words and meaning in equal parts. A story without a meaning goes by its words;
        likeness is held against the least asked for, so that both kinds compare."""
        worded = []
        for story in candidates:
            opened = self._open.by_number[story]
            fresh = 2.0 ** (-abs(sought.moment - opened.last) / tau)
            worded.append((-_shared(sought.vector, opened) * fresh, fresh, story))
        best, nearest = 1.0, None
        for negated, fresh, story in nsmallest(self._settings.meant_candidates, worded):
            near = _near(sought, self._open.by_number[story])
            ratio = -negated / least if near is None else (near * fresh - negated) / 2.0 / least_meant
            if ratio > best or (ratio == best and nearest is None):
                best, nearest = ratio, story
        return nearest


def _shared(vector: dict[int, float], opened: Open) -> float:
    """Cosine of a unit vector with a story's words."""
    terms, shared = opened.terms, 0.0
    for term in vector.keys() & terms.keys():
        shared += vector[term] * terms[term]
    return shared / opened.length


def _near(sought: Sought, opened: Open) -> float | None:
    """Nearness in meaning above what is usual, from 0 to 1; None when either has no meaning."""
    if sought.meaning is None or opened.meaning is None:
        return None
    near = float(sought.meaning @ opened.meaning) / opened.meant
    return max(near - sought.usual, 0.0) / (1.0 - sought.usual)
