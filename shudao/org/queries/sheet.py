"""The organisation as plain data, for the sheet to be compared with."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from shudao.org.models import Deputy, Holding, Post, ShiftRule, Staff, Unit
from shudao.org.sheet.present import HoldingNow, PostNow, Present, RuleNow, StaffNow, UnitNow


def present_state(now: datetime) -> Present:
    """Everything the sheet speaks of, as it stands."""
    today = timezone.localdate(now)
    return Present(now, today, _units(), _posts(), _staff(), _holdings(), _rules(today))


def _units() -> dict[str, UnitNow]:
    rows = Unit.objects.order_by("pk").values_list("code", "name", "kind", "parent__code", "retired_at")
    return {code: UnitNow(code, name, kind, above or "", gone is not None) for code, name, kind, above, gone in rows}


def _posts() -> dict[str, PostNow]:
    deputies: dict[str, list[str]] = {}
    for post, deputy in Deputy.objects.order_by("order", "pk").values_list("post__code", "deputy__code"):
        deputies.setdefault(post, []).append(deputy)
    rows = Post.objects.order_by("unit__pk", "pk").values_list(
        "code", "name", "unit__code", "is_all_hours", "retired_at"
    )
    return {
        code: PostNow(code, name, unit, tuple(deputies.get(code, ())), hours, gone is not None)
        for code, name, unit, hours, gone in rows
    }


def _staff() -> dict[str, StaffNow]:
    names = ("user__username", "name", "phone", "mail", "is_administrator", "left_at")
    rows = Staff.objects.order_by("pk").values_list(*names)
    return {row[0]: StaffNow(*row[:5], row[5] is not None) for row in rows}


def _holdings() -> tuple[HoldingNow, ...]:
    names = ("pk", "post__code", "staff__user__username", "from_at", "to_at")
    rows = Holding.objects.order_by("post__unit__pk", "post__pk", "from_at", "pk").values_list(*names)
    return tuple(HoldingNow(*row) for row in rows)


def _rules(today: object) -> tuple[RuleNow, ...]:
    rows = ShiftRule.objects.filter(Q(to_on=None) | Q(to_on__gte=today)).order_by("post__unit__pk", "post__pk", "pk")
    names = ("pk", "post__code", "staff__user__username", "days", "weekdays", "every_weeks", "from_time", "to_time",
             "from_on", "to_on")  # fmt: skip
    return tuple(RuleNow(*row) for row in rows.values_list(*names))
