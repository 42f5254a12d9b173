"""事件的预案 (the plan of an incident): every step of the frozen edition, phase by phase, with how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from shudao.base import clock
from shudao.engine.plan.model import Step
from shudao.engine.respond.state import StepRun, applies
from shudao.engine.words import Words
from shudao.plan.queries import edition_in_force
from shudao.respond import queries
from shudao.respond.models import Incident, Task
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
        return queries.names_of(self.plan)

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
        return StepRow(
            step=step, run=run, state=said.TASK.get(run.status, Words(run.status, run.status)),
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

    @property
    def newer(self) -> str:
        """The version of this plan in force now, where it is another one; the incident keeps its own."""
        edition = edition_in_force(self.plan.id) if self.incident.scene_value.is_live else None
        return edition.version if edition and edition.version != self.plan.version else ""
