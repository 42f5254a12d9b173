"""Meetings: called with an agenda, joined, held, their minutes written."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shudao.base.refusal import refuse
from shudao.engine.respond import events as ev
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.respond.actions.drive import drive, lock
from shudao.respond.actions.given import add_task
from shudao.respond.actions.numbering import next_code
from shudao.respond.models import Document, Incident, Meeting
from shudao.respond.queries.papers import Prepared

RULING = ("question", "options", "choice", "reason")
MOST_RULINGS = 20


@verb(zh="召集会商", en="call meeting")
def call_meeting(
    act: Act,
    incident: Incident,
    *,
    posts: Iterable[str],
    starts_at: datetime | None = None,
    place: str = "",
    agenda: Iterable[str] = (),
    least: int | None = None,
) -> Meeting:
    """Call posts to a meeting, now unless a time is given. `least` of them make it one: more than half unless given.

    Refused with nobody called, for unknown posts, and for a number that those called can never reach.
    """
    row = lock(act, incident)
    called = list(dict.fromkeys([act.post, *posts]))
    _need_posts(row, called)
    if len(called) < 2:
        raise refuse("请选择参加的岗位", "choose whom to call", code="post")
    if least is not None and not 1 <= least <= len(called):
        raise refuse(
            "到会人数应在 1 与通知人数之间", "the least number must be one that those called can reach", code="quorum"
        )
    points = [point.strip() for point in agenda if point.strip()][:MOST_RULINGS]
    meeting = Meeting.objects.create(
        incident=row, code=next_code(row, Meeting, "M"), called=called, agenda=points, place=place, post=act.post,
        called_at=act.now, starts_at=starts_at or act.now, at=starts_at or act.now, joined=[act.post], least=least,
    )  # fmt: skip
    told = Erasable("\n".join(points)) if points else ""
    act.note(meeting=meeting.code, posts=called, starts_at=meeting.starts_at, agenda=told, least=meeting.quorum)
    for post in called[1:]:
        _call(act, row, meeting, post)
    return meeting


def _call(act: Act, incident: Incident, meeting: Meeting, post: str) -> None:
    place = f"（{meeting.place}）" if meeting.place else ""
    text = (
        f"【{incident.number}】{incident.title}：请参加会商{place}" if incident.plan.language == "zh"
        else f"[{incident.number}] {incident.title}: please join the meeting {meeting.place}".strip()
    )  # fmt: skip
    put_message(act, post, text, kind="meeting", matter=f"{incident.number}/{meeting.code}")


@verb(zh="到会", en="join meeting")
def join_meeting(act: Act, meeting: Meeting) -> Meeting:
    """Say that one is there. Refused when not called, there already, or after the meeting was held."""
    meeting = _fresh(act, meeting)
    if act.post not in meeting.called:
        raise refuse("没有通知这个岗位", "this post was not called", code="not_yours")
    if meeting.is_held or act.post in meeting.joined:
        raise refuse("已经到会，或会商已经开过", "you are there already, or it is over", code="state")
    meeting.joined = [*meeting.joined, act.post]
    meeting.save(update_fields=["joined"])
    act.note(meeting=meeting.code, post=act.post, quorum=meeting.is_quorate)
    return meeting


@verb(zh="召开会商", en="hold meeting")
def hold_meeting(
    act: Act,
    incident: Incident,
    *,
    decision: str = "",
    present: Iterable[str] = (),
    meeting: Meeting | None = None,
    rulings: Iterable[Mapping[str, Any]] = (),
    short_reason: str = "",
) -> Meeting:
    """Record a meeting: who was there, what was decided, each question with options, choice and reason. What a ruling
    gives a post to do, until when, becomes that post's task.

    `meeting`: one that was called before. Refused for a post the plan does not know, when it was held already, and with
    fewer there than it needs, unless `short_reason` says why it was held all the same.
    """
    row = lock(act, incident)
    present = list(dict.fromkeys([act.post, *present]))
    _need_posts(row, present)
    found = _fresh(act, meeting) if meeting else None
    if found and (found.incident_id != row.pk or found.is_held):
        raise refuse("这次会商已经记录", "that meeting is on record already", code="state")
    kept = [_ruling(one) for one in rulings if any(str(part or "").strip() for part in one.values())][:MOST_RULINGS]
    _need_posts(row, {one["post"] for one in kept if "post" in one})
    is_short = found is not None and bool(found.called) and len(set(present) & set(found.called)) < found.quorum
    if is_short and found and not short_reason.strip():
        raise refuse(
            f"到会不足 {found.quorum} 个岗位，不能开；确需开的，写明理由",
            f"fewer than {found.quorum} of those called are there: say why it is held all the same", code="quorum",
        )  # fmt: skip
    held = found or Meeting(incident=row, code=next_code(row, Meeting, "M"), post=act.post)
    held.present, held.decision, held.rulings = present, decision, kept
    held.at = held.held_at = act.moment
    held.short_reason = short_reason.strip() if is_short else ""
    held.save()
    extra: dict[str, Any] = {"rulings": len(kept)} if kept else {}
    if is_short:
        extra["short"] = Erasable(held.short_reason)
    act.note(decision=Erasable(_said(decision, kept)), present=present, **extra)
    drive(act, incident, ev.Acted, act="hold_meeting", post=act.post, happened_at=act.happened_at)
    _give(act, row, held, kept)
    return held


def _give(act: Act, incident: Incident, held: Meeting, rulings: list[dict[str, str]]) -> None:
    """What the meeting gave posts to do, each as a task with its own entry."""
    for one in rulings:
        if "post" in one:
            inner = act.within("add_task", act.post)
            due_at = datetime.fromisoformat(one["due_at"]) if "due_at" in one else None
            add_task(
                inner, incident, title=one["choice"][:120], post=one["post"], due_at=due_at, origin="meeting",
                source=held.code, text=one["question"], meeting=held,
            )  # fmt: skip
            act.join(inner, meeting=held.code)


@verb(zh="写成会商纪要", en="write minutes")
def write_minutes(act: Act, incident: Incident, *, paper: Prepared) -> Document:
    """Keep the minutes of a meeting. The paper was made before, outside the write. Refused for another incident's."""
    row = lock(act, incident, even_closed=True)
    if paper.incident != row.number:
        raise refuse("文书不属于这个事件", "the paper belongs to another incident", code="paper")
    count = Document.objects.filter(incident=row, kind=paper.kind).count() + 1
    document = Document.objects.create(
        incident=row, kind=paper.kind, name=f"{row.number}-{paper.kind}-{count}.docx", title=paper.title, to=paper.to,
        content=paper.content, sha256=paper.sha256, head=paper.head, length=paper.length, post=act.post, at=act.moment,
    )  # fmt: skip
    act.note(document=document.name, sha256=paper.sha256)
    return document


def _fresh(act: Act, meeting: Meeting) -> Meeting:
    incident = lock(act, meeting.incident)
    fresh = Meeting.objects.get(pk=meeting.pk)
    fresh.incident = incident
    return fresh


def _need_posts(incident: Incident, posts: Iterable[str]) -> None:
    unknown = set(posts) - {post.id for post in incident.plan.posts}
    if unknown:
        raise refuse(f"预案没有岗位 {min(unknown)}", f"the plan has no post {min(unknown)}", code="post")


def _ruling(given: Mapping[str, Any]) -> dict[str, str]:
    row = {name: str(given.get(name) or "").strip()[:2000] for name in RULING}
    if post := str(given.get("post") or "").strip():
        row["post"] = post
        row |= {"due_at": given["due_at"].isoformat()} if given.get("due_at") else {}
    if not row["question"] or not row["choice"]:
        raise refuse("每个议题要写明议题和选定的做法", "each ruling needs its question and its choice", code="ruling")
    return row


def _said(decision: str, rulings: list[dict[str, str]]) -> str:
    """All that was decided, as one text beside the entry."""
    lines = [" — ".join(part for part in (row[name] for name in RULING) if part) for row in rulings]
    return "\n".join([*([decision] if decision else []), *lines])
