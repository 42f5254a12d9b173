"""时限与空洞 (limits and holes): "30分钟内" is a limit; 第一时间, 及时, 尽快 are holes; a 24小时 duty is neither.

False limits cost more than missed ones (a wrong clock would run at night), so a length of time counts only where the
wording sets an end to something (内, 不超过, 当日…), and not where it measures a duty, a window, a pause or a
threshold.
"""

import re
from itertools import islice

import msgspec

from shudao.engine.plan.read.parts import Span, parts, span

MOST_LIMITS = 40
"""Limits of one form in one paragraph that are looked at; no plan has so many."""

MINUTE, HOUR, DAY = 1, 60, 1440
_UNITS = {
    "分钟": MINUTE, "分": MINUTE, "小时": HOUR, "钟头": HOUR, "工作日": DAY,
    "日": DAY, "天": DAY, "自然日": DAY, "周": 7 * DAY, "星期": 7 * DAY, "个月": 30 * DAY,
    "刻钟": 15, "季度": 90 * DAY, "h": HOUR, "min": MINUTE,
    "minute": MINUTE, "hour": HOUR, "day": DAY, "working day": DAY, "business day": DAY, "week": 7 * DAY,
}  # fmt: skip
_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "半": 0,
}
_ENGLISH = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
            "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "sixty": 60,
            "ninety": 90, "twenty-four": 24, "forty-eight": 48, "seventy-two": 72, "half an": 0, "an": 1, "a": 1}  # fmt: skip

_NUMBER = (
    r"(?P<n>半|\d{1,4}(?:\.\d)?|(?<![一二两三四五六七八九十百])[一二两三四五六七八九十百]{1,5})\s*(?P<half>个半)?\s*"
)
_UNIT = r"(?P<u>个?工作日|个?自然日|分钟|个?小时|个?钟头|刻钟|个?季度|(?:h|min)(?![A-Za-z])|分(?=内|以内|之内)|个?星期|周|日|天|个月)(?P<tail>半)?"
_ENDS = r"(?:之?内|以内|为限)"
_WITHIN = re.compile(rf"(?:在|于|自|须|应|最迟|不超过|不迟于|不得超过|不晚于)?\s*{_NUMBER}{_UNIT}(?:时间)?\s*{_ENDS}")
_AT_MOST = re.compile(
    rf"(?:不(?:得|应|能)?(?:超过|迟于|晚于|多于)|最[迟晚长](?:不(?:得)?超过)?|控制在)(?:在|于)?\s*"
    rf"(?:[^，。；、\d]{{1,8}}?(?:之后|以后|后|起)\s*)?{_NUMBER}{_UNIT}"
)
_BARE_AFTER = re.compile(
    rf"(?:接报|接到|收到|发现|事发|发生|启动|获悉|获知|受理|报告|研判|结束|终止|批准)[^，。；、：\d]{{0,8}}?(?:之后|以后|后|起)\s*{_NUMBER}{_UNIT}"
    r"(?=(?:\s*，?(?:应当|应|须|必须|要|即|就|向|将|由[^，。；]{2,8}?)?"
    r"(?:完成|上?报|形成|提交|答复|反馈|回复|回应|办结|送|发布|召开|出具|通报|作出|做出|赶到|到达|到场|到位|拿出|给出|启动|通知|告知))"
    r"|\s*(?:[。；]|$))"
)
"""接报后1小时报告: the end is meant without 内, where something done follows."""

