"""筛 (sift): of many pairs of topic and post those in which the topic may hold, told by numbers in arrays.

Every post of a batch gets a row of marks, one for each pair of neighbouring characters (hashed, so a mark may stand for
several pairs); every topic names the pairs of which one must be marked. What is kept is looked at properly afterwards;
what is thrown out cannot hold.
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

_MARKS = 4096  # a post; mark 0 is always set
_MOST = 4  # words of one set that a topic names
_FIRST, _SECOND = np.uint32(2_654_435_761), np.uint32(2_246_822_519)
_DOWN = np.uint32(20)  # 32 - log2(_MARKS)


class Spread:
    """展开 (spread): from the anchors found in a batch to pairs of topic and place of the post."""

    def __init__(self, anchored: Sequence[Sequence[int]]) -> None:
        self._lengths = np.fromiter(map(len, anchored), np.int64, len(anchored))
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._topics = np.array([topic for topics in anchored for topic in topics], np.int64)

    def pairs(self, found: Sequence[tuple[int, int, int]], texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Topic and place of every anchor found in the joined texts."""
        hits = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found)).reshape(-1, 3)
        word = hits[:, 2]
        last = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1) - 1
        place = np.searchsorted(last, hits[:, 1])
        lengths = self._lengths[word]
        inside = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return self._topics[np.repeat(self._starts[word], lengths) + inside], np.repeat(place, lengths)


def named_by(sets: Sequence[Sequence[tuple[str, ...]]]) -> NDArray[np.uint16]:
    """For each topic the marks of which one must be set: those of its rarest set that is small enough."""
    rows = np.zeros((len(sets), _MOST), np.uint16)
    chosen = [next((words for words in needs if _is_small(words)), ()) for needs in sets]
    spelled = [(number, place, word) for number, words in enumerate(chosen) for place, word in enumerate(words)]
    if spelled:
        marks = _marks(_codes("".join(word[:2] for _, _, word in spelled)))[::2]
        at = np.array([(number, place) for number, place, _ in spelled], np.int64)
        rows[at[:, 0], at[:, 1]] = marks
        for number, words in enumerate(chosen):  # fewer words than places: the first once more
            rows[number, len(words) :] = rows[number, 0]
    return rows


def _is_small(words: Sequence[str]) -> bool:
    return len(words) <= _MOST and min(map(len, words)) > 1


def sifted(topics: Numbers, places: Numbers, texts: Sequence[str], named: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Which pairs of topic and post may hold."""
    found = _marked(texts)
    width = np.int64(_MARKS)
    asked = named[topics].astype(np.int64) + (places * width)[:, None]
    return np.asarray(np.logical_or.reduce(found.ravel()[asked], axis=1), np.bool_)


def _marked(texts: Sequence[str]) -> NDArray[np.bool_]:
    found = np.zeros((len(texts), _MARKS), np.bool_)
    found[:, 0] = True
    marks = _marks(_codes("\n".join(texts)))
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    place = np.repeat(np.arange(len(texts)), lengths)[: len(marks)]
    found.ravel()[place * _MARKS + marks] = True
    return found


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _marks(codes: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """The mark of each character with the one behind it."""
    mixed = codes[:-1] * _FIRST ^ codes[1:] * _SECOND
    return ((mixed * _FIRST) >> _DOWN).astype(np.uint16)
