"""用语 (phrases): how moments, lengths and counts are written on paper, in both languages."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TypeAlias

from shudao.engine.papers.model import Lang, SourceItem, Stamp
from shudao.engine.plan.model import Plan
from shudao.engine.words import Words

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

MILESTONE_NAMES: dict[str, Words] = {
    "first_seen": Words(zh="首次出现", en="First seen"),
    "detected": Words(zh="发现", en="Detected"),
    "acknowledged": Words(zh="接警", en="Acknowledged"),
    "reported": Words(zh="报告负责人", en="Reported to the head"),
    "graded": Words(zh="定级", en="Graded"),
    "activated": Words(zh="启动响应", en="Activated"),
    "superior_told": Words(zh="口头报告上级", en="Superior told"),
    "superior_written": Words(zh="书面报告上级", en="Superior written to"),
    "met": Words(zh="会商", en="Met"),
    "first_word": Words(zh="首次回应", en="First word"),
    "statement_approved": Words(zh="声明审签", en="Statement approved"),
    "published": Words(zh="声明发布", en="Published"),
    "demands_answered": Words(zh="诉求答复完毕", en="Demands answered"),
    "settled": Words(zh="事态平息", en="Settled"),
    "closed": Words(zh="结束响应", en="Closed"),
}

KIND_NAMES: dict[str, Words] = {
    "web": Words(zh="网站", en="Web"),
    "news": Words(zh="新闻", en="News"),
    "social": Words(zh="社交平台", en="Social media"),
    "print": Words(zh="报刊", en="Print"),
    "radio": Words(zh="广播", en="Radio"),
    "tv": Words(zh="电视", en="Television"),
    "report": Words(zh="人员报告", en="Observers' reports"),
    "unknown": Words(zh="来源不明", en="Unknown"),
}


Pick: TypeAlias = Callable[[str, str], str]


def picker(lang: Lang) -> Pick:
    """A function that takes the Chinese and the English words and gives those of the paper's language."""
    return (lambda zh, en: zh) if lang == "zh" else (lambda zh, en: en)


def zone_of(utc_offset: str) -> timezone:
    """The time zone of "+08:00" or "-05:30". Errors: ValueError for anything else."""
    sign = {"+": 1, "-": -1}.get(utc_offset[:1])
    hours, colon, minutes = utc_offset[1:].partition(":")
    if sign is None or not colon or not (hours.isdigit() and minutes.isdigit()):
        raise ValueError(f"not a UTC offset: {utc_offset!r}")
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))


def say_date(at: datetime, lang: Lang, zone: timezone) -> str:
    """The day, Arabic figures without leading zeros: 2026年3月8日 or 8 March 2026."""
    local = at.astimezone(zone)
    if lang == "zh":
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def say_moment(at: datetime | None, lang: Lang, zone: timezone, *, year: bool = False) -> str:
    """A moment to the minute in the plan's own time: 3月8日 09:30 or 8 March 09:30; an em dash when there is none."""
    if at is None:
        return "—"
    local = at.astimezone(zone)
    clock = f"{local.hour:02d}:{local.minute:02d}"
    if year:
        return f"{say_date(at, lang, zone)} {clock}"
    if lang == "zh":
        return f"{local.month}月{local.day}日 {clock}"
    return f"{local.day} {MONTHS[local.month - 1]} {clock}"


def say_minutes(minutes: float, lang: Lang) -> str:
    """A length of time: 45分钟, 2小时30分钟, 3天4小时 (or 45 min, 2 h 30 min, 3 d 4 h), rounded to the minute."""
    whole = round(abs(minutes))
    sign = "-" if minutes < 0 and whole else ""
    days, rest = divmod(whole, 1440)
    hours, left = divmod(rest, 60)
    units = ("天", "小时", "分钟") if lang == "zh" else (" d", " h", " min")
    parts = [(days, units[0]), (hours, units[1]), (left if not days else 0, units[2])]
    words = [f"{count}{unit}" for count, unit in parts if count]
    text = ("" if lang == "zh" else " ").join(words) or f"0{units[2]}"
    return sign + text


def say_milestone(milestone: str, lang: Lang, plan: Plan | None = None) -> str:
    """The name of a milestone; one that the plan added has the plan's name."""
    words = MILESTONE_NAMES.get(milestone)
    if words:
        return words.say(lang)
    own = plan.milestones if plan else ()
    return next((row.name for row in own if row.id == milestone), milestone)


def say_kind(kind: str, lang: Lang) -> str:
    """The name of a kind of source."""
    words = KIND_NAMES.get(kind)
    return words.say(lang) if words else kind


def cut_quote(item: SourceItem, start: int, end: int) -> str:
    """The words of `item` between two character offsets. ValueError for an empty span or one outside."""
    if not 0 <= start < end <= len(item.text):
        raise ValueError(f"span {start}..{end} lies outside item {item.id} of {len(item.text)} characters")
    return item.text[start:end]


def stamp_lines(stamp: Stamp, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Name and value of what is printed about the ledger: stream, length, head, and how to check."""
    if lang == "zh":
        names, length = ("记录流", "条数", "末条哈希", "核验方法"), f"{stamp.length} 条"
    else:
        names, length = ("Stream", "Length", "Head", "To check"), f"{stamp.length} entries"
    return tuple(zip(names, (stamp.stream, length, stamp.head, "shudao verify BUNDLE.zip --head …"), strict=True))
