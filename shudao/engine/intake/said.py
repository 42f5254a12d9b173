"""说法时间 (said time): when a post was published, as platforms and people say it: 昨天 09:32, 11月21日 09:32, 3小时前.

What is said without a year is the latest such moment that is not in the future; every answer can be shown to the
person before anything is kept.
"""

import re
from datetime import datetime, timedelta, tzinfo

from shudao.engine.intake.moments import read_when
from shudao.engine.post import LATEST, PostError, check_moment

MAX_SAID = 60  # characters; longer is no time
SLACK = timedelta(minutes=1)  # clocks differ
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
    "十": 10,
}
_NUMBER = r"(?P<n>\d{1,4}|[一二两三四五六七八九十]{1,3}|半)"
_UNITS = {"秒": 1, "秒钟": 1, "分": 60, "分钟": 60, "小时": 3600, "个小时": 3600, "钟头": 3600, "个钟头": 3600, "天": 86400, "日": 86400, "周": 604800, "星期": 604800, "个星期": 604800, "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600, "d": 86400, "day": 86400, "w": 604800, "week": 604800}  # fmt: skip
_AGO = re.compile(
    rf"{_NUMBER}\s*(?P<more>个半)?\s*(?P<unit>(?:个)?(?:小时|钟头|星期)|秒钟?|分钟?|天|日|周|s|sec|second|m|min|minute|h|hr|hour|d|day|w|week)s?\s*(?P<half>半)?\s*(?:之?前|ago)",
    re.IGNORECASE,
)
_DAYS = {
    "今天": 0,
    "今日": 0,
    "today": 0,
    "昨天": 1,
    "昨日": 1,
    "昨晚": 1,
    "yesterday": 1,
    "前天": 2,
    "前日": 2,
    "大前天": 3,
}
_PART = r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里|深夜|am|pm)?"
_CLOCK = rf"{_PART}\s*(?P<h>\d{{1,2}})\s*(?:[:：]\s*(?P<min>\d{{1,2}})(?:\s*[:：]\s*(?P<s>\d{{1,2}}))?|[点时]\s*(?:(?P<min2>\d{{1,2}})\s*分?|(?P<half>半))?)\s*(?P<after>am|pm)?"
_DAY = re.compile(
    rf"(?P<day>大前天|前[天日]|昨[天日晚]|今[天日]|today|yesterday)\s*(?:at\s)?\s*(?:{_CLOCK})?", re.IGNORECASE
)
_MONTH = re.compile(
    rf"(?:(?P<y>\d{{4}})\s*[-/.年]\s*)?(?P<m>\d{{1,2}})\s*(?:月|[-/.])\s*(?P<d>\d{{1,2}})\s*[日号]?\s*(?:{_CLOCK})?",
    re.IGNORECASE,
)
_ONLY_CLOCK = re.compile(_CLOCK, re.IGNORECASE)
_WEEKDAY = re.compile(rf"(?P<last>上)?(?:周|星期|礼拜)(?P<w>[一二三四五六日天])\s*(?:{_CLOCK})?")
_LEAD = re.compile(
    r"^(?:发布于|发表于|发布时间|发表时间|时间|编辑于|更新于|首发于|posted|published|edited)\s*[:：]?\s*", re.IGNORECASE
)
_JUST = frozenset(("刚刚", "刚才", "现在", "just now", "now"))
_UNREAD = ("读不懂发布时间", "the time of publication cannot be read")


def read_said(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The aware moment that is meant at `now`, in `zone`; PostError when it cannot be read or lies in the future."""
    plain = _LEAD.sub("", " ".join(text.split()))
    if not plain or len(plain) > MAX_SAID:
        raise PostError(*_UNREAD)
    latest = now + SLACK
    try:
        moment = _relative(plain, now.astimezone(zone)) or read_when(plain, zone)
        if moment > latest:
            raise PostError("发布时间在将来", "the time of publication lies in the future")
        return check_moment(moment, latest)
    except OverflowError:
        raise PostError(*_UNREAD) from None
    except ValueError as fault:
        if isinstance(fault, PostError):
            raise
        raise PostError(*_UNREAD) from None


def is_said(text: str) -> bool:
    """Whether a piece of text is nothing but a time."""
    reference = LATEST - timedelta(days=400, minutes=1)  # the end of a day: no clock time of it lies ahead
    try:
        read_said(text, reference, reference.tzinfo or LATEST.tzinfo)  # type: ignore[arg-type]
    except PostError:
        return False
    return not text.strip().isdigit()


def _relative(text: str, here: datetime) -> datetime | None:
    if text.lower() in _JUST:
        return here
    if found := _AGO.fullmatch(text):
        return here - timedelta(seconds=_amount(found) * _UNITS[found["unit"].lower()])
    if found := _DAY.fullmatch(text):
        day = here - timedelta(days=_DAYS[found["day"].lower()])
        return _at(day, found, evening=found["day"] == "昨晚")
    if found := _MONTH.fullmatch(text):
        return _this_year(here, found)
    if found := _WEEKDAY.fullmatch(text):
        back = (here.weekday() - "一二三四五六日".index(found["w"].replace("天", "日"))) % 7
        back += 7 if found["last"] and back <= here.weekday() else 0
        return _latest(_at(here - timedelta(days=back), found), here, days=7)
    if found := _ONLY_CLOCK.fullmatch(text):
        return _latest(_at(here, found), here, days=1)
    return None


def _amount(found: re.Match[str]) -> float:
    half = 0.5 if found["half"] or found["more"] else 0.0
    said = found["n"]
    if said == "半":
        return 0.5
    if said.isdigit():
        return int(said) + half
    tens, ten, ones = said.rpartition("十")
    if ten:
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0) + half
    if len(said) > 1:
        raise ValueError(said)
    return _DIGITS[said] + half


def _at(day: datetime, found: re.Match[str], *, evening: bool = False) -> datetime:
    """The moment of that day by the clock; midnight when no clock time is said."""
    if found["h"] is None:
        return day.replace(hour=0, minute=0, second=0, microsecond=0)
    hour = int(found["h"])
    minute = 30 if found["half"] else int(found["min"] or found["min2"] or 0)
    part = (found["part"] or found["after"] or "").lower()
    if hour < 12 and (
        part in ("下午", "傍晚", "晚上", "晚间", "夜里", "深夜", "pm")
        or (part == "中午" and hour < 10)
        or (evening and not part and hour >= 5)
    ):
        hour += 12
    elif hour == 12 and part in ("凌晨", "am", "夜里", "深夜", "晚上"):
        hour = 0
    return day.replace(hour=hour, minute=minute, second=int(found["s"] or 0), microsecond=0)


def _this_year(here: datetime, found: re.Match[str]) -> datetime:
    """A day without a year: this year's, or the last year's when this year's is still to come."""
    first = here.replace(month=1, day=1)
    if found["y"]:
        return _at(first.replace(year=int(found["y"]), month=int(found["m"]), day=int(found["d"])), found)
    for back in (0, 1, 2, 3, 4):  # 29 February may lie some years back
        try:
            moment = _at(first.replace(year=here.year - back, month=int(found["m"]), day=int(found["d"])), found)
        except ValueError:
            continue
        if moment <= here + SLACK:
            return moment
    raise ValueError(found[0])


def _latest(moment: datetime, here: datetime, *, days: int) -> datetime:
    return moment if moment <= here + SLACK else moment - timedelta(days=days)
