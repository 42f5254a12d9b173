"""Simulated topics: a seeded stream of counts with a day, a week, hourly rates that vary, and planted rises.

Each topic has its own sharpness of day and night around the common one, and the common one is not the engine's prior.
The engine sees counts in five-minute bins and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shudao.engine.sense.pulse import BIN, Board
from shudao.engine.sense.season import Season

START = 1_783_872_000.0  # Monday 0:00 in China
HOUR_BINS = 12
WARM_DAYS = 14
DAY = (
    0.45, 0.30, 0.20, 0.18, 0.20, 0.30, 0.60, 1.00, 1.45, 1.60, 1.55, 1.35,
    1.00, 0.95, 1.15, 1.30, 1.35, 1.20, 1.10, 1.35, 1.70, 1.65, 1.20, 0.80,
)  # fmt: skip
WEEKEND = 0.75
TILT = 0.2  # how much a topic's days and nights are sharper or flatter than the common ones
NEAR = (0.9, 1.15)  # a rise begins where three hours from it on are this near to the topic's average


@dataclass(frozen=True)
class Case:
    """One kind of topic: posts an hour on average, CV of its hourly rates, whether it has days and weeks, and its rises."""

    rate: float
    cv: float
    season: bool = True
    fold: float = 5.0
    follows: bool = False
    """Whether a rise multiplies the varying rate of its hour (else: it adds so many times the usual)."""


@dataclass
class Stream:
    """`topics` alike for `days` after the warm-up, rises of two hours at `onsets` (topic -> bins after the warm-up)."""

    case: Case
    topics: int
    days: int
    seed: int
    onsets: list[list[int]] = field(default_factory=list)
    length: int = 24  # bins of a rise
    warm: int = WARM_DAYS

    def bins(self) -> Iterator[NDArray[np.float64]]:
        """Counts of every topic, bin by bin, the warm-up first."""
        chance = np.random.Generator(np.random.PCG64(self.seed))
        season = day_and_week()
        sharp = chance.uniform(1 - TILT, 1 + TILT, self.topics) if self.case.season else 0.0
        shapes = season[:, None] ** (sharp * np.ones(self.topics))
        shapes /= shapes.mean(axis=0)
        lifted = self._lifted()
        for hour in range((self.warm + self.days) * 24):
            usual = self.case.rate * shapes[hour % 168]
            level = usual * self._varying(chance)
            for part in range(HOUR_BINS):
                up = lifted.get(hour * HOUR_BINS + part - self.warm * 24 * HOUR_BINS)
                now = level
                if up is not None:
                    base = level if self.case.follows else usual
                    now = level + up * (self.case.fold - 1.0) * base
                yield chance.poisson(now / HOUR_BINS).astype(np.float64)

    def _varying(self, chance: np.random.Generator) -> NDArray[np.float64]:
        if not self.case.cv:
            return np.ones(self.topics)
        shape = 1.0 / self.case.cv**2
        return chance.gamma(shape, 1.0 / shape, self.topics)

    def _lifted(self) -> dict[int, NDArray[np.float64]]:
        found: dict[int, NDArray[np.float64]] = {}
        for topic, begins in enumerate(self.onsets):
            for begin in begins:
                for at in range(begin, begin + self.length):
                    found.setdefault(at, np.zeros(self.topics))[topic] = 1.0
        return found


def day_and_week() -> NDArray[np.float64]:
    """How busy each hour of the simulated week is, 1 on average."""
    week = np.concatenate([np.array(DAY) * (WEEKEND if day >= 5 else 1.0) for day in range(7)])
    return week / week.mean()


def onsets(topics: int, days: int, every: int, seed: int, *, any_hour: bool = False, spare: int = 0) -> list[list[int]]:
    """Moments (bins after the warm-up) at which rises begin: one in `every` days, in an hour near the average."""
    chance = np.random.Generator(np.random.PCG64(seed + 7))
    season = day_and_week()
    found = []
    for _ in range(topics):
        own = []
        for day in range(0, days - 1, every):
            hours = [hour for hour in range(day * 24, day * 24 + 24) if any_hour or _near(season, hour, spare)]
            if hours:
                own.append(int(chance.choice(hours)) * HOUR_BINS + int(chance.integers(HOUR_BINS)))
        found.append(own)
    return found


def _near(season: NDArray[np.float64], hour: int, spare: int) -> bool:
    low, high = NEAR
    return all(low <= season[(hour + more + np.arange(3)) % 168].mean() <= high for more in (0, spare))


@dataclass
class Watched:
    """What the pulse said: (topic, bin after the warm-up) of every rise that began, topics already up at each bin."""

    begun: list[tuple[int, int]]
    hourly: NDArray[np.float64]
    begun_warm: int = 0


def watch(stream: Stream) -> Watched:
    """Run a board over a stream; alerts as the engine tells them: a rise begins, and again only after calm."""
    season = Season()
    board = Board(season)
    for _ in range(stream.topics):
        board.add()
    up = np.zeros(stream.topics + 1, np.bool_)
    begun, early, hours, sums = [], 0, [], np.zeros(stream.topics)
    for number, counts in enumerate(stream.bins()):
        now = START + number * BIN
        season.observe(now, float(counts.sum()))
        board.advance(now)
        board.count_all(counts)
        found = board.rising()
        fresh = found[~up[found]]
        at = number - stream.warm * 24 * HOUR_BINS
        if at >= 0:
            begun += [(int(row) - 1, at) for row in fresh]
        else:
            early += len(fresh)
        up[fresh] = True
        held = np.flatnonzero(up)
        up[board.calm(held)] = False
        sums += counts
        if (number + 1) % HOUR_BINS == 0:
            hours.append(sums)
            sums = np.zeros(stream.topics)
    return Watched(begun, np.array(hours), early)
