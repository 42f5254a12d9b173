"""Verbs of following: settle, close, watch, what came back, seal, end the watch."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from shudao.base import clock
from shudao.base.cursor import move_cursor, read_cursor
from shudao.base.refusal import Refused, refuse
from shudao.base.write import short_write
from shudao.engine.follow.recur import ORDER, VERSION, Sighting
from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond.closing import Reason
from shudao.engine.words import Words
from shudao.follow.models import Archive, Closure, Recurrence, RecurrenceItem, Watch
from shudao.follow.queries import contents_of, look, recorded_head
from shudao.ledger.actions import record_heads
from shudao.ledger.bundle import Sealed, write_bundle
from shudao.ledger.verbs import Act, Actor, Erasable, verb
from shudao.listen.actions import scrub_traces, unlink_voices
from shudao.listen.models import Item
from shudao.listen.queries import items_after, voice_under
from shudao.notify.actions import put_message
from shudao.respond.actions import destroy_key, drive, lock, mark_closed, mark_settled
from shudao.respond.models import Attachment, Incident, IncidentKey
from shudao.respond.queries import merger_of, why_not_close_now
from shudao.sense.queries import last_item_key

A_PASS = 500
"""Items looked at in one pass of a watch."""

DEFAULT_DAYS = 14
"""Days of watch where the plan gives none: assumed."""


class NotYet(Refused):
    """未了 (not yet): closing is refused; `reasons` say what is open, with codes."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = tuple(reasons)
        zh = "；".join(reason.words.zh for reason in self.reasons)
        en = "; ".join(reason.words.en for reason in self.reasons)
        super().__init__(Words(zh=f"尚不能结束：{zh}", en=f"it cannot be closed yet: {en}"), code="open")


@verb(zh="认定平息", en="settle incident")
def settle_incident(act: Act, incident: Incident) -> Incident:
    """Find that the matter has calmed down; the milestone `settled` is reached."""
    _may_end(act, incident)
    mark_settled(act, incident)
    if "settled" not in incident.state.milestones:
        drive(act, incident, ev.MilestoneReached, milestone="settled", happened_at=act.moment)
    act.note(incident=incident.number)
    return incident


@verb(zh="结束响应", en="close incident")
def close_incident(act: Act, incident: Incident, *, override_reason: str = "") -> Closure:
    """Close it. Refused (NotYet) with every open task, demand, document and promise; the post that the plan lets end the
    response can do so all the same with a reason, and the reasons against it stand in the record.
    """
    _may_end(act, incident)
    lock(act, incident)
    reasons = why_not_close_now(incident, act.now)
    if reasons and not override_reason.strip():
        raise NotYet(reasons)
    if reasons:
        _may_override(act, incident)
    mark_closed(act, incident)
    closure = Closure.objects.create(
        incident=incident,
        closed_at=act.now,
        post=act.post,
        reasons=[{"code": reason.code, "subject": reason.subject} for reason in reasons],
        override_reason=override_reason,
    )
    said = Erasable(override_reason) if override_reason else ""
    act.note(incident=incident.number, override_reason=said, left_open=[reason.code for reason in reasons])
    return closure


@verb(zh="转入跟踪", en="watch incident")
def watch_incident(act: Act, incident: Incident, *, days: int | None = None) -> Watch:
    """Begin the watch: from the items read after this moment on, for the plan's number of days."""
    if merger := merger_of(incident):
        number = merger.into.number
        raise refuse(f"已并入 {number}，由那个事件跟踪", f"it went into {number}, which is watched", code="merged")
    if Watch.objects.filter(incident=incident).exists():
        raise refuse("已在跟踪", "it is watched already", code="watched")
    ending = incident.plan.ending
    length = days if days is not None else (ending.watch_days if ending else DEFAULT_DAYS)
    until = act.now + timedelta(days=length)
    watch = Watch.objects.create(incident=incident, begun_at=act.now, until=until, post=act.post)
    move_cursor(act.scene, watch.cursor, last_item_key(act.scene))
    act.note(incident=incident.number, until=until)
    return watch


def follow_up(actor: Actor, watch: Watch) -> list[Recurrence]:
    """One pass of a watch over the items read since the last one. Looking is slow and is done before the write."""
    place = read_cursor(actor.scene, watch.cursor)
    items = items_after(actor.scene, place, A_PASS)
    if not items:
        return []
    sightings = look(watch.incident, items)
    if sightings:
        found: list[Recurrence] = raise_recurrence(actor, watch, sightings, items)
        return found
    with short_write():
        move_cursor(actor.scene, watch.cursor, items[-1].pk)
    return []


@verb(zh="发现再现", en="raise recurrence")
def raise_recurrence(act: Act, watch: Watch, sightings: Sequence[Sighting], items: Sequence[Item]) -> list[Recurrence]:
    """Keep what came back, one row a reason, tell the post that opened the incident, and move the watch on.

    `items` are all that were looked at, the sightings' among them.
    """
    if not watch.is_open:
        raise refuse("跟踪已结束", "the watch has ended", code="ended")
    if not sightings:
        raise refuse("没有再现的信息", "nothing came back", code="nothing")
    by_key = {str(item.pk): item for item in items}
    found = []
    for why in ORDER:
        rows = [(sighting, by_key[sighting.item]) for sighting in sightings if sighting.why == why]
        if rows:
            data = {"incident": watch.incident.number, "why": why, "items": [item.ext_id for _, item in rows]}
            if found:
                act.also(act.verb, **data)
            else:
                act.note(**data)
            found.append(_keep(act, watch, why, rows))
    move_cursor(act.scene, watch.cursor, items[-1].pk)
    _tell(act, watch, len(sightings))
    return found


