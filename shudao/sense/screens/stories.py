"""话题 (story): how it grew, where it stands, what was copied and changed on the way, and what people ask in it.

Read in a fixed number of questions to the database, however many posts it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.functional import Promise, cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import Scene
from shudao.base.templatetags.words import lasting
from shudao.engine.charts.model import SpreadChart, VolumeChart
from shudao.engine.sense.asks import KINDS, Asked, AskGroup, asks_in, group_asks
from shudao.engine.sense.differences import Piece, differences
from shudao.engine.sense.marked import Piece as Found
from shudao.engine.sense.marked import marked
from shudao.listen.models import Item
from shudao.sense.beside import Answered, Place, answers_to, places_of
from shudao.sense.models import Placement, Story
from shudao.sense.screens import charts, numbers
from shudao.sense.screens.telling import StoryTelling
from shudao.sense.screens.words import ASKS, CHANGES, MEDIA, TIERS, TONES, title_beside

PER_PAGE = 20
MOST_STORIES = 20_000
"""A search looks through the stories that moved last."""
MOST_ASKS, MOST_SAID = 5, 4
LITTLE_SURE = 0.5
MOMENT, DAY = timedelta(hours=6), timedelta(days=4)


class StoriesScreen:
    """The stories of a scene, those that moved last first; found by words."""

    def __init__(self, scene: Scene, *, words: str = "", page: str = "1") -> None:
        self.scene, self.words, self._page = scene, " ".join(words.split())[:80], page
        self.now = clock.now(scene)

    @cached_property
    def stories(self) -> Page[Story]:
        """A page of them."""
        rows = numbers.recent_stories(self.scene, MOST_STORIES) if self.words else numbers.stories_of(self.scene)
        rows = rows.select_related("first_item__source")
        for word in self.words.split():
            rows = rows.filter(Q(first_item__title__icontains=word) | Q(first_item__text__icontains=word))
        return Paginator(rows, PER_PAGE).get_page(self._page)

    @property
    def keep(self) -> str:
        """What was asked, in the addresses of the other pages."""
        return f"{urlencode({'q': self.words})}&" if self.words else ""

    @property
    def sentence(self) -> str:
        """On top."""
        count = self.stories.paginator.count
        if self.words:
            return ngettext("找到 %(n)d 个话题", "找到 %(n)d 个话题", count) % {"n": count}
        moving = self.moving
        if not moving:
            return gettext("过去 24 小时没有新话题")
        return ngettext("过去 24 小时 %(n)d 个话题有新信息", "过去 24 小时 %(n)d 个话题有新信息", moving) % {
            "n": moving
        }

    @cached_property
    def moving(self) -> int:
        """Stories with a post in the last day."""
        rows = Story.objects.in_scene(self.scene).filter(merged_into=None, last_at__gte=self.now - timedelta(days=1))
        return rows.count()


@dataclass(frozen=True)
class Copied:
    """复本组 (copied): a post, how often it was copied, and the copies that change something, each change shown."""

    item: Item
    count: int
    changed: int
    variants: list["Variant"]

    @property
    def title(self) -> str:
        """Where the text does not say it again."""
        return title_beside(self.item)

    @property
    def says(self) -> str:
        """In words."""
        said = ngettext("被转抄 %(n)d 次", "被转抄 %(n)d 次", self.count) % {"n": self.count}
        if not self.changed:
            return said
        changed = ngettext("其中 %(n)d 次改了内容", "其中 %(n)d 次改了内容", self.changed) % {"n": self.changed}
        return gettext("，").join((said, changed))


@dataclass(frozen=True)
class Variant:
    """变体 (variant): a copy and what it changes."""

    item: Item
    changes: list[str | Promise]
    pieces: list[Piece]


@dataclass(frozen=True)
class Row:
    """信息条 (item) of a story with where it stands and what caught it, marked in its text."""

    item: Item
    placement: Placement
    title: tuple[Found, ...]
    text: tuple[Found, ...]
    topics: list[str]

    @property
    def tone(self) -> object:
        """Its tone in words."""
        return TONES.get(self.placement.tone)

    @property
    def is_corrected(self) -> bool:
        """A person said what its tone is."""
        return hasattr(self.placement, "correction")

    @property
    def is_unsure(self) -> bool:
        """The reading of its tone is little sure of itself."""
        return self.placement.tone_confidence < LITTLE_SURE

    @property
    def changes(self) -> list[str | Promise]:
        """What it changes of the post it copies."""
        return [CHANGES.get(name, name) for name in self.placement.changes]


@dataclass(frozen=True)
class AskRow:
    """问求 (ask) of a story: the sentence as the first said it, how many say it, and some of the others' wording."""

    group: AskGroup
    item: Item
    others: list[str]

    @property
    def kind(self) -> str | Promise:
        """In words."""
        return ASKS[self.group.kind]


