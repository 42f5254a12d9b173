"""职责与动作 (duties and steps): clauses with an owner under a heading about duties, or about what is done and when."""

import re

import msgspec

from shudao.engine.plan.read.boundary import Outside
from shudao.engine.plan.read.names import first_name
from shudao.engine.plan.read.outline import Placed
from shudao.engine.plan.read.owners import by_whom, head_of, heading_owner, is_description, subject
from shudao.engine.plan.read.parts import Span, clauses, parts, span, without

_TRIGGER = re.compile(
    r"^(?P<trigger>[^，。；：,;:]{2,40}?(?:以后|之后|之日起|之时起|后(?!的)|之时|(?<![及同小适随临准定按平暂实])(?<!\d)时(?!的|间|限|前|分)|的情况下|情况下|期间|的(?=[，,])|如|一旦[^，,]{2,20}))"
    r"[，,]?(?=[^，。；：,;:]|[，,])"
)
_TRIGGER_PART = re.compile(
    r"^(?:接到|收到|发现|发生|出现|获悉|获知|确认|经|一旦|如|若|当|启动|根据|凡|遇|对于)[^，。；,;]{1,40}$|对[^，。；,;]{4,40}(?:舆情|事件|情况|问题|信息|报道|诉求)$|.{2,40}(?:后|(?<![及同小适随临准定按平暂实])时|的|之日起|期间)$|"
    r".{2,40}后[^，。；]{0,12}内$|"
    r"^(?:if|when|once|upon|after|on|for|in|where|within|before|during|following|as soon as|whenever|at)\b.*",
    re.I,
)
_MEMBERSHIP = re.compile(
    r"^(?:组\s*长|副\s*组\s*长|成\s*员|组\s*员|总\s*指\s*挥|副总指挥|指挥长|主任|副主任|召集人|成员单位)\s*(?:[：:]|由|为)|(?:担任|兼任|为成员|[任当]组长|[任当]副组长)"
    r"[^，。；]{0,12}$|^(?:设立|成立|组建|下设)[^，。；]{2,30}$|^[^，。；]{0,16}(?:由[^。；]{2,80})?组成$|设在[^，。；]{2,16}$|^联系电话|^电话"
    r"|^.{0,20}(?:设立|成立|组建|下设)[^。；]*(?:组长|成员|担任|兼任|组成)"
    r"|\b(?:(?:is|are) (?:chaired|headed) by|consists? of|comprises?|(?:is|are) made up of|(?:is|are|acts? as|serves? as)"
    r" (?:an? |the )?(?:vice-?|deputy )?(?:chair|members?)\b|(?:sits|is located) (?:in|within))"
    r"|(?:^|，|,)设(?!在|备|法)[^。；]{0,200}(?:组长|主任|成员|员|岗|部长|处长|\d\s*[人名])"
)
_ACTION = re.compile(
    r"负责|牵头|应|须|必须|要|报告|上报|汇报|报送|通报|通知|启动|召开|组织|发布|核实|核查|研判|分析|起草|拟定|审核|审定|审批|回应|答复|回复|监测|"
    r"巡查|记录|归档|总结|评估|协调|安排|指定|确定|提出|落实|收集|汇总|跟踪|终止|解除|成立|开展|做好|形成|布置|联系|取得联系|处置|配合|提供|保障|处理|"
    r"告诉|告知|报给|宣布|指挥|统一|指派|接受|接待|建立|完善|制定|开通|保持|鼓励|引导|加强|转变|发现|督促|负有|承担|决定|批准|把关|提交|"
    r"shall|must|will|responsible|should|report|notif|publish|approve|draft|convene|monitor|coordinat|record|review|assess|"
    r"decide|declare|authori[sz]|inform|telephon|phone|answer|reply|send|submit|issue|update|keep|maintain|collect|arrange|establish|"
    r"verif|propos|confirm|visit|alert|log|watch|brief|refer|sign",
    re.I,
)
_LABEL = re.compile(r"(?:主要|工作|具体)*(?:职责|任务|分工)(?:是|为)?[：:]")
_SEAT = re.compile(r"设(?:在|于)[^，。；,;]{1,20}[，,]|由[^。；;]{2,200}?组成[，,]")
_OWED = re.compile(r"应(?![急对用答付变])|须(?!知)|\b(?:shall|must)\b", re.I)
_ENGLISH = re.compile(r"[^\u4e00-\u9fff]*$")
LONGEST_TEXT = 600


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """What a clause asks for: owners (none when the text names none), trigger, text, and how its owner was found.

    `charged`, `owed`: the whole clause says 负责, says 应, 须; kept for what is left of it when parts are cut out.
    """

    owners: tuple[str, ...]
    trigger: str | None
    text: str
    by_heading: bool = False
    charged: bool = False
    owed: bool = False


