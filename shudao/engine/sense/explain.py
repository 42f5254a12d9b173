"""解释 (explain): the numbers of a case as rows for a page: what was counted, what is usual, what would have been needed."""

import math

import msgspec

from shudao.engine.sense.alerts import MANY, NEW_WITHIN, SOURCES, VOICES
from shudao.engine.sense.cases import Case, What, odds
from shudao.engine.sense.pulse import RARE, Window
from shudao.engine.words import Words

NAMES: dict[What, Words] = {
    "posts": Words("信息", "posts"),
    "sources": Words("发声的来源", "sources that speak"),
    "stories": Words("新出现的话题", "new stories"),
}
SHARES: dict[What, float] = {"posts": 1.0, "sources": VOICES}


class Row(msgspec.Struct, frozen=True):
    """一行 (row): a count with what is usual and what would have been a rise (None: it decides nothing alone)."""

    name: Words
    count: int
    usual: float
    needed: int | None
    chance: Words
    decided: bool


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """解释 (explanation): `rule` is what fired; `told` the posts counted, `copies` of them; `sources` that are independent."""

    rule: Words
    minutes: int
    rows: tuple[Row, ...]
    season: float
    assumed: float
    spread: float
    hours: float
    is_short: bool
    told: int
    copies: int
    own: int
    independent: int


def explain(case: Case) -> Explanation:
    """How a case was judged."""
    copies = sum(row.copy for row in case.counted)
    return Explanation(
        rule=_rule(case),
        minutes=case.window.minutes,
        rows=tuple(_row(case, what, window) for what, window in case.windows.items()),
        season=case.season,
        assumed=case.assumed,
        spread=math.sqrt(case.window.spread),
        hours=case.hours,
        is_short=case.is_short,
        told=len(case.counted),
        copies=copies,
        own=len(case.own),
        independent=len({row.source for row in case.counted if not row.copy}),
    )


def _row(case: Case, what: What, window: Window) -> Row:
    share = None if case.kind == "new_story" else SHARES.get(what)
    return Row(
        name=NAMES[what],
        count=window.count,
        usual=window.usual,
        needed=None if share is None else window.needed(share),
        chance=odds(window.chance),
        decided=case.kind != "new_story" and what == case.by,
    )


def _rule(case: Case) -> Words:
    if case.kind == "new_story":
        return Words(
            zh=f"少见的专题（平时每小时不足 {RARE:g} 条）不看数量，看有没有新话题：{NEW_WITHIN / 3600:.0f} 小时内开始、"
            f"至少 {SOURCES} 个互不转发的来源在说。",
            en=f"A rare topic (less than {RARE:g} post an hour) is not judged by volume but by a new story: begun within "
            f"{NEW_WITHIN / 3600:.0f} hours and told by at least {SOURCES} sources that do not copy one another.",
        )
    limit = odds(case.window.limit(SHARES[case.by]))
    what = NAMES[case.by]
    zh = (
        f"看最近 15、30、60、120 分钟：其中 {case.window.minutes} 分钟里的{what.zh}，偶然多到这样的可能小于"
        f"界限（{limit.zh.removeprefix('约 ')}）。"
    )
    en = (
        f"Of the last 15, 30, 60 and 120 minutes, {case.window.minutes} held so many {what.en} that chance alone does "
        f"so less often than {limit.en.removeprefix('about ')}."
    )
    if case.rare:
        zh += f"专题少见，还要有 {SOURCES} 个互不转发的来源，或同一来源原发 {MANY} 条。"
        en += f" The topic is rare: {SOURCES} sources that do not copy one another were needed too, or {MANY} posts of one."
    if case.kind == "second_wave":
        zh += "这件事预警过，回落之后又升高，所以重新发出。"
        en += " The matter was told before and had calmed down, so it is told again."
    return Words(zh=zh, en=en)
