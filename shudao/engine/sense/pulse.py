"""脉搏 (pulse): whether a topic runs above what this hour of the week and its own past lead to expect.

Counts stand in five-minute bins. A topic's hourly rate is Gamma(a, b): prior `PRIOR_A / PRIOR_B` an hour, so it works
from zero history. Bins enter it once they are older than the longest window, cut at what was plausible, so that a
burst does not become its own yardstick. The count of a window is then negative binomial, with the over-dispersion of
the series.
"""

import math
from collections import deque

import msgspec
from scipy.special import betainc

from shudao.engine.sense.season import Season

VERSION = "pulse-1"
BIN = 300.0
WINDOWS = (15, 30, 60, 120)  # minutes
LONGEST = max(WINDOWS) * 60.0
PRIOR_A, PRIOR_B = 0.5, 0.5  # one post an hour, worth half an hour of watching
PRIOR_SPREAD = 0.25  # squared coefficient of variation of the hourly rate, assumed
PRIOR_SPREAD_POSTS = 40.0
FORGET_HOURS = 14 * 24.0  # half-life of what was learned
RARE = 1.0  # posts an hour below which volume decides nothing
CHANCE = 3e-5  # a window less likely than this is a rise
CALM = 0.05  # the longest window likelier than this ends a rise
LEAST_POSTS = 5


class Rise(msgspec.Struct, frozen=True):
    """突增 (rise): `count` posts since `since` (epoch seconds) where `usual` were expected; `chance` of so many."""

    since: float
    at: float
    minutes: int
    count: int
    usual: float
    chance: float


class Series:
    """序列 (series): the counts of one topic. `now` never goes back; a late post counts in its bin if still held."""

    def __init__(self, season: Season) -> None:
        self._season = season
        self._bins: deque[list[float]] = deque()  # [start, count, exposure in hours]
        self._a, self._b = PRIOR_A, PRIOR_B
        self._excess, self._weight = PRIOR_SPREAD * PRIOR_SPREAD_POSTS, PRIOR_SPREAD_POSTS
        self._begun: float | None = None

    @property
    def rate(self) -> float:
        """Posts an hour, averaged over the week."""
        return self._a / self._b

    @property
    def spread(self) -> float:
        """Squared coefficient of variation of the hourly rate."""
        return max(0.02, self._excess / self._weight)

    def count(self, at: float, now: float) -> None:
        """One post of moment `at`, seen at stream time `now`."""
        self.advance(now)
        start = at // BIN * BIN
        for held in reversed(self._bins):
            if held[0] == start:
                held[1] += 1.0
                return

    def advance(self, now: float) -> None:
        """Let time pass: open bins up to `now`, learn from those older than the longest window."""
        current = now // BIN * BIN
        if self._begun is None:
            self._begun = current
            self._bins.append(self._fresh(current))
        gap = current - self._bins[-1][0]
        if gap > 4 * LONGEST:
            self._skip(current)
        while self._bins[-1][0] < current:
            self._bins.append(self._fresh(self._bins[-1][0] + BIN))
        while self._bins[0][0] < current - LONGEST:
            self._learn(*self._bins.popleft()[1:])

    def rise(self, now: float) -> Rise | None:
        """The window ending now that is least likely, if it is a rise."""
        found: Rise | None = None
        for minutes in WINDOWS:
            rise = self.window(minutes, now)
            if rise.count >= LEAST_POSTS and rise.chance < CHANCE and (found is None or rise.chance < found.chance):
                found = rise
        return found

    def is_calm(self, now: float) -> bool:
        """Whether the longest window is nothing unusual."""
        return self.window(WINDOWS[-1], now).chance > CALM

    def window(self, minutes: int, now: float, count: int | None = None) -> Rise:
        """The last `minutes`; `count` asks the question for another count than the series' own."""
        first = now // BIN * BIN - minutes * 60 + BIN
        held = [row for row in self._bins if row[0] >= first]
        exposure = max(sum(row[2] for row in held), minutes / 60.0 * 0.05)
        usual = self.rate * exposure
        total = int(sum(row[1] for row in held)) if count is None else count
        size = 1.0 / (1.0 / self._a + self.spread)
        return Rise(first, now, minutes, total, usual, survival(total, usual, size))

    def _fresh(self, start: float) -> list[float]:
        return [start, 0.0, self._season.factor(start) * BIN / 3600.0]

    def _learn(self, count: float, exposure: float) -> None:
        usual = self.rate * exposure
        plausible = usual + 3.0 * math.sqrt(usual + self.spread * usual * usual) + 1.0
        count = min(count, plausible)
        keep = 2.0 ** (-BIN / 3600.0 / FORGET_HOURS)
        self._excess = self._excess * keep + max(-1.0, (count - usual) ** 2 - count)
        self._excess = max(self._excess, 0.0)
        self._weight = self._weight * keep + usual * usual
        self._a = self._a * keep + count
        self._b = self._b * keep + exposure

    def _skip(self, current: float) -> None:
        """A long silence: learn it at once instead of bin by bin, with mean exposure."""
        while self._bins:
            last = self._bins.popleft()
            self._learn(last[1], last[2])
        hours = (current - LONGEST - last[0] - BIN) / 3600.0
        keep = 2.0 ** (-hours / FORGET_HOURS)
        mean_keep = (1.0 - keep) * FORGET_HOURS / math.log(2.0)
        self._a = max(self._a * keep, 1e-3)
        self._b = self._b * keep + mean_keep
        self._bins.append(self._fresh(current - LONGEST))


def survival(count: int, mean: float, size: float) -> float:
    """P(N >= count) of a negative binomial with this mean and size (variance mean + mean^2 / size)."""
    if count <= 0:
        return 1.0
    return float(betainc(count, size, mean / (mean + size)))
