"""评级 (rating): what was awaited, what came, and the letter it earns.

P in time and at the first go · S in time after a return or a climbed ladder, or up to 1.25 times the limit ·
M up to twice the limit, or incomplete · U otherwise, and for everything past due that nobody answered.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

Letter = Literal["P", "S", "M", "U"]
Column = Literal["time", "quality"]

VALUES: dict[Letter, float] = {"P": 1.0, "S": 0.8, "M": 0.4, "U": 0.0}
"""Numbers of the letters: assumed, not measured."""

WEIGHTS = {True: 2.0, False: 1.0}
"""Weight of a must and of a should: assumed, not measured."""


class Rated(msgspec.Struct, frozen=True, kw_only=True):
    """期望 (expectation) with its rating; `rating` is None while it is not yet due and not answered.

    `minutes` is what it took, `limit` what was allowed (None where time is not the question); `evidence` are the
    entry numbers it rests on.
    """

    id: str
    title: str
    objective: str
    column: Column
    must: bool
    rating: Letter | None
    minutes: float | None = None
    limit: float | None = None
    post: str = ""
    step: str = ""
    note: str = ""
    evidence: tuple[int, ...] = ()

    @property
    def weight(self) -> float:
        """Weight in its objective."""
        return WEIGHTS[self.must]

    @property
    def value(self) -> float | None:
        """Number of its letter."""
        return None if self.rating is None else VALUES[self.rating]


LATE, LATEST = 1.25, 2.0
"""Up to which share of its limit a thing done late is still S, still M: assumed, not measured."""


def by_share(share: float, *, spotless: bool = True) -> Letter:
    """The letter of something done after that share of its limit (1 = exactly at the limit)."""
    if share <= 1:
        return "P" if spotless else "S"
    if share <= LATE:
        return "S"
    return "M" if share <= LATEST else "U"


def letter_of(value: float) -> Letter:
    """The nearest letter to a mean value from 0 to 1."""
    if value >= 0.9:
        return "P"
    if value >= 0.6:
        return "S"
    return "M" if value >= 0.2 else "U"


def mean(rows: Iterable[Rated]) -> float | None:
    """Weighted mean value of what is rated; None when nothing is."""
    rated = [(row.weight, row.value) for row in rows if row.value is not None]
    whole = sum(weight for weight, _ in rated)
    return sum(weight * value for weight, value in rated) / whole if rated else None
