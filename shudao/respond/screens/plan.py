"""事件的预案 (the plan of an incident): every step of the frozen edition, phase by phase, with how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.functional import cached_property

from shudao.base import clock
from shudao.engine.plan.model import Step
from shudao.engine.respond.state import StepRun, applies
from shudao.engine.words import Words
from shudao.plan.queries import edition_in_force
from shudao.respond import queries
from shudao.respond.models import Incident, PlanChange, Task
from shudao.respond.screens import words as said


@dataclass(frozen=True)
class StepRow:
    """规定动作 (step) with its run."""

    step: Step
    run: StepRun
    state: Words
    owner: str
    after: tuple[str, ...]
    task: Task | None
    is_wanted: bool


class PlanScreen:
    """The plan of one incident as it runs."""

    def __init__(self, incident: Incident) -> None:
        self.incident, self.plan = incident, incident.plan
        self.now: datetime = clock.now(incident.scene_value)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Everything that has a code, by its name."""
        return queries.names_in(self.incident)

    @cached_property
    def phases(self) -> list[tuple[str, list[StepRow]]]:
        """The steps in the plan's order, grouped where the phase changes."""
        state = self.incident.state
        latest = {row.step: row for row in Task.objects.filter(incident=self.incident).order_by("round")}
        titles = {step.id: step.title for step in self.plan.steps}
        rows = [self._row(step, state.run(step.id), latest.get(step.id), titles) for step in self.plan.steps]
        return [(phase, list(part)) for phase, part in groupby(rows, key=lambda row: row.step.phase)]

    def _row(self, step: Step, run: StepRun, task: Task | None, titles: Mapping[str, str]) -> StepRow:
        waits = (*step.after, *step.after_any)
        status = run.status if self.incident.is_open or task is None else task.status
        return StepRow(
            step=step, run=run, state=said.TASK.get(status, Words(status, status)),
            owner=self.names.get(step.owner, step.owner), after=tuple(titles.get(code, code) for code in waits), task=task,
            is_wanted=applies(step.levels, self.incident.level or None),
        )  # fmt: skip

    @cached_property
    def done(self) -> int:
        """How many steps are done."""
        return sum(row.run.status == "done" for _, rows in self.phases for row in rows)

    @property
    def all(self) -> int:
        """How many steps this level wants."""
        return sum(row.is_wanted for _, rows in self.phases for row in rows)

    @cached_property
    def changes(self) -> list[PlanChange]:
        """The editions it was put on."""
        return queries.changes_of(self.incident)

    @cached_property
    def may_change(self) -> bool:
        """It goes on, and there is another signed edition of its plan."""
        scene = self.incident.scene_value
        return self.incident.is_open and scene.is_live and bool(queries.editions_for(self.incident))

    @property
    def newer(self) -> str:
        """The version of this plan in force now, where it is another one; the incident keeps its own."""
        edition = edition_in_force(self.plan.id) if self.incident.scene_value.is_live else None
        return edition.version if edition and edition.version != self.plan.version else ""
