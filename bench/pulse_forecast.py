"""Coverage of the forecast: how many of the hours fall into its band of four in five, on simulated topics."""

import statistics
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bench.figure import Figure
from bench.pulse_sim import START, day_and_week
from shudao.engine.sense.forecast import BAND, forecast

SEED, TOPICS, WARM, EVERY, TIMES, AHEAD = 2003, 60, 21 * 24, 7, 12, 6


def coverage() -> Iterator[Figure]:
    """For topics whose rates are steady, vary, or go in waves that last."""
    for said, cv, carry in (("steady", 0.0, 0.0), ("varying", 0.5, 0.0), ("in waves", 0.6, 0.8)):
        for rate in (2.0, 10.0):
            yield from _covered(said, rate, cv, carry)


def _covered(said: str, rate: float, cv: float, carry: float) -> Iterator[Figure]:
    held, wide, far, naive = [], [], [], []
    for topic in range(TOPICS):
        counts = _hours(rate, cv, carry, SEED + topic)
        for turn in range(TIMES):
            end = WARM + turn * EVERY
            told = forecast(counts[:end].tolist(), START, AHEAD)
            for step, row in enumerate(told):
                actual = counts[end + step]
                held.append(row.low <= actual <= row.high)
                wide.append(row.high - row.low)
                far.append(abs(row.mean - actual))
                naive.append(abs(counts[end + step - 168] - actual))
    data = f"{len(held)} hours 1 to {AHEAD} ahead, {TOPICS} topics in days and weeks, seed {SEED}"
    yield Figure(
        name=f"forecast, {rate:g}/h {said}: hours within the band of {BAND:.0%}", value=statistics.fmean(held), unit="",
        data=data, note=f"band {statistics.fmean(wide):.1f} posts wide on average",
    )  # fmt: skip
    yield Figure(
        name=f"forecast, {rate:g}/h {said}: mean distance", value=statistics.fmean(far), unit="posts", data=data,
        peer="same hour last week", peer_value=statistics.fmean(naive), ratio=statistics.fmean(naive) / statistics.fmean(far),
    )  # fmt: skip


def _hours(rate: float, cv: float, carry: float, seed: int) -> NDArray[np.float64]:
    """Hourly counts: rates lognormal around the season, `carry` of the surplus of an hour left in the next."""
    chance = np.random.Generator(np.random.PCG64(seed))
    season, hours = day_and_week(), WARM + EVERY * TIMES + AHEAD
    spread = np.sqrt(np.log1p(cv * cv))
    level, levels = 0.0, np.zeros(hours)
    for hour in range(hours):
        level = carry * level + np.sqrt(1 - carry * carry) * chance.normal(0.0, spread)
        levels[hour] = rate * season[hour % 168] * np.exp(level - spread * spread / 2)
    return chance.poisson(levels).astype(np.float64)
