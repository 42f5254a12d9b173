"""Keeping a batch: placements, hits, stories, readings and the cursor, as rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min

from shudao.base.cursor import move_cursor, read_cursor
from shudao.base.scene import Scene
from shudao.engine.sense.senser import Placed, Senser, StoryMove, StorySplit
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
    moves: Sequence[StoryMove | StorySplit]
    topics: dict[str, Topic]
    senser: Senser
    erased: int = 0
    state: EngineState | None = None


def keep_batch(batch: Batch, now: datetime) -> None:
    """Write the batch; to be called inside the short write that also keeps its alerts. `Raced` when it came too late."""
    if read_cursor(batch.scene, CURSOR) != batch.place or read_cursor(batch.scene, ERASED) != batch.erased:
        raise Raced
    finals = batch.senser.last_stories(len(batch.items))
    stories = _stories(batch, finals)
    _follow(batch.moves, stories, now)
    placements = Placement.objects.bulk_create(
        [
            _placement(batch, item, placed, stories[placed.story], stories[final])
            for item, placed, final in zip(batch.items, batch.placed, finals, strict=True)
        ],
        batch_size=200,
    )
    _count_in(batch, stories, finals)
    _keep_hits(batch, placements)
    _keep_readings(batch)
    move_cursor(batch.scene, CURSOR, batch.items[-1].pk)
    if batch.state is not None:
        keep_state(batch.state, now)


def keep_moves(scene: Scene, moves: Sequence[StoryMove | StorySplit], now: datetime) -> dict[str, Story]:
    """Write merges and splits that came of a person's word, inside a short write; returns their stories by name."""
    names = {name for move in moves for name in _names_of(move)}
    stories = _story_rows(scene, names, names)
    _follow(moves, stories, now)
    return stories


def _names_of(move: StoryMove | StorySplit) -> tuple[str, str]:
    return (move.gone, move.into) if isinstance(move, StoryMove) else (move.story, move.new)


def moment_of(item: Item) -> datetime:
    """The moment an item counts for: when it was published, but never after it was read."""
    return min(item.published_at, item.read_at)


def _stories(batch: Batch, finals: Sequence[str]) -> dict[str, Story]:
    """Story rows by name, of all that the batch speaks of; those it began are created."""
    names = {*finals, *(placed.story for placed in batch.placed)}
    for move in batch.moves:
        names |= {move.into} if isinstance(move, StoryMove) else {move.story, move.new}
    gone = {move.gone for move in batch.moves if isinstance(move, StoryMove)}
    return _story_rows(batch.scene, names, names | gone)


def _story_rows(scene: Scene, wanted: set[str], looked_for: set[str]) -> dict[str, Story]:
    """Rows by name of those looked for; of those wanted the missing ones are created."""
    known = Story.objects.in_scene(scene).filter(first_item__in=[int(name) for name in looked_for])
    rows = {str(row.first_item_id): row for row in known}
    for item in Item.objects.filter(pk__in=[int(name) for name in wanted - rows.keys()]).order_by("pk"):
        at = moment_of(item)
        rows[str(item.pk)] = Story(scene=scene.key, first_item=item, began_at=at, last_at=at)
    Story.objects.bulk_create([row for row in rows.values() if row.pk is None], batch_size=200)
    return rows


def _count_in(batch: Batch, stories: dict[str, Story], finals: Sequence[str]) -> None:
    """Bring the counts of the stories that the batch's posts stand in up to date."""
    members: dict[str, list[datetime]] = defaultdict(list)
    for item, final in zip(batch.items, finals, strict=True):
        members[final].append(moment_of(item))
    for name, moments in members.items():
        row = stories[name]
        row.posts += len(moments)
        row.began_at, row.last_at = min(row.began_at, *moments), max(row.last_at, *moments)
    changed = [stories[name] for name in members]
    Story.objects.bulk_update(changed, ["posts", "began_at", "last_at"], batch_size=200)


def _placement(batch: Batch, item: Item, placed: Placed, at_first: Story, by_now: Story) -> Placement:
    return Placement(
        scene=batch.scene.key,
        item=item,
        story=by_now,
        story_placed=at_first,
        copy_of_id=int(placed.copy_of) if placed.copy_of else None,
        changes=list(placed.variant),
        tone=placed.tone.label,
        tone_score=placed.tone.score,
        tone_confidence=placed.tone.confidence,
        version=batch.senser.version,
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


def _follow(moves: Sequence[StoryMove | StorySplit], stories: dict[str, Story], now: datetime) -> None:
    """Merges and splits, in their order, on what was placed before the batch; its own posts are placed where they ended."""
    for move in moves:
        if isinstance(move, StorySplit):
            _split(stories[move.story], stories[move.new], move.posts)
        elif move.gone in stories:  # else it was merged while its first item was being placed: it never had a row
            _merge(stories[move.gone], stories[move.into], now)


def _merge(gone: Story, into: Story, now: datetime) -> None:
    """Two stories proved to be one: placements and alerts follow, the rows stay."""
    Placement.objects.filter(story=gone).update(story=into)
    Alert.objects.filter(story=gone).update(story=into)
    into.posts += gone.posts
    into.began_at, into.last_at = min(into.began_at, gone.began_at), max(into.last_at, gone.last_at)
    into.save(update_fields=["posts", "began_at", "last_at"])
    gone.posts, gone.merged_into, gone.merged_at = 0, into, now
    gone.save(update_fields=["posts", "merged_into", "merged_at"])


def _split(story: Story, new: Story, posts: Sequence[str]) -> None:
    """A story proved to be two: the placements named leave it. Alerts stay where they were raised."""
    Placement.objects.filter(story=story, item__in=[int(post) for post in posts]).update(story=new)
    new.merged_into = new.merged_at = None
    for row in (story, new):
        found = Placement.objects.filter(story=row).aggregate(n=Count("pk"), first=Min("at"), last=Max("at"))
        row.posts = found["n"]
        row.began_at, row.last_at = found["first"] or row.began_at, found["last"] or row.last_at
        row.save(update_fields=["posts", "began_at", "last_at", "merged_into", "merged_at"])
