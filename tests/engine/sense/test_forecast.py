"""What the next hours may bring: near what the past shows, wider where it varied, fading where it is up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.forecast import LEAST_HOURS, forecast

START = 1_783_872_000.0  # Monday 0:00 in China
HOUR = 3600.0


def hours(rate, days=21, cv=0.0, seed=1):
    chance = np.random.Generator(np.random.PCG64(seed))
    level = rate * (chance.gamma(1 / cv**2, cv**2, days * 24) if cv else np.ones(days * 24))
    return chance.poisson(level).astype(float).tolist()


def test_a_short_past_tells_nothing():
    assert forecast([5.0] * (LEAST_HOURS - 1), START) == []


def test_hours_follow_on_the_last_and_lie_near_what_is_usual():
    told = forecast(hours(20.0), START, 4)
    assert [row.at for row in told] == [START + (21 * 24 + step) * HOUR for step in range(4)]
    assert all(10 < row.mean < 40 and row.low < row.mean < row.high for row in told)


def test_a_surplus_of_now_fades():
    told = forecast([*hours(10.0), 60.0, 60.0], START, 6)
    calm = forecast([*hours(10.0), 10.0, 10.0], START, 6)
    more = [up.mean / flat.mean for up, flat in zip(told, calm, strict=True)]
    assert more[0] > 1.2 and more == sorted(more, reverse=True)


def test_the_band_is_wider_where_hours_differed_more():
    width = [forecast(hours(20.0, cv=cv), START, 1)[0] for cv in (0.0, 0.6)]
    assert width[1].high - width[1].low > 1.3 * (width[0].high - width[0].low)


def test_a_night_brings_less_than_a_morning():
    day = [2.0] * 7 + [20.0] * 15 + [2.0] * 2
    told = forecast(day * 28, START, 12)
    assert told[3].mean < told[11].mean / 3


@pytest.mark.parametrize("rate", [1.0, 15.0])
def test_four_of_five_hours_lie_in_the_band(rate):
    held = []
    for seed in range(30):
        counts = hours(rate, cv=0.4, seed=seed)
        held += [row.low <= counts[-6 + step] <= row.high for step, row in enumerate(forecast(counts[:-6], START, 6))]
    assert 0.75 < np.mean(held) < 0.98


@given(st.lists(st.integers(0, 3000), min_size=24, max_size=90))
@settings(max_examples=40, deadline=None)
def test_any_counts_give_a_band(counts):
    told = forecast([float(count) for count in counts], START, 6)
    assert len(told) == 6 and all(0 <= row.low <= row.high and row.mean >= 0 for row in told)