class StoryScreen:
    """One story."""

    def __init__(self, story: Story, page: str = "1") -> None:
        self.story, self._page = story, page
        self.scene = story.scene_value
        self.now = clock.now(self.scene)

    @cached_property
    def tallies(self) -> list[numbers.Tally]:
        """How it grew, cut finely while it is young."""
        span = numbers.span_of(self.story)
        found = numbers.growth(self.story, numbers.MINUTE if span <= MOMENT else numbers.HOUR)
        return found if span <= DAY else numbers.by_day(found, charts.offset(self.now))

    @cached_property
    def kinds(self) -> list[tuple[str | Promise, int]]:
        """Kinds of sources and how many posts each brought, the most first."""
        sums: dict[str, int] = {}
        for row in self.tallies:
            sums[row.kind] = sums.get(row.kind, 0) + row.count
        return [(MEDIA.get(kind, kind), count) for kind, count in sorted(sums.items(), key=lambda row: -row[1])]

    @cached_property
    def sources(self) -> list[numbers.SourceTally]:
        """Outlets, the busiest first."""
        return self._sources[0]

    @property
    def more_sources(self) -> int:
        """Outlets not shown."""
        return self._sources[1]

    @cached_property
    def _sources(self) -> tuple[list[numbers.SourceTally], int]:
        return numbers.sources_of(self.story)

    @property
    def source_rows(self) -> list[tuple[numbers.SourceTally, str | Promise, str | Promise]]:
        """They with kind and tier in words."""
        return [
            (row, MEDIA.get(row.kind, row.kind), TIERS.get(row.tier, "") if row.tier is not None else "")
            for row in self.sources
        ]

    @cached_property
    def spread(self) -> SpreadChart | None:
        """The chart of its growth."""
        return charts.spread(self.story, self.tallies, self.sources)

    @cached_property
    def volume(self) -> VolumeChart | None:
        """The chart of how many came when; only where growth alone does not tell it."""
        return charts.story_volume(self.tallies, numbers.span_of(self.story), DAY, self.now)

    @cached_property
    def tones(self) -> list[tuple[object, numbers.ToneTally]]:
        """Tones in words."""
        return [(TONES.get(row.tone, row.tone), row) for row in numbers.tones_of(self.story)]

    @cached_property
    def topics(self) -> list[tuple[str, str, int]]:
        """What caught it."""
        return numbers.topics_of(self.story)

    @cached_property
    def places(self) -> list[Place]:
        """The incidents it belongs to."""
        return places_of(self.story)

    @cached_property
    def answered(self) -> Sequence[Answered]:
        """What this site answered before to what the story's first post and its most copied ones say."""
        told = [self.story.first_item, *(row.item for row in self.copied[:MOST_SAID])]
        return answers_to(self.scene, [f"{item.title} {item.text}" for item in told])

    @cached_property
    def copied(self) -> list[Copied]:
        """Its most copied posts."""
        tallies = numbers.copied_of(self.story)
        items = Item.objects.select_related("source").in_bulk([row.item for row in tallies])
        variants = numbers.variants_of(self.story, items)
        return [
            Copied(items[row.item], row.count, row.changed, _variants(items[row.item], variants.get(row.item, [])))
            for row in tallies
            if row.item in items
        ]

    @cached_property
    def originals(self) -> list[tuple[Item, int]]:
        """Its first posts that copy none."""
        return numbers.originals_of(self.story)

    @cached_property
    def told(self) -> StoryTelling:
        """What it is about."""
        return StoryTelling(self.story, self.originals)

    @cached_property
    def _asked(self) -> tuple[list[AskGroup], dict[str, Item], int]:
        items = {str(item.pk): (item, copies) for item, copies in self.originals}
        asked = [
            Asked(key, ask.kind, item.text[ask.start : ask.end], 1 + copies, "text", ask.start, ask.end)
            for key, (item, copies) in items.items()
            for ask in asks_in(item.text)
        ]
        return group_asks(asked), {key: item for key, (item, _) in items.items()}, len(items)

    @property
    def asks(self) -> list[AskRow]:
        """What people demand, ask and complain of, most said first within each."""
        groups, items, _ = self._asked
        shown: list[AskRow] = []
        for kind in KINDS:
            of_kind = [group for group in groups if group.kind == kind][:MOST_ASKS]
            shown += [AskRow(group, items[group.first.post], _others(group)) for group in of_kind]
        return shown

    @property
    def asked_among(self) -> int:
        """How many posts were read for that."""
        return self._asked[2]

    @cached_property
    def posts(self) -> Page[Placement]:
        """A page of its posts, the first first."""
        rows = numbers.placements(self.story).select_related("item__source", "copy_of", "correction")
        return Paginator(rows.prefetch_related("hits__topic").order_by("at", "pk"), PER_PAGE).get_page(self._page)

    @property
    def rows(self) -> list[Row]:
        """They with what caught them marked."""
        return [_row(placement) for placement in self.posts]

    @property
    def sentence(self) -> str:
        """On top: how many, where, since when, still coming or not."""
        count = self.story.posts
        said = [ngettext("%(n)d 条信息", "%(n)d 条信息", count) % {"n": count}, self._lasting()]
        quiet = self.now - self.story.last_at
        if quiet < timedelta(hours=1):
            said.append(gettext("还在增加"))
        else:
            said.append(gettext("已静 %(length)s") % {"length": lasting(quiet)})
        return gettext("，").join(part for part in said if part)

    def _lasting(self) -> str:
        span = numbers.span_of(self.story)
        return gettext("前后 %(length)s") % {"length": lasting(span)} if span >= timedelta(minutes=1) else ""


def _variants(item: Item, rows: Sequence[Placement]) -> list[Variant]:
    """The copies that change something; of those that say the same only the first."""
    seen: set[str] = set()
    found = []
    for row in rows:
        if row.item.text in seen or len(found) == MOST_SAID:
            continue
        seen.add(row.item.text)
        changes = [CHANGES.get(name, name) for name in row.changes]
        found.append(Variant(row.item, changes, differences(item.text or item.title, row.item.text or row.item.title)))
    return found


def _others(group: AskGroup) -> list[str]:
    """Other wordings, each once."""
    said = dict.fromkeys(row.text for row in group.members if row.text != group.first.text)
    return list(said)[: MOST_SAID - 1]


def _row(placement: Placement) -> Row:
    item = placement.item
    hits = list(placement.hits.all())
    spans = [tuple(span) for hit in hits for span in hit.spans]
    return Row(
        item,
        placement,
        marked(title_beside(item), [(clause, start, end) for clause, field, start, end in spans if field == "title"]),
        marked(item.text, [(clause, start, end) for clause, field, start, end in spans if field == "text"]),
        list(dict.fromkeys(hit.topic.name for hit in hits)),
    )
