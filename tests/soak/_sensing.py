"""A worker that takes in a long stream while it is killed again and again, and what stands in the end, by keys.

`furnish` makes the site with everything heard already: the library's streams, mutated by a seed. `live` pulls until nothing
waits, in batches of sizes that differ from life to life; a topic is edited and edited back on the way, always between the
same two posts. `tell` prints the final state. Files are written often and the engine begins anew early here, so that the
kills meet every path.
"""

import hashlib
import json
import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

POSTS = int(os.environ.get("SHUDAO_POSTS", "6000"))
SEED = 20261124
END = datetime(2031, 5, 6, tzinfo=UTC)
EVERY, FORGET, RECALLED = 400, 2_500, 800
EDITS = (700, 1900, 3100, 4300)
"""After so many posts a topic is edited."""


def stream(count: int = POSTS) -> Iterator[Any]:
    """So many posts, one a few minutes after the other: old ones, copies with other numbers, cut ones, joined ones."""
    import msgspec

    from shudao.engine.post import Post, read_posts
    from shudao.library import path_of

    chance = random.Random(SEED)
    names = ("power.jsonl", "college.jsonl", "power-after.jsonl", "college-after.jsonl")
    known = [row for name in names for row in read_posts(path_of("streams", name).open("rb")) if isinstance(row, Post)]
    at, busy = END - timedelta(days=count / 700), 1.0
    for number in range(count):
        if number % 211 == 0:
            busy, theme = chance.choice((0.2, 1.0, 3.0)), chance.sample(known, 12)
        post = chance.choice(theme if chance.random() < 0.4 else known)
        text = mutated(chance, post.text or post.title or "", known)
        at += timedelta(minutes=chance.expovariate(busy / 2))
        yield msgspec.structs.replace(
            post, id=f"s{number}", title=None, text=text, url=None, published_at=min(at, END), author=None,
            source=f"{post.source}{number % 5}",
        )  # fmt: skip


def mutated(chance: random.Random, text: str, known: list[Any]) -> str:
    """The text as it is, or as people pass it on."""
    how = chance.random()
    if how < 0.35 or len(text) < 8:
        return text
    if how < 0.5:
        return f"转：{text}{chance.choice(('', '！', '，求证', '，是真的吗'))}"
    if how < 0.65:
        return f"{text}，{chance.randint(2, 40)}人受伤"
    if how < 0.8:
        return text[: chance.randint(6, len(text))]
    other = chance.choice(known).text or ""
    return text[: len(text) // 2] + other[len(other) // 2 :]


def furnish(folder: Path) -> None:
    """The site with its topics and everything heard."""
    site(folder)
    from shudao.base.scene import LIVE
    from shudao.engine.sense.topics import load_topics
    from shudao.ledger.verbs import Actor
    from shudao.library import path_of
    from shudao.listen.actions import add_source, read_batch
    from shudao.sense.actions import add_topics

    for name in ("power.yaml", "college.yaml"):
        add_topics(Actor(LIVE, "duty_officer"), load_topics(path_of("topics", name).read_bytes()))
    source = add_source(Actor(LIVE, "system"), "all", name="all", kind="web", connector="file")
    posts = list(stream())
    for start in range(0, len(posts), 2000):
        read_batch(Actor(LIVE, "system"), source, posts[start : start + 2000])


def live(folder: Path, seed: int) -> None:
    """One life: from where the last was killed."""
    site(folder)
    from shudao.base.cursor import read_cursor
    from shudao.base.scene import LIVE
    from shudao.listen.models import Item
    from shudao.sense.actions import pull, state

    state.EVERY, pull.FORGET_AFTER, pull.RECALLED = EVERY, FORGET, RECALLED
    keys = list(Item.objects.order_by("pk").values_list("pk", flat=True))
    number = {key: place + 1 for place, key in enumerate(keys)}
    chance = random.Random(seed)
    print("ready", flush=True)
    while True:
        done = number.get(read_cursor(LIVE, "sense"), 0)
        edit(done)
        ahead = min((at - done for at in EDITS if at > done), default=POSTS)
        if not pull.pull_items(LIVE, limit=min(chance.choice((17, 60, 150, 500)), ahead)):
            return


def edit(done: int) -> None:
    """Bring the edited topic to the version it has after so many posts; a kill may have come before or after."""
    from shudao.base.scene import LIVE
    from shudao.engine.sense.query import Topic
    from shudao.ledger.verbs import Actor
    from shudao.sense.actions import add_topic
    from shudao.sense.models import Topic as Row

    wanted = sum(at <= done for at in EDITS)
    if wanted > Row.objects.filter(code="edited").count():
        query = "求证 OR 受伤" if wanted % 2 else "受伤 OR 停电 OR 食堂"
        add_topic(Actor(LIVE, "duty_officer"), Topic(id="edited", name="改动", query=f"{query} OR 第{wanted}版"))


def tell(folder: Path) -> dict[str, Any]:
    """Everything that was decided, by keys, with a digest of each kind and the number of its rows."""
    site(folder)
    from shudao.ledger.models import Entry
    from shudao.notify.models import Message
    from shudao.sense.models import Alert, AlertItem, Hit, Placement, Reading, Story

    placed = (
        "item_id",
        "story__first_item_id",
        "story_placed__first_item_id",
        "copy_of_id",
        "changes",
        "tone",
        "tone_score",
        "version",
        "at",
    )
    told = (
        "number",
        "kind",
        "topic__code",
        "topic__version",
        "story__first_item_id",
        "level_hint",
        "why_zh",
        "why_en",
        "at",
    )
    gone = ("first_item_id", "merged_into__first_item_id", "posts")  # its moments end where a batch happened to end
    said = ("first_item_id", "posts", "began_at", "last_at")
    kinds = {
        "stories": Story.objects.filter(merged_into=None).order_by("first_item").values_list(*said),
        "merged": Story.objects.exclude(merged_into=None).order_by("first_item").values_list(*gone),
        "placements": Placement.objects.order_by("item_id").values_list(*placed),
        "hits": Hit.objects.order_by("placement__item_id", "topic_id").values_list(
            "placement__item_id", "topic_id", "spans"
        ),
        "readings": Reading.objects.order_by("topic_code", "hour_at").values_list(
            "topic_code", "hour_at", "posts", "copies", "stories", "negative"
        ),
        "alerts": Alert.objects.order_by("number").values_list(*told),
        "evidence": AlertItem.objects.order_by("alert__number", "place").values_list("alert__number", "item_id"),
        "entries": Entry.objects.filter(verb="raise_alert").order_by("seq").values_list("data", flat=True),
        "messages": Message.objects.filter(kind="alert").order_by("pk").values_list("matter", "text"),
    }
    found = {name: [str(row) for row in rows] for name, rows in kinds.items()}
    return {name: [len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()] for name, rows in found.items()}


def site(folder: Path) -> None:
    """The site of the folder, its clock standing after the last post."""
    from shudao.project.site import prepare, use_folder

    use_folder(folder)
    prepare(pages=False)
    from shudao.base import clock

    clock.install(clock.ManualClock(END + timedelta(hours=1)))


if __name__ == "__main__":
    where, what = Path(sys.argv[1]), sys.argv[2]
    if what == "furnish":
        furnish(where)
    elif what == "live":
        live(where, int(sys.argv[3]))
    else:
        print(json.dumps(tell(where)))
