"""某一时刻谁在办 (who was in charge): the roles of an incident at a moment that the reader names."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property

from shudao.base import clock
from shudao.engine.plan.model import Level
from shudao.engine.words import Words
from shudao.respond import queries
from shudao.respond.models import Grade, Incident
from shudao.respond.screens import words as said


class ChargeScreen:
    """One incident at one moment; now, where none is named. `asked` is as a form sends it."""

    def __init__(self, incident: Incident, asked: str) -> None:
        self.incident, self.asked = incident, asked.strip()
        self.now: datetime = clock.now(incident.scene_value)

    @cached_property
    def at(self) -> datetime | None:
        """The moment; None for one that cannot be read, lies ahead, or before the opening."""
        if not self.asked:
            return min(self.now, self.incident.closed_at or self.now)
        try:
            found = parse_datetime(self.asked)
            moment = timezone.make_aware(found) if found and timezone.is_naive(found) else found
        except (ValueError, OverflowError):
            return None
        return moment if moment and self.incident.opened_at <= self._minute_end(moment) and moment <= self.now else None

    @staticmethod
    def _minute_end(moment: datetime) -> datetime:
        """People name minutes: the one in which it was opened counts as opened."""
        return moment.replace(second=59, microsecond=999_999)

    @property
    def shown(self) -> str:
        """The moment as the field takes it."""
        return timezone.localtime(self.at).strftime("%Y-%m-%dT%H:%M") if self.at else self.asked

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Everything that has a code, by its name."""
        return queries.names_in(self.incident)

    @cached_property
    def rows(self) -> list[tuple[Words, str, queries.Charge]]:
        """Roles with the names of their posts."""
        found = queries.in_charge_at(self.incident, self._minute_end(self.at)) if self.at else []
        return [(said.ROLE[row.role], self.names.get(row.post, row.post), row) for row in found]

    @cached_property
    def lead(self) -> str:
        """Whoever led, in words."""
        for _name, post, row in self.rows:
            if row.role == "lead":
                return " ".join([post, *row.people])
        return ""

    @cached_property
    def grade(self) -> Grade | None:
        """The level confirmed by then."""
        return queries.grade_at(self.incident, self._minute_end(self.at)) if self.at else None

    @property
    def level(self) -> Level | None:
        """That level, as the edition of the time names it."""
        plan = queries.plan_at(self.incident, self.at or self.now)
        return next((row for row in plan.levels if self.grade and row.code == self.grade.level), None)

    @property
    def edition(self) -> str:
        """The version of the plan then."""
        return queries.plan_at(self.incident, self.at or self.now).version
