"""预警 (alerts): one for each matter, with what moved, since when, how sure, and the posts themselves.

A matter is a story within a topic. Frequent topics alert when their count rises beyond chance (`burst`), and again
after calm (`second_wave`). Topics with less than one post an hour cannot be judged by volume: there a new story told
by two independent sources, not copying one another, is the sign (`new_story`). The level is a hint; people decide.
"""

from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

import msgspec
from msgspec import structs

from shudao.engine.sense.pulse import CHANCE, LEAST_POSTS, LONGEST, RARE, Rise, Series
from shudao.engine.sense.season import Season
from shudao.engine.words import Words

VERSION = "alerts-1"
NEW_WITHIN = 48 * 3600.0  # a story older than this is no new story
SOURCES = 2  # independent sources that make a rare topic's story worth a person's look
KEPT_SIGHTINGS = 4000  # latest posts of one topic held for evidence
MAX_ITEMS = 20
MANY = 8  # own posts of a single source that make a rare topic's rise count nevertheless
ANY = -1

Kind = Literal["burst", "second_wave", "new_story"]
Level = Literal["I", "II", "III", "IV"]


class AlertDraft(msgspec.Struct, frozen=True, kw_only=True):
    """预警草稿 (alert draft): `story` is the id of its first post; `items` are post ids, the first ones first."""

    at: datetime
    kind: Kind
    topic: str
    story: str | None
    level_hint: Level
    why: Words
    items: tuple[str, ...]


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

    def __init__(self, name: str, season: Season) -> None:
        self.name = name
        self.series = Series(season)
        self.seen: deque[Sighting] = deque(maxlen=KEPT_SIGHTINGS)
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

    def forget(self, before: float) -> None:
        """Drop what is known of stories that began before; matters told are kept."""
        for story in [story for story, began in self.began.items() if began < before]:
            del self.began[story]
            self.sources.pop(story, None)


class Alerts:
    """预警 (alerts): `final` maps a story number to the story it is part of by now; `name` gives its id."""

    def __init__(self, final: Callable[[int], int], name: Callable[[int], str], utc_offset: float = 8 * 3600.0) -> None:
        self._final, self._name = final, name
        self._season = Season(utc_offset)
        self._zone = timezone(timedelta(seconds=utc_offset))
        self._watches: dict[str, _Watch] = {}
        self._drafts: list[AlertDraft] = []
        self._begun: float | None = None

    def drain(self) -> list[AlertDraft]:
        """The alerts since the last call."""
        drafts, self._drafts = self._drafts, []
        return drafts

    def remember(self, topic: str, name: str, story: int, at: float) -> None:
        """This matter was told before; it is not told again as new."""
        watch = self._watch(topic, name, at)
        watch.told[self._final(story)] = at

    def pass_time(self, now: float) -> None:
        """One post of the stream went by, whatever its topic: learn the season."""
        if self._begun is None:
            self._begun = now
        self._season.observe(now)

    def usual(self, topic: str, at: float) -> float:
        """Posts an hour that a topic usually has at this hour of the week; 0 for one never seen."""
        watch = self._watches.get(topic)
        return 0.0 if watch is None else watch.series.rate * self._season.factor(at)

    def merge(self, gone: int, into: int) -> None:
        """Story `gone` became part of `into`."""
        for watch in self._watches.values():
            watch.merge(gone, into)

    def split(self, story: int, new: int, posts: frozenset[str]) -> None:
        """These posts (ids) left `story` and are story `new`."""
        for watch in self._watches.values():
            watch.split(story, new, posts)

    def see(self, topic: str, name: str, seen: Sighting, now: float) -> None:
        """A topic caught a post; `now` is the stream's time, at or after the post's."""
        watch = self._watch(topic, name, now)
        watch.series.count(seen.at, now)
        watch.seen.append(seen)
        story = self._final(seen.story)
        watch.began.setdefault(story, seen.at)
        if len(watch.began) > KEPT_SIGHTINGS:
            watch.forget(now - NEW_WITHIN)
        if not seen.copy:
            watch.sources.setdefault(story, set()).add(seen.source)
        self._judge(topic, watch, story, now)

    def _watch(self, topic: str, name: str, now: float) -> _Watch:
        """The topic's watch; silence since the stream began counts as seen, for the topic was watched all along."""
        watch = self._watches.get(topic)
        if watch is None:
            watch = self._watches[topic] = _Watch(name, self._season)
            watch.series.advance(now if self._begun is None else self._begun)
        return watch

    def _judge(self, topic: str, watch: _Watch, story: int, now: float) -> None:
        if watch.rising and watch.series.is_calm(now):
            watch.rising.clear()
        rise = watch.series.rise(now)
        recent = [] if rise is None else [seen for seen in watch.seen if seen.at >= rise.since]
        if rise is not None and _is_broad(recent, rare=watch.series.rate < RARE):
            self._judge_rise(topic, watch, rise, recent, now)
        elif watch.series.rate < RARE:
            self._judge_new(topic, watch, story, now)

    def _judge_rise(self, topic: str, watch: _Watch, rise: Rise, recent: list[Sighting], now: float) -> None:
        counts = Counter(self._final(seen.story) for seen in recent)
        leading, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if count < 2:
            leading = ANY
        if not watch.rising:
            told = watch.told.get(leading)
            if told is None or now - told > LONGEST:  # else it is the matter told just now, growing
                kind: Kind = "burst" if told is None else "second_wave"
                self._tell(topic, watch, kind, None if leading == ANY else leading, recent, rise, now)
        elif leading in watch.rising or leading == ANY:
            return
        elif ANY in watch.rising:
            watch.rising.discard(ANY)  # the story behind the rise that was told shows itself
        elif count < LEAST_POSTS or watch.series.window(rise.minutes, now, count).chance > CHANCE:
            return  # the topic is known to be up, and this story alone would not have lifted it
        elif leading not in watch.told:
            self._tell(topic, watch, "burst", leading, recent, rise, now)
        watch.rising.add(leading)
        watch.told[leading] = now

    def _judge_new(self, topic: str, watch: _Watch, story: int, now: float) -> None:
        fresh = now - watch.began[story] <= NEW_WITHIN
        if not fresh or story in watch.told or len(watch.sources.get(story, ())) < SOURCES:
            return
        recent = [seen for seen in watch.seen if self._final(seen.story) == story]
        self._tell(topic, watch, "new_story", story, recent, None, now)
        watch.told[story] = now

    def _tell(
        self,
        topic: str,
        watch: _Watch,
        kind: Kind,
        story: int | None,
        recent: list[Sighting],
        rise: Rise | None,
        now: float,
    ) -> None:
        own = [seen for seen in recent if story is not None and self._final(seen.story) == story]
        others = [seen for seen in recent if seen not in own]
        shown = sorted(own, key=_by_moment) + sorted(others, key=_by_moment)
        items = tuple(dict.fromkeys(seen.post for seen in shown))[:MAX_ITEMS]
        self._drafts.append(
            AlertDraft(
                at=datetime.fromtimestamp(now, UTC).astimezone(self._zone),
                kind=kind,
                topic=topic,
                story=None if story is None else self._name(story),
                level_hint=hint_level(recent, rise),
                why=self._why(watch.name, kind, recent, own, rise),
                items=items,
            )
        )

    def _why(self, name: str, kind: Kind, recent: list[Sighting], own: list[Sighting], rise: Rise | None) -> Words:
        """What moved, since when, the numbers. No word of any post is repeated here: the items stand beside."""
        facts = _facts(recent)
        first = self._clock(min(seen.at for seen in own or recent))
        if rise is None:
            return Words(
                zh=f"专题“{name}”平时每小时不足 {RARE:g} 条，新话题：{facts.zh}，最早 {first}。",
                en=f"Topic “{name}” has less than {RARE:g} post an hour; a new story: {facts.en}, from {first}.",
            )
        wave = Words(zh="再次升高", en="is up again") if kind == "second_wave" else Words(zh="升高", en="is up")
        usual, odds = _usual(rise.usual), _odds(rise.chance)
        lead = Words(zh=f"，其中 {len(own)} 条同一话题，最早 {first}", en=f"; {len(own)} tell one story, since {first}")
        since = self._clock(max(rise.since, min(seen.at for seen in recent)))
        return Words(
            zh=f"专题“{name}”自 {since} 起{wave.zh}：{rise.minutes} 分钟内 {facts.zh}，此时段通常{usual.zh}"
            f"（偶然出现的可能{odds.zh}）{lead.zh if own else ''}。",
            en=f"Topic “{name}” {wave.en} since {since}: {facts.en} within {rise.minutes} minutes, where {usual.en} usual "
            f"at this hour (by chance: {odds.en}){lead.en if own else ''}.",
        )

    def _clock(self, at: float) -> str:
        return datetime.fromtimestamp(at, UTC).astimezone(self._zone).strftime("%m-%d %H:%M")


