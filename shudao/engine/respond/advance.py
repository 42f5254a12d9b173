"""推进 (advance): the heart. One event, one plan, one state: the next state and what is to be done.

Real incident, drill and stress test drive this one function. It is pure and total over events: the same events give
the same state; an event said twice, or older than the state, changes nothing; after closing nothing is ordered.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond.duty import NO_TABLE, Calendar
from shudao.engine.respond.index import PlanIndex, act_milestones, index_of
from shudao.engine.respond.ladders import answer, climb, escalate, quiet, staff_changed, take
from shudao.engine.respond.opening import change_level, end_step, open_step, reopen_step, repeat_step, settle
from shudao.engine.respond.orders import AnyOrder, AssumeLevel
from shudao.engine.respond.replan import plan_changed
from shudao.engine.respond.state import OPEN, SILENT, RunState, SpareAct, applies
from shudao.engine.respond.turn import Turn
from shudao.engine.words import BadInput, Words


def advance(
    plan: Plan | PlanIndex, state: RunState, event: ev.Event, calendar: Calendar = NO_TABLE
) -> tuple[RunState, tuple[AnyOrder, ...]]:
    """What an event makes of a run.

    `plan` may be given as its index (the stress test does). `calendar` is the table of holidays for duty-clock limits.
    Raises BadInput when the event names a step or level that the plan does not have.
    """
    ix = index_of(plan, calendar) if isinstance(plan, Plan) else plan
    if _is_stale(state, event):
        return state, ()
    turn = Turn(ix, state, event.at)
    _HANDLERS[type(event)](turn, event)
    settle(turn)
    recent = (*state.recent, event) if event.at == state.now else (event,)
    return turn.freeze(recent), tuple(turn.orders)


def _is_stale(state: RunState, event: ev.Event) -> bool:
    """Nothing to do: closed, not opened yet, older than the state, or heard already."""
    if state.closed_at is not None or (state.opened_at is None) is not isinstance(event, ev.Opened):
        return True
    if state.now is not None and event.at <= state.now and (event.at < state.now or event in state.recent):
        return True
    return isinstance(event, ev.DuePassed) and event.at < state.deadlines.get(event.key, event.at)


def _opened(turn: Turn, event: ev.Opened) -> None:
    turn.opened_at = event.at
    turn.staffed, turn.facts = frozenset(event.staffed), event.facts
    for milestone, at in event.milestones.items():
        turn.reach(milestone, at)
    turn.look_again(*range(len(turn.steps)))


def _staffed(turn: Turn, event: ev.Staffed) -> None:
    gained = frozenset(post for post, held in event.posts.items() if held and post not in turn.staffed)
    lost = frozenset(post for post, held in event.posts.items() if not held and post in turn.staffed)
    turn.staffed = (turn.staffed | gained) - lost
    if gained or lost:
        staff_changed(turn, gained, lost)


def _facts_known(turn: Turn, event: ev.FactsKnown) -> None:
    turn.facts = {**turn.facts, **event.values}
    for name in event.values:
        turn.look_again(*turn.ix.by_fact.get(name, ()))


def _level_confirmed(turn: Turn, event: ev.LevelConfirmed) -> None:
    if event.level not in turn.ix.rank:
        raise BadInput(Words(f"预案没有级别 {event.level!r}", f"the plan has no level {event.level!r}"))
    if event.level != turn.level:
        change_level(turn, event.level, assumed=False)
    turn.level_assumed = False
    _act(turn, "confirm_level", event.post, event.happened_at or event.at, None)


def _milestone_reached(turn: Turn, event: ev.MilestoneReached) -> None:
    turn.reach(event.milestone, event.happened_at or event.at)


def _acknowledged(turn: Turn, event: ev.Acknowledged) -> None:
    answer(turn, _place(turn, event.step), event.post)


def _next_called(turn: Turn, event: ev.NextCalled) -> None:
    place = _place(turn, event.step)
    if turn.steps[place].status in OPEN:
        escalate(turn, place)


def _started(turn: Turn, event: ev.Started) -> None:
    place = _place(turn, event.step)
    if turn.steps[place].status in ("called", "acknowledged", "returned"):
        take(turn, place, "working", event.post)


def _submitted(turn: Turn, event: ev.Submitted) -> None:
    place = _place(turn, event.step)
    if turn.steps[place].status in OPEN and turn.steps[place].status != "submitted":
        take(turn, place, "submitted", event.post)


def _returned(turn: Turn, event: ev.Returned) -> None:
    place = _place(turn, event.step)
    if turn.steps[place].status in ("submitted", "done"):
        reopen_step(turn, place, event.post, event.reason)


def _finished(turn: Turn, event: ev.Finished) -> None:
    _end(turn, _place(turn, event.step), event.post, event.happened_at or event.at)


def _skipped(turn: Turn, event: ev.Skipped) -> None:
    place = _place(turn, event.step)
    if turn.steps[place].status in OPEN or turn.steps[place].status == "pending":
        end_step(turn, place, "skipped", event.post, event.at, event.reason)


def _acted(turn: Turn, event: ev.Acted) -> None:
    _act(turn, event.act, event.post, event.happened_at or event.at, event.step)


def _closed(turn: Turn, event: ev.Closed) -> None:
    _act(turn, "close_incident", event.post, event.at, None)
    for place, run in enumerate(turn.steps):
        if run.status in OPEN:
            quiet(turn, place)
    for key in list(turn.deadlines):
        turn.unwatch(key)
    turn.waiting.clear()
    turn.closed_at = event.at


def _due_passed(turn: Turn, event: ev.DuePassed) -> None:
    if turn.deadlines.pop(event.key, None) is None:
        return
    kind, _, rest = event.key.partition(":")
    if kind == "wait":
        turn.look_again(*turn.ix.by_milestone.get(rest.rpartition(":")[0], ()))
        return
    step_id = rest.rsplit(":", 2 if kind == "rung" else 1)[0]
    place = turn.ix.at.get(step_id)
    if place is not None:
        _PASSED[kind](turn, place)


def _due_is_over(turn: Turn, place: int) -> None:
    """A limit has passed: a wait is over; anything else is late, climbs, and may let the default level hold."""
    step, run = turn.step(place), turn.steps[place]
    if step.kind == "wait":
        if run.status in OPEN:
            end_step(turn, place, "done", "", turn.now)
        return
    turn.alarm("overdue", place, run.by or step.owner)
    if step.on_overdue == "escalate" and run.status in OPEN:
        escalate(turn, place)
    severity = turn.ix.plan.severity
    if step.act == "confirm_level" and turn.level is None and severity and severity.default in turn.ix.rank:
        turn.orders.append(AssumeLevel(level=severity.default))
        turn.alarm("level_assumed", place, step.owner)
        change_level(turn, severity.default, assumed=True)


def _no_answer(turn: Turn, place: int) -> None:
    if turn.steps[place].status in SILENT:
        turn.alarm("unanswered", place, turn.step(place).owner)


def _silence(turn: Turn, place: int) -> None:
    if turn.steps[place].status in SILENT:
        climb(turn, place)


def _act(turn: Turn, act: str, post: str, at: datetime, step_id: str | None) -> None:
    """An act completes one step: the named one, else an open one (the post's own first), else the first it was meant
    for, even before that could open. An act whose step is not wanted yet is kept for it."""
    for milestone in act_milestones(act):
        turn.reach(milestone, at)
    meant = turn.ix.for_act(act) if step_id is None else (_place(turn, step_id),)
    place = _completed_by(turn, meant, post)
    if place is not None:
        turn.spare = tuple(row for row in turn.spare if row.act != act)
        _end(turn, place, post, at)
    elif meant and _is_first(turn, meant) and all(row.act != act for row in turn.spare):
        turn.spare = (*turn.spare, SpareAct(act=act, post=post, at=at))


def _completed_by(turn: Turn, meant: tuple[int, ...], post: str) -> int | None:
    open_now = [place for place in meant if turn.steps[place].status in OPEN]
    if open_now:
        return min(open_now, key=lambda place: not _concerns(turn, place, post))
    if not _is_first(turn, meant):
        return None
    return next((place for place in meant if _may_be_early(turn, place)), None)


def _concerns(turn: Turn, place: int, post: str) -> bool:
    run = turn.steps[place]
    return post in (turn.step(place).owner, run.by) or post in run.called


def _is_first(turn: Turn, meant: tuple[int, ...]) -> bool:
    """No step of this act has been completed yet: a further act is not a late twin of a completed one."""
    return all(turn.steps[place].status != "done" for place in meant)


def _may_be_early(turn: Turn, place: int) -> bool:
    """A pending step that may be completed before what it waits for, because only its turn is missing."""
    run, step, expr = turn.steps[place], turn.step(place), turn.ix.when[place]
    if run.status != "pending" or not applies(step.levels, turn.level):
        return False
    return not (turn.ix.gated[place] and not run.chosen) and (expr is None or turn.holds(expr))


def _end(turn: Turn, place: int, post: str, at: datetime) -> None:
    """Finish a step; one that only waited its turn is opened for the record and ended."""
    if turn.steps[place].status in OPEN:
        end_step(turn, place, "done", post, at)
    elif _may_be_early(turn, place):
        open_step(turn, place, SpareAct(act="", post=post, at=at))


def _place(turn: Turn, step_id: str) -> int:
    place = turn.ix.at.get(step_id)
    if place is None:
        raise BadInput(Words(f"预案没有动作 {step_id!r}", f"the plan has no step {step_id!r}"))
    return place


_PASSED: dict[str, Callable[[Turn, int], None]] = {
    "due": _due_is_over, "ack": _no_answer, "rung": _silence, "repeat": repeat_step,
}  # fmt: skip
_HANDLERS: dict[type, Callable[[Turn, Any], None]] = {
    ev.Opened: _opened, ev.Staffed: _staffed, ev.FactsKnown: _facts_known, ev.LevelConfirmed: _level_confirmed,
    ev.MilestoneReached: _milestone_reached, ev.Acknowledged: _acknowledged, ev.NextCalled: _next_called, ev.Started: _started,
    ev.Submitted: _submitted, ev.Returned: _returned, ev.Finished: _finished, ev.Skipped: _skipped,
    ev.Acted: _acted, ev.DuePassed: _due_passed, ev.PlanChanged: plan_changed,
    ev.Closed: _closed,
}  # fmt: skip
