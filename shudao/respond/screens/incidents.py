"""事件一览 (incidents): those under way, those watched, those over; found by level, plan and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.pages import Asked
from shudao.base.scene import Scene
from shudao.engine.plan.model import Level
from shudao.engine.words import Words
from shudao.respond import queries
from shudao.respond.models import Incident, PlanCopy, warm_plans

PER_PAGE = 20
STATES = {
    "open": Words("在处置", "under way"),
    "following": Words("在跟踪", "being watched"),
    "closed": Words("已了结", "over"),
}


@dataclass(frozen=True)
class IncidentRow:
    """事件 (incident) in the list: its level, its state, what is open in it."""

    incident: Incident
    level: Level | None
    state: Words
    tasks: int
    late: int
    demands: int

    @property
    def colour(self) -> str:
        """Of its edge."""
        return self.level.colour if self.level else "none"


class IncidentsScreen:
    """The list of a scene's incidents."""

    names = ("state", "level", "plan", "q")

    def __init__(self, scene: Scene, given: Mapping[str, str]) -> None:
        self.scene, self.asked = scene, Asked(given, self.names)
        self.now: datetime = clock.now(scene)
        self._page = given.get("page", "1")

    @cached_property
    def page(self) -> Page[Incident]:
        """A page of those asked for."""
        asked = self.asked
        rows = queries.find_incidents(
            self.scene, state=asked["state"], level=asked["level"], plan=asked["plan"], words=asked["q"]
        )
        return Paginator(rows, PER_PAGE).get_page(self._page)

    @cached_property
    def rows(self) -> list[IncidentRow]:
        """They with what is open in each."""
        shown = list(self.page)
        warm_plans(row.plan_copy_id for row in shown)
        burdens = queries.burdens_of(shown, self.now)
        return [self._row(row, burdens[row.pk]) for row in shown]

    def _row(self, row: Incident, burden: tuple[int, int, int]) -> IncidentRow:
        level = next((level for level in row.plan.levels if level.code == row.level), None)
        return IncidentRow(row, level, STATES[state_of(row)], *burden)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are in each state."""
        return queries.counts_of_incidents(self.scene)

    @property
    def tabs(self) -> list[tuple[str, Words, int]]:
        """The states as a row of links."""
        every = ("", Words("全部", "all"), sum(self.counts.values()))
        return [every, *((code, words, self.counts[code]) for code, words in STATES.items())]

    @cached_property
    def levels(self) -> list[tuple[str, str]]:
        """Levels that incidents here have, by their plans' names."""
        codes = set(
            queries.incidents_of(self.scene).exclude(level="").order_by().values_list("level", flat=True).distinct()
        )
        named = {level.code: level.name for row in self.rows for level in row.incident.plan.levels}
        return [(code, named.get(code, code)) for code in sorted(codes)]

    @cached_property
    def plans(self) -> list[tuple[str, str]]:
        """Plans that incidents here were opened under."""
        kept = PlanCopy.objects.filter(incidents__scene=self.scene.key).order_by("plan_id", "-pk")
        return sorted(dict(kept.values_list("plan_id", "title").distinct()).items())

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.asked["q"]:
            found = self.page.paginator.count
            return ngettext("找到 %(n)d 件", "找到 %(n)d 件", found) % {"n": found}
        moving, watched = self.counts["open"], self.counts["following"]
        if not moving:
            said = gettext("没有事件在处置")
        else:
            said = ngettext("%(n)d 件在处置", "%(n)d 件在处置", moving) % {"n": moving}
        if not watched:
            return said
        return gettext("%(first)s，%(n)d 件在跟踪") % {"first": said, "n": watched}


def state_of(incident: Incident) -> str:
    """Under way, watched, or over: its key lives until the end of the watch."""
    if incident.is_open:
        return "open"
    key = getattr(incident, "key_row", None)
    return "following" if key and key.is_alive else "closed"
