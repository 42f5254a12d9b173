"""Making, starting, steering, finishing and scoring a run."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from shudao.base import clock
from shudao.base.refusal import refuse
from shudao.base.write import short_write
from shudao.drill.actions.inject import usual_wave
from shudao.drill.models import InjectRow, Run, Score
from shudao.engine.drill.model import Inject, Scenario
from shudao.engine.drill.scenario import require_fit
from shudao.engine.review.score import score, score_json
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Act, verb
from shudao.plan.models import Edition


def make_run(scenario: Scenario, edition: Edition, *, seed: int, team: str, speed: int = 1) -> Run:
    """A run, ready to start, its clock standing at the scenario's first minute. BadInput when the plan does not fit."""
    require_fit(scenario, edition.plan)
    raw = msgspec.json.encode(scenario, order="deterministic")
    with short_write():
        last = Run.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        run = Run.objects.create(
            code=f"{last + 1:04d}",
            scenario_id=scenario.id,
            scenario_digest=hashlib.sha256(raw).hexdigest(),
            scenario_json=raw.decode(),
            edition=edition,
            seed=seed,
            team=team,
            speed=speed,
        )
        clock.start(run.scene, scenario.starts_at, speed=0)
    return run


@verb(zh="开始演练", en="start run")
def start_run(act: Act, run: Run, *, simulated: bool = False) -> Run:
    """Start the clock and lay out the injects. `simulated`: the clock stands and is moved by whoever plays the run."""
    run = _locked(run, Run.State.READY)
    run.state, run.started_at = Run.State.RUNNING, act.now
    run.ends_at = act.now + timedelta(minutes=run.scenario.ends_after)
    run.save()
    InjectRow.objects.bulk_create([usual_wave(run, act.now), *(_row(run, inject) for inject in run.scenario.injects)])
    if not simulated:
        clock.turn(run.scene, speed=run.speed)
    act.note(
        run=run.code,
        scenario=run.scenario_id,
        scenario_digest=run.scenario_digest,
        plan=run.edition.plan.id,
        edition=run.edition.plan.version,
        seed=run.seed,
        team=run.team,
        speed=run.speed,
        clock="simulated" if simulated else "wall",
    )
    return run


@verb(zh="暂停演练", en="pause run")
def pause_run(act: Act, run: Run) -> Run:
    """Stop the exercise clock."""
    run = _locked(run, Run.State.RUNNING)
    run.state = Run.State.PAUSED
    run.save()
    clock.turn(run.scene, speed=0)
    act.note(run=run.code)
    return run


@verb(zh="继续演练", en="resume run")
def resume_run(act: Act, run: Run, *, speed: int = 0) -> Run:
    """Let the exercise clock go on, at another speed when one is given (1 to 60)."""
    run = _locked(run, Run.State.PAUSED)
    if speed and not 1 <= speed <= 60:
        raise refuse("倍速应在 1 到 60 之间", "the speed lies between 1 and 60", code="speed")
    run.state, run.speed = Run.State.RUNNING, speed or run.speed
    run.save()
    clock.turn(run.scene, speed=run.speed)
    act.note(run=run.code, speed=run.speed)
    return run


@verb(zh="拨快时钟", en="jump clock")
def jump_clock(act: Act, run: Run, *, to: datetime) -> Run:
    """Go forward to a moment within the run; what is jumped over is not held against anyone."""
    run = _locked(run, Run.State.RUNNING, Run.State.PAUSED)
    if to <= act.now or (run.ends_at and to > run.ends_at):
        raise refuse("只能拨到演练结束之前的将来", "only forward, and not past the end of the run", code="jump")
    clock.turn(run.scene, to=to)
    act.note(run=run.code, **{"from": act.now, "to": to})
    return run


def move_clock(run: Run, to: datetime) -> datetime:
    """Move the standing clock of a simulated run; no entry, since nobody lived through the time between."""
    with short_write():
        return clock.turn(run.scene, to=to)


@verb(zh="结束演练", en="finish run")
def finish_run(act: Act, run: Run) -> Run:
    """End the run: the clock stands, what was not sent is cancelled."""
    run = _locked(run, Run.State.RUNNING, Run.State.PAUSED)
    run.state, run.finished_at = Run.State.FINISHED, act.now
    run.save()
    left = InjectRow.objects.in_scene(run.scene).filter(done_at=None)
    left.update(state=InjectRow.State.CANCELLED, done_at=act.now)
    clock.end(run.scene)
    act.note(run=run.code)
    return run


@verb(zh="演练评分", en="score run")
def score_run(act: Act, run: Run) -> Score:
    """Score a finished run from its ledger, plan and scenario; harmless when repeated."""
    run = _locked(run, Run.State.FINISHED)
    found = score(entries_of(run.stream), run.edition.plan, run.scenario)
    told = {"at": act.now, "total": found.total, "coverage": found.coverage, "data": score_json(found)}
    row, _ = Score.objects.update_or_create(run=run, defaults=told)
    act.note(run=run.code, total=f"{found.total:g}", coverage=f"{found.coverage:g}")
    return row


def _locked(run: Run, *states: str) -> Run:
    row = Run.objects.select_for_update().get(pk=run.pk)
    if row.state not in states:
        raise refuse("这个场次现在不能这样做", "the run cannot do this now", code="state")
    return row


def _row(run: Run, inject: Inject) -> InjectRow:
    minute = max(inject.at, inject.only_if.after if inject.only_if else 0)
    due = (run.started_at or run.scenario.starts_at) + timedelta(minutes=minute)
    return InjectRow(scene=run.scene.key, run=run, inject=inject.id, due_at=due)
