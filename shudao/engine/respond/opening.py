"""开启与完结 (opening and ending) of steps: what may open, what its limit is, what follows when it ends."""

from datetime import datetime, timedelta
from typing import Literal

from shudao.engine.respond.duty import due_after
from shudao.engine.respond.ladders import quiet, start_calls
from shudao.engine.respond.orders import MarkTask, OpenTask
from shudao.engine.respond.state import OPEN, SpareAct, Status, StepRun, applies
from shudao.engine.respond.turn import Turn

Ended = Literal["done", "skipped"]
ENDED: frozenset[Status] = frozenset(("done", "skipped"))


def settle(turn: Turn) -> None:
    """Open whatever may open, and set limits, until nothing changes any more."""
    while turn.waiting:
        place = min(turn.waiting)
        del turn.waiting[place]
        if turn.steps[place].status == "pending" and may_open(turn, place):
            open_step(turn, place)
        else:
            refresh_due(turn, place)


def may_open(turn: Turn, place: int) -> bool:
    """Whether a pending step may open now: its level, its branch, what it waits for, its condition."""
    ix, step = turn.ix, turn.step(place)
    if not applies(step.levels, turn.level) or (ix.gated[place] and not turn.steps[place].chosen):
        return False
    expr = ix.when[place]
    return _needs_met(turn, place) and (expr is None or turn.holds(expr))


def _needs_met(turn: Turn, place: int) -> bool:
    """Whether what the step waits for has ended."""
    any_of = turn.ix.after_any[place]
    return all(_is_past(turn, before) for before in turn.ix.after[place]) and (not any_of or _any_past(turn, any_of))


def _is_past(turn: Turn, place: int) -> bool:
    """Ended, cancelled, or not wanted at the level that holds."""
    run, levels = turn.steps[place], turn.step(place).levels
    return run.status in ENDED or run.status == "cancelled" or _not_wanted(turn, levels)


def _any_past(turn: Turn, places: tuple[int, ...]) -> bool:
    """One of them has ended; or none of them is wanted at all."""
    if any(turn.steps[place].status in ENDED for place in places):
        return True
    return all(turn.steps[n].status == "cancelled" or _not_wanted(turn, turn.step(n).levels) for n in places)


def _not_wanted(turn: Turn, levels: tuple[str, ...]) -> bool:
    return turn.level is not None and not applies(levels, turn.level)


def open_step(turn: Turn, place: int, done: SpareAct | None = None) -> None:
    """Open a step: its task, its limit, its calls. An act done beforehand completes it at once, calling nobody."""
    step = turn.step(place)
    turn.change(place, status="called", opened_at=turn.now, by="", reason="")
    refresh_due(turn, place)
    run = turn.steps[place]
    turn.orders.append(OpenTask(
        step=run.step, round=run.round, post=step.owner, must=step.must, due_at=run.due_at, assumed=run.assumed,
    ))  # fmt: skip
    done = done or next((row for row in turn.spare if place in turn.ix.for_act(row.act)), None)
    if done:
        turn.spare = tuple(row for row in turn.spare if row is not done)
        end_step(turn, place, "done", done.post, done.at)
    elif step.kind == "auto" or (step.kind == "wait" and _has_waited(turn, place)):
        _run_by_itself(turn, place)
    else:
        start_calls(turn, place)


def _has_waited(turn: Turn, place: int) -> bool:
    due_at = turn.steps[place].due_at
    return turn.step(place).due is None or (due_at is not None and due_at <= turn.now)


def _run_by_itself(turn: Turn, place: int) -> None:
    if place in turn.auto:
        turn.alarm("loop", place, turn.step(place).owner)
        return
    turn.auto.add(place)
    end_step(turn, place, "done", "", turn.now)


def refresh_due(turn: Turn, place: int) -> None:
    """Set, move or drop the limit of a step. A step that waits its turn is watched too: it can be late unopened."""
    step, run = turn.step(place), turn.steps[place]
    if step.due is None:
        return
    if run.status not in OPEN and not (run.status == "pending" and _is_owed(turn, place)):
        _drop_due(turn, place, run)
        return
    since = _limit_start(turn, place, run)
    if since is None:
        return
    at, assumed = due_after(turn.ix.clock, step.due, since)
    if at != run.due_at:
        turn.change(place, due_at=at, assumed=assumed)
        if at > turn.now:
            turn.forget_alarm("overdue", place)
        turn.watch(f"due:{run.step}:{run.round}", at, assumed)


def _drop_due(turn: Turn, place: int, run: StepRun) -> None:
    """Forget a limit that still runs; one that has passed stays, so that it is not announced twice."""
    key = f"due:{run.step}:{run.round}"
    if run.due_at is not None and key in turn.deadlines:
        turn.unwatch(key)
        turn.change(place, due_at=None, assumed=False)


