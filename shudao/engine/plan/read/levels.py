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
_INTRO = re.compile(r"^[^，。；：]{0,12}?$")


class Level(msgspec.Struct, frozen=True):
    """A level named at the head of a line or clause and the words that follow it."""

    name: str
    rank: int
    text: str


def levels(placed: Placed) -> list[Level]:
    """The levels that a line defines: a line or clause that begins with a level's name, under a heading about levels."""
    if placed.area != "levels" and not (placed.line.cell and _NAME.match(placed.body)):
        return []
    found: list[Level] = []
    for clause in clauses(placed.body):
        hits = list(_NAME.finditer(clause.text))
        if len(hits) > 2 and not re.search(r"[：:]", clause.text[: hits[1].start()]):
            found += [Level(hit.group(), rank(hit), "") for hit in hits]
            continue
        if hits and _INTRO.match(clause.text[: hits[0].start()]):
            rest = re.sub(r"^[^：:，,]{0,16}[：:]", "", clause.text[hits[0].end() :]).strip("）)（(，,：: ")
            found.append(Level(hits[0].group(), rank(hits[0]), rest))
    return found


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
