"""Approvals by the plan's route: one stage after the other, each by its post or deputy; never by the drafter.

An urgent route takes a yes by telephone: another post records it, and the signing post writes it up within its limit.
"""

from datetime import timedelta

from shudao.base.refusal import refuse
from shudao.engine.plan.model import Route
from shudao.engine.respond import events as ev
from shudao.engine.respond.state import OPEN
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.respond.actions.drive import drive, lock
from shudao.respond.actions.orders import cancel_deadline, set_deadline
from shudao.respond.models import ApprovalStep, Incident, Statement, StatementVersion
from shudao.respond.queries import signers_of, waiting_approval


def begin_route(act: Act, statement: Statement, version: StatementVersion) -> None:
    """Lay out the stages of a version's route and send it to the first. Part of `draft_statement`."""
    route = _route(statement)
    ApprovalStep.objects.bulk_create(
        ApprovalStep(
            version=version, stage=number, post=stage.post, within=stage.within, are_deputies_ok=stage.deputies_ok,
            may_return=stage.may_return,
        )
        for number, stage in enumerate(route.stages, 1)
    )  # fmt: skip
    _send_on(act, statement, version)


@verb(zh="审签声明", en="approve statement")
def approve_statement(act: Act, statement: Statement, *, stage: int | None = None, oral_of: str = "") -> ApprovalStep:
    """Say yes at the stage that waits. `oral_of`: the post that said so by telephone, recorded by another.

    Refused for another stage than the waiting one, a post that is not the stage's, the drafter, and an oral yes where
    the route has no urgent path.
    """
    step = _waiting(act, statement, stage)
    signer = oral_of or act.post
    _may_sign(act, step, signer, oral=bool(oral_of))
    step.state, step.by, step.at = ApprovalStep.State.APPROVED, signer, act.moment
    step.signer, step.is_oral = "" if oral_of else act.actor.name, bool(oral_of)
    if oral_of:
        urgent = _route(statement).urgent
        step.written_by_at = act.now + timedelta(minutes=urgent.written_within if urgent else 0)
    step.save()
    cancel_deadline(statement.incident, _key(step), act.now)
    final = not _send_on(act, statement, step.version)
    act.note(statement=statement.code, stage=step.stage, post=signer, final=final)
    _tell_approved(act, statement, signer, final)
    return step


@verb(zh="退回声明", en="return statement")
def return_statement(act: Act, statement: Statement, *, reason: str, stage: int | None = None) -> ApprovalStep:
    """Send the version back with a reason; its drafting step opens again. Refused without a reason, where the route
    does not let the stage return, and by a post that is not the stage's."""
    if not reason.strip():
        raise refuse("请写明退回理由", "give a reason", code="reason")
    step = _waiting(act, statement, stage)
    _may_sign(act, step, act.post, oral=False)
    if not step.may_return:
        raise refuse("这个环节不能退回", "this stage may not return it", code="stage")
    step.state, step.by, step.at, step.reason = ApprovalStep.State.RETURNED, act.post, act.moment, reason
    step.save()
    cancel_deadline(statement.incident, _key(step), act.now)
    statement.state = Statement.State.RETURNED
    statement.save(update_fields=["state"])
    act.note(statement=statement.code, stage=step.stage, reason=Erasable(reason))
    _message(act, statement, step.version.post, "被退回, 请修改", "was returned; please redraft")
    if statement.step:
        drive(act, statement.incident, ev.Returned, step=statement.step, post=act.post, reason=reason)
    return step


