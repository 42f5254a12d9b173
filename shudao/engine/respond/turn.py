"""一拍 (turn): the working copy of a state while one event is handled. Lives inside `advance` and never leaves it.

Small moves only: change a step, set or cancel a deadline, raise an alarm, reach a milestone. What follows from what is
decided in opening.py, ladders.py and advance.py. Places are numbers of steps in the plan.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from shudao.engine.plan.expr import Expr, Facts
from shudao.engine.plan.model import Step
from shudao.engine.respond.index import PlanIndex
from shudao.engine.respond.orders import AlarmReason, AnyOrder, CancelDeadline, RaiseAlarm, ReachMilestone, SetDeadline
from shudao.engine.respond.state import RunState, StepRun

TICK = timedelta(milliseconds=1)
"""A wait for `minutes_since(m) > n` ends this much after minute n, when both `>` and `>=` hold."""

_replace = msgspec.structs.replace


class _Done:
    """The ids of finished steps, asked for but never built."""

    __slots__ = ("turn",)

    def __init__(self, turn: "Turn") -> None:
        self.turn = turn

    def __contains__(self, step_id: object) -> bool:
        place = self.turn.ix.at.get(step_id) if isinstance(step_id, str) else None
        return place is not None and self.turn.steps[place].status == "done"

    def __iter__(self) -> Any:
        return (run.step for run in self.turn.steps if run.status == "done")

    def __len__(self) -> int:
        return sum(run.status == "done" for run in self.turn.steps)


class Turn:
    """One event being handled: the state so far, and the orders so far."""

    __slots__ = (
        "alarms", "auto", "before", "closed_at", "deadlines", "facts", "gone", "ix", "level", "level_assumed", "milestones",
        "now", "opened_at", "orders", "spare", "staffed", "steps", "waiting",
    )  # fmt: skip

    def __init__(self, ix: PlanIndex, state: RunState, now: datetime) -> None:
        self.ix, self.before, self.now = ix, state, now
        self.steps = list(state.steps)
        self.milestones = dict(state.milestones)
        self.deadlines = dict(state.deadlines)
        self.facts, self.staffed = state.facts, state.staffed
        self.level, self.level_assumed = state.level, state.level_assumed
        self.opened_at, self.closed_at = state.opened_at, state.closed_at
        self.spare, self.alarms, self.gone = state.spare, state.alarms, state.gone
        self.orders: list[AnyOrder] = []
        self.waiting: dict[int, None] = {}
        self.auto: set[int] = set()

    def freeze(self, recent: tuple[Any, ...]) -> RunState:
        """The state after the event."""
        return RunState(
            steps=tuple(self.steps), now=self.now, opened_at=self.opened_at, closed_at=self.closed_at,
            level=self.level, level_assumed=self.level_assumed, milestones=self.milestones, deadlines=self.deadlines,
            staffed=self.staffed, facts=self.facts, spare=self.spare, alarms=self.alarms, gone=self.gone, recent=recent,
        )  # fmt: skip

    def step(self, place: int) -> Step:
        """The plan's step at that place."""
        return self.ix.plan.steps[place]

    def change(self, place: int, **fields: Any) -> StepRun:
        """Put new values into a step's progress."""
        run = self.steps[place] = _replace(self.steps[place], **fields)
        return run

    def look_again(self, *places: int) -> None:
        """Those steps may be able to open now."""
        for place in places:
            self.waiting[place] = None

    def holds(self, expr: Expr) -> bool:
        """Whether an expression is known to hold now."""
        known = Facts(
            values=self.facts, level=self.level, rank=self.ix.rank, milestones=self.milestones,
            done=_Done(self), now=self.now,
        )  # fmt: skip
        return expr.holds(known) is True

    def watch(self, key: str, at: datetime, assumed: bool = False) -> None:
        """Set a deadline unless it stands already."""
        if self.deadlines.get(key) != at:
            self.deadlines[key] = at
            self.orders.append(SetDeadline(key=key, at=at, assumed=assumed))

    def unwatch(self, key: str) -> None:
        """Cancel a deadline if it stands."""
        if self.deadlines.pop(key, None) is not None:
            self.orders.append(CancelDeadline(key=key))

    def alarm(self, reason: AlarmReason, place: int, post: str = "") -> None:
        """Raise an alarm, once a round for one step and post."""
        run = self.steps[place]
        mark = f"{reason}:{run.step}:{run.round}:{post}"
        if mark not in self.alarms:
            self.alarms |= {mark}
            self.orders.append(RaiseAlarm(reason=reason, step=run.step, post=post))

    def forget_alarm(self, reason: AlarmReason, place: int) -> None:
        """Let an alarm of a step's round be raised again: what it said does not hold any more."""
        run = self.steps[place]
        mark = f"{reason}:{run.step}:{run.round}:"
        self.alarms = frozenset(row for row in self.alarms if not row.startswith(mark))

    def reach(self, milestone: str, at: datetime) -> None:
        """Reach a milestone; the first time counts. What waits for it or counts from it is woken."""
        if milestone in self.milestones:
            return
        self.milestones[milestone] = at
        self.orders.append(ReachMilestone(milestone=milestone, at=at))
        self.wake_for(milestone)

    def wake_for(self, milestone: str) -> None:
        """Look again at what asks for a milestone."""
        self.look_again(*self.ix.by_milestone.get(milestone, ()), *self.ix.due_of.get(milestone, ()))
        since = self.milestones[milestone]
        for minutes in self.ix.waits.get(milestone, ()):
            at = since + timedelta(minutes=minutes) + TICK
            if at > self.now:
                self.watch(f"wait:{milestone}:{minutes:g}", at)
