"""The pulse on 1,000 simulated topics: how soon a rise is found, how often there is none, beside other systems' rules.

Thresholds were chosen on seeds below 100; figures come from others. A false alert is a rise the engine begins (again only
after calm) in 30 days without any; those of the peers within 8 hours of one another count once. A five-fold rise lasts two
hours and adds four times the usual; "follows" multiplies whatever the varying hour has instead. With days and weeks it
begins where the next three hours lie near the topic's average; "any hour" also at night.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bench.figure import Figure
from bench.pulse_forecast import coverage
from bench.pulse_rare import rare, together
from bench.pulse_rules import RULES, begun
from bench.pulse_sim import HOUR_BINS, START, WARM_DAYS, Case, Stream, Watched, onsets, watch
from shudao.engine.sense.pulse import BIN, Board
from shudao.engine.sense.season import Season

TOPICS, DAYS, SEED = 1000, 30, 4001
RISE_TOPICS, RISE_DAYS, RISE_EVERY = 500, 17, 4
SERIES, TICKS, ROUNDS = 10_000, 60, 5
WITHIN = {"30 min": 6, "60 min": 12, "2 h": 24, "3 h": 36}
CASES = (
    Case(0.5, 0.0), Case(2.0, 0.0), Case(10.0, 0.0), Case(50.0, 0.0),
    Case(2.0, 0.5), Case(10.0, 0.5), Case(50.0, 0.5),
)  # fmt: skip


def run() -> Iterator[Figure]:
    """Finding, false alerts, second waves, cost, forecast."""
    for case in (Case(10.0, 0.0, season=False), Case(2.0, 0.0, season=False), Case(10.0, 0.5, season=False), *CASES):
        yield from _finding(case)
    yield from _finding(Case(10.0, 0.5, follows=True), " follows")
    yield from _finding(Case(10.0, 0.0), " any hour", any_hour=True)
    yield from _second_wave(Case(10.0, 0.0))
    yield from _second_wave(Case(10.0, 0.5))
    yield from _beginning(Case(10.0, 0.0))
    yield from rare()
    yield from together()
    yield from _cost()
    yield from coverage()


def name_of(case: Case) -> str:
    """A case in few words."""
    return f"{case.rate:g}/h {'varying' if case.cv else 'steady'}{' in days and weeks' if case.season else ''}"


def _finding(case: Case, more: str = "", *, any_hour: bool = False) -> Iterator[Figure]:
    quiet = Stream(case, TOPICS, DAYS, SEED)
    calm = watch(quiet)
    false = len(calm.begun) / TOPICS / DAYS * 30
    planted = onsets(RISE_TOPICS, RISE_DAYS, RISE_EVERY, SEED + 1, any_hour=any_hour or not case.season)
    loud = watch(Stream(case, RISE_TOPICS, RISE_DAYS, SEED + 2, planted))
    delays = _delays(loud.begun, planted, 36)
    rises = sum(map(len, planted))
    name, data = name_of(case) + more, f"{TOPICS} topics, {DAYS} days; {rises} rises; seed {SEED}"
    rules = {rule: _rule(rule, calm, loud, planted) for rule in RULES}
    note = "; ".join(f"{rule}: {rates[0]:.2g}" for rule, rates in rules.items())
    yield Figure(
        name=f"{name}: false alerts a topic in 30 days", value=false, unit="", data=data, peer="Huginn's rule",
        peer_value=rules["3 sigma of 14 days, 2-day gap (Huginn)"][0], note=note,
    )  # fmt: skip
    for said, bins in WITHIN.items():
        note = "; ".join(f"{rule}: {rates[1][said]:.2f}" for rule, rates in rules.items()) if bins >= 12 else ""
        found = sum(delay < bins for delay in delays) / rises
        yield Figure(name=f"{name}: found within {said}", value=found, unit="", data=data, note=note)
    mean = statistics.fmean(delays) + 1 if delays else 0.0
    yield Figure(name=f"{name}: mean delay of those found", value=mean * 5, unit="min", data=data)


def _delays(told: list[tuple[int, int]], planted: list[list[int]], most: int, bins: int = 1) -> list[int]:
    """Bins from each rise to the first alert within `most`; rises that were missed are left out."""
    by_topic = defaultdict(list)
    for topic, at in told:
        by_topic[topic].append(at * bins)
    found = []
    for topic, begins in enumerate(planted):
        for begin in begins:
            after = [at - begin for at in by_topic[topic] if begin <= at < begin + most]
            found += [min(after)] if after else []
    return found


def _rule(rule: str, calm: Watched, loud: Watched, planted: list[list[int]]) -> tuple[float, dict[str, float]]:
    """False alerts and shares found of a published rule, which looks when an hour is over."""
    warm = WARM_DAYS * 24
    topics = calm.hourly.shape[1]
    false = len(begun(RULES[rule](calm.hourly), warm)) / topics / DAYS * 30
    up = RULES[rule](loud.hourly)[warm:]
    rises = sum(map(len, planted))
    found = dict.fromkeys(WITHIN, 0)
    for topic, begins in enumerate(planted):
        for begin in begins:
            for said, bins in WITHIN.items():
                hours = range(begin // HOUR_BINS, (begin + bins) // HOUR_BINS)
                found[said] += any(up[hour, topic] for hour in hours if hour < len(up))
    return false, {said: count / rises for said, count in found.items()}


def _second_wave(case: Case) -> Iterator[Figure]:
    """Two rises of two hours, the second eight hours after the first began: told anew within two hours of it."""
    gap = 8 * HOUR_BINS
    first = [[begin for begin in begins if 7 <= begin // HOUR_BINS % 24 <= 13]
             for begins in onsets(RISE_TOPICS, RISE_DAYS, RISE_EVERY, SEED + 3, any_hour=True)]  # fmt: skip
    both = [[begin + more for begin in begins for more in (0, gap)] for begins in first]
    seen = watch(Stream(case, RISE_TOPICS, RISE_DAYS, SEED + 4, both))
    pairs = sum(map(len, first))
    again = [[begin + gap for begin in begins] for begins in first]
    found = len(_delays(seen.begun, again, 36)) / pairs
    up = RULES["3 sigma of 14 days, 2-day gap (Huginn)"](seen.hourly)
    told = [(int(topic), int(hour) - WARM_DAYS * 24) for hour, topic in np.argwhere(up)]
    theirs = len(_delays(told, again, 36, HOUR_BINS)) / pairs
    yield Figure(
        name=f"{name_of(case)}: second wave 8 h later found within 3 h", value=found, unit="",
        data=f"{pairs} pairs of rises by day, {RISE_TOPICS} topics, seed {SEED + 4}", peer="Huginn's rule", peer_value=theirs,
    )  # fmt: skip


def _beginning(case: Case) -> Iterator[Figure]:
    """The first fortnight, from nothing but the prior: alerts without a rise, and rises found on the third day."""
    days = 14
    quiet = watch(replace(Stream(case, TOPICS, days, SEED + 5), warm=0))
    planted = [[2 * 24 * HOUR_BINS + 13 * HOUR_BINS] for _ in range(RISE_TOPICS)]
    loud = watch(replace(Stream(case, RISE_TOPICS, 3, SEED + 6, planted), warm=0))
    data = f"{TOPICS} topics from zero history, {days} days, seed {SEED + 5}"
    first = sum(at < 24 * HOUR_BINS for _, at in quiet.begun) / TOPICS
    name = f"{name_of(case)} from zero history"
    yield Figure(name=f"{name}: false alerts a topic on the first day", value=first, unit="", data=data)
    later = len(quiet.begun) / TOPICS - first
    yield Figure(name=f"{name}: false alerts a topic on days 2 to 14", value=later, unit="", data=data)
    found = sum(delay < 12 for delay in _delays(loud.begun, planted, 36)) / RISE_TOPICS
    yield Figure(name=f"{name}: rise on the third day found within 60 min", value=found, unit="", data=data)


def _cost() -> Iterator[Figure]:
    """A tick of all series (time passes, counts come in, all are judged) beside judging them one by one."""
    board = Board(Season())
    for _ in range(SERIES):
        board.add()
    chance = np.random.Generator(np.random.PCG64(SEED))
    rates = chance.lognormal(0.0, 1.5, SERIES) / HOUR_BINS
    start = START
    for number in range(3 * 24 * HOUR_BINS):
        board.advance(start + number * BIN)
        board.count_all(chance.poisson(rates).astype(np.float64))
    start += 3 * 24 * HOUR_BINS * BIN
    many, one = [], []
    for turn in range(ROUNDS):
        counts = [chance.poisson(rates).astype(np.float64) for _ in range(TICKS)]
        begin = time.process_time()
        for number, row in enumerate(counts):
            board.advance(start + (turn * TICKS + number) * BIN)
            board.count_all(row)
            board.rising()
        many.append((time.process_time() - begin) / TICKS * 1000)
        begin = time.process_time()
        for series in range(1, SERIES + 1):
            board.rise(series)
        one.append((time.process_time() - begin) * 1000)
    value, peer = statistics.median(many), statistics.median(one)
    yield Figure(
        name=f"a tick of {SERIES:,} series", value=value, unit="ms CPU", data=f"{ROUNDS} rounds of {TICKS} ticks",
        peer="the same, one by one", peer_value=peer, ratio=peer / value, note=f"{min(many):.2f} to {max(many):.2f} ms",
    )  # fmt: skip
