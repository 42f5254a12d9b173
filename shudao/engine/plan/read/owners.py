"""归属 (ownership): whose duty or step a piece of text is: the name at its head, or the heading it stands under."""

import re

import msgspec

from shudao.engine.plan.read import lexicon
from shudao.engine.plan.read.names import Mention, first_name, is_particular, mentions
from shudao.engine.plan.read.outline import Placed

_HEAD = re.compile(r"^(?P<head>[^，,。；;：:！!？?\n]{2,40})[：:](?!//)")
_LABEL = re.compile(
    r"^(?:主要|工作|具体|基本|各|其)*(?:职责|分工|任务|组成|成员|要求|原则|目的|标准|程序|流程|内容|方式|方法|措施|时限|范围|条件|步骤|包括|例如|注|"
    r"备注|电话|邮箱|地址|时间|地点|附件|依据|定义|情形|组员|组长|副组长|总指挥|副总指挥|成员单位|报告程序|报告时限|主送|抄送|联系方式)"
)
_SAYING = re.compile(
    r"^(?:(?:报告|发布|主要|工作|基本)*(?:内容|要求|原则|目的|标准|范围|依据|定义|情形)|备注|注|例如|包括|联系\S{0,4}|电话|邮箱|地址)[：:]"
)
"""Labels of lines that describe and ask nobody to act."""

_PLAIN_HEAD = re.compile(r"^[\u4e00-\u9fffA-Za-z（）()]{2,8}$")
_ADVERB = re.compile(
    r"^(?:(?:同时|随后|然后|之后|此外|另外|必要时|特殊情况下|原则上|一般由|一旦|由|再由|并由|应由|须由|统一由|请|责成|其中|最后|首先|如需|需要时|平时|日常)[，,]?)+"
)
_NO_SUBJECT = re.compile(r"^(?:的(?!主要职责)|为(?:成员|副组长|组长)|等?(?:组成|参加|为成员)|任(?:组长|副组长)|[）)])")
_LED = re.compile(r"(?:[Tt]he|[Aa]ny|[Ee]ach|[Ee]very|[Aa]n?|All|all) |本|该|其|我|原|现任|还|即|则|现场|指定的?|\s")
_BY = re.compile(r"(?<![理来自缘经])由(?!于|此)(?![^，。；]{2,80}组成)")
_TEAM = re.compile(
    r"由(?P<members>(?:(?!由|担任|兼任)[^。；]){2,200}?)(?:共同)?组成(?:的)?|[，,]设(?!在|备|法)(?P<posts>[^。；]{2,200})"
)
_JOIN = re.compile(r"^(?:[、和与及]|以及|,? and (?:the )?|, (?:the )?)$")

TEAM_REACH = 300
"""Characters around a post within which the text lists the team it belongs to."""


class Head(msgspec.Struct, frozen=True):
    """Owners named before a colon (宣传部：…) and where the rest begins."""

    owners: tuple[str, ...]
    rest: int


def head_of(placed: Placed) -> Head | None:
    """The owners that a line names before its first colon, None when what stands there is no owner."""
    found = _HEAD.match(placed.body)
    if found is None or _LABEL.match(found["head"].replace("\u3000", "").replace(" ", "")):
        return None
    head = found["head"]
    if sum(head.count(sign) for sign in "（(") != sum(head.count(sign) for sign in "）)"):
        return None
    named = [one for one in mentions(head) if not one.is_role]
    if named and _covers(named, head):
        return Head(tuple(dict.fromkeys(one.name for one in named)), found.end())
    titled = first_name(head)
    if titled is not None:
        return Head((titled.name,), found.end())
    if placed.area == "duties" and placed.number and _PLAIN_HEAD.match(head):
        return Head((head,), found.end())
    return None


def subject(text: str) -> tuple[tuple[str, ...], int] | None:
    """(owners, where the rest begins) when a clause begins with who does it: 宣传部、网信办负责…, 由值班员…."""
    lead = _ADVERB.match(text)
    at = lead.end() if lead else 0
    named = [one for one in mentions(text) if one.start >= at]
    if not named or (named[0].start > at and not _LED.fullmatch(text, at, named[0].start)):
        return None
    owners = [named[0]]
    for one in named[1:]:
        if _JOIN.match(text[owners[-1].end : one.start]) or (
            one.start == owners[-1].end and one.kind != owners[-1].kind
        ):
            owners.append(one)
    rest = text[owners[-1].end :]
    if (
        not rest.strip()
        or _NO_SUBJECT.match(rest)
        or rest[0] in "、）)"
        or re.fullmatch(r"[（(][^（()）]*[)）]?", rest)
    ):
        return None
    return tuple(dict.fromkeys(one.name for one in owners if not _is_vague(one) or len(owners) == 1)), owners[-1].end


def is_description(text: str) -> bool:
    """Whether a line only describes (报告内容：时间、地点…)."""
    return bool(_SAYING.match(text))


def by_whom(text: str) -> tuple[str, ...] | None:
    """The owners named after 由 (一级响应由组长宣布启动; 口径由办公室核对、组长签发), None when there are none."""
    found = _BY.search(text)
    if found is None:
        return None
    named = [one for one in mentions(text) if one.start >= found.end()]
    if not named or named[0].start != found.end() or _NO_SUBJECT.match(text[named[0].end :]):
        return None
    owners = [named[0]]
    for one in named[1:]:
        between = text[owners[-1].end : one.start]
        if not re.fullmatch(r"(?:[\u4e00-\u9fff]{2,4})?[、和与及]", between):
            break
        owners.append(one)
    return tuple(dict.fromkeys(one.name for one in owners if not _is_vague(one)))


def team_of(text: str, post: Mention) -> str | None:
    """The unit whose members a text lists, when the post is among them: X由A、B组成; 由A、B组成的X; X，设A、B."""
    for found in _TEAM.finditer(text, max(0, post.start - TEAM_REACH), post.end + TEAM_REACH):
        group = "members" if found["members"] is not None else "posts"
        if not found.start(group) <= post.start < found.end(group):
            continue
        before = [one for one in mentions(text[: found.start()]) if one.kind == "unit"]
        if found.group().endswith("组成的"):
            after = [one for one in mentions(text[found.end() :]) if one.kind == "unit" and one.start <= 1]
            return after[0].name if after else None
        return before[0].name if before and is_particular(before[0]) else None
    return None


def heading_owner(path: tuple[str, ...]) -> str | None:
    """The unit or post that the nearest telling heading is about."""
    for title in reversed(path):
        found = _HEAD.match(title)
        if found and not _LABEL.match(found["head"]) and len(title) > len(found.group()):
            title = found["head"]
        if title.endswith(("：", ":")):
            title = re.split(r"[。；，,]", title)[-1]
        if len(title) > 40:
            continue
        one = first_name(title)
        if one is not None and not one.is_role and one.name not in lexicon.NOT_UNITS:
            return one.name
    return None


def _is_vague(mention: Mention) -> bool:
    return bool(lexicon.VAGUE_OWNER.match(mention.name))


def _covers(named: list[Mention], head: str) -> bool:
    """Whether the names and the words that join them are the whole head."""
    rest = head
    for one in named:
        rest = rest.replace(one.name, "", 1)
    return not re.sub(r"[、和与及以等 \u3000（）()]|主要|工作|具体|职责|分工|任务|牵头|配合", "", rest)
