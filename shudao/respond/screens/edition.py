"""换版预览 (preview of a change of plan): what differs in words, what would happen to the run now, what stands against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property

from shudao.base import clock
from shudao.engine.plan.compare import Difference, compare_plans
from shudao.engine.plan.model import Plan
from shudao.engine.respond import orders as od
from shudao.engine.words import Words
from shudao.respond import queries
from shudao.respond.models import Incident

PARTS: dict[str, Words] = {
    "step": Words("规定动作", "Steps"),
    "limit": Words("时限", "Limits"),
    "post": Words("岗位与权限", "Posts and authority"),
    "level": Words("级别", "Levels"),
    "criterion": Words("定级条件", "Criteria"),
    "ladder": Words("呼叫梯次", "Ladders"),
    "route": Words("审签路线", "Approval routes"),
    "other": Words("其他", "Other"),
}


@dataclass(frozen=True)
class Moved:
    """时限变化 (moved limit) of a step: its name, until when before, until when then."""

    title: str
    before: datetime | None
    after: datetime


class ChangePreview:
    """One incident and one edition it could be put on."""

    def __init__(self, incident: Incident, plan: Plan) -> None:
        self.incident, self.plan = incident, plan
        self.now: datetime = clock.now(incident.scene_value)

    @cached_property
    def against(self) -> list[queries.Against]:
        """What stands against it."""
        return queries.why_not_change(self.incident.scene_value, self.incident, self.plan)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Everything that differs."""
        return compare_plans(self.incident.plan, self.plan)

    @cached_property
    def parts(self) -> list[tuple[Words, list[Difference]]]:
        """The differences by part."""
        rows = {code: [row for row in self.differences if row.part == code] for code in PARTS}
        return [(PARTS[code], found) for code, found in rows.items() if found]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of both editions."""
        return {**queries.names_in(self.incident), **queries.names_of(self.plan)}

    @cached_property
    def _orders(self) -> tuple[od.AnyOrder, ...]:
        return () if self.against else queries.rehearse_change(self.incident, self.plan, self.now)

    @property
    def cancelled(self) -> list[str]:
        """Open tasks that would be cancelled."""
        rows = [row for row in self._orders if isinstance(row, od.MarkTask) and row.status == "cancelled"]
        return [self._title(row.step) for row in rows]

    @property
    def opened(self) -> list[tuple[str, str]]:
        """Tasks that would be opened, with their posts."""
        rows = [row for row in self._orders if isinstance(row, od.OpenTask)]
        return [(self._title(row.step), self._title(row.post)) for row in rows]

    @property
    def recalled(self) -> list[tuple[str, list[str]]]:
        """Open tasks for which other posts would be called."""
        fresh = {row.step for row in self._orders if isinstance(row, od.OpenTask)}
        found: dict[str, list[str]] = {}
        for row in self._orders:
            if isinstance(row, od.CallPost) and row.step not in fresh:
                found.setdefault(self._title(row.step), []).append(self._title(row.post))
        return list(found.items())

    @property
    def moved(self) -> list[Moved]:
        """Limits of steps that would move."""
        runs = {run.step: run for run in self.incident.state.steps}
        fresh = {row.step for row in self._orders if isinstance(row, od.OpenTask)}
        found = []
        for row in self._orders:
            kind, _, rest = row.key.partition(":") if isinstance(row, od.SetDeadline) else ("", "", "")
            step = rest.rpartition(":")[0]
            if isinstance(row, od.SetDeadline) and kind == "due" and step not in fresh and step in runs:
                found.append(Moved(self._title(step), runs[step].due_at, row.at))
        return found

    @property
    def is_quiet(self) -> bool:
        """Nothing under way would change."""
        return not (self.cancelled or self.opened or self.recalled or self.moved)

    def _title(self, code: str) -> str:
        return self.names.get(code, code)
