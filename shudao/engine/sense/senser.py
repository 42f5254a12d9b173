"""研判器 (senser): posts in time order through topics, near-copies, stories, tone and alerts.

The one class behind the `sense` command and the site. Deterministic: the same posts in the same order give the same
answers however they are cut into batches. Nothing here reads a clock; the stream's time is the latest post's.
"""

from array import array
from collections.abc import Sequence

import msgspec

from shudao.engine.sense import alerts, copies, features, history, match, pulse, stories, tone
from shudao.engine.sense.alerts import AlertDraft, Alerts, Sighting
from shudao.engine.sense.copies import Copies, CopySettings
from shudao.engine.sense.features import terms
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

    def __init__(self, topics: Sequence[Topic] = (), settings: SenseSettings | None = None) -> None:
        self.settings = settings or SenseSettings()
        self._copies = Copies(self.settings.copies)
        self._stories = Stories(self.settings.stories)
        self._tone = ToneReader(self.settings.lexicon)
        self._ids: list[str] = []
        self._placed = array("q")
        self._first: list[str] = []
        self._now = float("-inf")
        self._alerts = Alerts(self._stories.final, self._story_id, self.settings.utc_offset)
        self.set_topics(topics)

    def set_topics(self, topics: Sequence[Topic]) -> None:
        """Watch these topics from the next post on; what was learned of topics that stay is kept."""
        self._topics = TopicSet.compile(topics)
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
        folded = [Folded(post) for post in posts]
        bodies = [one.body for one in folded]
        moments = [post.at.timestamp() for post in posts]
        found = self._copies.feed(bodies, moments)
        self._ids += [post.id for post in posts]
        return [
            self._place(one, body, at, copy) for one, body, at, copy in zip(folded, bodies, moments, found, strict=True)
        ]

    def alerts(self) -> list[AlertDraft]:
        """The alerts that arose since the last call."""
        return self._alerts.drain()

    def moves(self) -> list[StoryMove]:
        """The story merges since the last call."""
        return [StoryMove(self._story_id(move.gone), self._story_id(move.into)) for move in self._stories.moves()]

    def settle(self) -> None:
        """Bring merges up to date; call at the end of a file before asking for final stories."""
        self._stories.settle()

    def final_story(self, number: int) -> str:
        """The story, by now, of the post fed as `number` (from 0)."""
        return self._story_id(self._stories.final(self._placed[number]))

    def stories_final(self) -> dict[str, str]:
        """Post id -> story id after all merges up to now."""
        self.settle()
        return {post: self.final_story(number) for number, post in enumerate(self._ids)}

    def _story_id(self, story: int) -> str:
        return self._first[story]

    def _place(self, one: Folded, body: str, at: float, copy: copies.Copy | None) -> Placed:
        post = one.post
        self._now = max(self._now, at)
        plain = copy is not None and not copy.variant
        story = self._stories.place(terms(body), at, self._placed[copy.row] if copy is not None and plain else None)
        if story == len(self._first):
            self._first.append(post.id)
        self._placed.append(story)
        mood = self._tone.read(body)
        topics = tuple(self._topics.match_folded(one))
        self._alerts.pass_time(self._now)
        for match_ in topics:
            seen = Sighting(at, post.id, post.source, post.kind, story, copy is not None, mood.label == "negative")
            self._alerts.see(match_.topic, self._names[match_.topic], seen, self._now)
        return Placed(
            id=post.id,
            topics=topics,
            copy_of=self._ids[copy.row] if copy is not None else None,
            variant=copy.variant if copy is not None else (),
            story=self._story_id(self._stories.final(story)),
            tone=mood,
        )
