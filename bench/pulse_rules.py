"""Published rules of other systems, as we read them, on hourly counts: which hours they alarm. Peers of the pulse.

- sigma: the last 24 hours average more than the 7 days before plus 2 standard deviations (media monitoring suites).
- percent: the last hour has more than 150 % of the mean of 7 days (the same suites' other setting).
- peak: the last hour exceeds the mean of 14 days by 3 standard deviations, with 4 posts at least, and peaks closer than
  2 days to the one before are ignored (Huginn's peak detector).
- any: every post is told, looked for every 20 minutes (stonedt).
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Hours = NDArray[np.float64]
WEEK, FORTNIGHT = 168, 336
GAP, LEAST = 48, 4


def sigma(hours: Hours) -> NDArray[np.bool_]:
    """A day against the week before it."""
    day = _mean(hours, 24)
    return day > _before(hours, WEEK) + 2 * _before(hours, WEEK, spread=True)


def percent(hours: Hours) -> NDArray[np.bool_]:
    """An hour against the week before it."""
    return hours > 1.5 * _before(hours, WEEK)


def peak(hours: Hours) -> NDArray[np.bool_]:
    """An hour against a fortnight, quiet for two days after each."""
    high = (hours > _before(hours, FORTNIGHT) + 3 * _before(hours, FORTNIGHT, spread=True)) & (hours >= LEAST)
    last = np.full(hours.shape[1], -GAP)
    for hour in range(len(hours)):
        high[hour] &= hour - last >= GAP
        last[high[hour]] = hour
    return high


def any_post(hours: Hours) -> NDArray[np.bool_]:
    """Every hour with a post."""
    return hours > 0


RULES: Mapping[str, Callable[[Hours], NDArray[np.bool_]]] = {
    "2 sigma of 7 days (24 h mean)": sigma,
    "150 % of 7 days": percent,
    "3 sigma of 14 days, 2-day gap (Huginn)": peak,
    "every match, every 20 min": any_post,
}


def begun(alarms: NDArray[np.bool_], warm: int) -> list[tuple[int, int]]:
    """(topic, hour after the warm-up) of alerts: those within 8 hours of one that was told are taken as one with it."""
    found, last = [], np.full(alarms.shape[1], -99)
    for hour in range(len(alarms)):
        up = np.flatnonzero(alarms[hour])
        up = up[hour - last[up] > 8]
        if hour >= warm:
            found += [(int(topic), hour - warm) for topic in up]
        last[up] = hour
    return found


def _mean(hours: Hours, length: int) -> Hours:
    sums = np.cumsum(np.vstack([np.zeros((1, hours.shape[1])), hours]), axis=0)
    found = np.zeros_like(hours)
    found[length - 1 :] = (sums[length:] - sums[:-length]) / length
    return found


def _before(hours: Hours, length: int, *, spread: bool = False) -> Hours:
    """Mean (or standard deviation) of so many hours before each; nothing is exceeded before there are so many."""
    mean, square = _mean(hours, length), _mean(hours**2, length)
    value = np.sqrt(np.maximum(square - mean**2, 0)) if spread else mean
    found = np.full_like(hours, np.inf)
    found[length:] = value[length - 1 : -1]
    return found
