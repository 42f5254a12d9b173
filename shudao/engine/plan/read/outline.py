"""提纲 (outline): numbering and heading styles -> for each line its number, its depth, the headings above it.

Plans number in many ways (第一章, 一、, （一）, 1., 1.1, ①) and often change their mind. Depth is therefore not read
off the kind of number but from the order in which kinds first appear under one another, as a reader does.
"""

import re
from typing import Literal

import msgspec

from shudao.engine.plan.read.lexicon import UNIT_END
from shudao.engine.plan.read.lines import Line

Area = Literal["organisation", "duties", "levels", "flow", "principles", "support", ""]

_CN = "一二三四五六七八九十百零〇"
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"第\s*[{_CN}\d]{{1,4}}\s*[章篇编]|附\s*[件录]\s*[{_CN}\d]*\s*[：:]?")),
    ("section", re.compile(rf"第\s*[{_CN}\d]{{1,4}}\s*(?:节|部分)")),
    ("article", re.compile(rf"第\s*[{_CN}\d]{{1,5}}\s*条")),
    ("dotted4", re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}\.\d{1,2}\.?(?=[\s\u3000]|[^\d.])")),
    ("dotted3", re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}\.?(?=[\s\u3000]|[^\d.])")),
    ("dotted2", re.compile(r"\d{1,2}\.\d{1,2}\.?(?=[\s\u3000]|[^\d.%小分万亿])")),
    ("chinese", re.compile(rf"[{_CN}]{{1,3}}\s*[、．.，](?!\d)")),
    ("bracketed", re.compile(rf"[（(]\s*[{_CN}]{{1,3}}\s*[)）][、.．]?")),
    ("bracketed_digit", re.compile(r"[（(]\s*\d{1,2}\s*[)）][、.．]?")),
    ("digit_bracket", re.compile(r"\d{1,2}\s*[)）][、.．]?")),
    (
        "digit",
        re.compile(
            r"\d{1,2}\s*[、．.](?!\d)|\d{1,2}(?=[\u3000 ]+(?!(?:min|minute|hour|working|business|day|week|month)s?\b)[^\d\s年月日时分小个天周刻工秒])"
        ),
    ),
    ("circled", re.compile(r"[①-⑳⑴-⒇㈠-㈩]")),
    ("first", re.compile(rf"[{_CN}]{{1,2}}是(?=[^否的])")),
    ("letter", re.compile(r"[A-Za-z][.．、)）](?=\s|[^\x00-\x7f])")),
)

_AREAS: tuple[tuple[Area, re.Pattern[str]], ...] = (
    ("organisation", re.compile(r"(?:小组|指挥部|工作组|办公室|专班|委员会|队伍|[^分]组)$")),
    ("levels", re.compile(r"分级|分[为成]?[一二三四五两几\d]+个?[级等类]|等级|级别|事件分类|舆情分类|响应条件|启动条件|levels?|severity|grading|stages|tiers", re.I)),
    ("duties", re.compile(r"职责|分工|任务分解|由?谁(?:来)?(?:负责|管|做|干)|responsibilit|duties|roles|\bwho (?:we are|does)|who is", re.I)),
    ("flow", re.compile(
        r"程序|流程|响应|处置|应对|监测|预警|报告|报送|发布|措施|步骤|启动|研判|善后|后期|跟踪|归档|终止|结束|回应|核查|监控|"
        r"处理|引导|会商|上报|procedure|怎么[办做]|怎样[办做]|如何[办做]|先做什么|出了?事|收尾|response|respond|what happens|what to do|rules|steps|reporting|monitoring|release|follow", re.I)),
    ("organisation", re.compile(r"组织|机构|领导小组|体系|队伍|指挥|工作组|organi[sz]ation|structure|teams?", re.I)),
    ("principles", re.compile(r"原则|目的|依据|范围|总则|意义|指导思想|purpose|scope|principles", re.I)),
    ("support", re.compile(r"保障|附则|培训|演练|制度|考核|追究|奖惩|纪律|要求|附件|training|support|annex", re.I)),
)  # fmt: skip

_SENTENCE_END = "。；;！!？?，,"
LONGEST_HEADING = 32
TITLE = 80
"""Characters of a heading that are kept; of one that ends in a colon, the last."""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """行位 (placed line): a line with its number cut off and its place in the outline.

    `start` is where the body begins in `line.text`; `depth` 0 = title, grows downwards; `is_heading` says that it
    announces what follows; `path` are the titles above, highest first; `area` is what the nearest telling title is
    about.
    """

    line: Line
    start: int
    number: str
    depth: int
    is_heading: bool
    path: tuple[str, ...]
    area: Area

    @property
    def body(self) -> str:
        """The line's text without its number."""
        return self.line.text[self.start :]


