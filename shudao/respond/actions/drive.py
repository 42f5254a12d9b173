"""驱动 (drive): the one way an event enters an incident's run: `advance`, then its orders as rows and entries.

Everything happens in the transaction of the act that brought the event: the run's state, its rows and the ledger
entries of its consequences are kept together or not at all.
"""

from typing import Any

from shudao.base.refusal import refuse
from shudao.engine.respond import events as ev
from shudao.engine.respond.advance import advance
from shudao.engine.respond.orders import AnyOrder
from shudao.engine.respond.state import OPEN, RunState, state_from_json, state_to_json
from shudao.ledger.verbs import Act
from shudao.org.queries.holidays import holiday_calendar
from shudao.respond.actions.orders import Desk, carry_out
from shudao.respond.models import Demand, Incident, PlanCopy, plan_of_digest
from shudao.respond.queries import change_fields, staffed_posts

ANSWERING = "answer_demand"


def lock(act: Act, incident: Incident, *, even_closed: bool = False) -> Incident:
    """The incident's row, locked and fresh. Refused in another scene and after closing."""
    if incident.scene != act.scene.key:
        raise refuse("不属于这个场景", "it belongs to another scene", code="scene")
    row = Incident.objects.select_for_update().get(pk=incident.pk)
    if not row.is_open and not even_closed:
        raise refuse("事件已经结束", "the incident is closed", code="closed")
    return row


def need_post_of_plan(act: Act, incident: Incident) -> None:
    """Refused for a post that the incident's plan does not know: it may look and tell what it knows, not act for others."""
    if act.post not in {post.id for post in incident.plan.posts}:
        raise refuse("预案里没有这个岗位，不能办理", "the plan does not know this post", code="outside")


def drive(act: Act, incident: Incident, kind: type[ev.Happening], /, **fields: Any) -> Incident:
    """Tell a run what happened and carry out what follows. `fields` are the event's own, without `at` and `id`.

    The instance given is brought up to date and returned. An entry that the act itself writes is not written twice.
    """
    row = lock(act, incident)
    state = state_from_json(row.state_json)
    desk = Desk(act, row, own=_own_entry(act, fields))
    for change in _staffing(act, row, state):
        state = _tell(desk, state, ev.Staffed, posts=change)
    state = _tell(desk, state, kind, **fields)
    if _has_answered_all(row, state):
        state = _tell(desk, state, ev.Acted, act=ANSWERING, post=act.post)
    _keep(row, state)
    return _refresh(incident, row)


def begin_run(act: Act, incident: Incident, state: RunState, /, **fields: Any) -> None:
    """The first event of a run: the incident has just been made."""
    staffed = tuple(sorted(staffed_posts(act.scene, incident.plan, act.now)))
    desk = Desk(act, incident, own=("", ""))
    _keep(incident, _tell(desk, state, ev.Opened, staffed=staffed, **fields))


def change_run(act: Act, incident: Incident, copy: PlanCopy) -> Incident:
    """Put a run on another edition: who answers for the posts is told under the old one first."""
    row = lock(act, incident)
    state = state_from_json(row.state_json)
    desk = Desk(act, row, own=("", ""))
    for change in _staffing(act, row, state):
        state = _tell(desk, state, ev.Staffed, posts=change)
    row.state_json = state_to_json(state).decode()
    fields = change_fields(row, plan_of_digest(copy.digest), act.now)
    row.plan_copy = copy
    state = _tell(desk, state, ev.PlanChanged, post=act.post, **fields)
    row.save(update_fields=["plan_copy"])
    _keep(row, state)
    incident.plan_copy = copy
    return _refresh(incident, row)


def _own_entry(act: Act, fields: dict[str, Any]) -> tuple[str, str]:
    """The entry that the act notes itself: its verb, and the step or milestone it is about."""
    return act.verb, str(fields.get("step") or fields.get("milestone") or "")


def _tell(desk: Desk, state: RunState, kind: type[ev.Happening], **fields: Any) -> RunState:
    """One event through `advance`; its orders are carried out. Time in a run never goes back, whatever the clock does."""
    at = max(desk.act.now, state.now) if state.now else desk.act.now
    event: Any = kind(at=at, id=str(len(state.recent)), **fields)
    state, orders = advance(desk.incident.plan, state, event, holiday_calendar())
    _carry_out(desk, orders)
    return state


def _carry_out(desk: Desk, orders: tuple[AnyOrder, ...]) -> None:
    for order in orders:
        carry_out(desk, order)


def _staffing(act: Act, incident: Incident, state: RunState) -> list[dict[str, bool]]:
    """What has changed since the last event in who answers for which post; one change or none."""
    now_staffed = staffed_posts(act.scene, incident.plan, act.now)
    changed = {post: post in now_staffed for post in now_staffed ^ state.staffed}
    return [changed] if changed else []


def _has_answered_all(incident: Incident, state: RunState) -> bool:
    """A step that waits for answers is open, there were demands, and none is open any more."""
    steps = [step.id for step in incident.plan.steps if (step.act or "") == ANSWERING]
    if not any(state.run(step).status in OPEN for step in steps):
        return False
    rows = Demand.objects.filter(incident=incident)
    return rows.exists() and not rows.filter(state=Demand.State.OPEN).exists()


def _keep(row: Incident, state: RunState) -> None:
    row.state_json = state_to_json(state).decode()
    row.level, row.is_level_assumed = state.level or "", state.level_assumed
    row.save(update_fields=["state_json", "level", "is_level_assumed"])


def _refresh(incident: Incident, row: Incident) -> Incident:
    for name in ("state_json", "level", "is_level_assumed", "closed_at", "settled_at"):
        setattr(incident, name, getattr(row, name))
    return incident
