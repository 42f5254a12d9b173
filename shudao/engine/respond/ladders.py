"""呼叫梯次 (ladders): who is called for an open step, who is called next on silence, and what counts as an answer.

A rung where nobody holds a post costs no time. A post that nobody holds raises an alarm. When the last rung of the
last cycle and the final post stay silent, an alarm says so; nobody is appointed in silence.
"""

from datetime import timedelta

from shudao.engine.plan.model import Rung
from shudao.engine.respond.orders import CallPost, CountAnswer, MarkTask, StopCalls
from shudao.engine.respond.state import SILENT, Status, StepRun
from shudao.engine.respond.turn import Turn


def start_calls(turn: Turn, place: int) -> None:
    """Begin the ladder of a step that has just opened or come back."""
    step = turn.step(place)
    run = turn.change(place, rung=-1, cycle=0, called=(), acked=())
    if step.kind in ("auto", "wait"):
        return
    if step.owner not in turn.staffed:
        turn.alarm("vacant", place, step.owner)
    if step.ack_within is not None:
        run = turn.steps[place]
        turn.watch(f"ack:{run.step}:{run.round}", turn.now + timedelta(minutes=step.ack_within))
    first_wait = turn.ix.ladders[place].waits[0]
    if first_wait:
        _wait(turn, place, first_wait)
    else:
        climb(turn, place)


def climb(turn: Turn, place: int) -> None:
    """Call the next rung that somebody holds; skip empty ones at no cost; watch for silence."""
    ladder = turn.ix.ladders[place]
    last = len(ladder.rungs)
    run = turn.steps[place]
    _stop_waiting(turn, run)
    rung, cycle, called = run.rung + 1, run.cycle, False
    wrapped = False
    while rung < last or (rung == last and cycle + 1 < ladder.cycles and not wrapped):
        if rung == last:
            rung, cycle, wrapped = 0, cycle + 1, True
        called = _call_rung(turn, place, rung, cycle)
        if called or not ladder.skip_if_empty:
            break
        rung += 1
    if rung < last:
        turn.change(place, rung=rung, cycle=cycle)
        _wait(turn, place, ladder.waits[rung + 1] if rung + 1 < last else ladder.pause)
    else:
        _last_call(turn, place, cycle)


def _call_rung(turn: Turn, place: int, rung: int, cycle: int) -> bool:
    """Call the holders of one rung; alarms for its vacant posts. True when anybody was called."""
    row = turn.ix.ladders[place].rungs[rung]
    answered = turn.steps[place].acked
    held = tuple(post for post in row.posts if post in turn.staffed and post not in answered)
    for post in row.posts:
        if post not in turn.staffed:
            turn.alarm("vacant", place, post)
    _call(turn, place, rung, cycle, held, row.channels)
    reached = {*held, *turn.steps[place].acked, *turn.steps[place].called}
    if isinstance(row.need, int) and len(reached) < row.need:
        turn.alarm("too_few", place, turn.step(place).owner)
    return bool(held)


def _call(turn: Turn, place: int, rung: int, cycle: int, posts: tuple[str, ...], channels: tuple[str, ...]) -> None:
    run = turn.steps[place]
    for post in posts:
        turn.orders.append(
            CallPost(step=run.step, round=run.round, rung=rung, cycle=cycle, post=post, channels=channels)
        )
    if posts:
        turn.change(place, called=tuple(dict.fromkeys((*run.called, *posts))))


def _last_call(turn: Turn, place: int, cycle: int) -> None:
    """After the last rung: once the final post, then the alarm that nobody answers."""
    ladder = turn.ix.ladders[place]
    last = len(ladder.rungs)
    final = ladder.final
    if turn.steps[place].rung < last and final:
        turn.change(place, rung=last, cycle=cycle)
        if final in turn.staffed:
            _call(turn, place, last, cycle, (final,), ladder.rungs[-1].channels)
            _wait(turn, place, ladder.pause)
            return
        turn.alarm("vacant", place, final)
    turn.change(place, rung=last + 1, cycle=cycle)
    turn.alarm("ladder_exhausted", place, turn.step(place).owner)


