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

from shudao.engine.sense.pulse import LEAST_POSTS, RARE, Rise, Series
from shudao.engine.sense.season import Season
from shudao.engine.words import Words

VERSION = "alerts-1"
NEW_WITHIN = 48 * 3600.0  # a story older than this is no new story
SOURCES = 2  # independent sources that make a rare topic's story worth a person's look
KEPT_SIGHTINGS = 4000  # latest posts of one topic held for evidence
MAX_ITEMS = 20

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
    """One topic's series, its latest sightings, and the matters already told."""

    def __init__(self, name: str, season: Season) -> None:
        self.name = name
        self.series = Series(season)
        self.seen: deque[Sighting] = deque(maxlen=KEPT_SIGHTINGS)
        self.sources: dict[int, set[str]] = {}
        self.began: dict[int, float] = {}
        self.told: dict[int, float] = {}
        self.rising: set[int] = set()


class Alerts:
    """预警 (alerts): `final` maps a story number to the story it is part of by now; `name` gives its id."""

    def __init__(self, final: Callable[[int], int], name: Callable[[int], str], utc_offset: float = 8 * 3600.0) -> None:
        self._final, self._name = final, name
        self._season = Season(utc_offset)
        self._zone = timezone(timedelta(seconds=utc_offset))
        self._watches: dict[str, _Watch] = {}
        self._drafts: list[AlertDraft] = []

    def drain(self) -> list[AlertDraft]:
        """The alerts since the last call."""
        drafts, self._drafts = self._drafts, []
        return drafts

    def remember(self, topic: str, name: str, story: int, at: float) -> None:
        """This matter was told before; it is not told again as new."""
        watch = self._watches.setdefault(topic, _Watch(name, self._season))
        watch.told[self._final(story)] = at

    def pass_time(self, now: float) -> None:
        """One post of the stream went by, whatever its topic: learn the season."""
        self._season.observe(now)

    def see(self, topic: str, name: str, seen: Sighting, now: float) -> None:
        """A topic caught a post; `now` is the stream's time, at or after the post's."""
        watch = self._watches.get(topic)
        if watch is None:
            watch = self._watches[topic] = _Watch(name, self._season)
        watch.series.count(seen.at, now)
        watch.seen.append(seen)
        story = self._final(seen.story)
        watch.began.setdefault(story, seen.at)
        if not seen.copy:
            watch.sources.setdefault(story, set()).add(seen.source)
        self._judge(topic, watch, story, now)

    def _judge(self, topic: str, watch: _Watch, story: int, now: float) -> None:
        if watch.rising and watch.series.is_calm(now):
            watch.rising.clear()
        rise = watch.series.rise(now)
        if rise is not None and watch.series.rate >= RARE / 10:
            self._judge_rise(topic, watch, rise, now)
        elif watch.series.rate < RARE:
            self._judge_new(topic, watch, story, now)

    def _judge_rise(self, topic: str, watch: _Watch, rise: Rise, now: float) -> None:
        recent = [seen for seen in watch.seen if seen.at >= rise.since]
        counts = Counter(self._final(seen.story) for seen in recent)
        leading, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if leading in watch.rising:
            return
        if watch.rising and (count < LEAST_POSTS or watch.series.window(rise.minutes, now, count).chance > 1e-5):
            return  # the topic is known to be up, and this story alone would not have lifted it
        kind: Kind = "second_wave" if leading in watch.told else "burst"
        watch.rising.add(leading)
        self._tell(topic, watch, kind, leading if count >= 2 else None, recent, rise, now)
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
        shown = sorted(own, key=_by_moment) + sorted((seen for seen in recent if seen not in own), key=_by_moment)
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
        usual, chance = _number(rise.usual), f"{max(rise.chance, 1e-12):.0e}"
        lead = Words(zh=f"，其中 {len(own)} 条同一话题，最早 {first}", en=f"; {len(own)} tell one story, since {first}")
        since = self._clock(rise.since)
        return Words(
            zh=f"专题“{name}”自 {since} 起{wave.zh}：{rise.minutes} 分钟内 {facts.zh}，此时段通常约 {usual} 条"
            f"（偶然出现的可能约 {chance}）{lead.zh if own else ''}。",
            en=f"Topic “{name}” {wave.en} since {since}: {facts.en} within {rise.minutes} minutes, about {usual} being "
            f"usual at this hour (by chance about {chance}){lead.en if own else ''}.",
        )

    def _clock(self, at: float) -> str:
        return datetime.fromtimestamp(at, UTC).astimezone(self._zone).strftime("%m-%d %H:%M")


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


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def _by_moment(seen: Sighting) -> tuple[float, str]:
    return seen.at, seen.post
