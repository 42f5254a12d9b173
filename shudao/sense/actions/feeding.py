"""What the engine is fed with: items as posts, topics as they are watched, the site's settings, words of tone."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from shudao.base import clock
from shudao.base.scene import Scene
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic as Watched
from shudao.engine.sense.senser import Senser, SenseSettings
from shudao.engine.sense.vectors import Encoder
from shudao.listen.models import Item
from shudao.sense.actions.keep import moment_of
from shudao.sense.actions.tone import lexicon
from shudao.sense.models import Topic


def fresh_senser(scene: Scene, topics: Iterable[Topic], encoder: Encoder | None = None) -> Senser:
    """An engine that has read nothing yet."""
    local = timezone.localtime(clock.now(scene)).utcoffset() or timedelta()
    settings = SenseSettings(lexicon=lexicon(), utc_offset=local.total_seconds())
    return Senser([watched(row) for row in topics], settings, encoder)


def post_of(item: Item) -> SensePost:
    """An item as the engine reads it."""
    return SensePost(
        id=str(item.pk),
        at=moment_of(item),
        source=item.outlet or item.source.name,
        kind=item.kind,
        title=item.title,
        text=item.text,
    )


def watched(row: Topic) -> Watched:
    """A topic as the engine watches it."""
    return Watched(
        id=row.code,
        name=row.name,
        query=row.query,
        sources=tuple(row.sources),
        languages=tuple(row.languages),
        owner_post=row.owner_post,
    )
