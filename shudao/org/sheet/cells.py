"""单元格 (cells): what people write into a cell as days, hours, yes and no, names, days of the week. ValueError when it
cannot be understood; nothing is guessed."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from shudao.engine.papers.book import unquoted

EPOCH = date(1899, 12, 30)
FIRST, LAST = date(1950, 1, 1), date(2100, 12, 31)
DAY = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?(?:[T\s]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::\d{2}(?:\.\d+)?)?)?"
)
COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
HOUR = re.compile(
    r"(?:(?P<half>上午|早上|凌晨|下午|晚上|中午)\s*)?(?P<h>\d{1,2})\s*[:时点]\s*(?P<min>\d{1,2})?(?::\d{1,2})?\s*分?"
)
FOUR = re.compile(r"(?P<h>[01]\d|2[0-4])(?P<min>[0-5]\d)")
CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
ACCOUNT = re.compile(r"[\w.@+-]{1,150}", re.ASCII)
MAIL = re.compile(r"[^@\s,;<>]{1,64}@[A-Za-z0-9.-]{1,60}\.[A-Za-z0-9-]{2,}")
BREAKS = re.compile(r"[、，,；;\n/]+|\s{2,}|\s*→\s*")
WIDE = "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ：．－／＠＋＿　"
NARROW = {ord(wide): unicodedata.normalize("NFKC", wide) for wide in WIDE} | dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\ufeff")
)
"""What is folded in every cell: letters, digits and the marks of days and hours. Chinese brackets and commas stay."""
YES = frozenset(("是", "有", "√", "✓", "v", "y", "yes", "true", "1", "对", "昼夜", "管理员"))
NO = frozenset(("", "否", "无", "×", "x", "n", "no", "false", "0", "不", "-", "—"))
NEVER = frozenset(("", "-", "—", "无", "至今", "长期", "now", "present", "今"))
WEEK = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "日": "7", "天": "7", "七": "7"}
ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def text_of(value: object) -> str:
    """A cell as one line of text: widths folded, spaces in order, a whole number without its point."""
    if value is None or isinstance(value, bool):
        return "" if value is None else ("是" if value else "否")
    if isinstance(value, float) and value == int(value):
        value = int(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return unquoted(" ".join(str(value).translate(NARROW).split()))


@lru_cache(maxsize=50_000)
def key_of(text: str) -> str:
    """What two spellings of one name have in common: no spaces, no case, no width, no brackets."""
    return re.sub(r"[\s()\[\]【】（）·・*:：]", "", unicodedata.normalize("NFKC", text)).casefold()


def moment_of(value: object) -> datetime | date:
    """A day, or a day with its hour."""
    if isinstance(value, datetime):
        return _sane(value)
    if isinstance(value, date):
        return _sane(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_serial(float(value))
    text = text_of(value)
    if SERIAL.fullmatch(text):
        return _from_serial(float(text))
    found = DAY.fullmatch(text) or COMPACT.fullmatch(text)
    if not found:
        raise ValueError(text)
    parts = found.groupdict()
    day = date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
    if parts.get("h") is None:
        return _sane(day)
    at = datetime.combine(day, time(int(parts["h"]), int(parts["min"])))
    return _sane(at)


def day_of(value: object) -> date:
    """A day; an hour beside it is left out."""
    found = moment_of(value)
    return found.date() if isinstance(found, datetime) else found


def end_of(value: object) -> datetime | date | None:
    """A day or moment at which something ends; None where it does not."""
    return None if text_of(value).casefold() in NEVER else moment_of(value)


def hour_of(value: object) -> time:
    """A time of the day: 8:00, 8：00, 8点30分, 下午6点, 0.333 of a day; 24:00 is midnight."""
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, timedelta):
        value = value.total_seconds() / 86400
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_share(float(value))
    text = text_of(value)
    found = HOUR.fullmatch(text) or FOUR.fullmatch(text)
    if not found:
        raise ValueError(text)
    hour, minute = int(found["h"]), int(found["min"] or 0)
    if found.groupdict().get("half") in ("下午", "晚上") and hour < 12:
        hour += 12
    if (hour, minute) == (24, 0):
        return time()
    return time(hour, minute)


def yes_of(value: object) -> bool:
    """Yes or no."""
    text = text_of(value).casefold()
    if text in YES:
        return True
    if text in NO:
        return False
    raise ValueError(text)


def number_of(value: object, least: int = 1, most: int = 26) -> int:
    """A small whole number; 隔周 is 2."""
    text = re.sub(r"[每周星期一轮次\s]", "", text_of(value).replace("隔周", "2"))
    number = int(text or "1")
    if not least <= number <= most:
        raise ValueError(text)
    return number


def names_of(value: object) -> list[str]:
    """Several names in one cell."""
    raw = value.translate(NARROW) if isinstance(value, str) else text_of(value)
    return [name for name in (text_of(part) for part in BREAKS.split(raw)) if name and name not in ("无", "-", "—")]


def days_of_week(value: object) -> tuple[str, str]:
    """(kind of days, digits of the week): 周一至周五, 一、三、五, 1-5, 每天, 周末, 工作日, 休息日."""
    text = text_of(value).casefold().replace(" ", "").replace("（", "(").replace("）", ")")
    if text in ("每天", "每日", "天天", "全周", "everyday", "daily", "all"):
        return "weekdays", "1234567"
    if text in ("工作日", "工作日(含调休上班)", "workdays", "workday"):
        return "workdays", ""
    if text in ("休息日", "节假日", "休息日(含法定节假日)", "daysoff", "holidays"):
        return "days_off", ""
    if text in ("周末", "双休日", "weekend", "weekends"):
        return "weekdays", "67"
    return "weekdays", _week_digits(text)


def _week_digits(text: str) -> str:
    for place, name in enumerate(ENGLISH, 1):
        text = re.sub(rf"{name}[a-z]*", str(place), text)
    text = re.sub(r"周|星期|礼拜", "", text)
    text = "".join(WEEK.get(letter, letter) for letter in text)
    found: set[int] = set()
    for part in filter(None, re.split(r"[、，,；;/.和及]+", text)):
        ends = re.fullmatch(r"([1-7])(?:[-~–—至到]([1-7]))?", part)
        if ends:
            found |= set(_run(int(ends[1]), int(ends[2] or ends[1])))
        elif re.fullmatch(r"[1-7]{2,7}", part):
            found |= {int(letter) for letter in part}
        else:
            raise ValueError(text)
    if not found:
        raise ValueError(text)
    return "".join(str(n) for n in sorted(found))


def _run(first: int, last: int) -> list[int]:
    """From a day of the week to another, over Sunday where need be."""
    return [(first - 1 + n) % 7 + 1 for n in range((last - first) % 7 + 1)]


def _from_serial(number: float) -> datetime | date:
    if not 18_000 <= number < 75_000:
        raise ValueError(str(number))
    days, share = divmod(number, 1)
    day = EPOCH + timedelta(days=int(days))
    minutes = round(share * 1440)
    return datetime.combine(day, time()) + timedelta(minutes=minutes) if minutes else day


def _from_share(number: float) -> time:
    if not 0 <= number <= 1:
        raise ValueError(str(number))
    minutes = round(number * 1440) % 1440
    return time(minutes // 60, minutes % 60)


def _sane(value: datetime | date) -> datetime | date:
    day = value.date() if isinstance(value, datetime) else value
    if not FIRST <= day <= LAST:
        raise ValueError(str(value))
    return value.replace(tzinfo=None, second=0, microsecond=0) if isinstance(value, datetime) else value