def _is_broad(recent: list[Sighting], *, rare: bool) -> bool:
    """Whether a rise rests on more than one voice; a rare topic asks for two sources or many posts of its own."""
    own = [seen for seen in recent if not seen.copy]
    return not rare or len({seen.source for seen in own}) >= SOURCES or len(own) >= MANY


def hint_level(recent: list[Sighting], rise: Rise | None) -> Level:
    """A hint from how far it has spread, how fast it grows, and who reports it; the plan and people decide."""
    sources = len({seen.source for seen in recent})
    points = (sources >= 3) + (sources >= 8)
    if rise is not None:
        ratio = rise.count / max(rise.usual, 0.5)
        points += (ratio >= 8) + (ratio >= 30)
    points += any(seen.kind in ("news", "print", "radio", "tv") for seen in recent) and len(recent) >= LEAST_POSTS
    levels: tuple[Level, ...] = ("IV", "IV", "III", "II", "II", "I")
    return levels[points]


def _facts(recent: list[Sighting]) -> Words:
    posts, sources = len(recent), len({seen.source for seen in recent})
    copies, blames = sum(seen.copy for seen in recent), sum(seen.blames for seen in recent)
    zh, en = f"{posts} 条，来自 {sources} 个来源", f"{posts} posts from {sources} sources"
    if copies:
        zh, en = f"{zh}，{copies} 条为转发或近似重复", f"{en}, {copies} of them copies"
    if blames:
        zh, en = f"{zh}，{blames} 条语气偏负面", f"{en}, {blames} negative in tone"
    return Words(zh=zh, en=en)


def _usual(count: float) -> Words:
    if count < 0.1:
        return Words(zh="几乎没有", en="next to none is")
    number = f"{count:.1f}" if count < 10 else f"{count:.0f}"
    return Words(zh=f"约 {number} 条", en=f"about {number} are")


def _odds(chance: float) -> Words:
    """The chance of such a rise by luck alone, as people say it."""
    for limit, zh, en in ((1e-6, "百万", "a million"), (1e-4, "一万", "ten thousand"), (1e-3, "一千", "a thousand")):
        if chance < limit:
            return Words(zh=f"不到{zh.removeprefix('一')}分之一", en=f"less than one in {en}")
    return Words(zh=f"约 {chance:.1%}", en=f"about {chance:.1%}")


def _by_moment(seen: Sighting) -> tuple[float, str]:
    return seen.at, seen.post
