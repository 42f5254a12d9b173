"""The writes of drills: making, starting, feeding, steering, finishing and scoring a run."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from shudao.base import clock
from shudao.base.refusal import refuse
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.drill.models import InjectRow, Run, Score
from shudao.drill.queries import condition_holds, due_row
from shudao.engine.drill.field import Release, batches, release
from shudao.engine.drill.model import Inject, Scenario
from shudao.engine.drill.scenario import require_fit
from shudao.engine.post import Post
from shudao.engine.review.score import score, score_json
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Act, Actor, verb
from shudao.listen.actions import add_source, read_batch
from shudao.listen.queries import source_of
from shudao.notify.actions import put_message
from shudao.plan.models import Edition

DRIVER = "controller"
"""The post that sends injects and moves the clock."""

FIELD = "field"
"""Code of the one source of a run: the simulated public."""

_posts = msgspec.json.Decoder(list[Post])


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
    InjectRow.objects.bulk_create([_row(run, inject) for inject in run.scenario.injects])
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


@verb(zh="发出情景注入", en="send inject")
def send_inject(act: Act, row: InjectRow) -> InjectRow:
    """Send an inject now: a message into the inbox of its post, or the first and later parts of its posts."""
    row = InjectRow.objects.select_for_update().select_related("run").get(pk=row.pk)
    _refuse_closed(row.run)
    if row.state != InjectRow.State.READY:
        raise refuse("这条注入已经发出或取消", "this inject was sent or cancelled already", code="sent")
    inject = row.run.scenario.inject(row.inject)
    if inject.channel == "posts":
        InjectRow.objects.bulk_create(_waves(row.run, inject, act.now))
    else:
        put_message(act, inject.to, _message(inject), kind="inject", matter=inject.id)
    row.state, row.sent_at, row.done_at = InjectRow.State.SENT, act.now, act.now
    row.save()
    act.note(inject=inject.id, channel=inject.channel, to=inject.to, at=row.due_at, opens=inject.opens)
    return row


def skip_inject(row: InjectRow, now: datetime) -> None:
    """A contingency inject whose condition does not hold: skipped, neither sent nor failed."""
    with short_write():
        InjectRow.objects.filter(pk=row.pk, state=InjectRow.State.READY).update(
            state=InjectRow.State.SKIPPED, done_at=now
        )


def release_wave(row: InjectRow, now: datetime) -> int:
    """Let one part of an inject's posts be read like anything else the sources bring; harmless when repeated."""
    batch = read_batch(Actor(row.run.scene, DRIVER), _field_source(row.run.scene), _posts.decode(row.posts))
    with short_write():
        InjectRow.objects.filter(pk=row.pk).update(state=InjectRow.State.SENT, sent_at=now, done_at=now)
    return len(batch.items)


def send_due(run: Run) -> int:
    """Send everything of a run whose moment has come, earliest first; returns how many rows were settled.

    One row at a time, since an inject may bring parts that are due at once.
    """
    now = clock.now(run.scene)
    settled = 0
    while row := due_row(run, now):
        if row.wave:
            release_wave(row, now)
        elif condition_holds(row, now):
            send_inject(Actor(run.scene, DRIVER), row)
        else:
            skip_inject(row, now)
        settled += 1
    return settled


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
    clock.turn(run.scene, speed=0)
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


def _refuse_closed(run: Run) -> None:
    if not run.is_open:
        raise refuse("演练没有在进行", "the run is not under way", code="state")


def _row(run: Run, inject: Inject) -> InjectRow:
    minute = max(inject.at, inject.only_if.after if inject.only_if else 0)
    due = (run.started_at or run.scenario.starts_at) + timedelta(minutes=minute)
    return InjectRow(scene=run.scene.key, run=run, inject=inject.id, due_at=due)


def _waves(run: Run, inject: Inject, now: datetime) -> list[InjectRow]:
    start = run.started_at or run.scenario.starts_at
    rows = release(run.scenario, run.seed, start, inject, now)
    return [_wave(run, inject, number, at, part) for number, (at, part) in enumerate(batches(rows), 1)]


def _wave(run: Run, inject: Inject, number: int, at: datetime, part: list[Release]) -> InjectRow:
    posts = msgspec.json.encode([row.post for row in part]).decode()
    return InjectRow(scene=run.scene.key, run=run, inject=inject.id, wave=number, due_at=at, posts=posts)


def _message(inject: Inject) -> str:
    return f"【演练】{inject.sender}：{inject.text}" if inject.sender else f"【演练】{inject.text}"


def _field_source(scene: Scene) -> object:
    known = source_of(scene, FIELD)
    return known or add_source(Actor(scene, DRIVER), FIELD, name="演练公众", kind="social", connector="drill")
