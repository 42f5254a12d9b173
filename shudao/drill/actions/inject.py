"""Sending injects: messages to posts, and the posts of the public through listening."""

from datetime import datetime

import msgspec

from shudao.base import clock
from shudao.base.refusal import refuse
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.drill.models import InjectRow, Run
from shudao.drill.queries import condition_holds, due_row
from shudao.engine.drill.field import Release, batches, release, usual
from shudao.engine.drill.model import Inject
from shudao.engine.post import Post
from shudao.ledger.verbs import Act, Actor, verb
from shudao.listen.actions import add_source, read_batch
from shudao.listen.queries import source_of
from shudao.notify.actions import put_message

DRIVER = "controller"
"""The post that sends injects and moves the clock."""

FIELD = "field"
"""Code of the one source of a run: the simulated public."""

_posts = msgspec.json.Decoder(list[Post])


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


def _refuse_closed(run: Run) -> None:
    if not run.is_open:
        raise refuse("演练没有在进行", "the run is not under way", code="state")


def _waves(run: Run, inject: Inject, now: datetime) -> list[InjectRow]:
    start = run.started_at or run.scenario.starts_at
    rows = release(run.scenario, run.seed, start, inject, now)
    return [_wave(run, inject, number, at, part) for number, (at, part) in enumerate(batches(rows), 1)]


def usual_wave(run: Run, now: datetime) -> InjectRow:
    """The talk of the days before, to be read at the start as one part of no inject."""
    rows = usual(run.scenario, run.seed, now)
    return InjectRow(scene=run.scene.key, run=run, inject="usual", wave=1, due_at=now, posts=_as_json(rows))


def _as_json(rows: list[Release]) -> str:
    return msgspec.json.encode([row.post for row in rows]).decode()


def _wave(run: Run, inject: Inject, number: int, at: datetime, part: list[Release]) -> InjectRow:
    return InjectRow(scene=run.scene.key, run=run, inject=inject.id, wave=number, due_at=at, posts=_as_json(part))


def _message(inject: Inject) -> str:
    return f"【演练】{inject.sender}：{inject.text}" if inject.sender else f"【演练】{inject.text}"


def _field_source(scene: Scene) -> object:
    known = source_of(scene, FIELD)
    return known or add_source(Actor(scene, DRIVER), FIELD, name="演练公众", kind="social", connector="drill")
