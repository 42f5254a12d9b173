"""Retention of what was sensed: placements go with their items; a story goes with its last placement.

The engine in a worker's memory may still know what went. A mark tells it, and it is rebuilt from the rows.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from shudao.base.cursor import move_cursor, read_cursor
from shudao.base.scene import Scene
from shudao.sense.actions.keep import ERASED
from shudao.sense.actions.state import drop_state
from shudao.sense.models import Alert, Placement, Story


class Released(NamedTuple):
    """放行 (released): items that name a story which goes on (`naming`: their words go, their rows stay), and the first
    items of stories that ended (`ended`)."""

    naming: set[int]
    ended: set[int]


def release_items(scene: Scene, keys: Iterable[int]) -> Released:
    """Let items go, inside an act: their placements, and stories that are left without any."""
    wanted = list(keys)
    placed = Placement.objects.filter(item__in=wanted)
    touched = set(placed.values_list("story_id", flat=True)) | set(placed.values_list("story_placed_id", flat=True))
    touched |= set(Story.objects.filter(first_item__in=wanted).values_list("pk", flat=True))
    placed.delete()
    ended = _drop_ended(touched)
    left = Story.objects.filter(pk__in=touched)
    for story in left.filter(merged_into=None):
        story.posts = Placement.objects.filter(story=story).count()
        story.save(update_fields=["posts"])
    move_cursor(scene, ERASED, read_cursor(scene, ERASED) + 1)
    drop_state(scene)
    return Released(set(left.filter(first_item__in=wanted).values_list("first_item_id", flat=True)), ended)


def release_alerts(keys: Iterable[int]) -> set[int]:
    """Take alerts away, inside an act; returns the first items of stories that ended with them."""
    rows = Alert.objects.filter(pk__in=list(keys))
    stories = set(rows.exclude(story=None).values_list("story_id", flat=True))
    rows.delete()
    return _drop_ended(stories)


def _drop_ended(keys: set[int]) -> set[int]:
    """Delete those stories that nothing stands in or points to, and whatever was merged into them; their first items."""
    gone: set[int] = set()
    while True:
        rows = Story.objects.filter(pk__in=keys).filter(
            ~Exists(Placement.objects.filter(Q(story=OuterRef("pk")) | Q(story_placed=OuterRef("pk")))),
            ~Exists(Alert.objects.filter(story=OuterRef("pk"))),
            ~Exists(Story.objects.filter(merged_into=OuterRef("pk"))),
        )
        found = list(rows.values_list("pk", "first_item_id", "merged_into_id"))
        if not found:
            return gone
        Story.objects.filter(pk__in=[key for key, _, _ in found]).delete()
        gone |= {first for _, first, _ in found}
        keys = (keys | {into for _, _, into in found if into}) - {key for key, _, _ in found}
