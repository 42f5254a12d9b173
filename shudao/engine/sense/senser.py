"""研判器 (senser): posts in time order through topics, near-copies, stories, tone and alerts.

The one class behind the `sense` command and the site. Deterministic: the same posts in the same order give the same
answers however they are cut into batches. Nothing here reads a clock; the stream's time is the latest post's.
"""

from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from shudao.engine.sense import alerts, copies, features, history, match, pulse, stories, tone
from shudao.engine.sense.alerts import AlertDraft, Alerts, Sighting
from shudao.engine.sense.copies import Copies, Copy, CopySettings
from shudao.engine.sense.features import Terms, terms
from shudao.engine.sense.match import Folded, TopicMatch, TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic
from shudao.engine.sense.stories import Stories, StorySettings
from shudao.engine.sense.tone import Lexicon, Tone, ToneReader
from shudao.engine.text import normalise

__all__ = ["VERSION", "AlertDraft", "Placed", "SensePost", "SenseSettings", "Senser", "StoryMove"]

VERSION = "+".join(
    module.VERSION for module in (normalise, match, copies, features, history, stories, pulse, tone, alerts)
)
"""The deciding algorithms; stored beside what they decided."""


class SenseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """设置 (settings): one setting serves every stream; `utc_offset` seconds for hours of the week."""

    copies: CopySettings = CopySettings()
    stories: StorySettings = StorySettings()
    lexicon: Lexicon = Lexicon()
    utc_offset: float = 8 * 3600.0


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """安置 (placed): where one post came to stand, using nothing later than the post itself.

    `copy_of` is the id of the earliest near-copy, `variant` what this copy changes of it ("numbers", "negation").
    """

    id: str
    topics: tuple[TopicMatch, ...]
    copy_of: str | None
    variant: tuple[str, ...]
    story: str
    tone: Tone


class StoryMove(msgspec.Struct, frozen=True):
    """并入 (story move): the story `gone` became part of the earlier story `into` (ids of first posts)."""

    gone: str
    into: str


