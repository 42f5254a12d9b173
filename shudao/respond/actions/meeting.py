"""Meetings."""

from collections.abc import Iterable

from shudao.base.refusal import refuse
from shudao.engine.respond import events as ev
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.respond.actions.drive import drive, lock
from shudao.respond.models import Incident, Meeting


@verb(zh="召开会商", en="hold meeting")
def hold_meeting(act: Act, incident: Incident, *, decision: str = "", present: Iterable[str] = ()) -> Meeting:
    """Record a meeting: who was there, what was decided. Refused for a post the plan does not know."""
    row = lock(act, incident)
    present = list(dict.fromkeys([act.post, *present]))
    unknown = set(present) - {post.id for post in row.plan.posts}
    if unknown:
        raise refuse(f"预案没有岗位 {min(unknown)}", f"the plan has no post {min(unknown)}", code="post")
    meeting = Meeting.objects.create(incident=row, present=present, decision=decision, post=act.post, at=act.moment)
    act.note(decision=Erasable(decision), present=present)
    drive(act, incident, ev.Acted, act="hold_meeting", post=act.post, happened_at=act.happened_at)
    return meeting
