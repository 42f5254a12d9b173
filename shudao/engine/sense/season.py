"""时令 (season): how busy each hour of the week usually is, from a stated prior and what the stream itself showed.

Prior (assumed, stated): hours of the day as public posting in Chinese local time goes, all days alike: the least before
dawn, the most at noon and in the evening. Multipliers average 1 over the week.
"""

import numpy as np

from shudao.engine.sense.features import F64

VERSION = "season-1"
HOURS = 168
PRIOR_DAY = (
    0.60, 0.35, 0.25, 0.20, 0.20, 0.20, 0.25, 0.50, 0.85, 1.20, 1.25, 1.30,
    1.45, 1.30, 1.25, 1.25, 1.30, 1.25, 1.25, 1.30, 1.45, 1.40, 1.25, 1.00,
)  # fmt: skip
PRIOR_POSTS = 40.0  # the prior weighs as much as so many posts in each hour of the week
FORGET_DAYS = 56.0  # half-life of what was seen
REFRESH = 3600.0  # seconds between two readings of the learned multipliers


class Season:
    """时令 (season): `factor(at)` is the multiplier of the hour of week in which `at` (epoch seconds) lies."""

    def __init__(self, utc_offset: float = 8 * 3600.0) -> None:
        self._offset = utc_offset
        prior = np.array(PRIOR_DAY * 7)
        self._prior: F64 = prior / prior.mean()
        self._seen = np.zeros(HOURS)
        self._weighed_at = float("-inf")
        self._factors = self._prior.tolist()

    def hour(self, at: float) -> int:
        """Hour of the week, 0 = Monday 0:00 local time."""
        return int((at + self._offset) // 3600 + 72) % HOURS  # 1 January 1970 was a Thursday

    def factor(self, at: float) -> float:
        return float(self._factors[self.hour(at)])

    def observe(self, at: float) -> None:
        """Count one post of the whole stream in."""
        if at - self._weighed_at >= REFRESH:
            self._refresh(at)
        self._seen[self.hour(at)] += 1.0

    def _refresh(self, at: float) -> None:
        if self._weighed_at > float("-inf"):
            self._seen *= 2.0 ** (-(at - self._weighed_at) / (FORGET_DAYS * 86_400.0))
        self._weighed_at = at
        mean = max(1e-9, float(self._seen.mean()))
        learned = (self._seen / mean * self._seen.sum() + self._prior * PRIOR_POSTS * HOURS) / (
            self._seen.sum() + PRIOR_POSTS * HOURS
        )
        self._factors = (learned / learned.mean()).clip(0.02).tolist()
