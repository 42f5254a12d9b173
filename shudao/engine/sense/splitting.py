"""拆分 (splitting): whether what was told as one story reads, in hindsight, as two or more.

A post is placed by what was known when it came, and a bridge ("停水又停电") may pull two matters into one. Once a story
has some tellings they are grouped anew, the most alike first. Groups that stay unlike, each told at least twice, were
different matters. A story of many tellings is settled: it is looked at while it grows, not for ever.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shudao.engine.sense.vectors import F32

LEAST = 2  # tellings that make a group a matter of its own
MOST = 64  # tellings up to which a story is looked at
SIZES = frozenset((4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64))  # tellings at which it is

F64 = NDArray[np.float64]


class Telling(NamedTuple):
    """讲述 (telling): one post of a story that is no copy: its unit weights by term and, with vectors, its meaning."""

    row: int
    terms: NDArray[np.int64]
    weights: F64
    meaning: F32 | None


def groups(tellings: Sequence[Telling], least_alike: float, usual: float) -> list[list[int]]:
    """Rows of the groups that are less alike than `least_alike`, in order of their first row; one group: no split.

    `usual`: nearness of meaning up to which two texts are unrelated. A group told less often than `LEAST` goes with the
    nearest.
    """
    near = _Nearness(_products(tellings), usual)
    if near.least() >= least_alike:  # then so are all sums of them
        return [sorted(telling.row for telling in tellings)]
    members = {place: [place] for place in range(len(tellings))}
    while len(members) > 1:
        one, other, alike = near.best()
        if alike < least_alike:
            break
        members[one] += members.pop(other)
        near.join(one, other)
    found = _gathered(members, near.alike)
    return sorted(sorted(tellings[place].row for place in group) for group in found)


class _Nearness:
    """How alike the groups are, each under the place of its first; what joined another, and a group itself: -1."""

    def __init__(self, products: list[F64], usual: float) -> None:
        self._products, self._usual = products, usual
        self._lengths = [np.sqrt(np.maximum(np.diagonal(kind), 1e-12)) for kind in products]
        self._gone = np.zeros(len(products[0]), bool)
        self.alike = self._mixed(
            [kind / one[:, None] / one[None, :] for kind, one in zip(products, self._lengths, strict=True)]
        )
        np.fill_diagonal(self.alike, -1.0)

    def least(self) -> float:
        """The likeness that all pairs have at least, by words and meaning each taken for itself."""
        lows = [
            float((kind / one[:, None] / one[None, :]).min())
            for kind, one in zip(self._products, self._lengths, strict=True)
        ]
        return lows[0] if len(lows) == 1 else (lows[0] + max(lows[1] - self._usual, 0.0) / (1.0 - self._usual)) / 2.0

    def best(self) -> tuple[int, int, float]:
        """The two groups most alike, the first first."""
        one, other = sorted(divmod(int(self.alike.argmax()), len(self.alike)))
        return one, other, float(self.alike[one, other])

    def join(self, one: int, other: int) -> None:
        """Group `other` is part of `one`: the products of a sum are the sums."""
        rows, columns = [], []
        for kind, lengths in zip(self._products, self._lengths, strict=True):
            kind[one] += kind[other]
            kind[:, one] += kind[:, other]
            lengths[one] = np.sqrt(max(kind[one, one], 1e-12))
            rows.append(kind[one] / lengths[one] / lengths)
            columns.append(kind[:, one] / lengths / lengths[one])
        self._gone[other] = True
        self.alike[one] = np.where(self._gone, -1.0, self._mixed(rows))
        self.alike[:, one] = np.where(self._gone, -1.0, self._mixed(columns))
        self.alike[one, one] = -1.0
        self.alike[other] = self.alike[:, other] = -1.0

    def _mixed(self, cosines: list[F64]) -> F64:
        """By words, or by words and meaning in equal parts."""
        if len(cosines) == 1:
            return cosines[0]
        meant = np.maximum(cosines[1] - self._usual, 0.0) / (1.0 - self._usual)
        return np.asarray((cosines[0] + meant) / 2.0)


def _gathered(members: dict[int, list[int]], alike: F64) -> list[list[int]]:
    """The groups told often enough, each of the others added to the one it is most like."""
    large = [number for number, group in members.items() if len(group) >= LEAST]
    if len(large) < 2:
        return [[place for group in members.values() for place in group]]
    found = {number: list(members[number]) for number in large}
    for number, group in members.items():
        if number not in found:
            found[max(large, key=lambda other: (alike[number, other], -other))] += group
    return list(found.values())


def _products(tellings: Sequence[Telling]) -> list[F64]:
    """Products of all pairs by words and, when all have one, by meaning."""
    numbers, places = np.unique(np.concatenate([one.terms for one in tellings]), return_inverse=True)
    matrix = np.zeros((len(tellings), len(numbers)))
    lengths = [len(one.terms) for one in tellings]
    matrix[np.repeat(np.arange(len(tellings)), lengths), places] = np.concatenate([one.weights for one in tellings])
    meanings = [one.meaning for one in tellings if one.meaning is not None]
    if len(meanings) < len(tellings):
        return [matrix @ matrix.T]
    dense = np.stack(meanings).astype(np.float64)
    return [matrix @ matrix.T, dense @ dense.T]
