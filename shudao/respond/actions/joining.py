"""Incidents linked, and merged: one goes into another and is closed by it.

What goes along is work: open demands, tasks that were given, words not yet out, promises to the public. Voices stay:
the posts attached to the merged incident keep its own pseudonyms, its key is destroyed with it, and nothing tells which
voice of the one is which of the other (decision 0014).
"""

from collections import defaultdict
from functools import partial

from shudao.base.refusal import refuse
from shudao.engine.respond.state import OPEN
from shudao.engine.words import Words
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.listen.actions import scrub_traces
from shudao.notify.actions import put_message
from shudao.respond.actions.carrying import carry
from shudao.respond.actions.drive import lock
from shudao.respond.actions.incident import destroy_key, mark_closed
from shudao.respond.models import Alarm, Incident, IncidentKey, IncidentLink, Merger, Task
from shudao.respond.queries import enders_of, links_of, may_lead, unwritten_of


@verb(zh="关联事件", en="link incidents")
def link_incidents(act: Act, incident: Incident, *, other: Incident, note: str = "") -> IncidentLink:
    """Say that two incidents belong together; each goes its own way and shows the other. Refused with itself, with one
    of another scene, and when they are linked already."""
    row = lock(act, incident)
    _need_another(row, other)
    if any(other.pk in (link.incident_id, link.other_id) for link in links_of(row)):
        raise refuse("两个事件已经关联", "they are linked already", code="linked")
    link = IncidentLink.objects.create(incident=row, other=other, note=note.strip(), by=act.post, at=act.now)
    said = {"note": Erasable(note.strip())} if note.strip() else {}
    act.note(incident=row.number, other=other.number, **said)
    act.also_in(other.stream, act.verb, incident=other.number, other=row.number)
    return link


@verb(zh="解除关联", en="unlink incidents")
def unlink_incidents(act: Act, incident: Incident, *, other: Incident) -> IncidentLink:
    """Say that two linked incidents do not belong together. Refused when no link stands."""
    row = lock(act, incident)
    link = next((one for one in links_of(row) if other.pk in (one.incident_id, one.other_id)), None)
    if link is None or other.pk == row.pk:
        raise refuse("两个事件没有关联", "they are not linked", code="not_linked")
    link.ended_at = act.now
    link.save(update_fields=["ended_at"])
    act.note(incident=row.number, other=other.number)
    act.also_in(other.stream, act.verb, incident=other.number, other=row.number)
    return link


@verb(zh="并入另一事件", en="merge incidents")
def merge_incidents(act: Act, incident: Incident, *, into: Incident, reason: str) -> Merger:
    """Let an incident go into another one: its open work goes along, its plan's open tasks are cancelled, it is closed,
    its key is destroyed. Both streams say what became what.

    Refused without a reason, by a post that may not end it, into itself, when either is closed, and while a yes by
    telephone is not signed for.
    """
    row, target = _locked(act, incident, into)
    if act.post not in enders_of(row):
        raise refuse("并案由有权结束响应的岗位决定", "a post that may end the response decides it", code="authority")
    if unwritten := unwritten_of(row):
        names = "、".join(str(one.subject) for one in unwritten)
        raise refuse(
            f"口头同意还没有补签，并案后就补不上了：{names}",
            f"said yes to by telephone and not signed for, which could not be mended afterwards: {names}", code="unwritten",
        )  # fmt: skip
    if not reason.strip():
        raise refuse("请写明并案的理由", "give a reason", code="reason")
    merger = Merger.objects.create(incident=row, into=target, reason=reason.strip(), post=act.post, at=act.now)
    said = {"incident": row.number, "into": target.number, "reason": Erasable(reason.strip())}
    carried: dict[str, dict[str, str]] = defaultdict(dict)
    for one in carry(act, merger):
        carried[f"{one.kind}s"][one.before] = one.after
    act.note(**said, **carried)
    act.also_in(target.stream, act.verb, **said, **carried)
    _cancel_planned(act, row)
    mark_closed(act, row)
    act.also("close_incident", incident=row.number, merged_into=target.number, override_reason="", left_open=[])
    destroy_key(act, row)
    act.after(partial(scrub_traces, IncidentKey._meta.db_table))
    _tell(act, merger)
    incident.closed_at = row.closed_at
    return merger


def _need_another(incident: Incident, other: Incident) -> None:
    if other.pk == incident.pk:
        raise refuse("不能与自己关联或合并", "it cannot be joined with itself", code="self")
    if other.scene != incident.scene:
        raise refuse("不属于这个场景", "it belongs to another scene", code="scene")


def _locked(act: Act, incident: Incident, into: Incident) -> tuple[Incident, Incident]:
    """Both, locked in one order, so that two mergers at once do not wait for each other."""
    _need_another(incident, into)
    rows = {row.pk: lock(act, row) for row in sorted((incident, into), key=lambda row: row.pk)}
    return rows[incident.pk], rows[into.pk]


def _cancel_planned(act: Act, incident: Incident) -> None:
    """Open steps of its plan end with it: the other incident's own plan goes on."""
    for task in Task.objects.filter(incident=incident, status__in=OPEN).exclude(step=""):
        task.status, task.ended_at, task.reason = Task.Status.CANCELLED, act.now, "merged"
        task.save()
        task.calls.filter(answered_at=None, withdrawn_at=None).update(withdrawn_at=act.now)
        act.also("cancel_task", task=task.code, step=task.step, reason="merged")
    Alarm.objects.filter(incident=incident, cleared_at=None).update(cleared_at=act.now)


def _tell(act: Act, merger: Merger) -> None:
    source, target = merger.incident, merger.into
    count = merger.carried.count()
    words = Words(
        f"【{target.number}】{source.number} {source.title} 已并入本事件，移交 {count} 项",
        f"[{target.number}] {source.number} {source.title} went into it; {count} open matters came along",
    )
    for post in sorted((may_lead(target.plan) | {target.opened_by, source.opened_by}) - {act.post}):
        put_message(
            act, post, words.say(target.plan.language), kind="merger", matter=f"{target.number}/{source.number}"
        )
