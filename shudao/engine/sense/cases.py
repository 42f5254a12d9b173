"""案由 (case): everything one alert was made of. `draft_of` makes the alert from it, the same whenever it is asked.

Posts stand in it by id and by what was counted of them; sources only as numbers, so that a case names nobody.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

import msgspec

from shudao.engine.sense.pulse import LEAST_POSTS, RARE, SHORT_HOURS, Window
from shudao.engine.words import Words

MAX_ITEMS = 20
MEDIA = ("news", "print", "radio", "tv")

Kind = Literal["burst", "second_wave", "new_story"]
Level = Literal["I", "II", "III", "IV"]
What = Literal["posts", "sources", "stories"]

KINDS = {
    "social": Words("社交平台", "social"),
    "web": Words("网页论坛", "web"),
    "news": Words("新闻", "news"),
    "print": Words("报刊", "print"),
    "radio": Words("广播", "radio"),
    "tv": Words("电视", "TV"),
    "report": Words("人工上报", "reported by people"),
}


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """计入 (counted): one post of a case; `source` and `story` are numbers within the case, 0 the first that came."""

    post: str
    at: float
    source: int
    kind: str
    story: int
    copy: bool
    blames: bool


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """案由 (case): `matter` is the number of the story told (none led: None), `named` its id; `by` what rose, in `minutes`.

    `windows` are the three counts over that time; `hours` the watching they rest on; `season` the factor of the hour,
    of which `assumed` is prior; `told` when this matter was told before; `rare` whether the topic is.
    """

    kind: Kind
    topic: str
    name: str
    at: float
    utc_offset: float
    by: What
    windows: dict[What, Window]
    hours: float
    rare: bool
    season: float
    assumed: float
    counted: tuple[Counted, ...]
    matter: int | None
    named: str | None
    told: float | None = None

    @property
    def window(self) -> Window:
        """The count that decided."""
        return self.windows[self.by]

    @property
    def is_short(self) -> bool:
        """Whether what is usual still rests on the prior."""
        return self.hours < SHORT_HOURS

    @property
    def own(self) -> list[Counted]:
        """The posts of the story told."""
        return [row for row in self.counted if self.matter is not None and row.story == self.matter]

    def clock(self, at: float) -> datetime:
        """A moment on the wall clock of the site."""
        return datetime.fromtimestamp(at, UTC).astimezone(timezone(timedelta(seconds=self.utc_offset)))


class AlertDraft(msgspec.Struct, frozen=True, kw_only=True):
    """预警草稿 (alert draft): `story` is the id of its first post; `items` are post ids, the first ones first; `case` is
    what it was made of.
    """

    at: datetime
    kind: Kind
    topic: str
    story: str | None
    level_hint: Level
    why: Words
    items: tuple[str, ...]
    case: Case | None = None


def draft_of(case: Case) -> AlertDraft:
    """The alert of a case."""
    return AlertDraft(
        at=case.clock(case.at),
        kind=case.kind,
        topic=case.topic,
        story=case.named,
        level_hint=hint_level(case.counted, None if case.kind == "new_story" else case.window),
        why=_new_story(case) if case.kind == "new_story" else _rise(case),
        items=_items(case),
        case=case,
    )


def hint_level(counted: Sequence[Counted], rise: Window | None) -> Level:
    """A hint from how far it has spread, how fast it grows, and who reports it; the plan and people decide."""
    sources = len({row.source for row in counted})
    points = (sources >= 3) + (sources >= 8)
    if rise is not None:
        ratio = rise.count / max(rise.usual, 0.5)
        points += (ratio >= 8) + (ratio >= 30)
    points += any(row.kind in MEDIA for row in counted) and len(counted) >= LEAST_POSTS
    levels: tuple[Level, ...] = ("IV", "IV", "III", "II", "II", "I")
    return levels[points]


def odds(chance: float) -> Words:
    """The chance of such a count by luck alone, as people say it, with the number."""
    if chance >= 1e-3:
        return Words(zh=f"约 {chance:.1%}", en=f"about {chance:.1%}")
    if chance < 1e-8:
        return Words(zh="不到一亿分之一", en="less than one in 100 million")
    ones = float(f"{1.0 / chance:.2g}")
    zh = f"约 {ones / 1e4:g} 万分之一" if ones >= 1e4 else f"约 {ones:.0f} 分之一"
    return Words(zh=zh, en=f"about one in {ones:,.0f}")


def _items(case: Case) -> tuple[str, ...]:
    """The story's own posts first, each group in the order of time."""
    rows = sorted(case.counted, key=lambda row: (row.story != case.matter, row.at, row.post))
    return tuple(dict.fromkeys(row.post for row in rows))[:MAX_ITEMS]