def escalate(turn: Turn, place: int) -> None:
    """The limit has passed: call the next rung even when somebody has the step, as far as the ladder goes."""
    run = turn.steps[place]
    if run.status in SILENT:
        if run.rung <= len(turn.ix.ladders[place].rungs):
            climb(turn, place)
        return
    rungs = turn.ix.ladders[place].rungs
    for rung in range(run.rung + 1, len(rungs)):
        fresh = tuple(post for post in rungs[rung].posts if post in turn.staffed and post not in run.called)
        if fresh:
            turn.change(place, rung=rung)
            _call(turn, place, rung, run.cycle, fresh, rungs[rung].channels)
            return


def answer(turn: Turn, place: int, post: str) -> None:
    """A post answers. A rung that needs all waits for all who hold a post of it."""
    run = turn.steps[place]
    if run.status not in SILENT:
        return
    run = turn.change(place, acked=tuple(dict.fromkeys((*run.acked, post))))
    rungs = turn.ix.ladders[place].rungs
    row = rungs[run.rung] if 0 <= run.rung < len(rungs) else None
    if row and _wants_more(turn, row, run):
        turn.orders.append(CountAnswer(step=run.step, round=run.round, post=post))
        return
    owner = turn.step(place).owner
    by_count = row is not None and isinstance(row.need, int)
    taker = owner if by_count and owner in run.acked else post
    if taker != post:
        turn.orders.append(CountAnswer(step=run.step, round=run.round, post=post))
    take(turn, place, "acknowledged", taker)


def _wants_more(turn: Turn, row: Rung, run: StepRun) -> bool:
    """Whether the rung waits for further answers: of all who hold a post of it, or until so many have come."""
    if row.need == "all":
        return any(post in turn.staffed and post not in run.acked for post in row.posts)
    return isinstance(row.need, int) and len(run.acked) < row.need


def take(turn: Turn, place: int, status: Status, post: str) -> None:
    """Somebody has the step in hand: calls and waits for an answer end."""
    quiet(turn, place)
    run = turn.change(place, status=status, by=post)
    turn.orders.append(MarkTask(step=run.step, round=run.round, status=run.status, post=post, at=turn.now))


def quiet(turn: Turn, place: int) -> None:
    """End the calls of a step and the waits for an answer, if its ladder runs."""
    run = turn.steps[place]
    if run.status in SILENT:
        turn.orders.append(StopCalls(step=run.step, round=run.round))
    _stop_waiting(turn, run)
    turn.unwatch(f"ack:{run.step}:{run.round}")


def staff_changed(turn: Turn, gained: frozenset[str], lost: frozenset[str]) -> None:
    """Posts found or lost their holder: call the newcomers of rungs already climbed; climb where nobody is left."""
    for place, run in enumerate(turn.steps):
        if run.status in SILENT:
            _call_newcomers(turn, place, gained)
            if run.acked:
                answer(turn, place, run.acked[-1])
            if lost:
                _climb_if_deserted(turn, place, lost)
        elif run.is_open and run.by in lost:
            turn.alarm("vacant", place, run.by)


def _climb_if_deserted(turn: Turn, place: int, lost: frozenset[str]) -> None:
    run = turn.steps[place]
    if run.status not in SILENT or lost.isdisjoint(run.called) or not turn.staffed.isdisjoint(run.called):
        return
    if turn.step(place).owner in lost:
        turn.alarm("vacant", place, turn.step(place).owner)
    if run.rung <= len(turn.ix.ladders[place].rungs):
        climb(turn, place)


def _call_newcomers(turn: Turn, place: int, gained: frozenset[str]) -> None:
    """Call who now holds a post of the rungs climbed so far; a ladder that had ended waits once more."""
    ladder = turn.ix.ladders[place]
    run = turn.steps[place]
    last = len(ladder.rungs)
    for rung, row in enumerate(ladder.rungs if run.cycle else ladder.rungs[: run.rung + 1]):
        _call(turn, place, rung, run.cycle, tuple(post for post in row.posts if post in gained), row.channels)
    if ladder.final in gained and run.rung >= last:
        _call(turn, place, last, run.cycle, (ladder.final,), ladder.rungs[-1].channels)
    if run.rung > last and turn.steps[place].called != run.called:
        turn.change(place, rung=last)
        _wait(turn, place, ladder.pause)


def _wait(turn: Turn, place: int, length: timedelta) -> None:
    run = turn.change(place, climbs=turn.steps[place].climbs + 1)
    turn.watch(f"rung:{run.step}:{run.round}:{run.climbs}", turn.now + length)


def _stop_waiting(turn: Turn, run: StepRun) -> None:
    turn.unwatch(f"rung:{run.step}:{run.round}:{run.climbs}")
