"""本场 (case): one stream beside the plan and the scenario: which steps the level touches, who gathers them."""

from collections.abc import Iterable

import msgspec

from shudao.engine.drill.model import Scenario
from shudao.engine.plan.model import Limit, Plan, Step
from shudao.engine.review.clock import Clock, Start
from shudao.engine.review.rating import Letter, by_share
from shudao.engine.review.trace import Mark, Trace


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """本场 (case): the plan, the scenario if there was one, the stream, and the steps that the level touches."""

    plan: Plan
    scenario: Scenario | None
    trace: Trace
    level: str
    steps: tuple[Step, ...]
    clock: Clock

    def objective_of(self, step: Step | None, otherwise: str) -> str:
        """The objective that gathers a step: the one that names it, else one that names its phase, else the phase."""
        if step is None:
            return otherwise
        aims = self.scenario.objectives if self.scenario else ()
        named = [aim.id for aim in aims if step.id in aim.steps] + [aim.id for aim in aims if step.phase in aim.phases]
        return named[0] if named else step.phase

    def step_of(self, act: str = "", sets: str = "") -> Step | None:
        """The first touched step completed by that verb or setting that milestone."""
        for row in self.steps:
            if (act and (row.act or "").split(":")[0] == act) or (sets and row.sets == sets):
                return row
        return None

    def say(self, zh: str, en: str) -> str:
        """Words in the plan's language: a score is one document in one language."""
        return zh if self.plan.language == "zh" else en

    def judge(
        self, start: Start | None, limit: Limit | None, answer: Mark | None, *, spotless: bool = True
    ) -> tuple[float | None, Letter | None]:
        """Minutes from start to answer and the letter for them; no letter while not due and not answered.

        Without a limit the end of the run is the limit. At another speed than 1 minutes say nothing about people,
        so being done is all that is rated.
        """
        minutes = max(0.0, self.trace.minutes(start.at, answer.moment)) if start and answer else None
        if answer is None:
            return None, "U" if self._is_past(start, limit) else None
        if start is None or limit is None or not self.trace.is_timed:
            return minutes, "P" if spotless else "S"
        return minutes, by_share(self.clock.share(start.at, limit, answer.moment), spotless=spotless)

    def _is_past(self, start: Start | None, limit: Limit | None) -> bool:
        if start is None or limit is None:
            return self.trace.first("finish_run") is not None
        return self.clock.is_past(start, limit)


def case_of(trace: Trace, plan: Plan, scenario: Scenario | None) -> Case:
    """The case: the level is the scenario's key, else the one confirmed last, else the plan's default."""
    confirmed = [str(mark.data.get("level")) for mark in trace.all("confirm_level")]
    known = [row.code for row in plan.levels]
    default = plan.severity.default if plan.severity else (known[-1] if known else "")
    level = scenario.key.level if scenario else (confirmed[-1] if confirmed else default)
    steps = tuple(row for row in plan.steps if _touched(row, level, trace, plan, scenario))
    return Case(plan=plan, scenario=scenario, trace=trace, level=level, steps=steps, clock=Clock(trace, plan, steps))


def _touched(step: Step, level: str, trace: Trace, plan: Plan, scenario: Scenario | None) -> bool:
    """A step that the level asks for; one behind a condition counts when it opened or the scenario names it."""
    if not step.drillable or step.kind in ("wait", "auto") or (step.levels and level not in step.levels):
        return False
    branched = any(branch.to == step.id for row in plan.steps for branch in row.next)
    named = scenario is not None and any(step.id in aim.steps for aim in scenario.objectives)
    return named or not (step.when or branched) or trace.first("start_task", step=step.id) is not None


def done_mark(trace: Trace, step: Step) -> Mark | None:
    """The entry that completed a step: the act itself when written in the same moment as `finish_task`, else that.

    The act knows when a thing done by telephone really happened; `finish_task` only follows from it. What was returned
    is done when it was finished again.
    """
    returned = max((mark.seq for mark in trace.all("return_task", step=step.id)), default=0)
    finish = next((mark for mark in trace.all("finish_task", step=step.id) if mark.seq > returned), None)
    if finish is None or not step.act:
        return finish
    acts = [mark for mark in trace.all(step.act.partition(":")[0]) if mark.seq < finish.seq and mark.at == finish.at]
    return acts[-1] if acts else finish


def seqs(*marks: Mark | None, start: Start | None = None) -> tuple[int, ...]:
    """Entry numbers of what there is, in order, each once."""
    return tuple(sorted({*(start.seqs if start else ()), *(mark.seq for mark in marks if mark)}))


def first_of(marks: Iterable[Mark]) -> Mark | None:
    """The earliest entry of several."""
    return min(marks, key=lambda mark: mark.seq, default=None)


def minutes_limit(within: float) -> Limit:
    """A limit in plain minutes from whatever start is given with it."""
    return Limit(within=max(1, round(within)), of="")