def _new_story(case: Case) -> Words:
    facts, first = _facts(case.counted), _moment(case, min(row.at for row in case.counted))
    return Words(
        zh=f"专题“{case.name}”平时每小时不足 {RARE:g} 条，新话题：{facts.zh}，最早 {first}。",
        en=f"Topic “{case.name}” has less than {RARE:g} post an hour; a new story: {facts.en}, from {first}.",
    )


def _rise(case: Case) -> Words:
    """What moved, since when, the numbers, how sure. No word of any post is repeated here: the items stand beside."""
    window, facts = case.window, _facts(case.counted)
    since = _moment(case, max(window.since, min(row.at for row in case.counted)))
    usual, luck, wave = _usual(case), odds(window.chance), _wave(case)
    return Words(
        zh=f"专题“{case.name}”自 {since} 起{wave.zh}：{window.minutes} 分钟内 {facts.zh}，此时段通常{usual.zh}"
        f"（偶然出现的可能{luck.zh}{'；历史不足，按假定的先验估计' if case.is_short else ''}）{_lead(case).zh}。",
        en=f"Topic “{case.name}” {wave.en} since {since}: {facts.en} within {window.minutes} minutes, where {usual.en} "
        f"usual at this hour (by chance: {luck.en}{'; little history, an assumed prior' if case.is_short else ''})"
        f"{_lead(case).en}.",
    )


def _wave(case: Case) -> Words:
    if case.kind != "second_wave" or case.told is None:
        return Words(zh="升高", en="is up")
    told = _moment(case, case.told)
    return Words(zh=f"再次升高（{told} 预警过，之后已回落）", en=f"is up again (told at {told}, calm since)")


def _lead(case: Case) -> Words:
    own = case.own
    if not own:
        return Words(zh="", en="")
    first = _moment(case, min(row.at for row in own))
    return Words(zh=f"，其中 {len(own)} 条同一话题，最早 {first}", en=f"; {len(own)} tell one story, since {first}")


def _facts(counted: Sequence[Counted]) -> Words:
    posts, sources = len(counted), len({row.source for row in counted})
    stories, kinds = len({row.story for row in counted}), Counter(row.kind for row in counted)
    copies, blames = sum(row.copy for row in counted), sum(row.blames for row in counted)
    zh, en = f"{posts} 条，来自 {sources} 个来源", f"{posts} posts from {sources} sources"
    if len(kinds) > 1:
        each = _listed(kinds.items())
        zh, en = f"{zh}（{each.zh}）", f"{en} ({each.en})"
    if stories > 1:
        zh, en = f"{zh}，说 {stories} 个话题", f"{en}, telling {stories} stories"
    if copies:
        zh, en = f"{zh}，{copies} 条为转发或近似重复", f"{en}, {copies} of them copies"
    if blames:
        zh, en = f"{zh}，{blames} 条语气偏负面", f"{en}, {blames} negative in tone"
    return Words(zh=zh, en=en)


def _listed(kinds: Iterable[tuple[str, int]]) -> Words:
    """Kinds of sources with their counts, the commonest first."""
    rows = sorted(kinds, key=lambda row: (-row[1], row[0]))
    said = [(KINDS.get(kind, Words(kind, kind)), count) for kind, count in rows]
    return Words("、".join(f"{name.zh} {n}" for name, n in said), ", ".join(f"{name.en} {n}" for name, n in said))


def _usual(case: Case) -> Words:
    count = case.window.usual
    number = f"{count:.1f}" if count < 10 else f"{count:.0f}"
    if case.by == "sources":
        return Words(zh=f"约 {number} 个来源发声", en=f"about {number} sources are")
    if count < 0.1:
        return Words(zh="几乎没有", en="next to none is")
    return Words(zh=f"约 {number} 条", en=f"about {number} are")


def _moment(case: Case, at: float) -> str:
    return case.clock(at).strftime("%m-%d %H:%M")
