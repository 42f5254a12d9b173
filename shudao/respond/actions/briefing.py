"""Written reports: prepared beforehand (queries/papers.py), signed by the plan's route, kept and recorded as sent here.

The report is written by the record itself, so no post drafts it: whoever sends it signs with that the first stage, where
the stage is his. What other stages the route has are waited for; the last yes sends it.
"""

from shudao.base.refusal import refuse
from shudao.engine.plan.model import Plan, Route
from shudao.engine.plan.route import signers_of as may_sign
from shudao.engine.respond import events as ev
from shudao.ledger.verbs import Act, Actor, Erasable, verb
from shudao.respond.actions.drive import drive, lock, need_post_of_plan
from shudao.respond.actions.signing import Signing, lay_out, of_document, send_back, send_on, sign
from shudao.respond.models import ApprovalStep, Document, Incident
from shudao.respond.queries.papers import Prepared


def report(actor: Actor | Act, incident: Incident, *, paper: Prepared) -> Document:
    """Send a prepared report, or where others must sign it first send it to them: one of the two verbs below."""
    call = send_briefing if _may_send(incident.plan, paper.kind, actor.post) else draft_briefing
    document: Document = call(actor, incident, paper=paper)
    return document


@verb(zh="报送专报", en="send briefing")
def send_briefing(act: Act, incident: Incident, *, paper: Prepared) -> Document:
    """Record a prepared report as sent to the superior unit. The paper was made before, outside the write, and prints
    the head of the stream at that moment. Refused when it was prepared for another incident, and where the plan wants
    it signed by somebody else (then `draft_briefing`)."""
    row = lock(act, incident)
    if not _may_send(row.plan, paper.kind, act.post):
        raise refuse("预案要求这份报告先经审签", "the plan wants this report signed first", code="unsigned")
    document = _keep(act, row, paper)
    if document.route:
        signing = of_document(document)
        lay_out(signing)
        send_on(act, signing)
        sign(act, signing, stage=None)
    _went_out(act, document)
    act.note(**_told(document))
    drive(act, incident, ev.Acted, act=f"send_briefing:{paper.kind}", post=act.post, happened_at=act.happened_at)
    return document


@verb(zh="专报送审", en="draft briefing")
def draft_briefing(act: Act, incident: Incident, *, paper: Prepared) -> Document:
    """Send a prepared report into the plan's route; the last yes sends it. Refused where the plan has no route for it,
    and while one of its kind is under approval."""
    row = lock(act, incident)
    if _route(row.plan, paper.kind) is None:
        raise refuse("预案没有这类报告的审签路线", "the plan has no approval route for this", code="route")
    if Document.objects.filter(incident=row, kind=paper.kind, state=Document.State.WAITING).exists():
        raise refuse("同类报告正在审签", "a report of that kind is under approval", code="state")
    document = _keep(act, row, paper)
    signing = of_document(document)
    lay_out(signing)
    send_on(act, signing)
    first = _signs_first(row.plan, paper.kind, act.post)
    if first:
        sign(act, signing, stage=None)
        send_on(act, signing)
    act.note(document=document.name, kind=paper.kind, sha256=paper.sha256, signed=first)
    return document


@verb(zh="审签专报", en="approve briefing")
def approve_briefing(
    act: Act, document: Document, *, stage: int | None = None, oral_of: str = "", told: str = ""
) -> ApprovalStep:
    """Say yes at the stage that waits; the last yes sends the report. Refused as for a statement."""
    signing = _under_way(act, document)
    step = sign(act, signing, stage=stage, oral_of=oral_of)
    final = not send_on(act, signing)
    by_phone = {"told": Erasable(told)} if told else {}
    act.note(document=document.name, stage=step.stage, post=step.by, final=final, **by_phone)
    if final:
        _went_out(act, document)
        act.also("send_briefing", happened_at=act.happened_at, **_told(document))
        done = f"send_briefing:{document.kind}"
        drive(act, document.incident, ev.Acted, act=done, post=step.by, happened_at=act.happened_at)
    return step


@verb(zh="退回专报", en="return briefing")
def return_briefing(act: Act, document: Document, *, reason: str, stage: int | None = None) -> ApprovalStep:
    """Send a report back with a reason; it is written anew. Refused without a reason, and as for a statement."""
    if not reason.strip():
        raise refuse("请写明退回理由", "give a reason", code="reason")
    step = send_back(act, _under_way(act, document), stage=stage, reason=reason)
    document.state = Document.State.RETURNED
    document.save(update_fields=["state"])
    act.note(document=document.name, stage=step.stage, reason=Erasable(reason))
    return step


def _route(plan: Plan, kind: str) -> Route | None:
    """The route of the plan's paper of that kind; None where it asks for no signature."""
    paper = next((row for row in plan.documents if row.kind == kind and row.route), None)
    route = next((row for row in plan.routes if paper and row.id == paper.route), None)
    return route if route and route.stages else None


def _signs_first(plan: Plan, kind: str, post: str) -> bool:
    """The sender is one who signs the first stage: sending is his signature."""
    route = _route(plan, kind)
    stage = route.stages[0] if route else None
    return bool(
        stage and any(post in may_sign(plan, code, deputies_ok=stage.deputies_ok) for code in stage.posts)
    )  # fmt: skip


def _may_send(plan: Plan, kind: str, post: str) -> bool:
    """No signature is wanted, or the sender's is the only one."""
    route = _route(plan, kind)
    if route is None:
        return True
    alone = len(route.stages) == 1 and (len(route.stages[0].posts) == 1 or route.stages[0].need == "any")
    return alone and _signs_first(plan, kind, post)


def _keep(act: Act, row: Incident, paper: Prepared) -> Document:
    need_post_of_plan(act, row)
    if paper.incident != row.number:
        raise refuse("文书不属于这个事件", "the paper belongs to another incident", code="paper")
    count = Document.objects.filter(incident=row, kind=paper.kind).count() + 1
    route = _route(row.plan, paper.kind)
    return Document.objects.create(
        incident=row, kind=paper.kind, name=f"{row.number}-{paper.kind}-{count}.docx", title=paper.title, to=paper.to,
        content=paper.content, sha256=paper.sha256, head=paper.head, length=paper.length, post=act.post, at=act.moment,
        author=act.actor.name, route=route.id if route else "", state=Document.State.WAITING,
    )  # fmt: skip


def _went_out(act: Act, document: Document) -> None:
    document.state, document.at = Document.State.SENT, act.moment
    document.save(update_fields=["state", "at"])


def _told(document: Document) -> dict[str, str]:
    return {"document": document.name, "kind": document.kind, "to": document.to, "sha256": document.sha256}


def _under_way(act: Act, document: Document) -> Signing:
    document.incident = lock(act, document.incident)
    document.refresh_from_db(fields=["state"])
    if document.state != Document.State.WAITING:
        raise refuse("这份报告不在等待审签", "that report waits for no signature", code="state")
    return of_document(document)