def deeds(placed: Placed, outside: list[Outside], fallback: str | None = None) -> list[Deed]:
    """What one line asks for, clause by clause, parts outside the boundary cut out.

    `fallback`: the owner when neither the clause nor a heading names one (工作职责： after a lead group was set up).
    """
    text = placed.body
    if text.endswith(("：", ":")) or is_description(text):
        return []
    head = head_of(placed)
    owners: tuple[str, ...] = head.owners if head else ()
    by_heading = False
    if not owners:
        above = heading_owner(placed.path) or fallback
        owners, by_heading = ((above,), True) if above else ((), False)
    found: list[Deed] = []
    whole = list(clauses(text, head.rest if head else 0))
    titled = first_name(whole[0].text) if placed.number and not head and _is_title(whole) else None
    if titled is not None:
        owners, by_heading = (titled.name,), True
    for clause in whole[1:] if placed.number and _is_title(whole) else whole:
        whose, trigger, rest = _clause(text, clause, at_start=by_heading)
        named = bool(whose) and placed.area in ("flow", "duties", "organisation")
        whose = owners if head else (whose or _inherited(owners, clause.text, by_heading=by_heading))
        if (not whose and not _ACTION.search(rest.text)) or _BANS.match(rest.text):
            continue
        if _MEMBERSHIP.search(clause.text) and not re.search(r"负责(?!人)", rest.text):
            continue
        for left in without(text, rest, [one.span for one in outside]):
            if (
                _ACTION.search(left.text)
                or (named and len(left.text) >= 4)
                or (head and len(left.text) >= 4)
                or by_heading
            ):
                found.append(
                    Deed(
                        owners=whose,
                        trigger=trigger,
                        text=left.text[:LONGEST_TEXT],
                        by_heading=by_heading,
                        charged="负责" in rest.text,
                        owed=bool(_OWED.search(rest.text)),
                    )
                )
        if not head and whose and whose != owners and not by_heading:
            owners = whose
    return found


_BANS = re.compile(
    r"(?:(?:和|或|及)?(?:个人|人员|单位|部门)|均|都|一律|也)*(?:不得|严禁|禁止|不准|不许|不要)(?!不)[^。；]*$|\s*(?:shall|must|may|can|do|does)\s?not\b",
    re.I,
)
"""A clause that only forbids asks nobody to act."""

_GOES_ON = re.compile(r"(?:It|They|He|She|This|These)\b|[a-z]")
_OWN_SUBJECT = re.compile(r"(?:The|A|An|Any|Each|No|Nobody|All)\s")


def _inherited(owners: tuple[str, ...], clause: str, *, by_heading: bool) -> tuple[str, ...]:
    """The owners before, for a clause that names none; an English sentence with a subject of its own inherits none."""
    if not _ENGLISH.match(clause):
        return owners
    goes_on = not _OWN_SUBJECT.match(clause) if by_heading else _GOES_ON.match(clause)
    return owners if goes_on else ()


def _clause(text: str, clause: Span, *, at_start: bool) -> tuple[tuple[str, ...], str | None, Span]:
    """(owners, trigger, what is asked for) of one clause: 接到报告后，值班员应… or 值班员接到报告后，应….

    `at_start`: the owner is known from a heading, so only a name at the very start can change it.
    """
    pieces = list(parts(text, clause.start, clause.end))
    trigger: str | None = None
    for place, piece in enumerate(pieces[: 1 if at_start else 3]):
        named = subject(piece.text)
        if named is not None:
            owners, rest = named
            begin = piece.start + rest
            seat = _SEAT.match(text, begin, clause.end)  # where it sits or who belongs to it is no part of the duty
            begin = seat.end() if seat else begin
            own = _TRIGGER.match(text[begin : clause.end])
            if own and trigger is None and len(own["trigger"]) <= 30 and own.end() < clause.end - begin:
                trigger = own["trigger"]
            return owners, _plain(trigger), span(text, begin, clause.end)
        if place < len(pieces) - 1 and _TRIGGER_PART.match(piece.text) and trigger is None:
            trigger = piece.text
            continue
        break
    if trigger is None and pieces:
        own = _TRIGGER.match(pieces[0].text)
        if own and len(own["trigger"]) < len(pieces[0].text) - 1:
            trigger = own["trigger"]
    whom = None if at_start or not pieces else by_whom(text[pieces[0].start : clause.end])
    label = _LABEL.match(text, clause.start, clause.end)
    return (whom or ()), _plain(trigger), span(text, label.end(), clause.end) if label else clause


_UP_TO = re.compile(r"(?<=后)[^后]{1,12}内$")
_MODAL = re.compile(r"^(?:.*由.*(?=在))?(?:还|也|并)?(?:应当|应该|应|须|必须|要|可以|可|一般)*(?:在|于|自)?")


def _plain(trigger: str | None) -> str | None:
    """A trigger without the 应当在 before it; what is too short to be one is none."""
    bare = _UP_TO.sub("", _MODAL.sub("", trigger)) if trigger else ""
    return bare if len(bare) >= 2 else None


def _is_title(whole: list[Span]) -> bool:
    """Whether a numbered line opens with its title (1. 监测报告。值班员…)."""
    return len(whole) > 1 and len(whole[0].text) <= 12 and not re.search(r"[，,：:]", whole[0].text)


def is_action(text: str) -> bool:
    """Whether a clause asks for something to be done."""
    return bool(_ACTION.search(text))
