"""开放话题 (open stories): what is known of a story that may still grow: its middle in words and meaning, its posts."""

from array import array
from collections import OrderedDict, deque
from collections.abc import Iterable
from heapq import heappop, heappush

import numpy as np

from shudao.engine.sense.postings import Postings, by_weight
from shudao.engine.sense.splitting import MOST, Telling
from shudao.engine.sense.vectors import F32

FAINT = 1e-9  # weight left by rounding when a telling is taken out


class Open:
    """An open story: summed term weights and their squared length, summed meanings, tellings (the latest), all rows.

    Copies are rows of it, and move its last moment; only tellings, which say it in words of their own, move its middle.
    """

    __slots__ = ("last", "looked", "meaning", "meant", "own", "rows", "squared", "tellings", "terms", "usual")

    def __init__(self, last: float) -> None:
        self.terms: dict[int, float] = {}
        self.squared = 0.0
        self.meaning: F32 | None = None
        self.meant = 1.0  # length of `meaning`
        self.usual = 0.0  # nearness up to which two texts are unrelated, as of its last telling
        self.tellings: deque[Telling] = deque(maxlen=MOST)
        self.own = 0
        self.looked = 0  # tellings it had when it was last held against other stories
        self.rows = array("q")
        self.last = last

    @property
    def length(self) -> float:
        return float(self.squared**0.5) or 1.0

    def mean(self, vector: F32) -> None:
        """Add a meaning (or take one away, negated)."""
        self.meaning = vector if self.meaning is None else self.meaning + vector
        self.meant = float(np.sqrt(self.meaning @ self.meaning)) or 1.0

    def mean_anew(self) -> None:
        """The meaning from the tellings at hand, when they are all there are."""
        self.meaning, self.meant = None, 1.0
        for telling in self.tellings:
            if telling.meaning is not None:
                self.mean(telling.meaning)