def outline(lines: list[Line]) -> list[Placed]:
    """Every line with its place; table cells and plain paragraphs stand under the heading before them."""
    placed: list[Placed] = []
    stack: list[tuple[str, str]] = []  # (kind of number, title) of the open headings
    for place, line in enumerate(lines):
        kind, end = _number(line)
        body = line.text[end:].strip()
        number = line.number or line.text[:end].strip()
        if line.cell is None and kind:
            _unwind(stack, kind, line)
        if line.cell is None and not kind:
            _unwind_points(stack, line)
        heading = line.cell is None and is_heading(line, kind, body) and not _is_item(line, body, stack)
        path = tuple(title for _, title in stack)
        start = len(line.text) - len(line.text[end:].lstrip())
        placed.append(
            Placed(line=line, start=start, number=number, depth=len(stack) + (not kind), is_heading=heading, path=path,
                   area=_area((*path, body) if heading else path))
        )  # fmt: skip
        if line.cell is None and kind:
            stack.append((kind, body[-TITLE:] if body.endswith(("：", ":")) else body[:TITLE]))
        elif heading:
            _push_label(stack, body)
        elif line.indent is not None and _has_deeper(lines, place):
            stack.append((f"point{line.indent}", re.sub(r"[（(][^（()）]*[)）]$", "", body)[:TITLE]))
        elif line.cell is None and body.endswith(("：", ":")):
            _push_label(stack, re.split(r"[。；;]|\.\s", body)[-1][-TITLE:])
    return placed


def is_heading(line: Line, kind: str, body: str) -> bool:
    """Whether a line only announces: a heading style, a short numbered title, or a label ending in a colon."""
    if line.heading is not None:
        return True
    if not body or len(body) > LONGEST_HEADING or body[-1] in _SENTENCE_END:
        return False
    if body[-1] in "：:":
        return True
    return bool(kind) and kind != "first" and not re.search(r"[：:。；;，,]", body)


_CHARGE = re.compile(
    r"(?:职责|负责|任务|工作|事项|承担|履行|做好|应|应当|须|要求)[^，。；：]{0,8}[：:]$|\b(?:shall|will|must|should|duties|responsible for)\b[^.]{0,12}:$"
)


def _is_item(line: Line, body: str, stack: list[tuple[str, str]]) -> bool:
    """Whether a short numbered line is one thing to do of a list that its label charges somebody with."""
    if line.heading is not None or body.endswith(("：", ":")) or not stack or not _CHARGE.search(stack[-1][1]):
        return False
    return not any(hit.end() == len(body) for hit in UNIT_END.finditer(body))


def _number(line: Line) -> tuple[str, int]:
    """(kind of number, length of the number in the text); an automatic number has a kind but no length."""
    if line.heading is not None:
        return f"style{line.heading}", _match(line.text)[1]
    if line.number:
        return "auto " + (_match(line.number + " 字")[0] or "other"), 0
    return _match(line.text)


def _match(text: str) -> tuple[str, int]:
    for kind, pattern in _KINDS:
        found = pattern.match(text)
        if found:
            return kind, found.end()
    return "", 0


def _unwind(stack: list[tuple[str, str]], kind: str, line: Line) -> None:
    """Close the headings that a new number of this kind ends."""
    if line.heading is not None:
        while stack and not _above(stack[-1][0], line.heading):
            stack.pop()
        return
    kinds = [held for held, _ in stack]
    if kind in kinds:
        del stack[kinds.index(kind) :]


def _unwind_points(stack: list[tuple[str, str]], line: Line) -> None:
    """Close the bullets that stand no higher than this one; a line without a bullet closes all."""
    while stack and stack[-1][0].startswith("point"):
        if line.indent is not None and int(stack[-1][0][5:]) < line.indent:
            return
        stack.pop()


def _has_deeper(lines: list[Line], place: int) -> bool:
    """Whether the next line is a bullet under this bullet."""
    below = lines[place + 1].indent if place + 1 < len(lines) else None
    here = lines[place].indent
    return below is not None and here is not None and below > here


def _above(kind: str, heading: int) -> bool:
    return kind.startswith("style") and int(kind[5:]) < heading


def _push_label(stack: list[tuple[str, str]], body: str) -> None:
    """A label such as 工作职责： stands over what follows until the next heading of the same height."""
    if stack and stack[-1][0] == "label":
        stack.pop()
    stack.append(("label", body[:80]))


_WHOLE = re.compile(
    r"(?:预案|方案|办法|规定|规程|制度|细则|手册|指南|plan|procedures?|policy|manual|protocol|note|handbook)(?:[（(].*)?$",
    re.I,
)
"""The title of the whole paper says nothing of what a chapter is about."""


def _area(titles: tuple[str, ...]) -> Area:
    for title in reversed(titles):
        if len(title) > LONGEST_HEADING + 8 or (title == titles[0] and len(titles) > 1 and _WHOLE.search(title)):
            continue
        for area, pattern in _AREAS:
            if pattern.search(title):
                return area
    return ""
