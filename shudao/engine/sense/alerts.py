"""预警 (alerts): one for each matter, with what moved, since when, how sure, and the posts themselves.

A matter is a story within a topic. Frequent topics alert when their posts, or the sources that speak, rise beyond chance
(`burst`), and again after calm (`second_wave`). Topics with less than one post an hour cannot be judged by volume: there
a new story told by two independent sources, not copying one another, is the sign (`new_story`). Here is what is
remembered and when it speaks; what it says is made from the case alone (`cases.py`).
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable

import msgspec
from msgspec import structs

from shudao.engine.sense.cases import AlertDraft, Case, Counted, Kind, What, draft_of, hint_level
from shudao.engine.sense.pulse import LEAST_POSTS, LONGEST, RARE, WINDOWS, Board, Window
from shudao.engine.sense.season import Season

__all__ = ["VERSION", "AlertDraft", "Alerts", "Case", "Sighting", "draft_of", "hint_level"]

VERSION = "alerts-2"
NEW_WITHIN = 48 * 3600.0  # a story older than this is no new story
SOURCES = 2  # independent sources that make a rare topic's story worth a person's look
KEPT_SIGHTINGS = 4000  # latest posts of one topic held for evidence
MANY = 8  # own posts of a single source that make a rare topic's rise count nevertheless
VOICE = 3600.0  # a source that was silent in a topic for so long counts as one more voice
VOICES = 1 / 10  # of the false alerts that are allowed: sources do not keep the season of the posts (each counts once)
SAME = 3 * 86_400.0  # a rise that no story leads is the same matter as the one before for so long
ANY = -1


class Sighting(msgspec.Struct, frozen=True):
    """所见 (sighting): a post that a topic caught; `copy`: it copies another post; `blames`: its tone is negative."""

    at: float
    post: str
    source: str
    kind: str
    story: int
    copy: bool
    blames: bool


class _Watch:
    """One topic's series, its latest sightings, and the matters already told.

    `rising` holds the stories behind the rise under way; `ANY` stands in it while a rise was told that no one story led.
    """

    def __init__(self, name: str, rows: dict[What, int]) -> None:
        self.name = name
        self.rows = rows
        self.seen: deque[Sighting] = deque(maxlen=KEPT_SIGHTINGS)
        self.heard: dict[str, float] = {}
        self.sources: dict[int, set[str]] = {}
        self.began: dict[int, float] = {}
        self.told: dict[int, float] = {}
        self.rising: set[int] = set()

    def merge(self, gone: int, into: int) -> None:
        """Two stories turned out to be one: what was known of either is known of it."""
        if gone in self.sources:
            self.sources.setdefault(into, set()).update(self.sources.pop(gone))
        if gone in self.began:
            self.began[into] = min(self.began.pop(gone), self.began.get(into, float("inf")))
        if gone in self.told:
            self.told[into] = max(self.told.pop(gone), self.told.get(into, float("-inf")))
        if gone in self.rising:
            self.rising.discard(gone)
            self.rising.add(into)

    def split(self, story: int, new: int, posts: frozenset[str]) -> None:
        """These posts left a story for a new one; what was told of the story was told of them too."""
        self.seen = deque(
            (structs.replace(seen, story=new) if seen.post in posts else seen for seen in self.seen), KEPT_SIGHTINGS
        )
        own = [seen for seen in self.seen if seen.story == new]
        if own:
            self.began[new] = min(seen.at for seen in own)
            self.sources[new] = {seen.source for seen in own if not seen.copy}
        if story in self.told:
            self.told[new] = self.told[story]
        if story in self.rising:
            self.rising.add(new)

    def counts(self, seen: Sighting, story: int) -> list[What]:
        """What this post is one more of; notes it."""
        found: list[What] = ["posts"]
        if story not in self.began:
            found.append("stories")
        if not seen.copy:
            if seen.at - self.heard.get(seen.source, float("-inf")) > VOICE:
                found.append("sources")
            self.heard[seen.source] = max(seen.at, self.heard.get(seen.source, seen.at))
            self.sources.setdefault(story, set()).add(seen.source)
        self.began.setdefault(story, seen.at)
        self.seen.append(seen)
        return found

    def forget(self, now: float) -> None:
        """Drop what is known of old stories and silent sources when there are many; matters told are kept."""
        if len(self.began) > KEPT_SIGHTINGS:
            for story in [story for story, began in self.began.items() if began < now - NEW_WITHIN]:
                del self.began[story]
                self.sources.pop(story, None)
        if len(self.heard) > KEPT_SIGHTINGS:
            self.heard = {source: at for source, at in self.heard.items() if at >= now - VOICE}


class Alerts:
    """预警 (alerts): `final` maps a story number to the story it is part of by now; `name` gives its id."""

    def __init__(self, final: Callable[[int], int], name: Callable[[int], str], utc_offset: float = 8 * 3600.0) -> None:
        self._final, self._name = final, name
        self._season = Season(utc_offset)
        self._offset = utc_offset
        self._board = Board(self._season)
        self._watches: dict[str, _Watch] = {}
        self._drafts: list[AlertDraft] = []
        self._is_begun = False
        self._seen_by: dict[int, dict[str, None]] = {}  # story -> topics that caught it, so that a merge asks no others

    def drain(self) -> list[AlertDraft]:
        """The alerts since the last call."""
        drafts, self._drafts = self._drafts, []
        return drafts

    def watch(self, topics: Iterable[tuple[str, str]]) -> None:
        """Watch these topics (id, name) from now on; one that is new knows the prior alone."""
        for topic, name in topics:
            held = self._watches.get(topic)
            if held is None:
                self._watches[topic] = self._fresh(name, silent=False)
            else:
                held.name = name

    def remember(self, topic: str, name: str, story: int, at: float) -> None:
        """This matter was told before; it is not told again as new."""
        self._watch(topic, name).told[self._final(story)] = at
        self._seen_by.setdefault(self._final(story), {})[topic] = None

    def pass_time(self, now: float) -> None:
        """One post of the stream went by, whatever its topic: learn the season."""
        self._season.observe(now)
        self._board.advance(now)
        self._is_begun = True

    def usual(self, topic: str, at: float) -> float:
        """Posts an hour that a topic usually has at this hour of the week; 0 for one that never caught any."""
        watch = self._watches.get(topic)
        if watch is None or not watch.seen:
            return 0.0
        return self._board.rate(watch.rows["posts"]) * self._season.factor(at)

    def merge(self, gone: int, into: int) -> None:
        """Story `gone` became part of `into`."""
        topics = self._seen_by.pop(gone, {})
        for topic in topics:
            self._watches[topic].merge(gone, into)
        if topics:
            self._seen_by.setdefault(into, {}).update(topics)

    def split(self, story: int, new: int, posts: frozenset[str]) -> None:
        """These posts (ids) left `story` and are story `new`."""
        topics = self._seen_by.get(story, {})
        for topic in topics:
            self._watches[topic].split(story, new, posts)
        if topics:
            self._seen_by[new] = dict(topics)

    def see(self, topic: str, name: str, seen: Sighting, now: float) -> None:
        """A topic caught a post; `now` is the stream's time, at or after the post's."""
        if not self._is_begun:
            self.pass_time(now)
        watch, story = self._watch(topic, name), self._final(seen.story)
        self._seen_by.setdefault(story, {})[topic] = None
        for what in watch.counts(seen, story):
            self._board.count(watch.rows[what], seen.at)
        watch.forget(now)
        self._judge(topic, watch, story, now)

    def _watch(self, topic: str, name: str) -> _Watch:
        """The topic's watch; one that was never named beforehand was watched all along, in silence."""
        watch = self._watches.get(topic)
        if watch is None:
            watch = self._watches[topic] = self._fresh(name, silent=True)
        return watch

    def _fresh(self, name: str, *, silent: bool) -> _Watch:
        whats: tuple[What, ...] = ("posts", "sources", "stories")
        return _Watch(name, {what: self._board.add(silent=silent) for what in whats})

    def _judge(self, topic: str, watch: _Watch, story: int, now: float) -> None:
        if watch.rising and self._board.is_calm(watch.rows["posts"]):
            watch.rising.clear()
        is_rare = self._board.rate(watch.rows["posts"]) < RARE
        by, rise = self._rise(watch)
        recent = [] if rise is None else [seen for seen in watch.seen if seen.at >= rise.since]
        if rise is not None and _is_broad(recent, rare=is_rare):
            self._judge_rise(topic, watch, by, rise, recent, now)
        elif is_rare:
            self._judge_new(topic, watch, story, now)

    def _rise(self, watch: _Watch) -> tuple[What, Window | None]:
        """What is up: the posts, or else the sources that speak."""
        rise = self._board.rise(watch.rows["posts"])
        if rise is not None:
            return "posts", rise
        return "sources", self._board.rise(watch.rows["sources"], VOICES)

    def _judge_rise(
        self, topic: str, watch: _Watch, by: What, rise: Window, recent: list[Sighting], now: float
    ) -> None:
        counts = Counter(self._final(seen.story) for seen in recent)
        leading, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if count < 2:
            leading = ANY
        told = watch.told.get(leading)
        if not watch.rising:
            if told is None or now - told > LONGEST:  # else it is the matter told just now, growing
                again = told is not None and (leading != ANY or now - told <= SAME)
                self._tell(topic, watch, "second_wave" if again else "burst", leading, by, rise, recent, now)
        elif leading in watch.rising or leading == ANY:
            return
        elif ANY in watch.rising:
            watch.rising.discard(ANY)  # the story behind the rise that was told shows itself
        elif count < LEAST_POSTS or rise.chance_of(count) > rise.limit():
            return  # the topic is known to be up, and this story alone would not have lifted it
        elif told is None:
            self._tell(topic, watch, "burst", leading, by, rise, recent, now)
        watch.rising.add(leading)
        watch.told[leading] = now

    def _judge_new(self, topic: str, watch: _Watch, story: int, now: float) -> None:
        fresh = now - watch.began[story] <= NEW_WITHIN
        if not fresh or story in watch.told or len(watch.sources.get(story, ())) < SOURCES:
            return
        recent = [seen for seen in watch.seen if self._final(seen.story) == story]
        window = self._board.window(watch.rows["posts"], WINDOWS[-1])
        self._tell(topic, watch, "new_story", story, "posts", window, recent, now)
        watch.told[story] = now

    def _tell(
        self,
        topic: str,
        watch: _Watch,
        kind: Kind,
        leading: int,
        by: What,
        rise: Window,
        recent: list[Sighting],
        now: float,
    ) -> None:
        recent = sorted(recent, key=lambda seen: (seen.at, seen.post))
        stories = {story: n for n, story in enumerate(dict.fromkeys(self._final(seen.story) for seen in recent))}
        sources = {source: n for n, source in enumerate(dict.fromkeys(seen.source for seen in recent))}
        case = Case(
            kind=kind,
            topic=topic,
            name=watch.name,
            at=now,
            utc_offset=self._offset,
            by=by,
            windows={what: self._board.window(row, rise.minutes) for what, row in watch.rows.items()},
            hours=self._board.hours(watch.rows[by]),
            rare=self._board.rate(watch.rows["posts"]) < RARE,
            season=self._season.factor(now),
            assumed=self._season.assumed,
            counted=tuple(
                Counted(
                    seen.post, seen.at, sources[seen.source], seen.kind,
                    stories[self._final(seen.story)], seen.copy, seen.blames,
                )
                for seen in recent
            ),
            matter=stories.get(leading),
            named=None if leading == ANY else self._name(leading),
            told=watch.told.get(leading) if kind == "second_wave" else None,
        )  # fmt: skip
        self._drafts.append(draft_of(case))


def _is_broad(recent: list[Sighting], *, rare: bool) -> bool:
    """Whether a rise rests on more than one voice; a rare topic asks for two sources or many posts of its own."""
    own = [seen for seen in recent if not seen.copy]
    return not rare or len({seen.source for seen in own}) >= SOURCES or len(own) >= MANY
