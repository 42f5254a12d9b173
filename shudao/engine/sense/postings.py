"""倒排 (postings): which open stories have a term. Only the youngest count, so common terms cost no more than rare ones."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from heapq import nsmallest


class Postings:
    """Term number -> numbers of the open stories that have it, in order."""

    def __init__(self) -> None:
        self._stories: dict[int, list[int]] = {}

    def __len__(self) -> int:
        """Entries held: the terms of all open stories."""
        return sum(map(len, self._stories.values()))

    def add(self, term: int, story: int) -> None:
        """An open story has a term."""
        stories = self._stories.setdefault(term, [])
        if not stories or stories[-1] < story:
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
        found: dict[int, float] = {}
        rest = 1.0
        for term, weight in nsmallest(weighty, vector.items(), key=by_weight):
            squared = weight * weight
            rest -= squared
            for story in self._stories.get(term, ())[-youngest:]:
                found[story] = found.get(story, 0.0) + squared
        for story in left_out:
            found.pop(story, None)
        best = nsmallest(most, ((-share, story) for story, share in found.items()))
        return [(-share, story) for share, story in best], max(rest, 0.0)


def by_weight(pair: tuple[int, float]) -> tuple[float, int]:
    """The heavier term first; of equals the smaller number."""
    return -pair[1], pair[0]
