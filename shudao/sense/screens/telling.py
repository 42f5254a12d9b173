"""讲述 (telling): what a story is about, cut from its posts; who said it first; its parts; what persons said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext

from shudao.engine.sense.sub_events import SubEvent, sub_events
from shudao.engine.sense.telling import Cut, Telling, tell
from shudao.engine.sense.told import Told
from shudao.listen.models import Item
from shudao.org.queries import post_names
from shudao.sense.models import Placement, Story, StoryHold
from shudao.sense.queries import final_story, holds_of
from shudao.sense.screens import numbers

FIRSTS, MOST_PARTS, MOST_HOLDS = 3, 8, 5
SHORT = 100


@dataclass(frozen=True)
class Cited:
    """摘句 (cited): a sentence and the post it was cut from."""

    text: str
    item: Item

    @property
    def address(self) -> str:
        """The post in the story's list."""
        return f"?post={self.item.pk}#item-{self.item.pk}"


@dataclass(frozen=True)
class Part:
    """分段 (part): a sub-event with the post that stands for it."""

    event: SubEvent
    leader: Cited

    @property
    def began_at(self) -> datetime:
        """Its first post."""
        return datetime.fromtimestamp(self.event.began, UTC)

    @property
    def ended_at(self) -> datetime:
        """Its last post."""
        return datetime.fromtimestamp(self.event.ended, UTC)

    @property
    def is_long(self) -> bool:
        """Whether beginning and end differ when told by the minute."""
        return self.event.ended - self.event.began >= 60.0


@dataclass(frozen=True)
class Word:
    """定夺 (word): what a person said of the story."""

    hold: StoryHold
    by: str
    other: Story | None
    what: str
    """How the other story was called; of two that are one now, the one that came to this."""

    @property
    def says(self) -> str:
        """In words."""
        if self.hold.failed:
            return gettext("%(post)s要拆分，但已无可拆") % {"post": self.by}
        if self.hold.together:
            return gettext("%(post)s认定同属一事，合并") % {"post": self.by}
        return gettext("%(post)s认定另是一事，拆出") % {"post": self.by}


class StoryTelling:
    """A story by those of its posts that copy none, each with how many copies it has."""

    def __init__(self, story: Story, originals: Sequence[tuple[Item, int]]) -> None:
        self.story = story
        self.items = {str(item.pk): item for item, _ in originals}
        self._told = [
            Told(str(item.pk), item.published_at.timestamp(), item.title, item.text, copies)
            for item, copies in originals
        ]

    @cached_property
    def telling(self) -> Telling:
        """What was cut."""
        return tell(self._told)

    def _cited(self, cut: Cut) -> Cited:
        return Cited(cut.text, self.items[cut.post])

    @property
    def title(self) -> Cited | None:
        """The headline that stands nearest to all posts."""
        return self._cited(self.telling.title) if self.telling.title else None

    @property
    def summary(self) -> list[Cited]:
        """Two or three sentences."""
        return [self._cited(cut) for cut in self.telling.summary]

    @property
    def among(self) -> int:
        """Posts read for it."""
        return len(self._told)

    @property
    def firsts(self) -> list[Cited]:
        """The posts that came first."""
        return [self.cited(post.id) for post in sorted(self._told, key=lambda post: (post.at, int(post.id)))[:FIRSTS]]

    @cached_property
    def events(self) -> list[SubEvent]:
        """All parts."""
        return sub_events(self._told)

    @cached_property
    def grouped(self) -> list[SubEvent]:
        """The parts of several posts, in order of time; none where the story is of one piece."""
        found = [event for event in self.events if len(event.posts) > 1]
        return found if len(self.events) > 1 else []

    @property
    def parts(self) -> list[Part]:
        """The weightiest of them; none where there is but one."""
        weighty = sorted(self.grouped, key=lambda event: -event.weight)[:MOST_PARTS]
        kept = {event.leader for event in weighty}
        return [self.part_of(event) for event in self.grouped if event.leader in kept] if len(kept) > 1 else []

    @property
    def more_parts(self) -> int:
        """Parts not shown, single posts among them."""
        return len(self.events) - min(len(self.grouped), MOST_PARTS)

    def part_of(self, event: SubEvent) -> Part:
        """A part with its leader."""
        return Part(event, self.cited(event.leader))

    def cited(self, post: str) -> Cited:
        """What a post begins with."""
        item = self.items[post]
        words = " ".join((item.title or item.text).split())
        return Cited(words if len(words) <= SHORT else f"{words[:SHORT]}…", item)

    @cached_property
    def words(self) -> list[Word]:
        """What persons said of it, the latest first."""
        names = post_names()
        found = []
        for hold in holds_of(self.story)[:MOST_HOLDS]:
            two = hold.story, hold.other
            other = next((final_story(row) for row in two if row and final_story(row).pk != self.story.pk), None)
            gone = next((row for row in two if row and row.pk != self.story.pk), None)
            found.append(Word(hold, names.get(hold.post, hold.post), other, gone.title if gone else ""))
        return found

    @property
    def waits(self) -> bool:
        """A person's word is not in force yet."""
        return any(word.hold.done_at is None for word in self.words)


def page_with(story: Story, item: str, per_page: int) -> str:
    """The page of a story's list that shows an item; the first when it is not there."""
    row = numbers.placements(story).filter(item=int(item)).first() if item.isascii() and item.isdigit() else None
    if row is None:
        return "1"
    before = Placement.objects.filter(scene=story.scene, story=story)
    return str(before.filter(Q(at__lt=row.at) | Q(at=row.at, pk__lt=row.pk)).count() // per_page + 1)
