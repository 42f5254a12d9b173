"""倒排 (postings): which open stories have a term. Only the youngest count, so common terms cost no more than rare ones."""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from heapq import nlargest
from itertools import chain
from operator import neg

import numpy as np

FEW = 160  # entries up to which counting one by one is quicker than arrays


class Postings:
    """Term number -> numbers of the open stories that have it, in order."""

    def __init__(self) -> None:
        self._stories: dict[int, array[int]] = {}
        self._shares = np.zeros(1024)  # by story number; all zero between two questions
        self._places = np.zeros(1024, np.int64)

    def __len__(self) -> int:
        """Entries held: the terms of all open stories."""
        return sum(map(len, self._stories.values()))

    def add(self, term: int, story: int) -> None:
        """An open story has a term."""
        stories = self._stories.get(term)
        if stories is None:
            self._stories[term] = array("q", (story,))
        elif stories[-1] < story:
            stories.append(story)
        else:
            insort(stories, story)

    def add_all(self, terms: Iterable[int], story: int) -> None:
        """A story that had none has these terms."""
        held = self._stories
        for term in terms:
            stories = held.get(term)
            if stories is None:
                held[term] = array("q", (story,))
            elif stories[-1] < story:
                stories.append(story)
            else:
                insort(stories, story)

    def drop(self, terms: Iterable[int], story: int) -> None:
        """A story no longer has these terms, or is no longer open."""
        for term in terms:
            stories = self._stories[term]
            del stories[bisect_left(stories, story)]
            if not stories:
                del self._stories[term]

    def candidates(
        self, vector: Mapping[int, float], weighty: int, youngest: int, most: int, left_out: Iterable[int] = ()
    ) -> tuple[list[tuple[float, int]], float]:
        """Stories that share the weightiest terms of a unit vector, with what they share squared, the most first; and
        what its other terms weigh squared."""
        found: list[array[int]] = []
        squares: list[float] = []
        rest = 1.0
        for negated, term in sorted(zip(map(neg, vector.values()), vector, strict=True))[:weighty]:
            squared = negated * negated
            rest -= squared
            stories = self._stories.get(term)
            if stories is not None:
                found.append(stories[-youngest:])
                squares.append(squared)
        few = sum(map(len, found)) <= FEW
        shares = _counted(found, squares) if few else self._added(found, squares, most + len(list(left_out)))
        for story in left_out:
            shares.pop(story, None)
        best = nlargest(most, zip(shares.values(), map(neg, shares), strict=True))
        return [(share, -story) for share, story in best], max(rest, 0.0)

    def _added(self, found: list["array[int]"], squares: list[float], most: int) -> dict[int, float]:
        """The same sums in arrays; only stories that can be among the best."""
        stories = np.frombuffer(b"".join(found), np.int64)
        if (largest := int(stories.max())) >= len(self._shares):
            self._shares = np.zeros(2 * largest)
            self._places = np.zeros(2 * largest, np.int64)
        np.add.at(self._shares, stories, np.repeat(squares, [len(one) for one in found]))
        order = np.arange(len(stories))
        self._places[stories] = order
        distinct = stories[self._places[stories] == order]
        shares = self._shares[distinct]
        self._shares[distinct] = 0.0
        if len(shares) > most:
            best = shares >= np.partition(shares, len(shares) - most)[len(shares) - most]
            distinct, shares = distinct[best], shares[best]
        return dict(zip(distinct.tolist(), shares.tolist(), strict=True))


def _counted(found: list["array[int]"], squares: list[float]) -> dict[int, float]:
    shares = dict.fromkeys(chain.from_iterable(found), 0.0)
    for stories, squared in zip(found, squares, strict=True):
        for story in stories:
            shares[story] += squared
    return shares


def by_weight(pair: tuple[int, float]) -> tuple[float, int]:
    """The heavier term first; of equals the smaller number."""
    return -pair[1], pair[0]