_LABELLED = re.compile(rf"(?:时限|限时|时间要求|完成时间|办理期限)\s*(?:为|是|：|:)?\s*{_NUMBER}{_UNIT}")
_DONE = (
    "完成|[上呈续书口电]?[报面头话]?报|形成|提交|答复|反馈|回复|回应|办结|处理|送|发(?![生现帖贴稿文表])|召开|出具|上传|归档|审|通报|作出|做出|转[交办送]|"
    "移[交送]|拿出|给出|拟[定出写]|交(?![班接])|告知|通知|派|赶|到[场达位]|汇总(?!表)|核[实查]|联系|约[见谈]|整理|登记(?!的|表)|录入|研[判究]|研|启动|"
    "答|办|查|解决|落实"
)
_CLOCK = r"(?:凌晨|清晨|早上?|上午|中午|下午|傍晚|晚上?)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[时点](?:\d{1,2}分?|半|整)?|[:：]\d{2})"
_SAME_DAY = re.compile(
    rf"(?<![前后])(?:当日|当天|当晚|同日)(?:之?内|(?:{_CLOCK}|下班|中午|午夜|零时)(?:之|以)?前|(?=(?:[就即须应要并]|予以)?(?:{_DONE})))"
    rf"|(?<![隔每])(?:次日|第二天|翌日)(?:{_CLOCK}|上午|早上|上班|下班|中午|午夜|零时)?(?:之|以)?[前内]"
    rf"|(?:不迟于|不晚于|最[迟晚]于?)(?:当[日天]|次日|第二天|翌日){_CLOCK}"
    rf"|(?<=[于在应须要])(?:当日|当天)(?=[^，。；、的值带]{{1,12}})"
)
_ENGLISH_LIMIT = re.compile(
    r"(?:within(?: a maximum of| the (?:first|next))?|(?:no|not) (?:later|more|longer) than|in under|inside|in less than|at most|"
    r"a maximum of)\s+(?P<n>\d{1,4}(?:\.\d)?|half an|"
    + "|".join(sorted((word for word in _ENGLISH if len(word) > 2 and word != "half an"), key=len, reverse=True))
    + r"|an?)[\s-]+(?P<u>minute|min|hour|working day|business day|day|week)s?\b(?P<half> and a half\b)?",
    re.I,
)
_ENGLISH_DAY = re.compile(
    r"\b(?:by|before|no later than|not later than)\s+(?:(?:noon|midday|midnight|close of business|(?:the )?(?:end|start|close)|"
    r"\d{1,2}(?:[:.]\d{2})?(?:\s*[ap]\.?\s?m\.?)?)\s*(?:on|of)?\s+)?(?:the\s+)?"
    r"(?:(?P<next>next|following)|(?P<same>same))\s+(?:working |business )?(?:day|morning|afternoon|evening)\b"
    r"|\bthe (?P<on>same) (?:working |business )?day\b",
    re.I,
)
_ENGLISH_THRESHOLD = re.compile(
    r"(?:\bover|\bmore than|\bfewer than|\bless than|\bat least|\bexceed\w*|\babove|\breach\w*|\bpass(?:es|ed|ing)?)\s+[\d,.]+"
    r"(?![\d,.]*\s*(?:minute|hour|day|week|working))|\b[\d,]+ (?:posts|views|shares|reads|comments|mentions|complaints|articles)\b", re.I,
)  # fmt: skip
_HOURS_BEFORE = re.compile(r"(?P<n>\d{1,2}|[一二两三四五]{1,2})个?小时(?:零)?$")
_BARE = re.compile(rf"^\s*(?:≤|<|＜|<=)?\s*{_NUMBER}{_UNIT}\s*(?:之?内|以内)?\s*$")
_BARE_ENGLISH = re.compile(
    r"^\s*(?P<n>\d{1,4}(?:\.\d)?)\s*(?P<u>minute|min|hour|working day|business day|day|week)s?\s*$", re.I
)

_NOT_BEFORE = re.compile(
    r"(?:每|每隔|近|最近|过去|连续|持续|提前|至少|不少于|超过|达到?|长达|间隔(?:不超过)?|为期|历时|满|累计|首|时长(?:不超过)?|每次不超过|前|(?<!完成)(?<!办结)(?<!报告)(?<!上报)(?<!回复)(?<!答复)时间|试运行)\s*(?:在|于)?\s*$"
)
_DUTY = re.compile(
    r"(?<!总)值班(?![员长领主经室老干护医教组科院校电调人])|值守|全程|全天候|在岗|待命|畅通|不间断|轮流|轮值|开机|滚动|保存|留存|存档|有效期|试用|公示期|隔离"
)
_LASTS = re.compile(r"\b(?:kept|keep|retain|stor|archiv|shift|last|meeting|wait)\w*", re.I)
_THRESHOLD = re.compile(
    r"(?:内|期间)[^，。；]{0,14}(?:超过|达到?|突破|以上|增长|上升|排名|跻身|登上|进入)[^，。；]{0,14}(?:\d|[一二三四五六七八九十百千万]|热搜|榜|倍|%|％)"
    r"|(?:转发|评论|阅读|点击|播放|浏览)量?[^，。；]{0,6}(?:超过|达|突破|≥|>)"
    r"|(?:内|期间)[^，。；]{0,16}(?:\d|[一二三四五六七八九十百千万])+余?(?:条|次|篇|家|倍|%|％)|(?:内|期间)(?:如|若)?(?:无|未|没有|仍|再次|累计)"
)
_ONCE = re.compile(r"(?:报告|更新|汇总|通报|续报|巡查|监测|刷新)一次|一报|每[日天周]")

