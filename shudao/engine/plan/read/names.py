"""名称 (names): units and posts as the text names them, each cut from its line.

A line is cut at separators (punctuation, function words, verbs of communication); what is left and ends like a unit or
a post is a mention. `Register` then keeps what is particular, joins short forms to the full name, ties posts to units.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

import msgspec

from shudao.engine.plan.read import lexicon

Kind = Literal["unit", "post"]
LONGEST = 20
MOST_NAMES = 300
"""Units, and posts, of one plan that are kept; the largest plan has a third of that."""

LONGEST_CHUNK = 60
"""Characters of a chunk without any separator that are looked at; no name lies deeper."""

_INNER = re.compile(
    r"[\u4e00-\u9fff]{2,8}[（(][\u4e00-\u9fff]{1,4}[)）](?:处|部|室|办公室|办|院|局|科|中心)(?![\u4e00-\u9fff]{0}门)"
)
_LEAD = re.compile(
    r"^(?:本(?=[\u4e00-\u9fff]{3})|该|其|我(?=[\u4e00-\u9fff]{3})|原|现任|[一二三两]名|[一二三两]位|名|个|支|并|内|也|还|即|则|和|及|等|了|着|过"
    r"|日常|期间|同时|随即|随后|然后|最终|一般|原则上|必要|现场(?=总指挥)|指定的?)+"
)
_VERB_FIRST = re.compile(rf"(?:{lexicon.VERBS})")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SPACED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{1,2})[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_ROLE = re.compile(r"^(?:常务)?(?:副)?(?:组长|总指挥|指挥长|召集人|主任委员|主任)$|^副组长$")


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """提及 (mention) of a unit or post in one text: `firm` = nothing doubtful follows it."""

    name: str
    kind: Kind
    start: int
    end: int
    firm: bool = True
    unit: str | None = None

    @property
    def is_collective(self) -> bool:
        """Names no particular one (各部门, 有关科室)."""
        return bool(lexicon.COLLECTIVE.match(self.name))

    @property
    def is_role(self) -> bool:
        """A place inside a team that is named by the team (组长)."""
        return bool(_ROLE.match(self.name))


@lru_cache(maxsize=4096)
def mentions(text: str) -> tuple[Mention, ...]:
    """The units and posts named in one text, in order of their place."""
    if not _HAN.search(text):
        return tuple(_english(text))
    found: list[Mention] = []
    taken = [(hit.start(), hit.end()) for hit in _INNER.finditer(text)]
    for start, end in taken:
        name, start = _led(text[start:end], start)
        found.append(Mention(name=name, kind="unit", start=start, end=end))
    for start, end, expected in _chunks(text):
        if not any(start < stop and begin < end for begin, stop in taken):
            named = _named(text[start : min(end, start + LONGEST_CHUNK)], start)
            found += [msgspec.structs.replace(one, firm=True) for one in named] if expected else named
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _english(text: str) -> list[Mention]:
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (("unit", lexicon.ENGLISH_UNIT), ("post", lexicon.ENGLISH_POST))
    found = [
        Mention(name=hit.group(), kind=kind, start=hit.start(), end=hit.end())
        for kind, pattern in kinds
        for hit in pattern.finditer(text)
    ]
    outer = [one for one in found if not any(_inside(one, other) for other in found)]
    return sorted(outer, key=lambda one: one.start)


def _inside(one: Mention, other: Mention) -> bool:
    """Whether `one` is a part of the longer name `other`."""
    return other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start


def first_name(text: str) -> Mention | None:
    """The unit or post that a title is about (宣传部职责 -> 宣传部); None when it is about none."""
    bare = re.sub(
        r"(?:的)?(?:主要|工作|具体)*(?:职责|分工|任务|组成|构成|设置|成员)(?:及|与|和)?.*$", "", text.strip(" ：:")
    )
    bare = _CHARGED.sub("", bare)
    article = _ARTICLE.match(bare)
    bare = bare[article.end() :] if article and article.end() < len(bare) and not _HAN.search(bare) else bare
    named = [one for one in mentions(bare) if not lexicon.VAGUE_OWNER.match(one.name)]
    if not named and not _HAN.search(bare) and bare in lexicon.ENGLISH_BARE:
        return Mention(name=bare, kind="unit", start=0, end=len(bare))
    if len(named) == 1 and named[0].start <= 2 and len(bare) - named[0].end <= 2:
        return named[0]
    return None


_CHARGED = re.compile(
    r"(?:的)?(?:主要|具体)?(?:负责|承担|履行|落实|做好)(?:以下|下列|如下)[^，。；]{0,8}$|\s+(?:shall|will|must|should|(?:is|are) responsible for|"
    r"has the following .*|ha(?:s|ve) to)$"
)
_ARTICLE = re.compile(r"(?:[Tt]he|[Aa]ny|[Ee]ach|[Ee]very|[Aa]n?)\s+")


def is_particular(mention: Mention) -> bool:
    """Whether the mention names one unit or post of the plan rather than units in general."""
    return not mention.is_collective and mention.name not in lexicon.NOT_UNITS


def _chunks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Offsets between separators, and whether the separator before expects a name (向, 由). A group name over 和 or 与
    (信息和网络组) stays whole."""
    cuts = list(lexicon.SEPARATOR.finditer(text))
    bounds: list[list[int]] = []
    at, joined, before = 0, False, ""
    for cut in [*cuts, None]:
        end = cut.start() if cut else len(text)
        if joined and bounds and _joins(text, bounds[-1], at, end):
            bounds[-1][1] = end
        elif end > at:
            bounds.append([at, end, int(before in lexicon.EXPECTS)])
        joined = cut is not None and cut.group() in ("和", "与", "及") and end > at
        at, before = (cut.end(), cut.group()) if cut else (end, "")
    yield from ((start, end, bool(expected)) for start, end, expected in bounds)


