"""Merging and splitting: which stories may be the same, and the posts that may be another matter, by their parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.http import urlencode

from shudao.base import clock
from shudao.engine.sense.told import vectors
from shudao.engine.text.normalise import fold
from shudao.sense.models import Story
from shudao.sense.screens import numbers
from shudao.sense.screens.stories import StoriesScreen
from shudao.sense.screens.telling import Cited, Part, StoryTelling

NEAREST, PER_PAGE = 300, 20


class MergeScreen:
    """Stories that may be the same as one: the likest of those that moved last, or those that hold the words asked for."""

    def __init__(self, story: Story, words: str = "", page: str = "1") -> None:
        self.story, self._page = story, page
        self.scene = story.scene_value
        self.now = clock.now(self.scene)
        self._search = StoriesScreen(self.scene, words=words, page=page)
        self.words = self._search.words

    @property
    def keep(self) -> str:
        """What was asked, in the addresses of the other pages."""
        return f"{urlencode({'q': self.words})}&" if self.words else ""

    @cached_property
    def stories(self) -> Page[Story]:
        """A page of them."""
        if self.words:
            return self._search.stories
        return Paginator(self._likest, PER_PAGE).get_page(self._page)

    @property
    def others(self) -> list[Story]:
        """They without the story itself."""
        return [row for row in self.stories if row.pk != self.story.pk]

    @cached_property
    def _likest(self) -> list[Story]:
        rows = numbers.stories_of(self.scene).exclude(pk=self.story.pk).select_related("first_item__source")[:NEAREST]
        found = list(rows)
        if not found:
            return []
        table = vectors([_says(self.story), *map(_says, found)], common=False)
        likeness = (table[1:] @ table[0]).round(6).tolist()
        return [row for _, _, row in sorted(zip((-one for one in likeness), range(len(found)), found, strict=True))]


@dataclass(frozen=True)
class Choice:
    """A part of a story (None: posts that stand alone) and its posts, each chosen beforehand or not."""

    part: Part | None
    posts: Sequence[tuple[Cited, bool]]


class SplitScreen:
    """The posts of a story that copy none, by its parts; copies go with what they copy."""

    def __init__(self, story: Story, chosen: Sequence[str] = (), part: str = "") -> None:
        self.story = story
        self.now = clock.now(story.scene_value)
        self.told = StoryTelling(story, numbers.originals_of(story))
        marked = set(chosen)
        if part and not marked:
            marked = {post for event in self.told.events if part in event.posts for post in event.posts}
        self._marked = marked

    @property
    def keys(self) -> list[str]:
        """Items that can be chosen."""
        return list(self.told.items)

    @cached_property
    def choices(self) -> list[Choice]:
        """The parts in order of time, then the posts that are like no other."""
        grouped = {post for event in self.told.grouped for post in event.posts}
        alone = [post for event in self.told.events for post in event.posts if post not in grouped]
        found = [Choice(self.told.part_of(event), self._rows(event.posts)) for event in self.told.grouped]
        return [*found, Choice(None, self._rows(alone))] if alone else found

    def _rows(self, posts: Sequence[str]) -> list[tuple[Cited, bool]]:
        return [(self.told.cited(post), post in self._marked) for post in posts]

    @property
    def is_whole(self) -> bool:
        """There is nothing to split."""
        return bool(self.story.posts < 2)


def _says(story: Story) -> str:
    return fold(f"{story.first_item.title}\n{story.first_item.text}")
