"""换版 (replanning): a run goes on under another edition of its plan. Finished work stays, what is gone is cancelled,
what is new opens when its turn comes, limits are counted anew. `shift_of` says what the change means for a run; the
event `PlanChanged` carries it, because `advance` knows one plan at a time.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from shudao.engine.plan.model import Plan, Step
from shudao.engine.respond import events as ev
from shudao.engine.respond.index import PlanIndex, index_of
from shudao.engine.respond.ladders import quiet, start_calls
from shudao.engine.respond.opening import ENDED, cancel_step, change_level, new_round
from shudao.engine.respond.orders import AmendTask, MarkTask, OpenTask, StopCalls
from shudao.engine.respond.state import OPEN, SILENT, RunState, StepRun
from shudao.engine.respond.turn import Turn
from shudao.engine.words import BadInput, Words

GONE = "plan"
"""Reason of a task that the new edition does not have any more."""

BY_ITSELF = ("auto", "wait")


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """换版的影响 (shift): steps whose calls begin again, steps whose words or weight change, and new steps that are
    fulfilled already (their milestone is reached, or a finished step that goes had the same act)."""

    recall: tuple[str, ...] = ()
    amend: tuple[str, ...] = ()
    met: Mapping[str, datetime] = {}


def shift_of(old: Plan, new: Plan, state: RunState) -> Shift:
    """What putting a run on another edition means for its steps."""
    before, after = index_of(old), index_of(new)
    both = [step for step in new.steps if step.id in before.at]
    return Shift(
        recall=tuple(step.id for step in both if _calls(before, step.id) != _calls(after, step.id)),
        amend=tuple(step.id for step in both if _face(old.step(step.id)) != _face(step)),
        met=_met(old, new, state),
    )


def _calls(ix: PlanIndex, step_id: str) -> tuple[object, ...]:
    place = ix.at[step_id]
    step = ix.plan.steps[place]
    return step.owner, step.kind, step.ack_within, ix.ladders[place]


def _face(step: Step) -> tuple[object, ...]:
    return step.title, step.clause, step.owner, step.must, step.due


def _met(old: Plan, new: Plan, state: RunState) -> dict[str, datetime]:
    known, kept = {step.id for step in old.steps}, {step.id for step in new.steps}
    done = {run.step: run.ended_at for run in state.steps if run.status == "done" and run.step not in kept}
    acts = {step.act: done[step.id] for step in old.steps if step.act and step.id in done}
    found: dict[str, datetime] = {}
    for step in new.steps:
        at = state.milestones.get(step.sets or "") or acts.get(step.act or "")
        if step.id not in known and at is not None and step.repeat is None:
            found[step.id] = at
    return found


def plan_changed(turn: Turn, event: ev.PlanChanged) -> None:
    """The turn's index is already the new edition's. Raises BadInput when it has no level of the name that holds."""
    if turn.level is not None and turn.level not in turn.ix.rank:
        raise BadInput(Words(f"新版预案没有级别 {turn.level}", f"the new edition has no level {turn.level}"))
    known = _settle_down(turn, event)
    turn.staffed = frozenset(event.staffed)
    for place, run in enumerate(turn.steps):
        if run.status not in ENDED and run.due_at is not None and turn.step(place).due is None:
            turn.unwatch(f"due:{run.step}:{run.round}")
            turn.change(place, due_at=None, assumed=False)
        if run.is_open:
            _carry_on(turn, place, event)
        elif run.status == "cancelled" and run.reason == GONE:
            new_round(turn, place)
    if turn.level:
        change_level(turn, turn.level, turn.level_assumed)
    turn.look_again(*range(len(turn.steps)))
    _choose(turn, known)
    for key in [key for key in turn.deadlines if key.startswith("wait:")]:
        turn.unwatch(key)
    for milestone in turn.milestones:
        turn.wake_for(milestone)


def _settle_down(turn: Turn, event: ev.PlanChanged) -> frozenset[str]:
    """Put the runs in the order of the new edition; those it does not have are cancelled and kept aside, so that a
    later edition that has them again goes on from there. Returns the steps that were known before."""
    runs = {run.step: run for run in (*turn.gone, *turn.steps)}
    steps = turn.ix.plan.steps
    turn.gone = tuple(_leave(turn, run) for run in runs.values() if run.step not in turn.ix.at)
    turn.steps = [runs.get(step.id) or _fresh(step, event) for step in steps]
    return frozenset(runs)


def _fresh(step: Step, event: ev.PlanChanged) -> StepRun:
    at = event.met.get(step.id)
    return StepRun(step=step.id, status="done", ended_at=at) if at else StepRun(step=step.id)


def _leave(turn: Turn, run: StepRun) -> StepRun:
    """The new edition has no such step: an open one is cancelled, one that waited is forgotten, a finished one stays."""
    for key in _keys(run):
        turn.unwatch(key)
    if run.status == "pending":
        return msgspec.structs.replace(run, due_at=None, chosen=False)
    if run.status not in OPEN:
        return run
    if run.status in SILENT:
        turn.orders.append(StopCalls(step=run.step, round=run.round))
    turn.orders.append(MarkTask(
        step=run.step, round=run.round, status="cancelled", post="", at=turn.now, reason=GONE,
    ))  # fmt: skip
    return msgspec.structs.replace(run, status="cancelled", ended_at=turn.now, reason=GONE, due_at=None)


def _keys(run: StepRun) -> list[str]:
    stem = f"{run.step}:{run.round}"
    return [f"due:{stem}", f"ack:{stem}", f"repeat:{stem}", f"rung:{stem}:{run.climbs}"]


def _carry_on(turn: Turn, place: int, event: ev.PlanChanged) -> None:
    """An open step that both editions have: its words follow, its calls begin again where they are others' now."""
    step, run = turn.step(place), turn.steps[place]
    if step.kind in BY_ITSELF and run.step in event.recall:
        cancel_step(turn, place, GONE)
        new_round(turn, place)
        return
    if run.step in event.amend:
        turn.orders.append(AmendTask(
            step=run.step, round=run.round, post=step.owner, must=step.must, due_at=run.due_at, assumed=run.assumed,
        ))  # fmt: skip
    if run.status in SILENT and run.step in event.recall:
        quiet(turn, place)
        start_calls(turn, place)
    elif run.status not in SILENT and run.by and run.by not in turn.ix.posts:
        _call_anew(turn, place)


def _call_anew(turn: Turn, place: int) -> None:
    """Whoever had the work holds a post that the new edition does not know: its owner there is called for it."""
    step = turn.step(place)
    run = turn.change(place, status="called", by="")
    turn.orders.append(OpenTask(
        step=run.step, round=run.round, post=step.owner, must=step.must, due_at=run.due_at, assumed=run.assumed,
    ))  # fmt: skip
    start_calls(turn, place)


def _choose(turn: Turn, known: frozenset[str]) -> None:
    """Branches to new steps, from steps that ended before the edition had them."""
    for place, run in enumerate(turn.steps):
        for expr, target in turn.ix.branches[place] if run.status in ENDED else ():
            if turn.steps[target].step not in known and turn.steps[target].status == "pending" and turn.holds(expr):
                turn.change(target, chosen=True)
