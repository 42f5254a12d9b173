"""话题聚合 (stories): each post joins the open story it resembles most, or begins one; nothing later is used.

A story is a centroid of weighted terms. Likeness is the cosine with the centroid, halved for every `tau` since the
story's last post. A merge pass every `merge_every` posts joins stories that have grown alike; `final` follows merges.
One post after another: the result does not depend on how posts were cut into batches.
Memory is bounded: stories too old for any post to be like them keep no terms, after `open_for` tau without a copy they are
closed, and at most `most_open` stay open.
"""

from array import array
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable
from heapq import nsmallest
from math import log2

import msgspec

from shudao.engine.sense.features import Terms
from shudao.engine.sense.history import BURST_CAP, History

VERSION = "stories-core-1"
SWEEP = 8  # merge passes between two closings of idle stories


class StorySettings(msgspec.Struct, frozen=True, kw_only=True):
    """设置 (settings): seconds where a length of time is meant; likeness between 0 and 1."""

    join: float = 0.20
    merge: float = 0.19
    tau: float = 86_400.0
    tau_posts: int = 300
    burst_half_life: float = 0.25  # of tau
    burst_cap: float = BURST_CAP
    open_for: float = 10.0
    merge_every: int = 50
    postings: int = 100
    rare_terms: int = 12
    candidates: int = 20
    centroid_terms: int = 10_000
    most_open: int = 200_000


class Move(msgspec.Struct, frozen=True):
    """并入 (move): story `gone` became part of the earlier story `into` (story numbers)."""

    gone: int
    into: int


class _Open:
    """An open story: summed term weights, their squared length, its last moment and number of posts."""

    __slots__ = ("last", "posts", "squared", "terms")

    def __init__(self, last: float) -> None:
        self.terms: dict[int, float] = {}
        self.squared = 0.0
        self.last = last
        self.posts = 0

    @property
    def length(self) -> float:
        return float(self.squared**0.5) or 1.0