_START = re.compile(
    r"(?P<of>[^，。；：、,;:（）()]{1,24}?(?:之日起|之时起|时起|起|之后|以后|后|时))\s*(?:，|,|、|的)?\s*"
    r"(?:应|须|必须|应当|要|需|力争|原则上|最迟|可)?\s*(?:在|于|的)?\s*$"
)
_START_BARE = re.compile(r"(?P<of>(?:接到|收到|发现|发生|获悉|接报|启动)[^，。；：、,;:]{0,10})\s*(?:应|须|要|在|的)?$")
_LED_IN = re.compile(r".*?(?:应当|必须|可以|应|须|并)?(?:自|于|在)(?=[^后时起]{2,})")
_START_ENGLISH = re.compile(r"^\s*(?:of|after|from|following)\s+(?P<of>[^,.;:]{3,60})", re.I)

_VAGUE = re.compile(
    r"第一时间|及时|尽快|尽早|立即|立刻|即刻|马上|迅速|随时|适时|择机|从速|火速|从快|抓紧|最短(?:的)?时间|最快(?:的)?速度|同步(?=报)|"
    r"as soon as possible|promptly|immediately|without delay|in (?:a )?timely (?:manner|fashion)|\btimely\b|\bASAP\b|"
    r"at the earliest",
    re.I,
)
_NOT_VAGUE = re.compile(
    r"及时性|及时雨|不及时|未及时|不适时|(?:不能?|未能?)(?:及时|立即)|迅速(?:传播|扩散|蔓延|发酵|升温|增长|上升)|即时通讯|随时间|迅速反应(?:、|能力)"
)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """时限 (limit) found in a line: minutes on the wall clock, working days marked, and the words of its start."""

    span: Span
    minutes: int
    of: Span | None = None
    workdays: bool = False


class Hole(msgspec.Struct, frozen=True):
    """空洞 (hole): a part that names no time but a wish, and the wish."""

    span: Span
    word: str


def limits(text: str) -> list[Found]:
    """The limits set in one line, in order."""
    found: list[Found] = []
    pieces = list(parts(text))
    for pattern in (_WITHIN, _AT_MOST, _BARE_AFTER, _LABELLED, _SAME_DAY, _ENGLISH_LIMIT, _ENGLISH_DAY):
        for hit in islice(pattern.finditer(text), MOST_LIMITS):
            if not any(hit.start() < one.span.end and one.span.start < hit.end() for one in found):
                part = next((one for one in pieces if one.start <= hit.end() - 1 < one.end), span(text, 0, len(text)))
                limit = _limit(text, hit, part)
                if limit is not None:
                    found.append(limit)
    return sorted(found, key=lambda one: one.span.start)


def bare_limit(text: str) -> Found | None:
    """The limit in a table cell under a heading such as 时限, where "30分钟" alone is one."""
    day = re.fullmatch(r"\s*(?:当[日天]|the same day|same day)\s*", text, re.I)
    if day is not None:
        return Found(span=span(text, 0, len(text)), minutes=DAY)
    hit = _BARE.match(text) or _BARE_ENGLISH.match(text)
    if hit is None:
        found = limits(text)
        return found[0] if len(found) == 1 else None
    return Found(span=span(text, hit.start(), hit.end()), minutes=_minutes(hit), workdays=_is_workdays(hit["u"]))


def holes(text: str, taken: list[Found]) -> list[Hole]:
    """Parts that say 及时 or 第一时间 where no limit stands in the same part or in brackets behind it."""
    found: list[Hole] = []
    for part in parts(text):
        fine = [(hit.start(), hit.end()) for hit in _NOT_VAGUE.finditer(part.text)]
        words = [
            hit for hit in _VAGUE.finditer(part.text) if not any(a < hit.end() and hit.start() < b for a, b in fine)
        ]
        if words and not any(part.start - 2 <= one.span.start <= part.end + 3 for one in taken):
            found.append(Hole(part, words[0].group()))
    return found


