"""大站 (big site): the sample site blown up to many posts by SQL, as months of listening would leave it.

Posts are the sample's own with a running number; a hundredth of the stories hold a third of the posts, one holds 10,000.
"""

import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

CHUNK = 5000
ONE_STORY = 10_000
ALERTS, DEMANDS = 5_000, 10_000
DAYS = 180


def build(folder: Path, posts: int) -> None:
    """Furnish the sample site in a folder and fill it up to about that many posts; with 0 it is the sample as it comes."""
    from shudao.project.site import prepare, use_folder

    use_folder(folder)
    prepare()
    from shudao.project.sample import furnish

    furnish()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    if posts:
        _fill(posts)
        _alerts()
        _demands()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _fill(posts: int) -> None:
    from shudao.base import clock
    from shudao.base.cursor import move_cursor
    from shudao.base.scene import LIVE
    from shudao.base.write import short_write
    from shudao.listen.models import Item

    rng, now = random.Random(7), clock.now(LIVE)
    seeds = list(Item.objects.in_scene(LIVE).select_related("source", "door")[:400])
    stories = _story_sizes(posts, rng)
    made = 0
    while made < posts:
        with short_write():
            made += _chunk(rng, seeds, stories, now - timedelta(days=DAYS) * (1 - made / posts), made)
            move_cursor(LIVE, "sense", Item.objects.order_by("-pk").values_list("pk", flat=True)[0])


def _story_sizes(posts: int, rng: random.Random) -> Iterator[int]:
    yield ONE_STORY
    while True:
        yield rng.randrange(50, 400) if rng.random() < 0.01 else rng.randrange(1, 12)


def _chunk(rng: random.Random, seeds: list, stories: Iterator[int], at: datetime, first: int) -> int:
    """One story after another until the chunk is full; returns how many posts it took."""
    from shudao.listen.models import Item
    from shudao.sense.models import Hit, Placement, Story, Topic

    topics = list(Topic.objects.filter(retired_at=None))
    taken = 0
    while taken < CHUNK:
        size = next(stories)
        seed = seeds[rng.randrange(len(seeds))]
        rows = [_item(seed, first + taken + n, at + timedelta(minutes=n)) for n in range(size)]
        items = [row for start in range(0, size, 500) for row in Item.objects.bulk_create(rows[start : start + 500])]
        told = {"began_at": items[0].published_at, "last_at": items[-1].published_at, "posts": size}
        story = Story.objects.create(scene="live", first_item=items[0], **told)
        places = [_placement(item, story, items[0]) for item in items]
        Placement.objects.bulk_create(places, batch_size=500)
        if rng.random() < 0.2:
            topic = topics[rng.randrange(len(topics))]
            hits = [
                Hit(placement=p, topic=topic, clauses=["停电"], spans=[["停电", "text", 0, 2]], at=p.at) for p in places
            ]
            Hit.objects.bulk_create(hits, batch_size=500)
        taken += size
    return taken


def _item(seed, number: int, at: datetime):
    from shudao.listen.models import Item

    return Item(
        scene="live", source=seed.source, ext_id=f"big-{number}", kind=seed.kind, outlet=seed.outlet,
        url=f"https://site.example/{number}", title=seed.title, text=f"{seed.text} {number}", published_at=at, read_at=at,
        door=seed.door, pseudonym=f"v{number % 50_000}", counts=seed.counts, digest=f"{number:064x}",
    )  # fmt: skip


def _placement(item, story, first):
    from shudao.sense.models import Placement

    return Placement(
        scene="live", item=item, story=story, story_placed=story, copy_of=None if item == first or item.pk % 3 else first,
        tone="negative" if item.pk % 5 == 0 else "neutral", tone_score=0.0, tone_confidence=0.5, version="big", at=item.published_at,
    )  # fmt: skip


def _alerts() -> None:
    from shudao.base.write import short_write
    from shudao.sense.models import Alert, AlertItem, Story, Topic

    topic = Topic.objects.filter(retired_at=None).first()
    number = Alert.objects.order_by("-number").values_list("number", flat=True).first() or 0
    stories = list(Story.objects.filter(posts__gt=5).order_by("-last_at")[:ALERTS])
    with short_write():
        rows = [
            Alert(
                scene="live", number=number + n, kind="burst", topic=topic, story=story, level_hint="IV", why_zh="一小时 40 条，平日 2 条",
                why_en="40 posts in an hour, usually 2", version="big", at=story.last_at, raised_at=story.last_at,
                acknowledged_at=story.last_at if n > 200 else None,
            )
            for n, story in enumerate(stories, 1)
        ]  # fmt: skip
        made = Alert.objects.bulk_create(rows, batch_size=200)
        AlertItem.objects.bulk_create(
            [AlertItem(alert=a, item_id=a.story.first_item_id, place=1) for a in made], batch_size=200
        )


def _demands() -> None:
    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.base.write import short_write
    from shudao.ledger.verbs import Actor
    from shudao.plan.queries import edition_in_force
    from shudao.respond.actions import open_incident
    from shudao.respond.models import Demand

    plan = edition_in_force("power_county").plan
    for n in range(40):
        open_incident(Actor(LIVE, "duty_officer", "陈立"), plan, title=f"第 {n} 件停电", origin="hotline")
    now = clock.now(LIVE)
    rows = [_demand(n, now - timedelta(hours=n % 4000)) for n in range(DEMANDS)]
    with short_write():
        Demand.objects.bulk_create(rows, batch_size=200)


def _demand(number: int, at: datetime):
    from shudao.respond.models import Demand

    told = {"owner": "service_head", "due_at": at + timedelta(days=3), "raised_at": at, "channel": "hotline"}
    state = Demand.State.OPEN if number < 300 else Demand.State.ANSWERED
    text = f"第 {number} 户什么时候来电"
    return Demand(scene="live", code=f"Q{number:06d}", text=text, words=text, state=state, **told)


if __name__ == "__main__":
    build(Path(sys.argv[1]), int(sys.argv[2]))
