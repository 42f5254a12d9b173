"""Opening an incident, attaching items, milestones by hand, and the ends that `follow` brings about."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from shudao.base.refusal import refuse
from shudao.engine.plan.load import plan_digest, plan_json
from shudao.engine.plan.model import MILESTONES, Plan
from shudao.engine.pseudonym import KEY_BYTES, nameless
from shudao.engine.respond import events as ev
from shudao.engine.respond.duty import calendar_values
from shudao.engine.respond.state import begin
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.listen.actions import unlink_voices
from shudao.listen.models import Item
from shudao.listen.queries import heard_under
from shudao.org.queries.holidays import holiday_calendar
from shudao.respond.actions.drive import begin_run, drive, lock
from shudao.respond.actions.numbering import next_number
from shudao.respond.models import Attachment, Deadline, Incident, IncidentKey, PlanCopy


@verb(zh="启动处置", en="open incident")
def open_incident(
    act: Act,
    plan: Plan,
    *,
    title: str,
    origin: str,
    alert: str = "",
    milestones: Mapping[str, datetime] | None = None,
    items: Iterable[Item] = (),
) -> Incident:
    """Open an incident under a plan, from an alert or by hand, and begin the plan's run.

    `milestones`: those reached before (first_seen, detected, acknowledged); what is missing of the last two is now,
    first_seen is taken from the items. Refused without title, with an unknown origin, or with a plan not yet signed.
    """
    items = list(items)
    _check_opening(act, plan, title, origin)
    copy = keep_copy(plan)
    state = begin(plan)
    incident = Incident.objects.create(
        scene=act.scene.key, number=next_number(act), title=nameless(title.strip())[:200], origin=origin, alert=alert, plan_copy=copy,
        state_json="{}", opened_at=act.moment, opened_by=act.post,
    )  # fmt: skip
    IncidentKey.objects.create(incident=incident, key=secrets.token_bytes(KEY_BYTES), made_at=act.now)
    act.use(incident.stream)
    act.note(
        incident=incident.number, origin=origin, plan=plan.id, edition=plan.version, digest=copy.digest,
        title=Erasable(incident.title), **_holidays(act.now.year),
    )  # fmt: skip
    begin_run(act, incident, state, milestones=_reached_before(act, milestones or {}, items))
    if items:
        _attach(act, incident, items)
    return incident


def keep_copy(plan: Plan) -> PlanCopy:
    """The kept copy of an edition, by the digest of its content."""
    given = {"plan_id": plan.id, "title": plan.title, "edition": plan.version, "data": plan_json(plan).decode()}
    return PlanCopy.objects.get_or_create(digest=plan_digest(plan), defaults=given)[0]


def _holidays(year: int) -> dict[str, object]:
    """The table of holidays its working time is counted by, so that its score needs nothing but its own entries."""
    values = calendar_values(holiday_calendar(), (year, year + 1))
    return {"calendar": values} if values else {}


def _check_opening(act: Act, plan: Plan, title: str, origin: str) -> None:
    if not title.strip():
        raise refuse("请写明事件名称", "give the incident a title", code="title")
    if origin not in Incident.Origin.values:
        raise refuse(f"没有来由 {origin}", f"there is no origin {origin}", code="origin")
    if act.scene.is_live and plan.status != "signed":
        raise refuse(
            "预案尚未签发, 不能用于真实事件", "the plan is not signed; it cannot lead a real incident", code="plan"
        )


def _reached_before(act: Act, given: Mapping[str, datetime], items: list[Item]) -> dict[str, datetime]:
    """Milestones before the opening, none later than now, in order of time."""
    found = {"detected": act.moment, "acknowledged": act.moment, **given}
    if items:
        found.setdefault("first_seen", min(item.published_at for item in items))
    bounded = {name: min(at, act.now) for name, at in found.items()}
    return dict(sorted(bounded.items(), key=lambda pair: (pair[1], MILESTONES.index(pair[0]))))


@verb(zh="关联信息", en="attach items")
def attach_items(act: Act, incident: Incident, items: Iterable[Item]) -> list[Attachment]:
    """Attach items, their voices named under the incident's key; possible until the end of the watch, also after
    closing. What is attached already is passed over. Refused when nothing is new or the key is destroyed."""
    row = lock(act, incident, even_closed=True)
    known = set(Attachment.objects.filter(incident=row).values_list("item_id", flat=True))
    fresh = [item for item in items if item.pk not in known]
    if not fresh:
        raise refuse("没有新的信息可关联", "there is nothing new to attach", code="nothing")
    found = _attach(act, row, fresh, own=True)
    if row.is_open and "first_seen" not in row.state.milestones:
        drive(act, incident, ev.MilestoneReached, milestone="first_seen", happened_at=_first(fresh))
    return found


def _first(items: list[Item]) -> datetime:
    return min(item.published_at for item in items)


def _attach(act: Act, incident: Incident, items: list[Item], *, own: bool = False) -> list[Attachment]:
    key = IncidentKey.objects.get(incident=incident)
    if not key.is_alive:
        raise refuse("跟踪期已结束, 密钥已销毁", "the watch has ended and the key is destroyed", code="key")
    found = [_attachment(act, incident, item, bytes(key.key)) for item in items]
    Attachment.objects.bulk_create(found)
    unlink_voices(items)
    said = {"incident": incident.number, "items": [item.ext_id for item in items], "count": len(items)}
    if own:
        act.note(**said)
    else:
        act.also("attach_items", **said)
    return found


def _attachment(act: Act, incident: Incident, item: Item, key: bytes) -> Attachment:
    if item.scene != incident.scene:
        raise refuse("信息不属于这个场景", "the item belongs to another scene", code="scene")
    heard = heard_under(item, key)
    return Attachment(
        incident=incident, item=item, voice=heard.voice, title=heard.title, text=heard.text, attached_at=act.now,
        by=act.post,
    )  # fmt: skip


@verb(zh="登记里程碑", en="reach milestone")
def reach_milestone(act: Act, incident: Incident, *, milestone: str) -> Incident:
    """Record by hand a milestone that no step sets. Refused when unknown to the plan, or reached already."""
    row = lock(act, incident)
    known = {*MILESTONES, *(added.id for added in row.plan.milestones)}
    if milestone not in known:
        raise refuse(f"没有里程碑 {milestone}", f"there is no milestone {milestone}", code="milestone")
    if milestone in row.state.milestones:
        raise refuse("这个里程碑已经登记", "that milestone is on record already", code="reached")
    act.note(milestone=milestone)
    return drive(act, incident, ev.MilestoneReached, milestone=milestone, happened_at=act.moment)


def mark_settled(act: Act, incident: Incident) -> Incident:
    """Part of `settle_incident` (follow): the run learns of it, the row keeps the time."""
    drive(act, incident, ev.Acted, act="settle_incident", post=act.post, happened_at=act.happened_at)
    incident.settled_at = act.moment
    incident.save(update_fields=["settled_at"])
    return incident


def mark_closed(act: Act, incident: Incident) -> Incident:
    """Part of `close_incident` (follow): deadlines and calls end, also the desk's own; the run is over."""
    drive(act, incident, ev.Closed, post=act.post)
    Deadline.objects.filter(incident=incident, done_at=None).update(done_at=act.now)
    incident.closed_at = act.now
    incident.save(update_fields=["closed_at"])
    return incident


def destroy_key(act: Act, incident: Incident) -> None:
    """Part of `end_watch` (follow): the incident's key becomes zeros; no voice can be recognised any more."""
    IncidentKey.objects.filter(incident=incident, destroyed_at=None).update(key=bytes(KEY_BYTES), destroyed_at=act.now)
