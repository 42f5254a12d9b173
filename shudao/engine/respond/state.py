"""运行状态 (run state) of one plan in one incident: plain frozen values that go to JSON and back unchanged."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from shudao.engine.plan.expr import Value
from shudao.engine.plan.model import Plan
from shudao.engine.respond.events import Event
from shudao.engine.words import BadInput, Words

Status = Literal[
    "pending", "called", "acknowledged", "working", "submitted", "returned", "done", "skipped", "cancelled"
]
OPEN: frozenset[Status] = frozenset(("called", "acknowledged", "working", "submitted", "returned"))
SILENT: frozenset[Status] = frozenset(("called", "returned"))
"""Open steps that nobody has taken in hand: their ladder runs."""


class StepRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """一步的进展 (one step's progress) in its current round. Late is never a status: ask `is_overdue`.

    `rung`/`cycle`/`climbs` say how far the ladder has climbed, `called`/`acked` who was called and who answered,
    `by` who has or had it, `chosen` whether a branch has chosen it.
    """

    step: str
    status: Status = "pending"
    round: int = 1
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    assumed: bool = False
    by: str = ""
    reason: str = ""
    chosen: bool = False
    returns: int = 0
    rung: int = -1
    cycle: int = 0
    climbs: int = 0
    called: tuple[str, ...] = ()
    acked: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Opened and not yet ended."""
        return self.status in OPEN

    def is_overdue(self, now: datetime) -> bool:
        """Past its limit and neither done, skipped nor cancelled; a step that has not opened yet can be late too."""
        return self.due_at is not None and self.due_at < now and (self.status in OPEN or self.status == "pending")


class SpareAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act done before the step it belongs to could open; it completes that step when it opens."""

    act: str
    post: str
    at: datetime


class RunState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything `advance` knows of a run. `steps` stand in the order of the plan; `recent` are the events of
    `now`, `gone` the runs of steps that the edition now in force does not have."""

    steps: tuple[StepRun, ...] = ()
    now: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    level: str | None = None
    level_assumed: bool = False
    milestones: Mapping[str, datetime] = {}
    deadlines: Mapping[str, datetime] = {}
    staffed: frozenset[str] = frozenset()
    facts: Mapping[str, Value] = {}
    spare: tuple[SpareAct, ...] = ()
    alarms: frozenset[str] = frozenset()
    gone: tuple[StepRun, ...] = ()
    recent: tuple[Event, ...] = ()

    def run(self, step_id: str) -> StepRun:
        """The progress of that step; KeyError when there is none."""
        for run in self.steps:
            if run.step == step_id:
                return run
        raise KeyError(step_id)


def begin(plan: Plan) -> RunState:
    """The state before anything has happened; `Opened` is the first event."""
    return RunState(steps=tuple(StepRun(step=step.id) for step in plan.steps))


def state_to_json(state: RunState) -> bytes:
    """The state as JSON; equal states give equal bytes."""
    return msgspec.json.encode(state, order="deterministic")


def state_from_json(raw: bytes | str) -> RunState:
    """The state kept by `state_to_json`. Raises BadInput."""
    try:
        return msgspec.json.decode(raw, type=RunState)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BadInput(Words(f"运行状态读不懂: {fault}", f"the run state cannot be read: {fault}")) from None


def applies(levels: tuple[str, ...], level: str | None) -> bool:
    """Whether a step for these levels (none = all) is wanted at this level (None = not graded yet)."""
    return not levels or level in levels


def open_runs(state: RunState) -> Iterator[StepRun]:
    """The steps now open, in plan order."""
    return (run for run in state.steps if run.status in OPEN)