class OpenStories:
    """The open stories by number, and where their terms are found."""

    def __init__(self, most_terms: int, most_meanings: int) -> None:
        self.by_number: dict[int, Open] = {}
        self.postings = Postings()
        self._most_terms, self._most_meanings = most_terms, most_meanings
        self._meant: OrderedDict[int, int] = OrderedDict()  # story -> meanings it holds, the longest untouched first
        self._meanings = 0
        self._opened: list[tuple[float, int]] = []  # heaps of stories by a moment at or before their last, so that
        self._told: list[tuple[float, int]] = []  # looking for the idle ones costs no look at the others

    def __len__(self) -> int:
        return len(self.by_number)

    def get(self, story: int) -> Open | None:
        return self.by_number.get(story)

    def open(self, story: int, last: float) -> Open:
        """Open a story, new or closed before; the one that is open already."""
        opened = self.by_number.get(story)
        if opened is None:
            opened = self.by_number[story] = Open(last)
            heappush(self._opened, (last, story))
        return opened

    def tell(self, story: int, telling: Telling, vector: Iterable[tuple[int, float]], usual: float) -> None:
        """A post tells an open story in words of its own."""
        opened = self.by_number[story]
        opened.own += 1
        opened.tellings.append(telling)
        self._add(story, opened, vector)
        if telling.meaning is not None:
            opened.usual = usual
            opened.mean(telling.meaning)
            self._hold(story, 1)

    def idle(self, hopeless: float, limit: float) -> None:
        """Empty the stories that nothing joined since `hopeless`, close those that nothing joined since `limit`."""
        for story in self._untouched(self._told, hopeless):
            if self.by_number[story].terms:
                self.empty(story)
        for story in self._untouched(self._opened, limit):
            self.close(story)

    def _untouched(self, heap: list[tuple[float, int]], since: float) -> list[int]:
        """Take from the heap what nothing joined since; what was joined goes back with its later moment."""
        found = []
        while heap and heap[0][0] < since:
            story = heappop(heap)[1]
            opened = self.by_number.get(story)
            if opened is None:
                continue
            if opened.last < since:
                found.append(story)
            else:
                heappush(heap, (opened.last, story))
        return found

    def close(self, story: int) -> None:
        """Nothing joins it any more."""
        self.empty(story)
        del self.by_number[story]

    def empty(self, story: int) -> None:
        """Forget all but its rows: only a copy can still join it."""
        opened = self.by_number[story]
        self.postings.drop(opened.terms, story)
        opened.terms, opened.squared = {}, 0.0
        opened.tellings.clear()
        self._forget_meaning(story)

    def merge(self, gone: int, into: int) -> None:
        """All that is known of `gone` becomes known of `into`."""
        theirs = self.by_number.pop(gone)
        self.postings.drop(theirs.terms, gone)
        ours = self.open(into, theirs.last)
        self._add(into, ours, theirs.terms.items())
        ours.rows.extend(theirs.rows)
        ours.tellings = deque(sorted((*ours.tellings, *theirs.tellings), key=_by_row), maxlen=MOST)
        ours.own += theirs.own
        ours.last = max(ours.last, theirs.last)
        if theirs.meaning is not None:
            ours.usual = max(ours.usual, theirs.usual)
            ours.mean(theirs.meaning)
        self._hold(into, self._release(gone))

    def part(self, story: int, new: int, rows: set[int]) -> None:
        """What is known of these rows leaves `story` for `new`."""
        ours = self.by_number[story]
        theirs = self.open(new, ours.last)
        theirs.usual = ours.usual
        leaving = [telling for telling in ours.tellings if telling.row in rows]
        ours.tellings = deque((one for one in ours.tellings if one.row not in rows), maxlen=MOST)
        theirs.tellings.extend(leaving)
        theirs.rows = array("q", sorted(rows))
        ours.rows = array("q", (row for row in ours.rows if row not in rows))
        ours.own -= len(leaving)
        ours.looked = 0
        theirs.own = len(leaving)
        for telling in leaving:
            vector = list(zip(telling.terms.tolist(), telling.weights.tolist(), strict=True))
            self._add(new, theirs, vector)
            self._take(story, ours, vector)
            if telling.meaning is not None:
                theirs.mean(telling.meaning)
                ours.mean(-telling.meaning)
                self._release(story, 1)
                self._hold(new, 1)
        ours.squared = sum(weight * weight for weight in ours.terms.values())
        if ours.own == len(ours.tellings):
            ours.mean_anew()

    def _add(self, story: int, opened: Open, vector: Iterable[tuple[int, float]]) -> None:
        """Add weights to a story's terms; its squared length follows without a look at the other terms."""
        terms, squared = opened.terms, opened.squared
        if not terms:
            heappush(self._told, (opened.last, story))
            terms.update(vector)
            self.postings.add_all(terms, story)
            opened.squared = sum(weight * weight for weight in terms.values())
            return
        for term, weight in vector:
            before = terms.get(term)
            if before is None:
                self.postings.add(term, story)
                before = 0.0
            terms[term] = before + weight
            squared += weight * (weight + 2.0 * before)
        opened.squared = squared
        if len(terms) > self._most_terms:
            self._shed(story, opened)

    def _take(self, story: int, opened: Open, vector: Iterable[tuple[int, float]]) -> None:
        for term, weight in vector:
            left = opened.terms.get(term)
            if left is None:
                continue
            if left - weight > FAINT:
                opened.terms[term] = left - weight
            else:
                del opened.terms[term]
                self.postings.drop((term,), story)

    def _shed(self, story: int, opened: Open) -> None:
        """Drop the lighter half of a story's terms."""
        heavy = dict(sorted(opened.terms.items(), key=by_weight)[: self._most_terms // 2])
        self.postings.drop(opened.terms.keys() - heavy.keys(), story)
        opened.terms = heavy
        opened.squared = sum(weight * weight for weight in heavy.values())

    def _hold(self, story: int, count: int) -> None:
        """A story holds so many meanings more; when all together are too many, the longest untouched forget theirs."""
        if not count:
            return
        self._meant[story] = self._meant.get(story, 0) + count
        self._meant.move_to_end(story)
        self._meanings += count
        while self._meanings > self._most_meanings and len(self._meant) > 1:
            self._forget_meaning(next(iter(self._meant)))

    def _release(self, story: int, count: int | None = None) -> int:
        """It holds so many less (None: none any more); how many that were."""
        held = self._meant.get(story, 0)
        gone = held if count is None else min(count, held)
        self._meanings -= gone
        if held - gone:
            self._meant[story] = held - gone
        else:
            self._meant.pop(story, None)
        return gone

    def _forget_meaning(self, story: int) -> None:
        self._release(story)
        opened = self.by_number[story]
        opened.meaning = None
        opened.tellings = deque((one._replace(meaning=None) for one in opened.tellings), maxlen=MOST)


def _by_row(telling: Telling) -> int:
    return telling.row
