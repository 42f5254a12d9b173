"""公众 (the public), thin: the scenario's posts and their near-copies, released in order of exercise time.

Deterministic by seed: each post has its own random stream, so adding one post leaves the others where they were.
Copies spread with a rate that falls off (exponential delays with mean a third of `spread`, assumed).
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from shudao.engine.drill.model import FieldPost, Inject, Scenario
from shudao.engine.post import Counts, Post

LEADS = ("", "转：", "有人说", "刚看到，", "求证：", "朋友圈在传，")
"""What people put before a thing they pass on."""

LEADS_EN = ("", "RT: ", "Someone says: ", "Just saw this. ", "Is this true? ", "Going round: ")


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """放出 (release) of one post: when, from which inject."""

    at: datetime
    inject: str
    post: Post


def release(scenario: Scenario, seed: int, start: datetime, inject: Inject, sent_at: datetime) -> list[Release]:
    """The posts of one inject sent at `sent_at`, in order; `start` is exercise time at minute 0.

    Nothing is released after the drill's end.
    """
    end = start + timedelta(minutes=scenario.ends_after)
    found = [row for post in inject.posts for row in _spread(scenario, seed, inject, post, sent_at)]
    return sorted((row for row in found if row.at <= end), key=lambda row: (row.at, row.post.id))


def batches(rows: list[Release], every: timedelta = timedelta(minutes=5)) -> Iterator[tuple[datetime, list[Release]]]:
    """Rows gathered as a source would be read: at the end of each span of `every`, counted from the first row."""
    waiting: list[Release] = []
    for row in rows:
        if waiting and row.at - waiting[0].at > every:
            yield waiting[-1].at, waiting
            waiting = []
        waiting.append(row)
    if waiting:
        yield waiting[-1].at, waiting


def _spread(scenario: Scenario, seed: int, inject: Inject, post: FieldPost, sent_at: datetime) -> Iterator[Release]:
    rng = random.Random(f"{seed}/{scenario.id}/{inject.id}/{post.id}")  # noqa: S311 - a simulation, seeded
    first = sent_at + timedelta(minutes=post.at)
    yield Release(at=first, inject=inject.id, post=_post(scenario, post, first, 0, post.text, post.author or post.id))
    leads = LEADS if scenario.language == "zh" else LEADS_EN
    for copy in range(1, post.copies + 1):
        delay = min(post.spread, rng.expovariate(3 / post.spread)) if post.spread else 0.0
        at = first + timedelta(seconds=round(delay * 60))
        voice = f"{scenario.id}-voice-{rng.randrange(10 * (post.copies + 1))}"
        yield Release(
            at=at, inject=inject.id, post=_post(scenario, post, at, copy, rng.choice(leads) + post.text, voice)
        )


def _post(scenario: Scenario, post: FieldPost, at: datetime, copy: int, text: str, author: str) -> Post:
    return Post(
        id=f"{scenario.id}-{post.id}" + (f"-{copy}" if copy else ""),
        source=post.source,
        kind=post.kind,
        title=post.title,
        text=text,
        published_at=at,
        author=author,
        counts=Counts(shares=0 if copy else post.shares),
    )