def _is_owed(turn: Turn, place: int) -> bool:
    """A pending step that will be wanted as things stand: no open branch or condition before it."""
    if turn.ix.when[place] is not None or (turn.ix.gated[place] and not turn.steps[place].chosen):
        return False
    return applies(turn.step(place).levels, turn.level)


def _limit_start(turn: Turn, place: int, run: StepRun) -> datetime | None:
    """The limit counts from its milestone; in later rounds of a repeated step, from the round's own start."""
    step = turn.step(place)
    if step.repeat and run.round > 1:
        return run.opened_at
    return turn.milestones.get(step.due.of) if step.due else None


def end_step(turn: Turn, place: int, status: Ended, post: str, at: datetime, why: str = "") -> None:
    """End a step: calls and limits stop, milestone, branches, repetition, and a look at what follows."""
    step = turn.step(place)
    quiet(turn, place)
    run = turn.change(place, status=status, by=post, ended_at=at, reason=why)
    turn.unwatch(f"due:{run.step}:{run.round}")
    turn.orders.append(MarkTask(step=run.step, round=run.round, status=status, post=post, at=at, reason=why))
    if status == "done" and step.sets:
        turn.reach(step.sets, at)
    _branch(turn, place)
    if step.repeat and run.opened_at:
        again = max(run.opened_at + timedelta(minutes=step.repeat.every), turn.now)
        turn.watch(f"repeat:{run.step}:{run.round}", again)
    turn.look_again(*turn.ix.follows[place])


def _branch(turn: Turn, place: int) -> None:
    """Choose the steps whose condition holds; one that has ended before gets a new round."""
    for expr, target in turn.ix.branches[place]:
        if turn.holds(expr):
            if turn.steps[target].status in ENDED or turn.steps[target].status == "cancelled":
                new_round(turn, target)
            turn.change(target, chosen=True)
            turn.look_again(target)


def new_round(turn: Turn, place: int) -> None:
    """Make an ended step pending again, as a new round."""
    run = turn.steps[place]
    turn.change(
        place, status="pending", round=run.round + 1, opened_at=None, ended_at=None, due_at=None, assumed=False,
        by="", reason="", rung=-1, cycle=0, climbs=0, called=(), acked=(),
    )  # fmt: skip


def repeat_step(turn: Turn, place: int) -> None:
    """The interval of a repeated step has passed: another round, unless what it waits for has come."""
    until = turn.ix.until[place]
    if until is None or turn.holds(until) or turn.steps[place].status not in ENDED:
        return
    new_round(turn, place)
    if applies(turn.step(place).levels, turn.level):
        open_step(turn, place)


def cancel_step(turn: Turn, place: int, why: str) -> None:
    """A step is not wanted any more."""
    quiet(turn, place)
    run = turn.change(place, status="cancelled", ended_at=turn.now, reason=why)
    turn.unwatch(f"due:{run.step}:{run.round}")
    turn.orders.append(MarkTask(step=run.step, round=run.round, status="cancelled", post="", at=turn.now, reason=why))


def reopen_step(turn: Turn, place: int, post: str, why: str) -> None:
    """Handed-in or finished work comes back: its author is called again, open steps behind it wait again."""
    run = turn.steps[place]
    run = turn.change(place, status="returned", ended_at=None, reason=why, returns=run.returns + 1)
    turn.orders.append(MarkTask(step=run.step, round=run.round, status="returned", post=post, at=turn.now, reason=why))
    for behind in turn.ix.follows[place]:
        if turn.steps[behind].status in OPEN and not _needs_met(turn, behind):
            _wait_again(turn, behind)
    refresh_due(turn, place)
    start_calls(turn, place)


def _wait_again(turn: Turn, place: int) -> None:
    quiet(turn, place)
    run = turn.change(place, status="pending", opened_at=None, rung=-1, cycle=0, called=(), acked=())
    turn.orders.append(MarkTask(step=run.step, round=run.round, status="pending", post="", at=turn.now))


def change_level(turn: Turn, level: str, assumed: bool) -> None:
    """Another level holds: open steps it does not want are cancelled, cancelled ones it wants wait again."""
    turn.level, turn.level_assumed = level, assumed
    for place, run in enumerate(turn.steps):
        wanted = applies(turn.step(place).levels, level)
        if run.status in OPEN and not wanted:
            cancel_step(turn, place, "level")
        elif run.status == "cancelled" and wanted:
            new_round(turn, place)
    turn.look_again(*range(len(turn.steps)))
