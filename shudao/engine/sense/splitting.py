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
    products = _products(tellings)
    members = [[place] for place in range(len(tellings))]
    alike = _likeness(products, usual)
    while len(members) > 1:
        one, other = sorted(divmod(int(alike.argmax()), len(members)))
        if alike[one, other] < least_alike:
            break
        members[one] += members.pop(other)
        products = [_joined(kind, one, other) for kind in products]
        alike = _likeness(products, usual)
    found = _gathered(members, alike)
    return sorted(sorted(tellings[place].row for place in group) for group in found)


def _gathered(members: list[list[int]], alike: F64) -> list[list[int]]:
    """The groups told often enough, each of the others added to the one it is most like."""
    large = [number for number, group in enumerate(members) if len(group) >= LEAST]
    if len(large) < 2:
        return [[place for group in members for place in group]]
    found = {number: list(members[number]) for number in large}
    for number, group in enumerate(members):
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


def _likeness(products: list[F64], usual: float) -> F64:
    """How alike the groups are; a group is not held against itself."""
    alike = _cosines(products[0])
    if len(products) > 1:
        alike = (alike + np.maximum(_cosines(products[1]) - usual, 0.0) / (1.0 - usual)) / 2.0
    np.fill_diagonal(alike, -1.0)
    return alike


def _cosines(products: F64) -> F64:
    lengths = np.sqrt(np.maximum(np.diagonal(products), 1e-12))
    return np.asarray(products / lengths[:, None] / lengths[None, :])


def _joined(products: F64, one: int, other: int) -> F64:
    """The products once group `other` is part of `one`: those of a sum are the sums."""
    products = products.copy()
    products[one] += products[other]
    products[:, one] += products[:, other]
    return np.delete(np.delete(products, other, axis=0), other, axis=1)
