"""Screens of departments' warnings: one warning, and what a department's page shows of them."""

from collections.abc import Iterable
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.listen.models import Item
from shudao.org.queries import post_names
from shudao.org.queries.units import unit_names
from shudao.sense.departments import posts_within, rules_of, warnings_of
from shudao.sense.models import AlertItem, Topic, UnitWarning, WarningRule

SHOWN, PER_PAGE = 10, 20


class WarningScreen:
    """One warning for one reader: `posts` and `units` are his own."""

    def __init__(self, warning: UnitWarning, posts: set[str], units: set[str]) -> None:
        self.warning = warning
        self.now: datetime = clock.now(warning.scene_value)
        self.is_mine = warning.post in posts or warning.unit in units

    @cached_property
    def names(self) -> dict[str, str]:
        """Posts by code."""
        return post_names()

    @property
    def unit(self) -> str:
        """The department."""
        return unit_names().get(self.warning.unit, self.warning.unit)

    @property
    def passed_by(self) -> str:
        """Who passed it on; the rule when nobody did."""
        by = self.warning.passed_by
        return gettext("按部门规则") if by == "system" else self.names.get(by, by)

    @cached_property
    def items(self) -> list[Item]:
        """The first posts behind its alert."""
        rows = AlertItem.objects.filter(alert=self.warning.alert_id).select_related("item__source").order_by("place")
        return [row.item for row in rows[:SHOWN]] if self.warning.alert_id else []


class UnitWarnings:
    """What a department was warned of, its rules and its topics."""

    def __init__(self, unit: str, posts: Iterable[str], now: datetime, page: str = "1") -> None:
        self.unit, self._posts, self.now, self._page = unit, list(posts), now, page

    @cached_property
    def warnings(self) -> Page[UnitWarning]:
        """A page of them, what waits for an answer first."""
        return Paginator(warnings_of([self.unit]), PER_PAGE).get_page(self._page)

    @cached_property
    def waiting(self) -> int:
        """How many wait for an answer."""
        return warnings_of([self.unit]).filter(answered_at=None).count()

    @cached_property
    def rules(self) -> list[tuple[WarningRule, str, int]]:
        """Rules in force: the topic's name, and how far it is now."""
        rows = list(rules_of([self.unit]))
        names = dict(Topic.objects.in_scene(LIVE).filter(retired_at=None).values_list("code", "name"))
        return [
            (
                row, names.get(row.topic_code, row.topic_code) if row.topic_code else gettext("各专题"),
                posts_within(row, self.now) if row.at_least else 0,
            )
            for row in rows[:PER_PAGE]
        ]  # fmt: skip

    @cached_property
    def topics(self) -> list[Topic]:
        """Topics that a post of the department answers for."""
        rows = Topic.objects.in_scene(LIVE).filter(retired_at=None, owner_post__in=self._posts)
        return list(rows.order_by("name")[:PER_PAGE])


def unit_page(code: str) -> str:
    """The department's page; the front page where the site has none."""
    try:
        return reverse("respond:unit", args=[code])
    except NoReverseMatch:
        return "/"
