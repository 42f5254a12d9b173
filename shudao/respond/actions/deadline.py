"""Deadlines that have come: told to the run, or to the desk for approvals and demands. Claimed, so told once; a crash
in between tells again, and the run finds the repetition harmless."""

from datetime import datetime

from shudao.base.deadlines import claim_due
from shudao.base.refusal import Refused, refuse
from shudao.base.scene import Scene
from shudao.engine.respond import events as ev
from shudao.engine.respond.state import OPEN
from shudao.ledger.verbs import Act, Actor, verb
from shudao.respond.actions.analysis import views_late
from shudao.respond.actions.drive import drive, lock
from shudao.respond.actions.oral import oral_late
from shudao.respond.actions.orders import Desk, raise_alarm
from shudao.respond.actions.signing import stage_late, written_late
from shudao.respond.models import Deadline, Demand, Task

SWEEPS = 1000


def fire_due(scene: Scene, now: datetime, *, holder: str) -> int:
    """Tell every deadline of a scene that is due, earliest first, also those that follow from them; returns how many."""
    told = 0
    for _ in range(SWEEPS):
        rows = claim_due(Deadline, scene, now, holder=holder, limit=1)
        if not rows:
            break
        told += _fire(scene, rows[0])
    return told


def _fire(scene: Scene, row: Deadline) -> bool:
    try:
        pass_deadline(Actor(scene, "system"), row)
    except Refused:  # closed or cancelled between the claim and the act: nothing is owed any more
        return False
    return True


@verb(zh="时限已到", en="pass deadline")
def pass_deadline(act: Act, deadline: Deadline) -> Deadline:
    """A deadline has come. Done in the transaction of what it causes. Refused when it was told, moved or cancelled."""
    incident = lock(act, deadline.incident)
    row = Deadline.objects.get(pk=deadline.pk)
    if row.done_at or row.due_at > act.now:
        raise refuse("时限未到或已取消", "the deadline has not come, or was cancelled", code="not_due")
    row.done_at = act.now
    row.save(update_fields=["done_at"])
    act.note(key=row.key)
    kind = row.key.partition(":")[0]
    if kind in _DESK:
        _DESK[kind](Desk(act, incident, own=("", "")), row.key)
    else:
        drive(act, incident, ev.DuePassed, key=row.key)
    return row


def _demand_late(desk: Desk, key: str) -> None:
    code = key.partition(":")[2]
    for row in Demand.objects.filter(incident=desk.incident, code=code, state=Demand.State.OPEN):
        raise_alarm(desk, "demand_late", code, row.owner)


def _task_late(desk: Desk, key: str) -> None:
    code = key.partition(":")[2]
    for row in Task.objects.filter(incident=desk.incident, code=code, status__in=OPEN):
        raise_alarm(desk, "task_late", code, row.post)


_DESK = {
    "stage": stage_late,
    "written": written_late,
    "demand": _demand_late,
    "task": _task_late,
    "oral": oral_late,
    "views": views_late,
}
