"""Approvals of statements by the plan's route; the route itself is walked by signing.py, as for every other paper."""

from shudao.base.refusal import refuse
from shudao.engine.respond import events as ev
from shudao.engine.respond.state import OPEN
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.respond.actions.drive import drive, lock
from shudao.respond.actions.signing import Signing, lay_out, of_version, send_back, send_on, sign, signing_of, write_up
from shudao.respond.models import ApprovalStep, Incident, Statement, StatementVersion


def begin_route(act: Act, statement: Statement, version: StatementVersion) -> None:
    """Lay out the stages of a version's route and send it to the first. Part of `draft_statement`."""
    signing = of_version(version)
    lay_out(signing)
    send_on(act, signing)


@verb(zh="审签声明", en="approve statement")
def approve_statement(
    act: Act, statement: Statement, *, stage: int | None = None, oral_of: str = "", told: str = ""
) -> ApprovalStep:
    """Say yes at the stage that waits. `oral_of`: the post that said so by telephone, recorded by another; `told`: who told whom.

    Refused for another stage than the waiting one, a post that is not the stage's, the drafter, a person who signed
    another stage, and an oral yes where the route has no urgent path.
    """
    signing = _under_way(act, statement)
    step = sign(act, signing, stage=stage, oral_of=oral_of)
    final = not send_on(act, signing)
    if final:
        statement.state = Statement.State.APPROVED
        statement.save(update_fields=["state"])
    by_phone = {"told": Erasable(told)} if told else {}
    act.note(statement=statement.code, stage=step.stage, post=step.by, final=final, **by_phone)
    _tell_approved(act, statement, step.by, final)
    return step


@verb(zh="退回声明", en="return statement")
def return_statement(act: Act, statement: Statement, *, reason: str, stage: int | None = None) -> ApprovalStep:
    """Send the version back with a reason; its drafting step opens again. Refused without a reason, where the route
    does not let the stage return, and by a post that is not the stage's."""
    if not reason.strip():
        raise refuse("请写明退回理由", "give a reason", code="reason")
    step = send_back(act, _under_way(act, statement), stage=stage, reason=reason)
    statement.state = Statement.State.RETURNED
    statement.save(update_fields=["state"])
    act.note(statement=statement.code, stage=step.stage, reason=Erasable(reason))
    if statement.step:
        drive(act, statement.incident, ev.Returned, step=statement.step, post=act.post, reason=reason)
    return step


@verb(zh="补签口头审批", en="confirm oral approval")
def confirm_oral_approval(act: Act, step: ApprovalStep) -> ApprovalStep:
    """The post that said yes by telephone signs for it. Refused for another post, or when nothing is to be written up."""
    lock(act, step.incident)
    step.refresh_from_db()
    if not step.is_oral or step.written_at:
        raise refuse("没有待补签的口头审批", "no oral approval waits to be written up", code="state")
    if act.post != step.by:
        raise refuse("只能由口头同意的岗位补签", "only the post that said yes may sign for it", code="not_yours")
    signing = signing_of(step)
    write_up(act, step, signing)
    about = {"document": step.document.name} if step.document else {"statement": signing.matter}
    act.note(**about, stage=step.stage, post=act.post)
    return step


def _under_way(act: Act, statement: Statement) -> Signing:
    """The signing of the statement's last version, the incident locked. Refused when it waits for no signature."""
    statement.incident = lock(act, statement.incident)
    statement.refresh_from_db(fields=["state", "step"])
    if statement.state != Statement.State.WAITING:
        raise refuse("这个环节不在等待审签", "that stage waits for no signature", code="state")
    version = statement.latest
    version.statement = statement
    return of_version(version)


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
