"""A yes by telephone that was never given: the post says so, and what waits on it waits again."""

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.respond.actions.drive import lock
from shudao.respond.actions.orders import Desk, cancel_deadline, raise_alarm
from shudao.respond.actions.signing import signing_of, written_key
from shudao.respond.models import ApprovalStep, Document, Statement


@verb(zh="否认口头审批", en="dispute oral approval")
def dispute_oral_approval(act: Act, step: ApprovalStep, *, reason: str) -> ApprovalStep:
    """The post says that it gave no such yes: its stage asks for a signature again, and an alarm is raised.

    What has gone out stays out; then the alarm alone tells. Refused without a reason, for another post, and when the yes
    was written up.
    """
    if not reason.strip():
        raise refuse("请写明哪里不符", "say what was not so", code="reason")
    incident = lock(act, step.incident)
    step = ApprovalStep.objects.select_related("version__statement__incident", "document__incident").get(pk=step.pk)
    if not step.is_oral or step.written_at:
        raise refuse("没有待补签的口头审批", "no oral approval waits to be written up", code="state")
    if act.post != step.by:
        raise refuse(
            "只能由口头同意的岗位提出", "only the post that is said to have said yes may dispute it", code="not_yours"
        )
    signing = signing_of(step)
    about = {"document": step.document.name} if step.document else {"statement": signing.matter}
    reopened = _reopen(step)
    cancel_deadline(incident, written_key(signing, step), act.now)
    if reopened:
        step.state, step.since = ApprovalStep.State.WAITING, act.now
        step.by, step.at, step.is_oral, step.written_by_at = "", None, False, None
        step.save()
    act.note(**about, stage=step.stage, post=act.post, reopened=reopened, reason=Erasable(reason))
    raise_alarm(Desk(act, incident, own=("", "")), "oral_disputed", f"{signing.matter}/{step.stage}", act.post)
    return step


def _reopen(step: ApprovalStep) -> bool:
    """Let the paper wait for the signature again; False when it has gone out."""
    if step.document:
        return step.document.state == Document.State.WAITING
    if step.version is None:
        return False
    statement = step.version.statement
    if statement.state == Statement.State.APPROVED:
        statement.state = Statement.State.WAITING
        statement.save(update_fields=["state"])
    return statement.state == Statement.State.WAITING