def _joins(text: str, left: list[int], start: int, end: int) -> bool:
    before = text[left[0] : left[1]]
    if not 2 <= len(before) <= 8 or (left[0] and text[left[0] - 1] not in "、，,。；;：: （(）)的设"):
        return False
    if any(pattern.search(before) for pattern in (lexicon.UNIT_END, lexicon.POST_END)):
        return False
    return bool(re.search(r"^[\u4e00-\u9fff]{2,10}(?:组|小组|队|专班|中心)(?:组长|副组长)?$", text[start:end]))


def _named(chunk: str, base: int) -> list[Mention]:
    """The names in one chunk: the whole chunk up to its last ending, or two names around an inner verb."""
    for verb in lexicon.INSIDE.finditer(chunk):
        if re.fullmatch(lexicon.BARE_END, chunk[verb.end() :]):
            continue
        head = _whole(chunk[: verb.start()], base)
        if verb.start() >= 3 and head and head[-1].end == base + verb.start() and _specific(head[-1]):
            return head + _named(chunk[verb.end() :], base + verb.end())
    return _whole(chunk, base)


def _specific(mention: Mention) -> bool:
    return mention.name not in lexicon.NOT_UNITS and len(mention.name) >= 3


def _whole(chunk: str, base: int) -> list[Mention]:
    units = list(lexicon.UNIT_END.finditer(chunk))
    posts = list(lexicon.POST_END.finditer(chunk))
    unit, post = (rows[-1] if rows else None for rows in (units, posts))
    if post and (unit is None or post.end() > unit.end() or post.start() <= unit.start() < post.end() == unit.end()):
        return _post(chunk, post, base)
    return _unit(chunk, unit, base) if unit else []


def _unit(chunk: str, ending: re.Match[str], base: int) -> list[Mention]:
    name, start = _led(chunk[: ending.end()], base)
    if not 2 <= len(name) <= LONGEST or (name in lexicon.NOT_UNITS and not lexicon.COLLECTIVE.match(name)):
        return []
    verb = _VERB_FIRST.match(name)
    if verb and len(name) >= verb.end() + 2 and name[verb.end() :] in lexicon.NOT_UNITS:
        return []
    firm = ending.end() == len(chunk) or (len(ending.group()) >= 3 and bool(lexicon.INSIDE.match(chunk, ending.end())))
    firm = firm or len(ending.group()) >= 3
    return [Mention(name=name, kind="unit", start=start, end=base + ending.end(), firm=firm)]