def _limit(text: str, hit: re.Match[str], part: Span) -> Found | None:
    before, after = text[max(part.start, hit.start() - 8) : hit.start()], text[hit.end() : part.end][:60]
    reach = min(part.end, hit.end() + 60) if after.strip() else part.end + 30  # 1小时内，转发量超过…
    if _NOT_BEFORE.search(before) or _THRESHOLD.search(text[hit.start() : reach]) or _measures(part.text, hit, after):
        return None
    named = hit.re.groupindex
    if hit.re in (_ENGLISH_LIMIT, _ENGLISH_DAY) and _ENGLISH_THRESHOLD.search(part.text):
        return None
    hours = (
        _HOURS_BEFORE.search(text[max(0, hit.start("n") - 8) : hit.start("n")])
        if "n" in named and hit["u"] == "分钟"
        else None
    )
    minutes = _minutes(hit) if "n" in named else DAY if _is_same_day(hit) else 2 * DAY
    if minutes <= 0:
        return None
    start = _starts(text, part, hit)
    unit = hit["u"].lower() if "u" in named else ""
    return Found(
        span=_trimmed(text, hit.start() - len(hours.group()) if hours else hit.start(), hit.end()),
        minutes=minutes + (round(60 * _count(hours["n"])) if hours else 0),
        of=start,
        workdays=_is_workdays(unit),
    )


def _is_same_day(hit: re.Match[str]) -> bool:
    return not hit["next"] if hit.re is _ENGLISH_DAY else not re.search("次日|第二天|翌日", hit.group())


def _measures(part: str, hit: re.Match[str], after: str) -> bool:
    """Whether the length measures a duty or a rhythm rather than setting an end."""
    if _DUTY.search(after[:12]) or _ONCE.search(after) or (part.endswith("的") and not re.search("应|须|必须", part)):
        return True
    if hit.re is _ENGLISH_LIMIT and not hit.group().lower().startswith("within") and _LASTS.search(part):
        return True
    return "延长" in part or (bool(_DUTY.search(part)) and "内" not in hit.group())


def _is_workdays(unit: str) -> bool:
    return "工作日" in unit or "ing day" in unit.lower() or "business" in unit.lower()


def keeps(text: str) -> bool:
    """Whether a table's row speaks of keeping or watching, so that a bare length beside it is no limit."""
    return bool(
        _DUTY.search(text) or re.search(r"\b(?:keep|kept|retain\w*|stor(?:e|ed|age)|archiv\w*|on call)\b", text, re.I)
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    """The limit's words without the 在 or 应 before them."""
    begin = start
    while begin < end and text[begin] in "在于自须应最迟 ":
        begin += 1
    return span(text, begin if begin < end else start, end)


def _starts(text: str, part: Span, hit: re.Match[str]) -> Span | None:
    """The words that say from when the limit runs (事件发生后), in the same part or the part just before."""
    if hit.re in (_ENGLISH_LIMIT, _ENGLISH_DAY):
        found = _START_ENGLISH.match(text[hit.end() :])
        return span(text, hit.end() + found.start("of"), hit.end() + found.end("of")) if found else None
    ahead = text[max(0, hit.start() - 60) : hit.start()]
    found = _START.search(ahead) or _START_BARE.search(ahead)
    if found is None:
        return None
    base = hit.start() - len(ahead)
    led = _LED_IN.match(found["of"])
    return span(text, base + found.start("of") + (led.end() if led else 0), base + found.end("of"))


def _minutes(hit: re.Match[str]) -> int:
    unit = "minute" if hit["u"].lower() == "min" else hit["u"].lower()
    size = _UNITS[unit] if unit in _UNITS else _UNITS[unit.removeprefix("个")]
    count = _count(hit["n"].lower())
    groups = hit.re.groupindex
    if ("half" in groups and hit["half"]) or ("tail" in groups and hit["tail"]):
        count += 0.5
    return round(count * size)


def _count(text: str) -> float:
    if text in ("半", "half an"):
        return 0.5
    if text in _ENGLISH:
        return float(_ENGLISH[text])
    if text[0].isdigit():
        return float(text)
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    total = 100 * (_DIGITS.get(hundreds, 1) if hundreds else 0)
    total += 10 * (_DIGITS.get(tens, 1) if tens else 1) if ten else 0
    return float(total + _DIGITS.get(ones, 0))
