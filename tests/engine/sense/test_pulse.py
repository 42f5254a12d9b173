"""The pulse: no alarm on what is usual, an alarm on what is not, from the first hour on."""

import numpy as np
import pytest

from shudao.engine.sense.pulse import Series, survival
from shudao.engine.sense.season import Season

HOUR, DAY = 3600.0, 86_400.0
START = 1_783_900_800.0  # a Monday, midnight UTC


def simulate(rate, days, seed, burst_at=None, factor=5.0):
    """Moments of posts of a seasonal stream with hourly rates that vary (CV 0.5), and a burst of two hours."""
    chance = np.random.Generator(np.random.PCG64(seed))
    season, moments = Season(), []
    for hour in range(int(days * 24)):
        at = START + hour * HOUR
        level = rate * season.factor(at) * chance.gamma(4.0, 0.25)
        if burst_at is not None and burst_at <= hour < burst_at + 2:
            level *= factor
        moments += sorted(at + chance.random(chance.poisson(level)) * HOUR)
    return moments


def rises(moments):
    series, found = Series(Season()), []
    series.advance(START)
    for at in moments:
        series.count(at, at)
        if series.rise(at):
            found.append(at)
    return found


def episodes(alarms):
    return sum(1 for n, at in enumerate(alarms) if n == 0 or at - alarms[n - 1] > 8 * HOUR)


@pytest.mark.parametrize("rate", [0.5, 2.0, 10.0])
def test_a_usual_stream_hardly_ever_alarms(rate):
    total = sum(episodes(rises(simulate(rate, 20, seed))) for seed in range(4))
    assert total <= 3  # 80 topic-days; one in 30 is what may be


@pytest.mark.parametrize(("rate", "within"), [(10.0, 2.0), (2.0, 2.5)])
def test_a_five_fold_rise_is_found(rate, within):
    hour = 10 * 24 + 11
    found = 0
    for seed in range(8):
        alarms = [at for at in rises(simulate(rate, 11, seed, burst_at=hour, factor=8.0)) if at >= START + hour * HOUR]
        found += bool(alarms) and alarms[0] <= START + (hour + within) * HOUR
    assert found >= 6


def test_the_first_hour_of_a_busy_topic_is_no_rise_but_a_flood_is():
    assert rises([START + n * 360.0 for n in range(10)]) == []
    assert rises([START + n * 2.0 for n in range(300)])


def test_silence_is_learned_even_when_long():
    series = Series(Season())
    series.count(START, START)
    series.advance(START + 60 * DAY)
    assert series.rate < 0.01


def test_a_burst_does_not_become_its_own_yardstick():
    quiet, loud = Series(Season()), Series(Season())
    for series, extra in ((quiet, 0), (loud, 400)):
        for hour in range(240):
            at = START + hour * HOUR
            for n in range(3 + (extra if hour == 200 else 0)):
                series.count(at + n, at + n)
    assert loud.rate < quiet.rate * 1.6


def test_late_posts_count_in_their_own_bin_and_never_turn_time_back():
    series = Series(Season())
    series.advance(START)
    series.count(START + HOUR, START + HOUR)
    series.count(START + 600, START + HOUR)
    series.count(START - 50 * DAY, START + HOUR)
    assert series.window(120, START + HOUR).count == 2
    assert series.window(15, START + HOUR).count == 1


def test_the_chance_is_that_of_a_negative_binomial():
    from scipy.stats import nbinom

    for count, mean, size in ((5, 2.0, 0.7), (30, 10.0, 4.0), (1, 0.1, 1.0)):
        assert survival(count, mean, size) == pytest.approx(nbinom.sf(count - 1, size, size / (size + mean)))
    assert survival(0, 1.0, 1.0) == 1.0


def test_the_season_knows_the_hour_and_learns():
    season = Season()
    assert season.hour(START) == 8  # Monday 0:00 UTC is 8:00 in China
    night, noon = START + 20 * HOUR, START + 4 * HOUR
    assert season.factor(night) < season.factor(noon)
    for week in range(30):
        for n in range(200):
            season.observe(START + week * 7 * DAY + 20 * HOUR + n)
    season.observe(START + 31 * 7 * DAY)
    assert season.factor(night) > season.factor(noon)
