"""Items that were heard, for tests."""

from datetime import timedelta
from itertools import count

from shudao.base.scene import LIVE, Scene
from shudao.engine.post import Post
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch
from shudao.listen.models import Item, Source
from tests.conftest import START

_numbers = count(1)


def hear(*authors: str, scene: Scene = LIVE) -> list[Item]:
    """One new item by each author, read by the door."""
    actor = Actor(scene, "system")
    source = Source.objects.filter(scene=scene.key, code="forum").first()
    source = source or add_source(actor, "forum", name="本地论坛", kind="social", connector="file")
    posts = [
        Post(id=f"p{number}", source="forum", kind="social", text=f"城北又停水了 {number}", author=author,
             published_at=START - timedelta(minutes=30 - number % 20))
        for author, number in ((author, next(_numbers)) for author in authors)
    ]  # fmt: skip
    return read_batch(actor, source, posts).items
