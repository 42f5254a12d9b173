"""时间 (moments): dates as vendors, mail and file names write them, made aware or refused."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

from shudao.engine.post import LATEST, PostError, check_moment

_LOCAL = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[\sT]{0,3}(?P<h>\d{1,2})\s*[:：时点]\s*(?P<min>\d{1,2})?\s*(?:[:：分]\s*(?P<s>\d{1,2})?(?:\.\d+)?)?\s*秒?)?\s*"
)
_IN_NAME = re.compile(
    r"(?<!\d)(?P<y>20\d{2}|19\d{2})[-_.年]?(?P<m>\d{2})[-_.月]?(?P<d>\d{2})日?"
    r"(?:[-_ T]?(?P<h>[01]\d|2[0-3])[-_:时]?(?P<min>[0-5]\d)(?:[-_:分]?(?P<s>[0-5]\d))?)?(?!\d)"
)
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's days know no zone
_SERIAL = (32874.0, 73051.0)  # 1990 … 2100, in days of a spreadsheet


def read_when(value: object, zone: tzinfo, latest: datetime = LATEST) -> datetime:
    """An aware moment from a cell or header: date, serial day, epoch, ISO 8601, local time, RFC 2822; or PostError.

    A time without offset is taken in `zone`.
    """
    moment = _from_value(value)
    if moment is None:
        raise PostError("读不懂发布时间", "the time of publication cannot be read")
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return check_moment(aware.astimezone(zone), latest)
    except OverflowError:
        raise PostError("发布时间超出范围", "the time of publication is out of range") from None


def date_in_name(name: str, zone: tzinfo) -> datetime | None:
    """The moment a file name states, such as `晚间新闻_20260301_1830.srt`; None when it states none."""
    found = _IN_NAME.search(name)
    moment = _built(found) if found else None
    return moment.replace(tzinfo=zone) if moment else None


def _from_value(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  read_when adds the zone
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_number(float(value))
    return _from_text(value.strip()[:80]) if isinstance(value, str) else None


def _from_number(number: float) -> datetime | None:
    if _SERIAL[0] <= number < _SERIAL[1]:
        return _EXCEL_EPOCH + timedelta(seconds=round(number * 86400))
    for unit in (1, 1000):
        if 631_152_000 * unit <= number < 4_102_444_800 * unit:  # 1990 … 2100 as seconds or milliseconds
            return datetime.fromtimestamp(number / unit, UTC)
    return None


def _from_text(text: str) -> datetime | None:
    if re.fullmatch(r"\d{10}|\d{13}|\d{5}(?:\.\d{1,12})?", text):
        return _from_number(float(text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if found := _LOCAL.fullmatch(text):
        return _built(found)
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _built(found: re.Match[str]) -> datetime | None:
    parts = [int(found[name] or 0) for name in ("y", "m", "d", "h", "min", "s")]
    try:
        return datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])  # noqa: DTZ001
    except ValueError:
        return None