def _post(chunk: str, ending: re.Match[str], base: int) -> list[Mention]:
    name, start = _led(chunk[: ending.end()], base)
    if not 2 <= len(name) <= LONGEST or name in lexicon.NOT_POSTS:
        return []
    held = _unit_before(chunk[: ending.start()], base)
    whole = Mention(name=name, kind="post", start=start, end=base + ending.end(), unit=held.name if held else None)
    return [whole]


def _unit_before(prefix: str, base: int) -> Mention | None:
    """The unit a post's name begins with (宣传部部长 -> 宣传部)."""
    ends = list(lexicon.UNIT_END.finditer(prefix))
    if not ends or ends[-1].end() != len(prefix):
        return None
    found = _unit(prefix, ends[-1], base)
    return found[0] if found and is_particular(found[0]) else None


def _led(name: str, start: int) -> tuple[str, int]:
    """The name without words that only lead to it."""
    lead = _LEAD.match(name)
    cut = lead.end() if lead and lead.end() < len(name) - 1 else 0
    return name[cut:], start + cut


class Register:
    """名录 (register): the particular units and posts of one plan, in order of first mention."""

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        """Collect from (src, text) of every line."""
        self.units: dict[str, int] = {}
        self.posts: dict[tuple[str, str | None], int] = {}
        doubtful: dict[str, int] = {}
        for src, text in texts:
            for one in mentions(text):
                if one.kind == "unit" and is_particular(one) and len(self.units) < MOST_NAMES:
                    (self.units if one.firm else doubtful).setdefault(one.name, src)
        self._is_full = len(self.units) >= MOST_NAMES
        self._join_short_forms()
        for bare in lexicon.ENGLISH_BARE & self.units.keys():
            del self.units[bare]

    def add_unit(self, name: str, src: int) -> str:
        """Register a unit found by its place (a heading, a table's first column); returns its canonical name."""
        known = self.canonical(name)
        if known not in self.units and len(self.units) < MOST_NAMES:
            self.units[known] = src
        return known

    def add_post(self, name: str, unit: str | None, src: int) -> None:
        """Register a post once for each unit; a post without a unit gives way to one with."""
        if len(self.posts) >= MOST_NAMES or any(
            held == name and (unit is None or place == unit) for held, place in self.posts
        ):
            return
        src = self.posts.pop((name, None), src)
        self.posts[name, unit] = src

    def canonical(self, name: str) -> str:
        """The full name a short form stands for, else the name itself."""
        if name in self.units:
            return name
        if self._is_full:
            return self._aliases.get(name, name)
        return self._aliases.get(name) or next((full for full in self.units if _is_short_form(name, full)), name)

    def _join_short_forms(self) -> None:
        self._aliases: dict[str, str] = {}
        for name in sorted(self.units, key=len):
            fuller = [other for other in self.units if _is_short_form(name, other) and self._end(other) != name]
            if fuller:
                self._aliases[name] = fuller[0]
        self._aliases = {name: self._end(name) for name in self._aliases}
        for name, full in self._aliases.items():
            self.units[full] = min(self.units[full], self.units.pop(name))

    def _end(self, name: str) -> str:
        """Where the short forms of a name lead; two that shorten each other are never joined both ways."""
        while name in self._aliases:
            name = self._aliases[name]
        return name


_GENERIC = ("工作", "应急", "处置", "舆情", "网络", "公司", "学校", "医院", "本市", "市", "县")


def _is_short_form(name: str, full: str) -> bool:
    """Whether `name` is how the text shortens `full`: its tail (领导小组), or the same with 工作 put in."""
    if name == full:
        return False
    if "工作" in name and name.replace("工作", "", 1) == full:
        return True
    if name == "办公室":
        return full.endswith(("领导小组办公室", "指挥部办公室"))
    if not _HAN.search(name):
        return full.endswith(f" {name}")
    is_team = name.endswith(("领导小组", "指挥部", "工作组", "小组", "专班"))
    if not is_team and not (len(name) >= 4 and name.endswith(("组", "中心", "队伍"))):
        return False
    return full.endswith(name) or ("工作" in name and full.endswith(name.replace("工作", "", 1)))


def spaced(text: str) -> str:
    """A short label without the blanks typists put inside it (组　长 -> 组长)."""
    return _SPACED.sub(r"\1\2", text)