@verb(zh="补签口头审批", en="confirm oral approval")
def confirm_oral_approval(act: Act, step: ApprovalStep) -> ApprovalStep:
    """The post that said yes by telephone signs for it. Refused for another post, or when nothing is to be written up."""
    lock(act, step.version.statement.incident)
    step.refresh_from_db()
    act.use(step.version.statement.stream)
    if not step.is_oral or step.written_at:
        raise refuse("没有待补签的口头审批", "no oral approval waits to be written up", code="state")
    if act.post != step.by:
        raise refuse("只能由口头同意的岗位补签", "only the post that said yes may sign for it", code="not_yours")
    step.written_at, step.signer = act.now, act.actor.name
    step.save()
    act.note(statement=step.version.statement.code, stage=step.stage, post=act.post)
    return step


def _waiting(act: Act, statement: Statement, stage: int | None) -> ApprovalStep:
    """The stage that waits, the incident locked."""
    statement.incident = lock(act, statement.incident)
    statement.refresh_from_db(fields=["state", "step"])
    step = waiting_approval(statement)
    if step is None or (stage is not None and stage != step.stage):
        raise refuse("这个环节不在等待审签", "that stage waits for no signature", code="state")
    return step


def _may_sign(act: Act, step: ApprovalStep, signer: str, *, oral: bool) -> None:
    if signer not in signers_of(step):
        raise refuse("这个环节不由该岗位审签", "that stage is not signed by this post", code="not_yours")
    drafter = {step.version.post, f"name:{step.version.author}" if step.version.author else ""} - {""}
    if drafter & {signer, act.post, f"name:{act.actor.name}"}:
        raise refuse("起草人不得审签自己的稿子", "a drafter does not approve his own draft", code="separation")
    if not oral:
        return
    urgent = _route(step.version.statement).urgent
    if urgent is None or not urgent.oral_ok:
        raise refuse("这条路线不接受口头审签", "this route takes no oral approval", code="oral")


def _send_on(act: Act, statement: Statement, version: StatementVersion) -> bool:
    """Send the version to its next stage; False when there is none and the statement is approved."""
    step = version.approvals.filter(state=ApprovalStep.State.WAITING).first()
    if step is None:
        statement.state = Statement.State.APPROVED
        statement.save(update_fields=["state"])
        return False
    step.since = act.now
    step.save(update_fields=["since"])
    if step.within is not None:
        set_deadline(statement.incident, _key(step), act.now + timedelta(minutes=step.within))
    _message(act, statement, step.post, "等待审签", "waits for your approval")
    return True


def _tell_approved(act: Act, statement: Statement, signer: str, final: bool) -> None:
    """The last yes completes the approving step; an earlier one shows that the step is in hand."""
    incident = statement.incident
    if final:
        drive(
            act, incident, ev.Acted, act=f"approve_statement:{statement.kind}", post=signer,
            happened_at=act.happened_at,
        )  # fmt: skip
    elif step := _approving_step(incident, statement):
        drive(act, incident, ev.Started, step=step, post=signer)


def _approving_step(incident: Incident, statement: Statement) -> str | None:
    """The open step that waits for this approval: the one behind the statement's drafting step, else the first."""
    state = incident.state
    steps = [row for row in incident.plan.steps if (row.act or "").partition(":")[0] == "approve_statement"]
    open_ones = [row for row in steps if state.run(row.id).status in OPEN]
    behind = [row.id for row in open_ones if statement.step and statement.step in (*row.after, *row.after_any)]
    return next(iter([*behind, *(row.id for row in open_ones)]), None)


def _message(act: Act, statement: Statement, post: str, zh: str, en: str) -> None:
    incident = statement.incident
    chinese = incident.plan.language == "zh"
    text = (
        f"【{incident.number}】声明 {statement.code} {zh}" if chinese
        else f"[{incident.number}] statement {statement.code} {en}"
    )  # fmt: skip
    matter = f"{incident.number}/{statement.code}"
    put_message(act, post, text, kind="approval", matter=matter, colour=incident.level_colour)


def _route(statement: Statement) -> Route:
    return statement.incident.plan.route(statement.route)


def _key(step: ApprovalStep) -> str:
    return f"stage:{step.version.statement.code}:{step.version.number}:{step.stage}"
