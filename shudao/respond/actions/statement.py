"""Statements: drafted into their approval route (approval.py), and published when the last stage has said yes."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from shudao.base.refusal import refuse
from shudao.engine.plan.model import Document
from shudao.engine.respond import events as ev
from shudao.engine.respond.state import OPEN, RunState
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.respond.actions.approval import begin_route
from shudao.respond.actions.drive import drive, lock, need_post_of_plan
from shudao.respond.actions.figures import plain_figures
from shudao.respond.actions.numbering import next_code
from shudao.respond.models import Incident, PublicationRecord, Statement, StatementVersion
from shudao.respond.queries import speaker_of, speakers_of

CHECKLIST = ("known", "not_known", "doing", "next_update_at", "contact", "empathy")
"""What a whole statement says; each is a mark, whether it does."""


@verb(zh="起草声明", en="draft statement")
def draft_statement(
    act: Act,
    incident: Incident,
    *,
    text: str = "",
    kind: str = "",
    checklist: Mapping[str, bool] | None = None,
    figures: Mapping[str, int | float | str] | None = None,
    next_update_at: datetime | None = None,
    statement: Statement | None = None,
    step: str | None = None,
) -> Statement:
    """Draft a statement, or a new version of a returned one, and send it into its approval route.

    `kind` chooses the plan's document and with it the route; without one, what the open drafting step puts out.
    Refused when the plan has no route for it, or when a version is under approval or approved.
    """
    row = lock(act, incident)
    need_post_of_plan(act, row)
    if statement is None:
        statement = _new_statement(act, row, kind, step)
    elif statement.incident_id != row.pk or statement.state != Statement.State.RETURNED:
        raise refuse(
            "只能改写本事件被退回的声明", "only a returned statement of this incident is redrafted", code="state"
        )
    marks = {name: bool((checklist or {}).get(name)) for name in CHECKLIST}
    version = StatementVersion.objects.create(
        statement=statement, number=statement.versions.count() + 1, text=text, checklist=marks,
        figures=plain_figures(figures or {}), next_update_at=next_update_at, post=act.post, author=act.actor.name,
        at=act.now,
    )  # fmt: skip
    statement.state = Statement.State.WAITING
    statement.save(update_fields=["state"])
    promise = {"next_update_at": next_update_at} if next_update_at else {}
    act.note(
        statement=statement.code, kind=statement.kind, checklist=marks, figures=version.figures, text=Erasable(text),
        **promise,
    )  # fmt: skip
    begin_route(act, statement, version)
    _drafted(act, incident, statement, step, before=row.state)
    return statement


def _new_statement(act: Act, incident: Incident, kind: str, step: str | None) -> Statement:
    document = _document_for(incident, kind, step)
    routes = {route.id: route for route in incident.plan.routes}
    route = routes.get(document.route or "") if document else next(iter(routes.values()), None)
    if route is None or not route.stages:
        raise refuse("预案没有这类文书的审签路线", "the plan has no approval route for this", code="route")
    return Statement.objects.create(
        incident=incident, code=next_code(incident, Statement, "S"), document=document.id if document else "",
        kind=document.kind if document else kind or "statement", route=route.id, made_at=act.now,
    )  # fmt: skip


def _document_for(incident: Incident, kind: str, step: str | None) -> Document | None:
    """The plan's document of that kind; without a kind, the output of the drafting step that is open."""
    plan = incident.plan
    if kind:
        return next((row for row in plan.documents if kind in (row.kind, row.id)), None)
    outputs = [name for drafting in _drafting_steps(incident, step) for name in plan.step(drafting).outputs]
    return next((row for name in outputs for row in plan.documents if row.id == name and row.route), None)


def _drafting_steps(incident: Incident, step: str | None) -> list[str]:
    steps = [row for row in incident.plan.steps if (row.act or "").partition(":")[0] == "draft_statement"]
    state = incident.state
    open_ones = [row.id for row in steps if state.run(row.id).status in OPEN]
    return [step] if step else open_ones or [row.id for row in steps if state.run(row.id).status == "pending"][:1]


def _drafted(act: Act, incident: Incident, statement: Statement, step: str | None, *, before: RunState) -> None:
    """The draft completes its step; the statement remembers which, to go back there when it is returned."""
    drive(
        act, incident, ev.Acted, act=f"draft_statement:{statement.kind}", post=act.post, step=statement.step or step,
        happened_at=act.happened_at,
    )  # fmt: skip
    done = [run.step for run in incident.state.steps if run.status == "done" and before.run(run.step).status != "done"]
    acts = {row.id: row.act or "" for row in incident.plan.steps}
    drafted = [name for name in done if acts[name].partition(":")[0] == "draft_statement"]
    if drafted and not statement.step:
        statement.step = drafted[0]
        statement.save(update_fields=["step"])


@verb(zh="发布声明", en="publish statement")
def publish_statement(act: Act, statement: Statement, *, channel: str) -> PublicationRecord:
    """Record that the approved words were put out on one of the organisation's own public channels.

    Refused before the last yes, by a post without the authority, on a channel that is not public, and twice on one.
    """
    incident = lock(act, statement.incident)
    statement.refresh_from_db()
    _may_publish(incident, statement, act.post, channel)
    version = statement.latest
    if version.publications.filter(channel=channel).exists():
        raise refuse("这一稿已在该渠道发布", "this version is out on that channel already", code="twice")
    digest = hashlib.sha256(version.text.encode()).hexdigest()
    record = PublicationRecord.objects.create(
        version=version, channel=channel, digest=digest, post=act.post, at=act.moment
    )
    statement.state = Statement.State.PUBLISHED
    statement.save(update_fields=["state"])
    act.note(statement=statement.code, channel=channel, digest=digest)
    drive(
        act, statement.incident, ev.Acted, act=f"publish_statement:{statement.kind}", post=act.post,
        happened_at=act.happened_at,
    )  # fmt: skip
    return record


def _may_publish(incident: Incident, statement: Statement, post: str, channel: str) -> None:
    if statement.state not in (Statement.State.APPROVED, Statement.State.PUBLISHED):
        raise refuse("声明尚未签批, 不能发布", "the statement is not approved", code="unapproved")
    if post not in speakers_of(incident.plan, speaker_of(incident)):
        if incident.plan.spokesperson:
            raise refuse(
                "只能由本事件的新闻发言人或其副岗发布", "only the spokesperson of this incident or a deputy may publish", code="authority"
            )  # fmt: skip
        raise refuse("这个岗位无权发布", "this post may not publish", code="authority")
    if not any(row.id == channel and row.public for row in incident.plan.channels):
        raise refuse(f"“{channel}” 不是预案里的公开渠道", f"{channel} is no public channel of the plan", code="channel")
