"""级别 (levels): the plan's scale and the words of each level's criteria."""

import re

import msgspec

from shudao.engine.plan.read.outline import Placed
from shudao.engine.plan.read.parts import clauses

_ROMAN = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
_WORDS = {"特别重大": 1, "重大": 2, "较大": 3, "一般": 4}
_COLOURS = {"红色": 1, "橙色": 2, "黄色": 3, "蓝色": 4}

_NAME = re.compile(
    r"(?P<roman>[ⅠⅡⅢⅣⅤ]|(?<![A-Za-z])(?:IV|III|II|I|V)(?![A-Za-z]))\s*级|(?<![\u4e00-\u9fff\d])(?P<cn>[一二三四五1-5])级(?!标题|市|以上)"
    r"|(?P<word>特别重大|(?<!特别)重大|较大|一般)(?:[（(][^（()）]{1,10}[)）])?(?:级|网络)?(?:突发)?(?:舆情|事件|突发事件)"
    r"|(?P<colour>[红橙黄蓝]色)(?:预警|响应|级别)|level\s*(?P<en>[1-5]|I{1,3}V?|IV)\b",
    re.I,
)
_SUFFIX = re.compile(r"(?:响应|舆情|事件)?[（(][^（()）]{1,10}[)）]")
_DEFINES = re.compile(r"[，,]?(?:的)?[，,]?(?:定?为|属于?|启动|构成|列为)$")
_INTRO = re.compile(r"^[^，。；：]{0,12}?$")


class Level(msgspec.Struct, frozen=True):
    """A level named in a line, and the criterion that the line gives for it, if any."""

    name: str
    rank: int
    text: str


def levels(placed: Placed) -> list[Level]:
    """The levels that a line names or gives a criterion for, under a heading about levels."""
    if placed.area != "levels" and not (placed.line.cell and _NAME.match(placed.body)):
        return []
    found: list[Level] = []
    for clause in clauses(placed.body):
        hits = _named(clause.text)
        if len(hits) > 1 and not re.search(r"[：:]", clause.text[: hits[1].start()]):
            found += [_level(clause.text, hit, "") for hit in hits]
        elif hits and _INTRO.match(clause.text[: hits[0].start()]):
            rest = re.sub(r"^[^：:，,]{0,16}[：:]", "", clause.text[hits[0].end() :]).strip("）)（(，,：: ")
            found.append(_level(clause.text, hits[0], rest if len(rest) >= 6 and not placed.is_heading else ""))
        elif hits and _DEFINES.search(clause.text[: hits[-1].start()]):
            text = _DEFINES.sub("", clause.text[: hits[-1].start()])
            found.append(_level(clause.text, hits[-1], "" if placed.is_heading else text))
    return found or _criterion(placed)


def _named(text: str) -> list[re.Match[str]]:
    """The level names in a text; of two that explain each other (重大舆情（Ⅰ级）) the numbered one."""
    hits: list[re.Match[str]] = []
    for hit in _NAME.finditer(text):
        last = hits[-1] if hits else None
        if last is not None and re.fullmatch(r"[（(]?", text[last.end() : hit.start()]):
            hits[-1] = last if last["roman"] or last["cn"] else hit
        else:
            hits.append(hit)
    return hits


def _criterion(placed: Placed) -> list[Level]:
    """A line under the heading of one level is a criterion of it."""
    if placed.is_heading or len(placed.body) < 4:
        return []
    for title in reversed(placed.path):
        hits = _named(title)
        if len(hits) == 1 and len(title) <= 40:
            return [_level(title, hits[0], placed.body.rstrip("；;。,， "))]
    return []


def _level(text: str, hit: re.Match[str], criterion: str) -> Level:
    suffix = _SUFFIX.match(text, hit.end())
    return Level(text[hit.start() : suffix.end() if suffix else hit.end()], rank(hit), criterion)


_COLOUR_NAMES = (re.compile(r"红|\bred\b", re.I), re.compile(r"橙|\b(?:orange|amber)\b", re.I), re.compile(r"黄|\byellow\b", re.I),
                 re.compile(r"蓝|绿|\b(?:blue|green)\b", re.I))  # fmt: skip


def table_rank(name: str) -> int | None:
    """Place in the scale that a level's name in a table tells, 1 the most severe; None when only the order can."""
    hits = _named(name)
    if hits:
        return rank(hits[0])
    return next((place for place, colour in enumerate(_COLOUR_NAMES, start=1) if colour.search(name)), None)


def rank(hit: re.Match[str]) -> int:
    """Place in the scale, 1 the most severe."""
    if hit["roman"]:
        return _ROMAN[hit["roman"].upper()]
    if hit["cn"]:
        return _CHINESE[hit["cn"]]
    if hit["word"]:
        return _WORDS[hit["word"]]
    if hit["colour"]:
        return _COLOURS[hit["colour"]]
    return _ROMAN.get(hit["en"].upper()) or int(hit["en"])