class Senser:
    """研判器 (senser): `feed` places posts, `alerts` and `moves` drain what followed from it."""

    OUTSIDE = frozenset(("settings", "_topics", "_names", "_tone"))
    """What the caller gives and no snapshot holds (`snapshot.py`); all else is state, of the engine's own classes."""

    def __init__(self, topics: Sequence[Topic] = (), settings: SenseSettings | None = None) -> None:
        self.settings = settings or SenseSettings()
        self._copies = Copies(self.settings.copies)
        self._stories = Stories(self.settings.stories)
        self._tone = ToneReader(self.settings.lexicon)
        self._ids: list[str] = []
        self._placed = array("q")
        self._first: list[str] = []
        self._numbers: dict[str, int] = {}  # only of recalled stories
        self._now = float("-inf")
        self._moves: list[StoryMove] = []
        self._alerts = Alerts(self._stories.final, self._story_id, self.settings.utc_offset)
        self._topics = TopicSet.compile(())
        self.set_topics(topics)

    def set_topics(self, topics: Sequence[Topic]) -> None:
        """Watch these topics from the next post on; what was learned of topics that stay is kept."""
        self._topics = TopicSet.compile(topics, self._topics)
        self._names = {topic.id: topic.name for topic in topics}

    @property
    def posts(self) -> int:
        """Posts fed so far."""
        return len(self._placed)

    @property
    def story_count(self) -> int:
        """Stories begun so far, merged ones included."""
        return len(self._first)

    def feed(self, posts: Sequence[SensePost]) -> list[Placed]:
        """Place each post, in order. Ids must be new; times may go back a little (the stream's clock does not)."""
        return [self._place(ready) for ready in self._prepare(posts)]

    def recall(self, posts: Sequence[SensePost], stories: Sequence[str]) -> None:
        """Take in posts placed before (after a restart): each stands in the story given; no alert arises from them."""
        for ready, story in zip(self._prepare(posts), stories, strict=True):
            number = self._put(ready, terms(ready.folded.body), story)
            self._placed.append(number)
            self._watch(ready, number)
        self._alerts.drain()

    def remember_alert(self, topic: str, story: str, at: datetime) -> None:
        """An alert about this matter was raised before the restart; unknown topics and stories are passed over."""
        if topic in self._names and story in self._numbers:
            self._alerts.remember(topic, self._names[topic], self._numbers[story], at.timestamp())

    def alerts(self) -> list[AlertDraft]:
        """The alerts that arose since the last call."""
        return self._alerts.drain()

    def moves(self) -> list[StoryMove]:
        """The story merges since the last call."""
        self._note_merges()
        moves, self._moves = self._moves, []
        return moves

    def usual(self, topic: str, at: datetime) -> float:
        """Posts an hour that the topic usually has at that hour of the week, by all fed so far."""
        return self._alerts.usual(topic, at.timestamp())

    def settle(self) -> None:
        """Bring merges up to date; call at the end of a file before asking for final stories."""
        self._stories.settle()
        self._note_merges()

    def final_story(self, number: int) -> str:
        """The story, by now, of the post fed as `number` (from 0)."""
        return self._story_id(self._stories.final(self._placed[number]))

    def stories_final(self) -> dict[str, str]:
        """Post id -> story id after all merges up to now."""
        self.settle()
        return {post: self.final_story(number) for number, post in enumerate(self._ids)}

    def _story_id(self, story: int) -> str:
        return self._first[story]

    def _place(self, ready: "_Ready") -> Placed:
        story = self._choose(ready, terms(ready.folded.body))
        self._placed.append(story)
        self._note_merges()
        topics, mood = self._watch(ready, story)
        copy = ready.copy
        return Placed(
            id=ready.folded.post.id,
            topics=topics,
            copy_of=self._ids[copy.row] if copy is not None else None,
            variant=copy.variant if copy is not None else (),
            story=self._story_id(self._stories.final(story)),
            tone=mood,
        )

    def _note_merges(self) -> None:
        for move in self._stories.moves():
            self._alerts.merge(move.gone, move.into)
            self._moves.append(StoryMove(self._story_id(move.gone), self._story_id(move.into)))

    def _prepare(self, posts: Sequence[SensePost]) -> list["_Ready"]:
        """What is worked out for a batch at once."""
        folded = [Folded(post) for post in posts]
        moments = [post.at.timestamp() for post in posts]
        found = self._copies.feed([one.body for one in folded], moments)
        self._ids += [post.id for post in posts]
        caught = self._topics.match_all(folded)
        return [_Ready(*row) for row in zip(folded, moments, found, caught, strict=True)]

    def _choose(self, ready: "_Ready", found: Terms) -> int:
        """The story of a new post; a plain copy goes with what it copies."""
        copy = ready.copy
        beside = self._placed[copy.row] if copy is not None and not copy.variant else None
        story = self._stories.place(found, ready.at, beside)
        if story == len(self._first):
            self._first.append(ready.folded.post.id)
        return story

    def _put(self, ready: "_Ready", found: Terms, story: str) -> int:
        """The story of a post placed before."""
        number = self._numbers.get(story)
        placed = self._stories.recall(found, ready.at, number)
        if number is None:
            self._numbers[story] = placed
            self._first.append(story)
        return placed

    def _watch(self, ready: "_Ready", story: int) -> tuple[tuple[TopicMatch, ...], Tone]:
        """Topics and tone of a post, told to the alerts."""
        post, copied = ready.folded.post, ready.copy is not None
        self._now = max(self._now, ready.at)
        mood = self._tone.read(ready.folded.body)
        topics = tuple(ready.topics)
        self._alerts.pass_time(self._now)
        seen = Sighting(ready.at, post.id, post.source, post.kind, story, copied, mood.label == "negative")
        for hit in topics:
            self._alerts.see(hit.topic, self._names[hit.topic], seen, self._now)
        return topics, mood


class _Ready(NamedTuple):
    """A post folded and compared, waiting for its place."""

    folded: Folded
    at: float
    copy: Copy | None
    topics: list[TopicMatch]
