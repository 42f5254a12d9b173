"""预计 (forecast): how many posts of a topic the next hours may bring, from its hourly counts so far, with a band.

Nothing is foretold of what people will do: it says what the hours would bring if the topic went on as topics like it went
on. The usual comes from the season and the past; what the last hours have more or less than that fades by the hour, as
fast as it did before (`carry`, from a stated prior on). The band holds four of five hours.
"""

from collections.abc import Sequence

import msgspec

from shudao.engine.sense.pulse import LEAST_SPREAD, PRIOR_A, PRIOR_B, PRIOR_SPREAD, survival
from shudao.engine.sense.season import Season

VERSION = "forecast-1"
HOUR = 3600.0
BAND = 0.8
FORGET = 14 * 24.0  # half-life in hours
PRIOR_CARRY, PRIOR_HOURS = (
    0.5,
    24.0,
)  # so much of an hour's surplus is left in the next; worth so many hours of watching
RECENT = 3  # hours from which the surplus of now is read, the last weighing most
LEAST_HOURS = 24  # of counts, below which nothing is said
MOST = 100_000


class Expected(msgspec.Struct, frozen=True):
    """预计 (expected): the hour that begins at `at`, the expected count, and the band that should hold four of five."""

    at: float
    mean: float
    low: int
    high: int


class _Past(msgspec.Struct):
    """What the hours so far teach: the level, by how much hours differ, how much of a surplus is left an hour later."""

    a: float = PRIOR_A
    b: float = PRIOR_B
    excess: float = PRIOR_SPREAD * PRIOR_HOURS
    weight: float = PRIOR_HOURS
    both: float = PRIOR_CARRY * PRIOR_SPREAD * PRIOR_HOURS
    last: float = 0.0

    @property
    def spread(self) -> float:
        return max(LEAST_SPREAD, self.excess / self.weight)

    @property
    def carry(self) -> float:
        return min(0.95, max(0.0, self.both / max(1e-9, self.excess)))

    def take(self, count: float, factor: float) -> None:
        """One hour more."""
        usual = self.a / self.b * factor
        trust = (usual / (1.0 + PRIOR_SPREAD * usual)) ** 2 if self.b > LEAST_HOURS / 2 else 0.0
        over = min(4.0, (count - usual) / max(usual, 1e-9))
        keep = 2.0 ** (-1.0 / FORGET)
        self.excess = max(1e-6, self.excess * keep + trust * max(-1.0, over * over - count / max(usual, 1e-9) ** 2))
        self.weight = self.weight * keep + trust
        self.both = max(0.0, self.both * keep + trust * over * self.last)
        plausible = usual + 3.0 * (usual + (self.spread + 1.0 / self.a) * usual * usual) ** 0.5 + 1.0
        self.a = max(1e-3, self.a * keep + (count if self.b < LEAST_HOURS / 2 else min(count, plausible)))
        self.b = self.b * keep + factor
        self.last = over


def forecast(counts: Sequence[float], start: float, ahead: int = 6, utc_offset: float = 8 * HOUR) -> list[Expected]:
    """The `ahead` hours after whole hourly `counts`, of which the first began at `start`. None from too short a past."""
    if len(counts) < LEAST_HOURS:
        return []
    season, past = Season(utc_offset), _Past()
    for number, count in enumerate(counts):
        at = start + number * HOUR
        season.observe(at, count)
        past.take(count, season.factor(at))
    surplus, sure = _surplus(counts, start, season, past)
    found = []
    for step in range(1, ahead + 1):
        at = start + (len(counts) + step - 1) * HOUR
        usual, left = past.a / past.b * season.factor(at), past.carry**step
        mean = max(0.02 * usual, usual * (1.0 + left * surplus))
        wide = past.spread * (1.0 - left * left) + left * left * sure + 1.0 / past.a
        found.append(_band(at, mean, wide * (usual / mean) ** 2))
    return found


def _surplus(counts: Sequence[float], start: float, season: Season, past: _Past) -> tuple[float, float]:
    """By what share the last hours lie above the usual, and how unsure that is (squared)."""
    seen, expected = 0.0, 0.0
    for back in range(1, RECENT + 1):
        weight = past.carry ** (2 * (back - 1))
        seen += weight * counts[-back]
        expected += weight * past.a / past.b * season.factor(start + (len(counts) - back) * HOUR)
    firm = 1.0 / past.spread
    return (firm + seen) / (firm + expected) - 1.0, (firm + seen) / (firm + expected) ** 2


def _band(at: float, mean: float, wide: float) -> Expected:
    """The counts between which four of five fall when the mean varies so (squared)."""
    size, tail = 1.0 / max(wide, LEAST_SPREAD), (1.0 - BAND) / 2
    low, high = _least(mean, size, 1.0 - tail), _least(mean, size, tail)
    return Expected(at, mean, max(0, low - 1), max(0, high - 1))


def _least(mean: float, size: float, chance: float) -> int:
    """The least count that is reached with less than this chance."""
    low, high = 0, 1
    while high < MOST and survival(high, mean, size) >= chance:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if survival(middle, mean, size) < chance else (middle, high)
    return high
