"""研判器 (senser): posts in time order through topics, near-copies, stories, tone and alerts.

The one class behind the `sense` command and the site. Deterministic: the same posts in the same order give the same
answers however they are cut into batches. Nothing here reads a clock; the stream's time is the latest post's.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from shudao.engine.sense import alerts, copies, features, history, match, pulse, stories, tone, vectors
from shudao.engine.sense.alerts import AlertDraft, Alerts, Sighting
from shudao.engine.sense.copies import CopySettings
from shudao.engine.sense.features import terms
from shudao.engine.sense.front import Front, Ready
from shudao.engine.sense.holding import Held
from shudao.engine.sense.match import TopicMatch, TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic
from shudao.engine.sense.stories import Move, Stories, StorySettings
from shudao.engine.sense.tone import Lexicon, Tone, ToneReader
from shudao.engine.sense.tone_model import LearnedReader, ToneModel
from shudao.engine.sense.vectors import Encoder, Space
from shudao.engine.text import normalise
from shudao.engine.text.normalise import language_of

__all__ = [
    "VERSION",
    "AlertDraft",
    "Held",
    "Placed",
    "SensePost",
    "SenseSettings",
    "Senser",
    "StoryMove",
    "StorySplit",
]

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


class StorySplit(msgspec.Struct, frozen=True):
    """拆出 (story split): these posts left `story` for the story `new`, which is named by the first of them."""

    story: str
    new: str
    posts: tuple[str, ...]


class Senser:
    """研判器 (senser): `feed` places posts, `alerts` and `moves` drain what followed from it.

    With an encoder stories are told by words and meaning, without one by words alone.
    """

    OUTSIDE = frozenset(("settings", "_names"))
    OUTSIDE_FRONT = Front.OUTSIDE
    """What the caller gives and no snapshot holds (`snapshot.py`); all else is state, of the engine's own classes."""

    def __init__(
        self, topics: Sequence[Topic] = (), settings: SenseSettings | None = None, encoder: Encoder | None = None
    ) -> None:
        self.settings = settings or SenseSettings()
        self._space = None if encoder is None else Space(encoder)
        stories = self.settings.stories
        tone = ToneReader(self.settings.lexicon)
        self._front = Front(self.settings.copies, tone, encoder, stories.encoded_a_minute)
        self._stories = Stories(stories)
        self._ids: list[str] = []
        self._first: list[str] = []
        self._numbers: dict[str, int] = {}  # only of recalled stories
        self._now = float("-inf")
        self._moves: list[StoryMove | StorySplit] = []
        self._alerts = Alerts(self._stories.final, self._story_id, self.settings.utc_offset)
        self.set_topics(topics)

    def set_topics(self, topics: Sequence[Topic]) -> None:
        """Watch these topics from the next post on; what was learned of topics that stay is kept."""
        self._front.topics = TopicSet.compile(topics, self._front.topics)
        self._names = {topic.id: topic.name for topic in topics}
        self._alerts.watch(self._names.items())

    def set_tone(self, model: ToneModel | None) -> None:
        """Read tone by what the site taught from the next post on; by the lexicon alone without a model."""
        lexicon = self.settings.lexicon
        self._front.read_tone(ToneReader(lexicon) if model is None else LearnedReader(lexicon, model))

    @property
    def version(self) -> str:
        """The deciding algorithms as set up here, with the name of the site's tone model."""
        meaning = vectors.VERSION if self._front.encoder is not None else ""
        return "+".join(part for part in (VERSION, meaning, self._front.tone.name) if part)

    @property
    def posts(self) -> int:
        """Posts fed so far."""
        return len(self._ids)

    @property
    def story_count(self) -> int:
        """Stories begun so far, merged ones included."""
        return len(self._first)

    def feed(self, posts: Sequence[SensePost]) -> list[Placed]:
        """Place each post, in order. Ids must be new; times may go back a little (the stream's clock does not)."""
        return self.take(self.ready(posts))

    def ready(self, posts: Sequence[SensePost]) -> list[Ready]:
        """The first half of `feed`, which knows nothing of stories. Another process may do it with a senser of its own."""
        return self._front.feed(posts)

    def take(self, posts: Sequence[Ready]) -> list[Placed]:
        """The second half of `feed`, in the same order."""
        return [self._place(post) for post in posts]

    def recall(self, posts: Sequence[SensePost], stories: Sequence[str], held: Sequence[Held] = ()) -> None:
        """Take in posts placed before (after a restart): each stands in the story given (after all merges and splits up
        to then); no alert arises from them. `held`: what persons held together and apart."""
        for ready, story in zip(self.ready(posts), stories, strict=True):
            self._watch(ready, self._put(ready, story))
        for pair in held:
            one, other = self._known(pair.one), self._known(pair.other)
            if pair.together:
                self._stories.hold_together(one, other)
            else:
                self._stories.keep_apart(one, other)
        self._note_moves()
        self._moves.clear()
        self._alerts.drain()

    def hold_together(self, story_a: str, story_b: str) -> str:
        """A person says that two stories are one. The later becomes part of the earlier, whose id is returned; no later
        split parts them. Told by `moves` like every merge. `ValueError` for a story that is not known."""
        number = self._stories.hold_together(self._number(story_a), self._number(story_b))
        self._note_moves()
        return self._story_id(number)

    def hold_apart(self, story: str, post_ids: Iterable[str]) -> str:
        """A person says that these posts of a story are another matter; returns the id of the new story.

        The part with the story's first post keeps the id: when that is among `post_ids`, the others leave. No later
        merge joins the two again. Told by `moves` as a split. `ValueError` when nothing would leave or stay.
        """
        wanted = set(post_ids)
        rows = [row for row, post in enumerate(self._ids) if post in wanted]
        number = self._stories.hold_apart(self._number(story), rows)
        self._note_moves()
        return self._story_id(number)

    def held(self) -> list[Held]:
        """What persons held together and apart, by the stories of now: give it to `recall` after a restart."""
        holding = self._stories.holding
        whole = [Held(self._story_id(story), self._story_id(story), together=True) for story in sorted(holding.whole)]
        apart = [(self._story_id(one), self._story_id(other)) for one, other in holding.pairs()]
        return whole + [Held(one, other, together=False) for one, other in apart]

    def remember_alert(self, topic: str, story: str, at: datetime) -> None:
        """An alert about this matter was raised before the restart; unknown topics and stories are passed over."""
        if topic in self._names and story in self._numbers:
            self._alerts.remember(topic, self._names[topic], self._numbers[story], at.timestamp())

    def alerts(self) -> list[AlertDraft]:
        """The alerts that arose since the last call."""
        return self._alerts.drain()

    def moves(self) -> list[StoryMove | StorySplit]:
        """The merges and splits of stories since the last call, in the order in which they came about."""
        self._note_moves()
        moves, self._moves = self._moves, []
        return moves

    def usual(self, topic: str, at: datetime) -> float:
        """Posts an hour that the topic usually has at that hour of the week, by all fed so far."""
        return self._alerts.usual(topic, at.timestamp())

    def settle(self) -> None:
        """Bring merges up to date; call at the end of a file before asking for final stories."""
        self._stories.settle()
        self._note_moves()

    def final_story(self, number: int) -> str:
        """The story, by now, of the post fed as `number` (from 0)."""
        return self._story_id(self._stories.of_row(number))

    def last_stories(self, count: int) -> list[str]:
        """The stories, by now, of the posts fed last."""
        return [self.final_story(number) for number in range(self.posts - count, self.posts)]

    def stories_final(self) -> dict[str, str]:
        """Post id -> story id after all merges and splits up to now."""
        self.settle()
        return {post: self.final_story(number) for number, post in enumerate(self._ids)}

    def _story_id(self, story: int) -> str:
        while len(self._first) <= story:
            self._first.append(self._ids[self._stories.begun_by(len(self._first))])
        return self._first[story]

    def _number(self, story: str) -> int:
        """The number of a story by its id, or by that of any post in it."""
        if story in self._numbers:
            return self._numbers[story]
        try:
            return self._stories.of_row(self._ids.index(story))
        except ValueError:
            raise ValueError(f"no story {story}") from None

    def _known(self, story: str) -> int:
        """The number of a story; one that ended before the first post recalled gets one now."""
        try:
            return self._number(story)
        except ValueError:
            number = self._numbers[story] = self._stories.known()
            self._name(number, story)
            return number

    def _name(self, number: int, story: str) -> None:
        if number:
            self._story_id(number - 1)
        self._first.append(story)

    def _place(self, ready: Ready) -> Placed:
        self._ids.append(ready.id)
        story = self._choose(ready)
        self._note_moves()
        self._watch(ready, story)
        copy = ready.copy
        return Placed(
            id=ready.id,
            topics=ready.topics,
            copy_of=self._ids[copy.row] if copy is not None else None,
            variant=copy.variant if copy is not None else (),
            story=self._story_id(story),
            tone=ready.tone,
        )

    def _note_moves(self) -> None:
        for move in self._stories.moves():
            if isinstance(move, Move):
                self._alerts.merge(move.gone, move.into)
                self._moves.append(StoryMove(self._story_id(move.gone), self._story_id(move.into)))
            else:
                posts = tuple(self._ids[row] for row in move.rows)
                self._alerts.split(move.story, move.new, frozenset(posts))
                self._moves.append(StorySplit(self._story_id(move.story), self._story_id(move.new), posts))

    def _choose(self, ready: Ready) -> int:
        """The story of a new post; a plain copy goes with what it copies."""
        copies = ready.copies
        if copies is not None and (followed := self._stories.follow(copies, ready.at)) is not None:
            return followed
        return self._stories.place(ready.terms or terms(ready.body), ready.at, None, self._meaning(ready))

    def _meaning(self, ready: Ready) -> vectors.Meaning | None:
        if self._space is None or ready.vector is None:
            return None
        return self._space.take(ready.vector, language_of(ready.body))

    def _put(self, ready: Ready, story: str) -> int:
        """The story of a post placed before."""
        self._ids.append(ready.id)
        number, copies = self._numbers.get(story), ready.copies
        if copies is not None and number is not None and self._stories.follows(copies, number):
            followed = self._stories.follow(copies, ready.at)
            return number if followed is None else followed
        found, meant = ready.terms or terms(ready.body), self._meaning(ready)
        placed = self._stories.recall(found, ready.at, number, meant=meant, first=story == ready.id)
        if number is None:
            self._numbers[story] = placed
            self._name(placed, story)
        return placed

    def _watch(self, ready: Ready, story: int) -> None:
        """What the alerts are told of a post."""
        self._now = max(self._now, ready.at)
        self._alerts.pass_time(self._now)
        if ready.topics:
            copied, blames = ready.copy is not None, ready.tone.label == "negative"
            seen = Sighting(ready.at, ready.id, ready.source, ready.kind, story, copied, blames)
            for hit in ready.topics:
                self._alerts.see(hit.topic, self._names[hit.topic], seen, self._now)
