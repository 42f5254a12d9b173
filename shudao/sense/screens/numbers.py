"""数 (numbers): what the pages of sensing count, each in one question to the database, however many posts there are.

A moment is cut to its minute or hour as text: both databases do that without calling back into Python for every row.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Avg, CharField, Count, Max, Min, Q, QuerySet
from django.db.models.functions import Cast, Substr

from shudao.base.scene import Scene
from shudao.listen.models import Item
from shudao.org.models import Outlet
from shudao.sense.models import Hit, Placement, Story

MINUTE, HOUR = 16, 13
MOST_SOURCES, MOST_COPIED, MOST_VARIANTS, MOST_TEXTS = 30, 8, 40, 300


class Tally(NamedTuple):
    """数 (tally): how many of one kind of source in one stretch of time."""

    at: datetime
    kind: str
    count: int


class SourceTally(NamedTuple):
    """信源数 (source tally): an outlet in a story: how many, since when, how far its word carries (None: not in the register)."""

    name: str
    kind: str
    count: int
    first_at: datetime
    tier: int | None


class ToneTally(NamedTuple):
    """倾向数 (tone tally): how many of one tone, and how sure the readings are on average (None: all said by a person)."""

    tone: str
    count: int
    confidence: float | None


class CopyTally(NamedTuple):
    """复本数 (copy tally): how often a post was copied, and how many of the copies change something."""

    item: int
    count: int
    changed: int


def placements(story: Story) -> QuerySet[Placement]:
    """Where the posts of a story stand."""
    return Placement.objects.filter(scene=story.scene, story=story)


def counts_by(rows: QuerySet[Placement] | QuerySet[Item], moment: str, kind: str, cut: int) -> list[Tally]:
    """How many a kind and a stretch of time (`MINUTE` or `HOUR`), in order of time."""
    texts = rows.order_by().annotate(stretch=Substr(Cast(moment, CharField(max_length=40)), 1, cut))
    found = texts.values_list("stretch", kind).annotate(n=Count("pk"))
    return sorted(Tally(_moment(stretch), name, count) for stretch, name, count in found)


def growth(story: Story, cut: int) -> list[Tally]:
    """How a story grew."""
    return counts_by(placements(story), "at", "item__kind", cut)


def volume(scene: Scene, since: datetime, until: datetime) -> list[Tally]:
    """What was published in a scene, by the hour."""
    rows = Item.objects.in_scene(scene).filter(published_at__gte=since, published_at__lt=until)
    return counts_by(rows, "published_at", "kind", HOUR)


def by_day(tallies: Iterable[Tally], offset: timedelta) -> list[Tally]:
    """Hours summed to days of the reader's clock."""
    sums: Counter[tuple[datetime, str]] = Counter()
    for row in tallies:
        local = row.at + offset
        sums[local.replace(hour=0, minute=0) - offset, row.kind] += row.count
    return sorted(Tally(at, kind, count) for (at, kind), count in sums.items())


def sources_of(story: Story) -> tuple[list[SourceTally], int]:
    """The outlets of a story, the busiest first, with their tier; and how many outlets there are beside those shown."""
    rows = placements(story).order_by().values_list("item__outlet", "item__source__name", "item__kind")
    found: dict[tuple[str, str], tuple[int, datetime]] = {}
    for outlet, source, kind, count, first in rows.annotate(n=Count("pk"), first=Min("at")):
        before, earlier = found.get((outlet or source, kind), (0, first))
        found[outlet or source, kind] = before + count, min(first, earlier)
    ordered = sorted(found.items(), key=lambda row: (-row[1][0], row[1][1]))
    shown = ordered[:MOST_SOURCES]
    tiers = dict(Outlet.objects.filter(name__in=[name for (name, _), _ in shown]).values_list("name", "tier"))
    told = [SourceTally(name, kind, count, first, tiers.get(name)) for (name, kind), (count, first) in shown]
    return told, len(ordered) - len(shown)


def tones_of(story: Story) -> list[ToneTally]:
    """The tones of a story, the most frequent first."""
    sure = Avg("tone_confidence", filter=Q(correction=None))
    rows = placements(story).order_by().values_list("tone").annotate(n=Count("pk"), sure=sure)
    return sorted((ToneTally(*row) for row in rows), key=lambda row: -row.count)


def copied_of(story: Story) -> list[CopyTally]:
    """The posts of a story that were copied most."""
    changed = Count("pk", filter=~Q(changes=[]))
    rows = (
        placements(story)
        .exclude(copy_of=None)
        .order_by()
        .values_list("copy_of")
        .annotate(n=Count("pk"), changed=changed)
    )
    return [CopyTally(*row) for row in rows.order_by("-n", "copy_of")[:MOST_COPIED]]


def variants_of(story: Story, originals: Iterable[int]) -> dict[int, list[Placement]]:
    """Original → copies of it that change a number or a yes into a no, the earliest first; each change only once."""
    rows = placements(story).filter(copy_of__in=list(originals)).exclude(changes=[])
    found: dict[int, list[Placement]] = defaultdict(list)
    for row in rows.select_related("item__source").order_by("at", "pk")[:MOST_VARIANTS]:
        found[row.copy_of_id or 0].append(row)
    return found


def originals_of(story: Story) -> list[tuple[Item, int]]:
    """The first posts of a story that copy none, with how many copies each has; at most `MOST_TEXTS`."""
    rows = placements(story).filter(copy_of=None).order_by("at", "pk")
    items = [row.item for row in rows.select_related("item__source")[:MOST_TEXTS]]
    copies = placements(story).filter(copy_of__in=[item.pk for item in items]).order_by().values_list("copy_of")
    counts = dict(copies.annotate(n=Count("pk")))
    return [(item, counts.get(item.pk, 0)) for item in items]


def topics_of(story: Story) -> list[tuple[str, str, int]]:
    """(code, name, posts) of the topics that caught a story's posts, the most frequent first."""
    rows = Hit.objects.filter(placement__scene=story.scene, placement__story=story).order_by()
    found = rows.values_list("topic__code").annotate(name=Max("topic__name"), n=Count("placement", distinct=True))
    return sorted(found, key=lambda row: -row[2])


def span_of(story: Story) -> timedelta:
    """From the first post to the last."""
    return story.last_at - story.began_at


def stories_of(scene: Scene) -> QuerySet[Story]:
    """The stories of a scene that are part of no other, those that moved last first."""
    return Story.objects.in_scene(scene).filter(merged_into=None, posts__gt=0).order_by("-last_at", "-pk")


def recent_stories(scene: Scene, most: int) -> QuerySet[Story]:
    """Of these the first `most`, to be searched."""
    return Story.objects.filter(pk__in=stories_of(scene).values("pk")[:most]).order_by("-last_at", "-pk")


def _moment(stretch: str) -> datetime:
    """The beginning of a stretch cut from a stored moment, which is UTC in both databases."""
    form = "%Y-%m-%d %H:%M" if len(stretch) == MINUTE else "%Y-%m-%d %H"
    return datetime.strptime(stretch.replace("T", " "), form).replace(tzinfo=UTC)
