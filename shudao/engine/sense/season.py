"""时令 (season): how busy each hour of the week usually is, from a stated prior and what the stream itself showed.

Prior (assumed, stated): hours of the day as public posting in Chinese local time goes, all days alike: the least before
dawn, the most at noon and in the evening. What was seen in an hour of the day, on all days, corrects it; what was seen in
that hour of the week corrects that. Multipliers average 1 over the week. Hours not watched yet teach nothing.
"""

import numpy as np

from shudao.engine.sense.features import F64

VERSION = "season-2"
HOURS = 168
PRIOR_DAY = (
    0.60, 0.35, 0.25, 0.20, 0.20, 0.20, 0.25, 0.50, 0.85, 1.20, 1.25, 1.30,
    1.45, 1.30, 1.25, 1.25, 1.30, 1.25, 1.25, 1.30, 1.45, 1.40, 1.25, 1.00,
)  # fmt: skip
PRIOR_POSTS = 40.0  # the prior of an hour weighs as much as so many posts seen in it
FORGET_HOURS = 56 * 24.0  # half-life of what was seen
LONG_SILENCE = 72  # hours without any post beyond which the stream was cut off rather than quiet
FLOOD = 4.0  # times the usual: more than that in an hour is an event, not the season
LEAST = 0.02


class Season:
    """时令 (season): `factor(at)` is the multiplier of the hour of week in which `at` (epoch seconds) lies."""

    def __init__(self, utc_offset: float = 8 * 3600.0) -> None:
        self._offset = utc_offset
        prior = np.array(PRIOR_DAY)
        self._prior: F64 = prior / prior.mean()
        self._seen = np.zeros(HOURS)
        self._watched = np.zeros(HOURS)
        self._level = 0.0  # posts an hour of the whole stream
        self._hour: int | None = None
        self._count = 0.0
        self._factors: list[float] = np.tile(self._prior, 7).tolist()

    def hour(self, at: float) -> int:
        """Hour of the week, 0 = Monday 0:00 local time."""
        return _of_week(self._running(at))

    def factor(self, at: float) -> float:
        return self._factors[self.hour(at)]

    @property
    def assumed(self) -> float:
        """The share of the prior in what is held usual, from 1 (nothing seen yet) towards 0."""
        return float(np.mean(PRIOR_POSTS / (PRIOR_POSTS + self._level * self._watched)))

    def observe(self, at: float, posts: float = 1.0) -> None:
        """Count so many posts of the whole stream in. Time does not go back."""
        hour = self._running(at)
        if hour != self._hour:
            self._close(hour)
        self._count += posts

    def _running(self, at: float) -> int:
        return int((at + self._offset) // 3600)

    def _close(self, hour: int) -> None:
        """The hour under way is over, and those after it up to `hour` were silent."""
        if self._hour is not None:
            keep = 2.0 ** (-(hour - self._hour) / FORGET_HOURS)
            self._seen *= keep
            self._watched *= keep
            self._take(self._hour, self._count)
            if hour - self._hour <= LONG_SILENCE:
                for silent in range(self._hour + 1, hour):
                    self._take(silent, 0.0)
            self._weigh()
        self._hour, self._count = hour, 0.0

    def _take(self, hour: int, count: float) -> None:
        place = _of_week(hour)
        if self._level:
            count = min(count, FLOOD * self._level * self._factors[place] + PRIOR_POSTS)
        self._seen[place] += count
        self._watched[place] += 1.0

    def _weigh(self) -> None:
        """Level, then hours of the day, then hours of the week, each corrected by what was seen of it."""
        self._level = float(self._seen.sum()) / max(1e-9, float((self._watched * self._factors).sum()))
        seen, usual = self._seen.reshape(7, 24), self._level * self._watched.reshape(7, 24)
        day = (seen.sum(axis=0) + PRIOR_POSTS * self._prior) / (usual.sum(axis=0) + PRIOR_POSTS)
        week = ((seen + PRIOR_POSTS * day) / (usual + PRIOR_POSTS)).reshape(-1)
        self._factors = (week / week.mean()).clip(LEAST).tolist()


def _of_week(hour: int) -> int:
    return (hour + 72) % HOURS  # 1 January 1970 was a Thursday