class Stories:
    """话题 (stories): numbers count from 0 in the order the stories began."""

    def __init__(self, settings: StorySettings | None = None) -> None:
        self.settings = settings or StorySettings()
        self.history = History(self.settings.burst_cap)
        self._into = array("q")
        self._open: dict[int, _Open] = {}
        self._postings: dict[int, list[int]] = {}
        self._times: deque[float] = deque(maxlen=self.settings.tau_posts)
        self._now = float("-inf")
        self._touched: set[int] = set()
        self._moves: list[Move] = []

    def __len__(self) -> int:
        return len(self._into)

    @property
    def open_count(self) -> int:
        return len(self._open)

    def final(self, story: int) -> int:
        """The story that `story` is part of by now."""
        while self._into[story] != story:
            self._into[story] = self._into[self._into[story]]
            story = self._into[story]
        return story

    def moves(self) -> list[Move]:
        """The merges since the last call."""
        moves, self._moves = self._moves, []
        return moves

    def place(self, terms: Terms, at: float, copy_of: int | None = None) -> int:
        """The number of the story of a post; `copy_of` is the story of the post it copies, which it joins if open."""
        vector, tau = self._learn(terms, at)
        story = self._copied(copy_of)
        if story is None:
            story = self._nearest(vector, tau, self.settings.join)
        if story is None:
            story = self._begin()
        self._add(story, vector)
        if self.history.posts % self.settings.merge_every == 0:
            self.settle()
        return story

    def recall(self, terms: Terms, at: float, story: int | None) -> int:
        """Take a post in where it is known to stand (None: in a story of its own, begun now); nothing is decided."""
        vector, tau = self._learn(terms, at)
        if story is None:
            story = self._begin()
        story = self.final(story)
        if story not in self._open:
            self._open[story] = _Open(self._now)  # closed since, and yet a post was placed in it
        self._add(story, vector)
        if self.history.posts % self.settings.merge_every == 0:
            self._touched.clear()
        if self.history.posts % (self.settings.merge_every * SWEEP) == 0:
            self._close_idle(tau)
        return story

    def _learn(self, terms: Terms, at: float) -> tuple[dict[int, float], float]:
        """The post's unit vector, learned into the history, and the half-life of likeness at its moment."""
        self._now = max(self._now, at)
        self._times.append(self._now)
        tau = self._tau()
        weights = self.history.learn(terms, self._now, tau * self.settings.burst_half_life)
        length = float((weights @ weights) ** 0.5) or 1.0
        return dict(zip(terms.numbers.tolist(), (weights / length).tolist(), strict=True)), tau

    def settle(self) -> None:
        """Join stories that have grown alike and close the idle ones; called by itself every `merge_every` posts."""
        tau = self._tau()
        for story in sorted(self._touched):
            opened = self._open.get(story)
            if opened is None or opened.posts == 1:  # a single post was held against all when it came
                continue
            length = opened.length
            vector = {term: weight / length for term, weight in opened.terms.items()}
            other = self._nearest(vector, tau, self.settings.merge, own=story)
            if other is not None:
                self._merge(max(story, other), min(story, other))
        self._touched.clear()
        if self.history.posts % (self.settings.merge_every * SWEEP) == 0:
            self._close_idle(tau)

    def _tau(self) -> float:
        """Half-life of likeness: a day, or longer where 300 posts take longer, so that slow boards stay open."""
        if len(self._times) < self.settings.tau_posts:
            return self.settings.tau
        return max(self.settings.tau, self._now - self._times[0])

    def _copied(self, story: int | None) -> int | None:
        if story is None:
            return None
        story = self.final(story)
        return story if story in self._open else None

    def _nearest(self, vector: dict[int, float], tau: float, least: float, own: int = -1) -> int | None:
        """The open story most like the unit `vector`, at least `least`; the more promising of equals.

        Candidates come with the squared length of what they share with the vector's weighty terms; together with the
        light rest that bounds their cosine, so the search ends when no later one can be better.
        """
        ranked, rest = self._candidates(vector, own)
        best, nearest = least, None
        moment = self._open[own].last if own >= 0 else self._now
        items = list(vector.items())
        for shared_squared, story in ranked:
            if (shared_squared + rest) ** 0.5 < best:
                break
            opened = self._open[story]
            fresh = 2.0 ** (-abs(moment - opened.last) / tau)
            if (shared_squared + rest) ** 0.5 * fresh < best:
                continue
            terms = opened.terms
            shared = 0.0
            for term, weight in items:
                if term in terms:
                    shared += weight * terms[term]
            likeness = shared / opened.length * fresh
            if likeness > best or (likeness == best and nearest is None):
                best, nearest = likeness, story
        return nearest

    def _candidates(self, vector: dict[int, float], own: int) -> tuple[list[tuple[float, int]], float]:
        """Open stories that share the weightiest terms, with what they share squared, and the squared light rest."""
        found: dict[int, float] = {}
        heavy = nsmallest(self.settings.rare_terms, vector.items(), key=_by_weight)
        rest = 1.0
        for term, weight in heavy:
            squared = weight * weight
            rest -= squared
            for story in self._postings.get(term, ())[-self.settings.postings :]:
                found[story] = found.get(story, 0.0) + squared
        found.pop(own, None)
        best = nsmallest(self.settings.candidates, ((-share, story) for story, share in found.items()))
        return [(-share, story) for share, story in best], max(rest, 0.0)

    def _begin(self) -> int:
        story = len(self._into)
        self._into.append(story)
        self._open[story] = _Open(self._now)
        if len(self._open) > self.settings.most_open:
            self._close(min(self._open, key=lambda number: (self._open[number].last, number)))
        return story

    def _add(self, story: int, vector: dict[int, float]) -> None:
        opened = self._open[story]
        self._sum_up(story, opened, vector)
        opened.posts += 1
        opened.last = max(opened.last, self._now)
        self._touched.add(story)

    def _sum_up(self, story: int, opened: _Open, vector: dict[int, float]) -> None:
        """Add a vector to a story's terms; its squared length follows without a look at the other terms."""
        terms, squared = opened.terms, opened.squared
        for term, weight in vector.items():
            before = terms.get(term)
            if before is None:
                self._post(term, story)
                before = 0.0
            terms[term] = before + weight
            squared += weight * (weight + 2.0 * before)
        opened.squared = squared
        if len(terms) > self.settings.centroid_terms:
            self._shed(story, opened)

    def _post(self, term: int, story: int) -> None:
        """Note that an open story has a term. Only the youngest count, so common terms cost no more than rare ones."""
        postings = self._postings.setdefault(term, [])
        if not postings or postings[-1] < story:
            postings.append(story)
        else:
            insort(postings, story)

    def _unpost(self, terms: Iterable[int], story: int) -> None:
        for term in terms:
            postings = self._postings[term]
            del postings[bisect_left(postings, story)]
            if not postings:
                del self._postings[term]

    def _shed(self, story: int, opened: _Open) -> None:
        """Drop the lighter half of a story's terms."""
        heavy = dict(nsmallest(self.settings.centroid_terms // 2, opened.terms.items(), key=_by_weight))
        self._unpost(opened.terms.keys() - heavy.keys(), story)
        opened.terms = heavy
        opened.squared = sum(weight * weight for weight in heavy.values())

    def _merge(self, gone: int, into: int) -> None:
        ours, theirs = self._open[into], self._open.pop(gone)
        self._unpost(theirs.terms, gone)
        self._sum_up(into, ours, theirs.terms)
        ours.posts += theirs.posts
        ours.last = max(ours.last, theirs.last)
        self._into[gone] = into
        self._moves.append(Move(gone, into))

    def _close_idle(self, tau: float) -> None:
        """Close what is idle for long; what no post can be like enough any more is only kept open for its copies."""
        limit = self._now - self.settings.open_for * tau
        least = min(self.settings.join, self.settings.merge)
        hopeless = self._now - tau * -log2(least)
        for story, opened in list(self._open.items()):
            if opened.last < limit:
                self._close(story)
            elif opened.last < hopeless and opened.terms:
                self._unpost(opened.terms, story)
                opened.terms, opened.squared = {}, 0.0

    def _close(self, story: int) -> None:
        self._unpost(self._open.pop(story).terms, story)


def _by_weight(pair: tuple[int, float]) -> tuple[float, int]:
    return -pair[1], pair[0]
