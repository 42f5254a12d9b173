"""Keeping a batch: placements, hits, stories, readings and the cursor, as rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from shudao.base.cursor import move_cursor, read_cursor
from shudao.base.scene import Scene
from shudao.engine.sense.senser import VERSION, Placed, Senser, StoryMove
from shudao.listen.models import Item
from shudao.sense.actions.state import keep_state
from shudao.sense.models import Alert, EngineState, Hit, Placement, Reading, Story, Topic

CURSOR = "sense"
ERASED = "sense/erased"
"""A mark that moves whenever retention took items: what an engine in memory knows of them is then void."""


class Raced(Exception):
    """Another worker has read these items; what was worked out here is dropped."""


@dataclass(frozen=True)
class Batch:
    """一批 (batch): items read from `place` on, what became of them, the topics they were held against; `erased`: the
    mark of retention as it stood when the engine was built; `state`: the engine as it stands after the batch, when its
    time has come."""

    scene: Scene
    place: int
    items: Sequence[Item]
    placed: Sequence[Placed]
    moves: Sequence[StoryMove]
    topics: dict[str, Topic]
    senser: Senser
    erased: int = 0
    state: EngineState | None = None


def keep_batch(batch: Batch, now: datetime) -> None:
    """Write the batch; to be called inside the short write that also keeps its alerts. `Raced` when it came too late."""
    if read_cursor(batch.scene, CURSOR) != batch.place or read_cursor(batch.scene, ERASED) != batch.erased:
        raise Raced
    stories = _stories(batch)
    placements = Placement.objects.bulk_create(
        [
            _placement(batch, item, placed, stories[placed.story])
            for item, placed in zip(batch.items, batch.placed, strict=True)
        ],
        batch_size=200,
    )
    _keep_hits(batch, placements)
    _keep_readings(batch)
    _merge(batch, now)
    move_cursor(batch.scene, CURSOR, batch.items[-1].pk)
    if batch.state is not None:
        keep_state(batch.state, now)


def moment_of(item: Item) -> datetime:
    """The moment an item counts for: when it was published, but never after it was read."""
    return min(item.published_at, item.read_at)


def _stories(batch: Batch) -> dict[str, Story]:
    """Story rows by name; those begun in the batch are created, the counts of all brought up to date."""
    members: dict[str, list[datetime]] = defaultdict(list)
    for item, placed in zip(batch.items, batch.placed, strict=True):
        members[placed.story].append(moment_of(item))
    known = Story.objects.in_scene(batch.scene).filter(first_item__in=[int(name) for name in members])
    rows = {str(row.first_item_id): row for row in known}
    for name, moments in members.items():
        if name not in rows:
            rows[name] = Story(scene=batch.scene.key, first_item_id=int(name), began_at=moments[0], last_at=moments[0])
        row = rows[name]
        row.posts += len(moments)
        row.began_at, row.last_at = min(row.began_at, *moments), max(row.last_at, *moments)
    Story.objects.bulk_create([row for row in rows.values() if row.pk is None], batch_size=200)
    Story.objects.bulk_update(rows.values(), ["posts", "began_at", "last_at"], batch_size=200)
    return rows


def _placement(batch: Batch, item: Item, placed: Placed, story: Story) -> Placement:
    return Placement(
        scene=batch.scene.key,
        item=item,
        story=story,
        story_placed=story,
        copy_of_id=int(placed.copy_of) if placed.copy_of else None,
        changes=list(placed.variant),
        tone=placed.tone.label,
        tone_score=placed.tone.score,
        tone_confidence=placed.tone.confidence,
        version=VERSION,
        at=moment_of(item),
    )


def _keep_hits(batch: Batch, placements: Sequence[Placement]) -> None:
    hits = [
        Hit(
            placement=row,
            topic=batch.topics[match.topic],
            clauses=list(match.clauses),
            spans=[[span.clause, span.field, span.start, span.end] for span in match.spans],
            at=row.at,
        )
        for row, placed in zip(placements, batch.placed, strict=True)
        for match in placed.topics
    ]
    Hit.objects.bulk_create(hits, batch_size=200)


def _keep_readings(batch: Batch) -> None:
    """Add the batch to the hourly readings of its topics."""
    sums: dict[tuple[str, datetime], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for item, placed in zip(batch.items, batch.placed, strict=True):
        hour = moment_of(item).replace(minute=0, second=0, microsecond=0)
        for match in placed.topics:
            row = sums[match.topic, hour]
            row[0] += 1
            row[1] += placed.copy_of is not None
            row[2] += placed.story == str(item.pk)
            row[3] += placed.tone.label == "negative"
    for (code, hour), (posts, copies, stories, negative) in sums.items():
        usual = round(batch.senser.usual(code, hour), 3)
        row, _ = Reading.objects.get_or_create(scene=batch.scene.key, topic_code=code, hour_at=hour)
        Reading.objects.filter(pk=row.pk).update(
            posts=F("posts") + posts,
            copies=F("copies") + copies,
            stories=F("stories") + stories,
            negative=F("negative") + negative,
            usual=usual,
        )


def _merge(batch: Batch, now: datetime) -> None:
    """Stories that proved to be one: placements and alerts follow, the rows stay."""
    for move in batch.moves:
        rows = Story.objects.in_scene(batch.scene)
        gone = rows.filter(first_item_id=int(move.gone), merged_into=None).first()
        into = rows.filter(first_item_id=int(move.into)).first()
        if gone is None or into is None:
            continue  # merged while its first item was being placed: it never had a row
        Placement.objects.filter(story=gone).update(story=into)
        Alert.objects.filter(story=gone).update(story=into)
        into.posts += gone.posts
        into.began_at, into.last_at = min(into.began_at, gone.began_at), max(into.last_at, gone.last_at)
        into.save(update_fields=["posts", "began_at", "last_at"])
        gone.posts, gone.merged_into, gone.merged_at = 0, into, now
        gone.save(update_fields=["posts", "merged_into", "merged_at"])
