"""Alerts as the engine tells them, from posts with sources, stories and copies.

Rare topics, with less than a post an hour: a matter of a few posts, found by "a new story from two independent sources".
Usual posts each tell something of their own, by sources of which few write most; one in five is a copy of another post.
A matter is eight posts of one story within four hours, by five sources, three of them copies.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bench.figure import Figure
from bench.pulse_rules import RULES
from bench.pulse_sim import START, WARM_DAYS, day_and_week
from shudao.engine.sense.alerts import Alerts, Sighting

TOPICS, DAYS, AT_DAY, RATE, SEED = 400, 20, 15, 0.3, 5003
OUTLETS, MATTER = 30, 10**9
LATEST = 4
BUSY, BUSY_RATE = 60, 10.0


def rare() -> Iterator[Figure]:
    """Share of matters told, how soon, and alerts without a matter; beside a published rule."""
    soon, false, peers = [], 0, 0
    for topic in range(TOPICS):
        told, began, hours = _topic(SEED + topic)
        mine = [at - began for at, is_matter in told if is_matter and at - began < LATEST * 3600]
        soon += mine[:1]
        false += sum(not is_matter for _, is_matter in told)
        first = int((began - START) // 3600)
        high = RULES["3 sigma of 14 days, 2-day gap (Huginn)"](hours[:, None])[:, 0]
        peers += bool(high[first : first + LATEST].any())
    data = f"{TOPICS} topics of {RATE:g} posts an hour for {DAYS} days, a matter each, seed {SEED}"
    yield Figure(
        name=f"rare topic: matters found within {LATEST} h", value=len(soon) / TOPICS, unit="", data=data,
        peer="Huginn's rule", peer_value=peers / TOPICS,
    )  # fmt: skip
    yield Figure(
        name="rare topic: mean delay from the first post", value=float(np.mean(soon)) / 60, unit="min", data=data
    )
    false_rate = false / TOPICS / DAYS * 30
    yield Figure(name="rare topic: false alerts a topic in 30 days", value=false_rate, unit="", data=data)


def together() -> Iterator[Figure]:
    """Busy topics without any rise, through the alerts: posts and sources are judged side by side."""
    chance = np.random.Generator(np.random.PCG64(SEED))
    days, rows = WARM_DAYS + 30, []
    for topic in range(BUSY):
        levels = BUSY_RATE * np.tile(day_and_week(), 7)[: days * 24] * chance.gamma(4.0, 0.25, days * 24)
        hours = np.repeat(np.arange(days * 24), chance.poisson(levels))
        moments = START + (hours + chance.random(len(hours))) * 3600
        shares = 1.0 / np.arange(1, OUTLETS + 1)
        outlets = chance.choice(OUTLETS, len(hours), p=shares / shares.sum())
        copies = chance.random(len(hours)) < 0.2
        rows += [(at, topic, outlet, copy) for at, outlet, copy in zip(moments, outlets, copies, strict=True)]
    alerts, begun = Alerts(lambda story: story, str), START + WARM_DAYS * 86_400
    names = [f"topic {topic}" for topic in range(BUSY)]
    alerts.watch((name, name) for name in names)
    for number, (at, topic, outlet, copy) in enumerate(sorted(rows)):
        alerts.pass_time(at)
        seen = Sighting(at, str(number), f"outlet {outlet}", "social", number, bool(copy), False)
        alerts.see(names[topic], names[topic], seen, at)
    told = [draft for draft in alerts.drain() if draft.at.timestamp() >= begun]
    voices = sum(draft.case is not None and draft.case.by == "sources" for draft in told)
    yield Figure(
        name=f"{BUSY_RATE:g}/h varying in days and weeks, through the alerts: false alerts a topic in 30 days",
        value=len(told) / BUSY, unit="", data=f"{BUSY} topics, {len(rows)} posts, seed {SEED}",
        note=f"{voices} of {len(told)} by sources alone",
    )  # fmt: skip


def _topic(seed: int) -> tuple[list[tuple[float, bool]], float, NDArray[np.float64]]:
    """Alerts of one topic (moment, whether of the matter), when the matter began, posts by the hour."""
    chance = np.random.Generator(np.random.PCG64(seed))
    shares = 1.0 / np.arange(1, OUTLETS + 1)
    began = START + (AT_DAY + chance.random()) * 86_400
    usual = np.sort(START + chance.random(chance.poisson(RATE * 24 * DAYS)) * DAYS * 86_400)
    outlets = chance.choice(OUTLETS, len(usual), p=shares / shares.sum())
    copies = chance.random(len(usual)) < 0.2
    rows = [
        (at, f"outlet {outlet}", number, bool(copy))
        for number, (at, outlet, copy) in enumerate(zip(usual, outlets, copies, strict=True))
    ]
    moments = np.sort(chance.random(7)) * LATEST * 3600
    voices = chance.choice(OUTLETS, 5, replace=False)
    for place, after in enumerate([0.0, *moments]):
        rows.append((began + after, f"outlet {voices[place % 5]}", MATTER, place in (1, 4, 6)))
    alerts = Alerts(lambda story: story, str)
    hours = np.zeros(DAYS * 24 + LATEST)
    for number, (at, outlet, story, copy) in enumerate(sorted(rows)):
        alerts.pass_time(at)
        alerts.see("t", "t", Sighting(at, str(number), outlet, "social", story, copy, False), at)
        hours[min(len(hours) - 1, int((at - START) // 3600))] += 1
    told = [(draft.at.timestamp(), draft.story == str(MATTER)) for draft in alerts.drain()]
    return told, began, hours
