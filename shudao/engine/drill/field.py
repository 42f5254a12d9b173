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

USUAL = {
    "zh": (
        "早市的番茄又便宜了，趁早去", "今天太阳真大，出门记得带伞", "南门那家面馆换了老板，味道还行",
        "有没有人拼车去火车站", "捡到一张公交卡，放在门卫室了", "晚上广场有露天电影，带小凳子",
        "周末想带孩子去湿地公园，停车方便吗", "求推荐一家修伞的", "楼下的桂花开了，好香", "羽毛球三缺一，明晚七点",
    ),
    "en": (
        "Tomatoes are cheap at the morning market", "Bright sun today, take a hat", "The noodle shop has a new owner",
        "Anyone sharing a car to the station?", "Found a bus card, left it with the porter", "Open-air film tonight",
        "Is parking easy at the wetland park?", "Who mends umbrellas round here?", "The osmanthus is out",
        "One short for badminton tomorrow at seven",
    ),
}  # fmt: skip
"""What people talk about on any day; so that sensing knows what usual is before the matter begins."""

USUAL_DAYS = 7
USUAL_A_DAY = 12


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


def usual(scenario: Scenario, seed: int, start: datetime) -> list[Release]:
    """The talk of the days before the drill, in order: a listening office has heard it, so it is read at the start."""
    rng = random.Random(f"{seed}/{scenario.id}/usual")  # noqa: S311 - a simulation, seeded
    texts = scenario.usual or USUAL[scenario.language]
    found = []
    for number in range(USUAL_DAYS * USUAL_A_DAY):
        at = start - timedelta(minutes=rng.randrange(60, USUAL_DAYS * 24 * 60))
        post = FieldPost(id=f"usual-{number}", text=rng.choice(texts))
        found.append(Release(at=at, inject="usual", post=_post(scenario, post, at, 0, post.text, f"voice-{number}")))
    return sorted(found, key=lambda row: (row.at, row.post.id))


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
