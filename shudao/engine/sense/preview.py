"""试抓 (preview): what a topic would have caught among given posts, and what a new wording brings in and leaves out.

The same matching as in earnest: nothing is decided by sampling, only how many posts are looked at is bounded, and said.
"""

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo

import msgspec

from shudao.engine.sense.match import Folded, Place, TopicMatch, TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic

MOST_POSTS = 20_000
MOST_CHARACTERS = 6_000_000
"""Of title and text together; a window of long articles ends here before it has so many posts."""

SHOWN = 20
AT_ONCE = 500  # posts held against the topic together
_NOW, _BEFORE = "now", "before"


class Caught(msgspec.Struct, frozen=True):
    """抓到 (caught): a post and where the topic found its words."""

    post: SensePost
    clauses: tuple[str, ...]
    spans: tuple[Place, ...]


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """试抓 (preview). `came_in` and `went_out` against the wording before; `until` = the oldest post looked at."""

    looked: int
    is_whole: bool
    caught: int
    per_day: dict[date, int]
    shown: tuple[Caught, ...]
    came_in: int = 0
    in_shown: tuple[Caught, ...] = ()
    went_out: int = 0
    out_shown: tuple[Caught, ...] = ()


def preview(
    posts: Iterable[SensePost],
    topic: Topic,
    before: Topic | None = None,
    *,
    zone: tzinfo,
    days: Sequence[date] = (),
    most: int = MOST_POSTS,
) -> Preview:
    """Hold a topic against posts, newest first, until so many were looked at. QueryError when it does not parse.

    `days`: days that are to be counted although nothing was caught on them; `before`: the wording to compare with.
    """
    found = _Found(topic, before, zone, days)
    room = MOST_CHARACTERS
    waiting: list[SensePost] = []
    for post in posts:
        if found.looked + len(waiting) >= most or room <= 0:
            found.take(waiting)
            return found.told(is_whole=False)
        room -= len(post.title) + len(post.text)
        waiting.append(post)
        if len(waiting) == AT_ONCE:
            found.take(waiting)
            waiting = []
    found.take(waiting)
    return found.told(is_whole=True)


class _Found:
    """What was found so far."""

    def __init__(self, topic: Topic, before: Topic | None, zone: tzinfo, days: Sequence[date]) -> None:
        named = [msgspec.structs.replace(topic, id=_NOW)]
        if before is not None:
            named.append(msgspec.structs.replace(before, id=_BEFORE))
        self.topics, self.compares, self.zone = TopicSet.compile(named), before is not None, zone
        self.looked = 0
        self.per_day = dict.fromkeys(days, 0)
        self.all: list[int] = [0, 0, 0]
        self.lists: tuple[list[Caught], list[Caught], list[Caught]] = ([], [], [])

    def take(self, posts: Sequence[SensePost]) -> None:
        """Look at some posts."""
        self.looked += len(posts)
        for post, hits in zip(posts, self.topics.match_all([Folded(post) for post in posts]), strict=True):
            if hits:
                self._note(post, {hit.topic: hit for hit in hits})

    def _note(self, post: SensePost, matches: dict[str, TopicMatch]) -> None:
        now, before = matches.get(_NOW), matches.get(_BEFORE)
        if now is not None:
            day = post.at.astimezone(self.zone).date()
            self.per_day[day] = self.per_day.get(day, 0) + 1
            self._keep(0, post, now)
        if self.compares and now is not None and before is None:
            self._keep(1, post, now)
        if self.compares and now is None and before is not None:
            self._keep(2, post, before)

    def _keep(self, place: int, post: SensePost, match: TopicMatch) -> None:
        self.all[place] += 1
        if len(self.lists[place]) < SHOWN:
            self.lists[place].append(Caught(post, match.clauses, match.spans))

    def told(self, *, is_whole: bool) -> Preview:
        """All of it."""
        return Preview(
            looked=self.looked,
            is_whole=is_whole,
            caught=self.all[0],
            per_day=dict(sorted(self.per_day.items())),
            shown=tuple(self.lists[0]),
            came_in=self.all[1],
            in_shown=tuple(self.lists[1]),
            went_out=self.all[2],
            out_shown=tuple(self.lists[2]),
        )
