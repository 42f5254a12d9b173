"""Words of people and shifts: stretches of time, rules and gaps as the office says them."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from shudao.org.forms.registers import CHANNELS
from shudao.org.models import Shift, ShiftRule
from shudao.org.queries.shifts import Gap

register = template.Library()


@register.filter
def day_words(on: date | None) -> str:
    """7月3日, with the year only where it is asked of a far day by the template itself."""
    return date_format(on, gettext("n月j日")) if on else ""


@register.filter
def full_day(on: date | None) -> str:
    """A day with its year."""
    return date_format(on, gettext("Y年n月j日")) if on else ""


@register.filter
def weekday(on: date) -> str:
    """周一."""
    names = (
        gettext("周一"),
        gettext("周二"),
        gettext("周三"),
        gettext("周四"),
        gettext("周五"),
        gettext("周六"),
        gettext("周日"),
    )
    return names[on.weekday()]


@register.simple_tag
def hours_words(start: datetime, end: datetime) -> str:
    """22:00–次日 08:00."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    if first.date() == last.date():
        return f"{first:%H:%M}–{last:%H:%M}"
    if last.date() - first.date() == timedelta(days=1):
        return gettext("%(from)s–次日 %(to)s") % {"from": f"{first:%H:%M}", "to": f"{last:%H:%M}"}
    return f"{first:%H:%M}–{day_words(last.date())} {last:%H:%M}"


@register.simple_tag
def shift_words(shift: Shift) -> str:
    """7月3日 周五 22:00–次日 08:00."""
    on = timezone.localtime(shift.start_at).date()
    return f"{day_words(on)} {weekday(on)} {hours_words(shift.start_at, shift.end_at)}"


@register.simple_tag
def span_words(start: datetime, end: datetime | None) -> str:
    """From when to when a post is held."""
    first = _day_or_moment(start)
    if end is None:
        return gettext("%(from)s 起") % {"from": first}
    return gettext("%(from)s 至 %(to)s") % {"from": first, "to": _day_or_moment(end)}


@register.simple_tag
def rule_words(rule: ShiftRule) -> str:
    """When a rule falls: 周一、周三 08:00–20:00, 隔周, until when."""
    if rule.days == ShiftRule.Days.WEEKDAYS:
        days = gettext("每天") if rule.weekdays == "1234567" else gettext("、").join(_weekday(n) for n in rule.weekdays)
    else:
        days = str(rule.get_days_display())
    night = rule.to_time <= rule.from_time
    hours = {"from": f"{rule.from_time:%H:%M}", "to": f"{rule.to_time:%H:%M}"}
    parts = [days, (gettext("%(from)s–次日 %(to)s") if night else "%(from)s–%(to)s") % hours]
    if rule.every_weeks > 1:
        parts.append(gettext("每 %(n)d 周一轮") % {"n": rule.every_weeks})
    if rule.to_on:
        parts.append(gettext("到 %(day)s") % {"day": full_day(rule.to_on)})
    return " ".join(parts)


@register.simple_tag
def gap_words(gap: Gap, same: list[Gap] | None = None) -> str:
    """7月3日 22:00–次日 08:00 值班员; alike ones of several days as one line."""
    on = timezone.localtime(gap.start).date()
    if gap.is_long:
        last = day_words(timezone.localtime(gap.end).date())
        return gettext("%(day)s至%(last)s一直 %(post)s") % {"post": gap.post.name, "day": day_words(on), "last": last}
    said = {"post": gap.post.name, "hours": hours_words(gap.start, gap.end), "day": day_words(on)}
    if same is None or len(same) < 2:
        return gettext("%(day)s %(hours)s %(post)s") % said
    last = day_words(timezone.localtime(same[-1].start).date())
    return ngettext(
        "%(day)s至%(last)s 共 %(n)d 次 %(hours)s %(post)s", "%(day)s至%(last)s 共 %(n)d 次 %(hours)s %(post)s", len(same)
    ) % {**said, "last": last, "n": len(same)}  # fmt: skip


@register.simple_tag
def gap_query(gap: Gap) -> str:
    """The gap as the question of an address."""
    start, end = timezone.localtime(gap.start), timezone.localtime(gap.end)
    return urlencode({"post": gap.post.code, "start_at": f"{start:%Y-%m-%dT%H:%M}", "end_at": f"{end:%Y-%m-%dT%H:%M}"})


def _weekday(number: str) -> str:
    return weekday(date(2024, 1, int(number)))


def _day_or_moment(at: datetime) -> str:
    local = timezone.localtime(at)
    if (local.hour, local.minute) == (0, 0):
        return full_day(local.date())
    return date_format(local, gettext("Y年n月j日 H:i"))


@register.simple_tag
def channel_words(channel: str) -> str:
    """What a channel is called."""
    return str(dict(CHANNELS).get(channel, channel))
