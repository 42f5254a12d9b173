"""Reading what was sensed. Every question says its scene."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zlib import crc32

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Sum, Value, When
from msgspec import convert

from shudao.base.scene import LIVE, Scene
from shudao.engine.sense import cases
from shudao.engine.sense.encoder import is_installed
from shudao.listen.models import Item
from shudao.sense.models import (
    Alert,
    AlertCase,
    Hit,
    Placement,
    Reading,
    Story,
    StoryHold,
    TaughtTone,
    ToneCorrection,
    Topic,
    Trial,
)

LEVELS = ("I", "II", "III", "IV")
"""Level hints, the most urgent first."""
DRAWN_OF = 4
"""Of so many posts one is drawn for a look at its tone."""
DRAWN_AMONG = 2_000
"""The latest posts among which those drawn are shown."""


def topics_in_force(scene: Scene) -> list[Topic]:
    """The topics watched in a scene; a drill run without its own watches those of the real world."""
    own = list(Topic.objects.in_scene(scene).filter(retired_at=None).order_by("code"))
    if own or scene.is_live:
        return own
    return list(Topic.objects.in_scene(LIVE).filter(retired_at=None).order_by("code"))


def topic_in_force(scene: Scene, code: str) -> Topic | None:
    """The version of a topic in force in exactly that scene."""
    return Topic.objects.in_scene(scene).filter(code=code, retired_at=None).first()


def open_alerts(scene: Scene) -> QuerySet[Alert]:
    """Alerts that nobody has taken up or dismissed, newest first."""
    return (
        Alert.objects.in_scene(scene)
        .filter(acknowledged_at=None, dismissed_at=None)
        .select_related("topic", "story__first_item")
    )


def alerts(scene: Scene) -> QuerySet[Alert]:
    """All alerts, newest first."""
    return Alert.objects.in_scene(scene).select_related("topic", "story__first_item")


def by_urgency(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    """Open ones first: the most urgent, then the oldest; what was dealt with follows, the newest first."""
    is_open = Q(acknowledged_at=None, dismissed_at=None)
    urgency = Case(
        *(When(is_open & Q(level_hint=level), then=Value(place)) for place, level in enumerate(LEVELS)),
        When(is_open, then=Value(len(LEVELS))),
        default=Value(len(LEVELS) + 1),
        output_field=IntegerField(),
    )
    waits = Case(When(is_open, then="number"), default=Value(0), output_field=IntegerField())
    return rows.annotate(urgency=urgency, waits=waits).order_by("urgency", "waits", "-raised_at", "-number")


def alert_numbered(scene: Scene, number: int) -> Alert | None:
    """The alert of that number."""
    return alerts(scene).filter(number=number).first()


def case_of(alert: Alert) -> cases.Case | None:
    """What an alert was made from; None for one that older algorithms raised."""
    row = AlertCase.objects.filter(alert=alert).first()
    return None if row is None else convert(row.case, cases.Case)


def items_of_alert(alert: Alert) -> list[Item]:
    """The evidence in the order shown, each with its source."""
    rows = alert.evidence.select_related("item__source").order_by("place")
    return [row.item for row in rows]


def items_of_story(story: Story) -> QuerySet[Item]:
    """All items of a story, merged ones included, earliest first."""
    placed = Placement.objects.filter(scene=story.scene, story=final_story(story))
    return Item.objects.filter(pk__in=placed.values("item")).select_related("source").order_by("published_at", "pk")


def final_story(story: Story) -> Story:
    """The story that this one is part of by now."""
    while story.merged_into is not None:
        story = story.merged_into
    return story


def holds_waiting(scene: Scene) -> QuerySet[StoryHold]:
    """What persons said of stories and the engine did not follow yet, in order."""
    rows = StoryHold.objects.in_scene(scene).filter(done_at=None).select_related("story", "other")
    return rows.order_by("pk")


def holds_of(story: Story) -> QuerySet[StoryHold]:
    """What persons said of a story, the latest first."""
    rows = StoryHold.objects.filter(Q(story=story) | Q(other=story) | Q(other__merged_into=story))
    return rows.select_related("story__first_item", "other__first_item").order_by("-pk")


def placements_of(items: Iterable[Item]) -> dict[int, Placement]:
    """Item key -> where it stands."""
    rows = Placement.objects.filter(item__in=[item.pk for item in items]).select_related(
        "story", "copy_of", "correction"
    )
    return {row.item_id: row for row in rows.prefetch_related("hits__topic")}


def hits_of_topic(scene: Scene, code: str, since: datetime) -> QuerySet[Hit]:
    """What a topic (any version) caught since a moment, newest first."""
    rows = Hit.objects.filter(placement__scene=scene.key, topic__code=code, at__gte=since)
    return rows.select_related("placement__item__source", "placement__story", "topic").order_by("-at", "-pk")


def readings_of(scene: Scene, code: str, since: datetime) -> QuerySet[Reading]:
    """The hourly readings of a topic since a moment, oldest first."""
    return Reading.objects.in_scene(scene).filter(topic_code=code, hour_at__gte=since)


def stories_since(scene: Scene, since: datetime) -> QuerySet[Story]:
    """Stories with posts since a moment, the largest first."""
    rows = Story.objects.in_scene(scene).filter(last_at__gte=since, merged_into=None)
    return rows.order_by("-posts", "-last_at")


def echoes_of(scene: Scene, items: Iterable[int], after: int) -> QuerySet[Placement]:
    """Placements of items read after key `after` that copy one of `items` or fall to one of their stories."""
    keys = list(items)
    stories = Placement.objects.in_scene(scene).filter(item__in=keys).values("story")
    later = Placement.objects.in_scene(scene).filter(item__gt=after).exclude(item__in=keys)
    found = later.filter(copy_of__in=keys) | later.filter(story__in=stories)
    return found.select_related("item__source", "story").order_by("item_id")


def last_number(scene: Scene) -> int:
    """The number of the latest alert, 0 before the first."""
    return Alert.objects.in_scene(scene).aggregate(last=Max("number"))["last"] or 0


def placed_lately(scene: Scene, upto: int, limit: int) -> list[Placement]:
    """The latest placements up to item key `upto`, in the order of reading: what a restarted engine recalls."""
    rows = Placement.objects.in_scene(scene).filter(item__lte=upto).select_related("item__source", "story")
    return list(reversed(rows.order_by("-item_id")[:limit]))


def last_item_key(scene: Scene) -> int:
    """Key of the latest item heard in a scene, 0 when there is none: where following up begins."""
    return Item.objects.in_scene(scene).order_by("-pk").values_list("pk", flat=True).first() or 0


def hits_by_topic(scene: Scene, codes: Iterable[str], since: datetime) -> dict[str, int]:
    """Topic -> how many posts it caught since a moment, summed from the hourly readings."""
    rows = Reading.objects.in_scene(scene).filter(topic_code__in=list(codes), hour_at__gte=since)
    return dict(rows.order_by().values_list("topic_code").annotate(n=Sum("posts")))


def alerts_by_topic(scene: Scene, codes: Iterable[str], since: datetime) -> dict[str, int]:
    """Topic (any version) -> how many alerts were raised since a moment."""
    rows = Alert.objects.in_scene(scene).filter(topic__code__in=list(codes), raised_at__gte=since)
    return dict(rows.order_by().values_list("topic__code").annotate(n=Count("pk")))


def items_between(scene: Scene, start: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
    """Key, time, title, text, outlet, source's name and kind of the items of a stretch of time, newest first.

    Streamed as plain values: a week may hold hundreds of thousands.
    """
    rows = Item.objects.in_scene(scene).filter(published_at__gt=start, published_at__lte=end)
    fields = ("pk", "published_at", "title", "text", "outlet", "source__name", "kind")
    return rows.order_by("-published_at", "-pk").values_list(*fields).iterator(chunk_size=1000)


def free_code(scene: Scene) -> str:
    """An id for a topic that was given none."""
    taken = set(Topic.objects.in_scene(scene).filter(code__startswith="topic-").values_list("code", flat=True))
    number = len(taken) + 1
    while f"topic-{number}" in taken:
        number += 1
    return f"topic-{number}"


def taught_from(scene: Scene) -> QuerySet[ToneCorrection]:
    """Corrections that something can be learned from, the first first."""
    return ToneCorrection.objects.in_scene(scene).filter(of_copy=False)


def latest_taught() -> TaughtTone | None:
    """What was learned last of tone, without its numbers; whether it is in use, it says itself."""
    return taught_tones().first()


def taught_tones() -> QuerySet[TaughtTone]:
    """Everything that was learned of tone, the latest first."""
    return TaughtTone.objects.in_scene(LIVE).defer("weights").order_by("-number")


def corrections_since(taught: TaughtTone | None) -> int:
    """Corrections made since then."""
    rows = taught_from(LIVE)
    return (rows.filter(at__gt=taught.made_at) if taught else rows).count()


def drawn_lately(most: int) -> list[Placement]:
    """Posts of the last days, drawn by chance and not looked at yet: the latest of each drawn few."""
    rows = Placement.objects.in_scene(LIVE).filter(copy_of=None).order_by("-at", "-pk")
    keys = [key for key, item in rows.values_list("pk", "item_id")[:DRAWN_AMONG] if is_drawn(item)]
    looked = set(ToneCorrection.objects.filter(placement__in=keys).values_list("placement_id", flat=True))
    wanted = [key for key in keys if key not in looked][:most]
    found = Placement.objects.select_related("item__source").in_bulk(wanted)
    return [found[key] for key in wanted]


def is_drawn(item: int) -> bool:
    """Whether chance chose an item for a look at its tone: by its number alone, whatever its tone was read as."""
    return crc32(str(item).encode()) % DRAWN_OF == 0


def same_words(placement: Placement) -> QuerySet[Placement]:
    """Other posts of the story that say exactly the same."""
    item = placement.item
    rows = Placement.objects.in_scene(placement.scene_value).filter(story_id=placement.story_id)
    return rows.filter(item__title=item.title, item__text=item.text).exclude(pk=placement.pk)


def trials(scene: Scene) -> QuerySet[Trial]:
    """All trials, newest first."""
    return Trial.objects.in_scene(scene).defer("placed")


def trial_under_way(scene: Scene) -> Trial | None:
    """The trial that is not done yet."""
    return trials(scene).filter(done_at=None).first()


def trial_in_force(scene: Scene) -> Trial | None:
    """The trial whose setup was taken into force last."""
    return trials(scene).exclude(adopted_at=None).order_by("-adopted_at", "-pk").first()


def vectors_in_force() -> bool:
    """Whether the site tells stories by meaning too: never without the extra, and only once somebody adopted it."""
    adopted = trial_in_force(LIVE)
    return bool(adopted and adopted.with_vectors and is_installed())
