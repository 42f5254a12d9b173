"""Words of the templates: sentences in the reader's language, moments, lengths, clocks against a limit, levels.

A page's `now` is its scene's clock, given by its screen; no tag asks the machine for the time.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from shudao.engine.words import Words

register = template.Library()
SOON_SHARE, SOON_AT_LEAST, SOON_AT_MOST = 0.25, timedelta(minutes=5), timedelta(minutes=15)


@register.filter
def say(words: Words | str | None) -> str:
    """A bilingual sentence in the reader's language; plain text as it is."""
    return words.say(get_language() or "zh") if isinstance(words, Words) else words or ""


@register.filter
def lasting(span: timedelta | None) -> str:
    """A length of time in at most two units: 12 分钟, 3 小时 20 分钟, 2 天."""
    if span is None:
        return ""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 1:
        return gettext("不到 1 分钟")
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [
        ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days} if days else "",
        ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d 分钟", "%(n)d 分钟", left) % {"n": left} if left and not days else "",
    ]
    return " ".join(part for part in parts if part)


@register.filter
def within(minutes: float | None) -> str:
    """A length given in minutes."""
    return "" if minutes is None else lasting(timedelta(minutes=minutes))


def exact(at: datetime) -> str:
    """A moment to the second, with its distance from UTC."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S %z")


def plain(at: datetime, now: datetime | None = None) -> str:
    """A moment in the reader's way; the year only when it is not this one, the day only when it is not today."""
    local = timezone.localtime(at)
    here = timezone.localtime(now) if now else None
    if here and here.date() == local.date():
        return date_format(local, gettext("H:i"))
    if here and here.year == local.year:
        return date_format(local, gettext("n月j日 H:i"))
    return date_format(local, gettext("Y年n月j日 H:i"))


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], at: datetime | None) -> SafeString | str:
    """A moment as people write it, the exact one on hover."""
    return _time(at, plain(at, context.get("now"))) if at else ""


@register.simple_tag(takes_context=True)
def ago(context: dict[str, Any], at: datetime | None) -> SafeString | str:
    """How long ago (or how soon), the exact moment on hover."""
    if at is None:
        return ""
    span = context["now"] - at
    if abs(span) < timedelta(minutes=1):
        return _time(at, gettext("刚刚"))
    if abs(span) >= timedelta(days=2):
        return _time(at, plain(at, context["now"]))
    text = gettext("%(length)s前") if span > timedelta() else gettext("%(length)s后")
    return _time(at, text % {"length": lasting(span)})


def _time(at: datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact(at), text)


@register.inclusion_tag("base/clock.html", takes_context=True)
def clock_left(
    context: dict[str, Any], due_at: datetime | None, done_at: datetime | None = None, start_at: datetime | None = None
) -> dict[str, Any]:
    """The time left to a limit, or by how much it was missed: words and a shape, not colour alone."""
    if due_at is None:
        return {"state": "met" if done_at else "open", "text": gettext("已完成") if done_at else gettext("没有时限")}
    now = context["now"]
    state, text = _reading(due_at, done_at, start_at, now)
    return {"state": state, "text": text, "due_at": due_at, "title": exact(due_at), "now": now}


def _reading(due_at: datetime, done_at: datetime | None, start_at: datetime | None, now: datetime) -> tuple[str, str]:
    span = due_at - (done_at or now)
    if done_at:
        kept = span >= timedelta()
        took = gettext("按时完成") if kept else gettext("迟了 %(length)s") % {"length": lasting(span)}
        return ("met" if kept else "missed"), took
    if span < timedelta():
        return "late", gettext("已超时 %(length)s") % {"length": lasting(span)}
    share = SOON_AT_MOST if start_at is None else (due_at - start_at) * SOON_SHARE
    soon = min(SOON_AT_MOST, max(SOON_AT_LEAST, share))
    if span <= soon:
        return "soon", gettext("只剩 %(length)s") % {"length": lasting(span)}
    return "left", gettext("还剩 %(length)s") % {"length": lasting(span)}


@register.inclusion_tag("base/level.html")
def level(code: str, name: str = "", colour: str = "", proposed: bool = False) -> dict[str, Any]:
    """响应级别 (level) as shape, numeral and name, so that it is read without colour."""
    numeral = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ", "V": "Ⅴ"}.get(code, code)
    return {"code": numeral, "name": name, "colour": colour or "none", "proposed": proposed}


@register.filter
def row(mapping: dict[Any, Any], key: Any) -> Any:
    """A value by its key, "" when there is none."""
    return mapping.get(key, "")


@register.filter
def listed(names: Iterable[str]) -> str:
    """Names one after the other."""
    return gettext("、").join(names)
