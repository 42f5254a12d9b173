"""Reading what departments are warned of: their rules, what was passed on, what is due."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from shudao.base.scene import LIVE
from shudao.sense.models import Alert, Hit, UnitWarning, WarningRule


def rules_of(units: Iterable[str]) -> QuerySet[WarningRule]:
    """Rules in force of some departments."""
    return WarningRule.objects.filter(unit__in=list(units), ended_at=None)


def rules_for(alert: Alert) -> list[WarningRule]:
    """Rules that ask for every alert of this topic, or of any; one a department."""
    rows = WarningRule.objects.filter(ended_at=None, at_least=0, topic_code__in=["", alert.topic.code])
    return list({row.unit: row for row in rows}.values())


def posts_within(rule: WarningRule, now: datetime) -> int:
    """How many posts of the rule's topic (of any, each once) were published in its hours up to now."""
    rows = Hit.objects.filter(placement__scene=LIVE.key, at__gt=now - timedelta(hours=rule.hours), at__lte=now)
    if rule.topic_code:
        rows = rows.filter(topic__code=rule.topic_code)
    return rows.values("placement").distinct().count()


def reached(now: datetime) -> list[WarningRule]:
    """Rules with a number that is reached and was not told within its own hours."""
    rows = WarningRule.objects.filter(ended_at=None, at_least__gt=0)
    waiting = (row for row in rows if row.told_at is None or row.told_at <= now - timedelta(hours=row.hours))
    return [row for row in waiting if posts_within(row, now) >= row.at_least]


def late_warnings(now: datetime) -> QuerySet[UnitWarning]:
    """Warnings whose answer is late and nobody was told so yet."""
    return UnitWarning.objects.in_scene(LIVE).filter(answered_at=None, late_told_at=None, due_at__lte=now)


def anything_due(now: datetime) -> bool:
    """Whether a department is to be told something."""
    return late_warnings(now).exists() or bool(reached(now))


def warnings_of(units: Iterable[str]) -> QuerySet[UnitWarning]:
    """What was passed to some departments: what waits for an answer first, then the newest."""
    rows = UnitWarning.objects.in_scene(LIVE).filter(unit__in=list(units))
    rows = rows.select_related("alert__topic", "alert__story__first_item", "rule")
    return rows.order_by(F("answered_at").desc(nulls_first=True), "-passed_at", "-pk")


def passed_of(alert: Alert) -> list[UnitWarning]:
    """The departments an alert was passed to, the first first."""
    return list(UnitWarning.objects.filter(alert=alert).order_by("passed_at", "pk"))
