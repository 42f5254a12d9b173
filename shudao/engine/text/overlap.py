"""重合 (overlap): exact Jaccard likeness of many pairs of texts at once, on their sets of 3-grams.

Grams are compared by 31 bits of their hash: two different ones of a pair look the same once in about a million pairs.
"""

from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shudao.engine.text.fingerprint import I64, U32, windows

U16 = NDArray[np.uint16]
F64 = NDArray[np.float64]
Texts: TypeAlias = tuple[U16, I64]
"""Texts side by side, and where each begins; one more entry than texts."""

_PAD = np.uint32(0xFFFFFFFF)
_MANY = 400


def pick(texts: Texts, wanted: I64) -> Texts:
    """Some of the texts, in the order wanted."""
    points, starts = texts
    lengths = np.diff(starts)[wanted]
    begins = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    return points[np.arange(begins[-1]) + np.repeat(starts[wanted] - begins[:-1], lengths)], begins


def choose(texts: Texts, wanted: I64) -> Texts:
    """`pick` where the order stays."""
    points, starts = texts
    lengths = np.diff(starts)
    if len(wanted) == len(lengths):
        return texts
    chosen = np.zeros(len(lengths), bool)
    chosen[wanted] = True
    return points[np.repeat(chosen, lengths)], np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths[wanted])))


def overlaps(texts: Texts) -> F64:
    """The Jaccard likeness of each pair: of the first half of the texts with the second; no text is empty."""
    hashes, begins = windows(*texts)
    half = (len(begins) - 1) // 2
    hashes = hashes & ~np.uint32(1)
    hashes[begins[half] :] |= np.uint32(1)
    counts = np.diff(begins).reshape(2, half)
    sizes = counts.sum(axis=0)
    found = np.zeros(half)
    for low, high in _classes_of(sizes):
        chosen = np.flatnonzero((sizes > low) & (sizes <= high))
        if chosen.size:
            table = np.full((chosen.size, int(sizes[chosen].max()) + 1), _PAD, np.uint32)
            _fill(table, hashes, begins[:-1][chosen], counts[0, chosen], 0)
            _fill(table, hashes, begins[:-1][half + chosen], counts[1, chosen], counts[0, chosen])
            found[chosen] = _shares(table)
    return found


def _classes_of(sizes: I64) -> list[tuple[int, int]]:
    """Classes of size, so that of many pairs the short are not padded to the long."""
    most = int(sizes.max(initial=0))
    if len(sizes) < _MANY:
        return [(0, most)]
    bounds = [0]
    while bounds[-1] < most:
        bounds.append(bounds[-1] * 2 + 64)
    return list(pairwise(bounds))


def _fill(table: U32, hashes: U32, begins: I64, lengths: I64, offset: I64 | int) -> None:
    """Put `lengths` hashes from `begins` on into the rows, from column `offset` on."""
    ends = np.cumsum(lengths)
    within = np.arange(ends[-1]) - np.repeat(ends - lengths, lengths)
    rows = np.repeat(np.arange(len(table)) * table.shape[1] + offset, lengths)
    table.ravel()[within + rows] = hashes[within + np.repeat(begins, lengths)]


def _shares(table: U32) -> F64:
    """Sorted, a gram of the first (even) stands before the same gram of the second (odd); every row ends in padding."""
    table.sort(axis=1)
    before, after = table[:, :-1], table[:, 1:]
    distinct = np.count_nonzero(before != after, axis=1)
    shared = np.count_nonzero(((before ^ after) == 1) & ((before & np.uint32(1)) == 0), axis=1)
    return np.asarray(shared / np.maximum(distinct - shared, 1), np.float64)
