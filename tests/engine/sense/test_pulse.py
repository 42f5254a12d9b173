"""The pulse: no alarm on what is usual, an alarm on what is not, from the first hour on."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.pulse import BIN, GATE, LEAST_POSTS, WINDOWS, Board, Series, Window, limit, survival
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
        if series.rise():
            found.append(at)
    return found


def episodes(alarms):
    return sum(1 for n, at in enumerate(alarms) if n == 0 or at - alarms[n - 1] > 8 * HOUR)


@pytest.mark.parametrize("rate", [0.5, 2.0, 10.0])
def test_a_usual_stream_hardly_ever_alarms(rate):
    alarms = [rises(simulate(rate, 20, seed)) for seed in range(4)]
    assert all(episodes([at for at in one if at < START + DAY]) <= 1 for one in alarms)  # nothing but the prior
    assert sum(episodes([at for at in one if at >= START + DAY]) for one in alarms) <= 3  # 76 days; one in 30 may be


@pytest.mark.parametrize(("rate", "within"), [(10.0, 2.0), (2.0, 2.5)])
def test_a_five_fold_rise_is_found(rate, within):
    hour = 10 * 24 + 11
    found = 0
    for seed in range(8):
        alarms = [at for at in rises(simulate(rate, 11, seed, burst_at=hour, factor=8.0)) if at >= START + hour * HOUR]
        found += bool(alarms) and alarms[0] <= START + (hour + within) * HOUR
    assert found >= 6


def test_all_are_judged_at_once_as_one_by_one():
    chance = np.random.Generator(np.random.PCG64(3))
    board, seen = Board(Season()), 0
    rates = chance.lognormal(0.0, 1.5, 60) / 12
    for _ in rates:
        board.add()
    for tick in range(600):
        board.advance(START + tick * BIN)
        board.count_all(chance.poisson(rates * (6 if tick % 97 < 9 else 1)).astype(float))
        rising = board.rising().tolist()
        assert rising == [row for row in range(len(board) + 1) if board.rise(row)]
        calm = board.calm(np.arange(1, 61)).tolist()
        assert calm == [row for row in range(1, 61) if board.is_calm(row)]
        seen += len(rising)
    assert seen > 100


def test_a_series_of_many_counts_as_one_of_its_own():
    season, moments = Season(), simulate(3.0, 6, 5, burst_at=120)
    board = Board(season)
    shared, alone = [Series(season, board) for _ in range(40)][20], Series(Season())
    for at in moments:
        shared.count(at, at)
        alone.count(at, at)
        assert shared.rise() == alone.rise() and shared.spread == alone.spread


def test_what_the_gate_holds_back_is_never_a_rise():
    for mean in (0.001, 0.01, 0.1, 0.5, 1, 3, 10, 50, 400, 5000):
        for spread in (0.02, 0.1, 0.5, 2.0, 20.0, 1000.0):
            wide = math.sqrt(GATE * (mean + mean * mean * spread))
            for count in range(LEAST_POSTS, min(int(mean + wide), 40_000) + 1, max(1, int(wide) // 50)):
                assert survival(count, mean, 1 / spread) >= limit(120)


@given(st.lists(st.integers(0, 4), min_size=30, max_size=120), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_more_posts_are_never_less_sure(counts, more):
    series = Series(Season())
    for tick, count in enumerate(counts):
        series.advance(START + tick * BIN)
        for _ in range(count):
            series.count(START + tick * BIN, START + tick * BIN)
    for _ in range(more):
        before = {minutes: series.window(minutes) for minutes in WINDOWS}
        was_up = series.rise() is not None
        series.count(START + tick * BIN, START + tick * BIN)
        assert all(series.window(minutes).chance <= window.chance for minutes, window in before.items())
        assert series.rise() is not None or not was_up


@given(st.lists(st.floats(0.0, 40 * DAY), max_size=30))
@settings(max_examples=60, deadline=None)
def test_silence_is_never_a_rise(steps):
    board = Board(Season())
    for _ in range(3):
        board.add()
    at = START
    for step in steps:
        at += step
        board.advance(at)
        assert board.rising().size == 0 and all(board.rise(row) is None for row in range(4))


@given(st.floats(0.05, 60), st.floats(0.02, 2), st.floats(1, 3000))
def test_what_would_have_been_needed_is_the_least_that_would_do(usual, spread, known):
    window = Window(60, START, 0, usual, known, spread, 1.0)
    needed = window.needed()
    assert window.chance_of(needed) < window.limit()
    assert needed == LEAST_POSTS or window.chance_of(needed - 1) >= window.limit()


def test_a_series_begun_later_does_not_learn_hours_it_did_not_watch():
    board = Board(Season())
    old = board.add()
    board.advance(START)
    board.advance(START + 5 * HOUR)
    fresh, silent = board.add(), board.add(silent=True)
    assert board.hours(fresh) == 0.0 and board.hours(silent) == board.hours(old) > 2.0
    board.advance(START + 6.5 * HOUR)
    assert board.hours(fresh) == 0.0


def test_a_week_that_is_half_seen_keeps_the_prior_for_the_other_half():
    season = Season()
    before = season.factor(START + 5 * DAY)
    for hour in range(30):
        season.observe(START + hour * HOUR, 400.0 * season.factor(START + hour * HOUR))
    assert season.factor(START + 5 * DAY) == pytest.approx(before, rel=0.2)
    assert season.assumed < 1.0


def test_one_flood_does_not_become_the_season():
    season, calm = Season(), Season()
    for hour in range(14 * 24):
        for one, more in ((season, 50_000.0 if hour == 200 else 0.0), (calm, 0.0)):
            one.observe(START + hour * HOUR, 60.0 + more)
    assert season.factor(START + 200 * HOUR) < calm.factor(START + 200 * HOUR) * 2.5


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
    assert series.window(120).count == 2
    assert series.window(15).count == 1


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
    for hour in range(30 * 7 * 24):
        season.observe(START + hour * HOUR, 200.0 if hour % 24 == 20 else 5.0)
    assert season.factor(night) > season.factor(noon)