def _keep(act: Act, watch: Watch, why: str, rows: Sequence[tuple[Sighting, Item]]) -> Recurrence:
    count = Recurrence.objects.filter(watch=watch).count()
    recurrence = Recurrence.objects.create(
        incident=watch.incident, watch=watch, code=f"R{count + 1}", why=why, found_at=act.now, version=VERSION
    )
    key_row = watch.incident.key_row
    key = bytes(key_row.key) if key_row.is_alive else b""
    voices = [(sighting, item, voice_under(item, key) if key else "") for sighting, item in rows]
    heard = set(
        Attachment.objects.filter(incident=watch.incident, voice__in=[voice for *_, voice in voices]).values_list(
            "voice", flat=True
        )
    ) - {""}
    RecurrenceItem.objects.bulk_create(
        RecurrenceItem(
            recurrence=recurrence,
            item=item,
            of=sighting.of,
            share=sighting.share,
            changes=list(sighting.variant),
            voice=voice,
            is_returning=voice in heard,
        )
        for sighting, item, voice in voices
    )
    unlink_voices(item for _, item, _ in voices)  # else the stored door pseudonym would join two incidents
    return recurrence


def _tell(act: Act, watch: Watch, count: int) -> None:
    incident = watch.incident
    words = Words(
        zh=f"【{incident.number}】{incident.title}：跟踪发现 {count} 条再现信息，请研判",
        en=f"[{incident.number}] {incident.title}: {count} items bring it back; please look",
    )
    put_message(act, incident.opened_by, words.say(incident.plan.language), kind="recurrence", matter=incident.number)


def seal(
    actor: Actor, incident: Incident, out: Path, *, beside: Mapping[str, Mapping[str, bytes]] | None = None
) -> Archive:
    """Seal an incident into a bundle at `out`: all heads are recorded first, the bundle's last line is the head recorded.

    Refused in a drill run (its bundle is what `drill run` leaves) and for an incident without entries.
    """
    if not actor.scene.is_live:
        raise refuse("演练不封存为正式档案", "a drill is not sealed as an archive", code="drill")
    record_heads(actor)
    recorded = recorded_head(incident.stream)
    if recorded is None:
        raise refuse("事件没有记录，无可封存", "the incident has no entry to seal", code="empty")
    sealed = write_bundle(out, contents_of(incident, recorded[0], beside), clock.now(actor.scene))
    archive: Archive = seal_incident(actor, incident, sealed)
    return archive


@verb(zh="封存档案", en="seal incident")
def seal_incident(act: Act, incident: Incident, sealed: Sealed) -> Archive:
    """Keep where an incident is sealed. The entry stands in the site stream, beside the heads recorded for it. Use `seal`."""
    act.use("site")
    archive = Archive.objects.create(
        incident=incident,
        sealed_at=act.now,
        post=act.post,
        length=sealed.length,
        head=sealed.head,
        sha256=sealed.sha256,
        name=sealed.path.name,
    )
    act.note(incident=incident.number, head=sealed.head, length=sealed.length, sha256=sealed.sha256)
    return archive


@verb(zh="结束跟踪", en="end watch")
def end_watch(act: Act, watch: Watch) -> Watch:
    """End the watch and destroy the incident's key: from now on nothing leads from its voices to a handle."""
    if not watch.is_open:
        raise refuse("跟踪已结束", "the watch has ended", code="ended")
    if act.post not in ("system", watch.incident.opened_by, watch.post):
        _may_end(act, watch.incident)
    watch.ended_at = act.now
    watch.save()
    destroy_key(act, watch.incident)
    act.note(incident=watch.incident.number)
    act.after(partial(scrub_traces, IncidentKey._meta.db_table))
    return watch


def _may_end(act: Act, incident: Incident) -> None:
    """Who may settle and close: posts the plan names for it, those with the authority, and the owner of the step."""
    plan = incident.plan
    named = _enders(plan) | {step.owner for step in plan.steps if step.act == act.verb}
    if named and act.post not in named:
        raise refuse("这个岗位无权结束响应", "this post may not end the response", code="authority")


def _may_override(act: Act, incident: Incident) -> None:
    """Owning the step of the plan lets one close what is dealt with, no more."""
    named = _enders(incident.plan)
    if named and act.post not in named:
        raise refuse(
            "仍有未了事项，只有预案指明可结束响应的岗位能写明理由结束", "something is open: only a post the plan lets end it may override",
            code="override",
        )  # fmt: skip


def _enders(plan: Plan) -> set[str]:
    """Posts that the plan lets end the response."""
    return {*(plan.ending.by if plan.ending else ()), *(post.id for post in plan.posts if post.authority.close)}
