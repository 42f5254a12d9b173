"""Signing an edition by the plan's own route: sent to its signers, signed stage by stage, returned; the last yes puts it
in force. The rules are those of every other paper (`engine.plan.route`), the rows of the same make.
"""

from shudao.base.refusal import Refused, refuse
from shudao.engine.plan.model import Plan, Route
from shudao.engine.plan.route import REFUSALS, Hand, seats_of, spared, waiting, why_not
from shudao.engine.words import Words
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.plan.actions.editions import check_signable, put_in_force, refuse_frozen
from shudao.plan.models import Edition, PlanSignature
from shudao.plan.queries import round_of, sign_route_of, signatures_of, signers_of, waiting_for

State = PlanSignature.State


@verb(zh="预案送审", en="submit plan")
def submit_plan(act: Act, edition: Edition) -> Edition:
    """Send a draft to those who sign it. Refused while it has errors, when it is under way, and where the plan names no
    route for itself (then it is signed at once)."""
    refuse_frozen(edition)
    route = _route(edition.plan)
    check_signable(act, edition)
    edition.state, edition.submitted_at = "review", act.now
    edition.submitted_by, edition.submitter = act.post, act.actor.name
    edition.save()
    number = round_of(edition) + 1
    PlanSignature.objects.bulk_create(
        PlanSignature(
            edition=edition, round=number, stage=seat.stage, post=seat.post, need=seat.need, within=seat.within,
            are_deputies_ok=seat.deputies_ok, may_return=seat.may_return,
        )
        for seat in seats_of(route)
    )  # fmt: skip
    _send_on(act, edition)
    act.note(plan=edition.code, edition=edition.version, digest=edition.digest, route=route.id)
    return edition


@verb(zh="审签预案", en="approve plan")
def approve_plan(act: Act, edition: Edition, *, stage: int | None = None) -> PlanSignature:
    """Say yes at the stage that waits; the last yes puts the edition in force. Refused for another stage, a post that is
    not the stage's, whoever sent it, and a person who signed another stage."""
    row = _row_for(act, edition, stage)
    row.state, row.by, row.signer, row.at = State.APPROVED, act.post, act.actor.name, act.now
    row.save()
    for other in spared(signatures_of(edition), row):
        PlanSignature.objects.filter(pk=other.pk).update(state=State.SPARED)
    final = not _send_on(act, edition)
    act.note(plan=edition.code, edition=edition.version, stage=row.stage, post=act.post, final=final)
    if final:
        put_in_force(act, edition)
        act.also("sign_plan", plan=edition.code, edition=edition.version, digest=edition.digest)
    return row


@verb(zh="退回预案", en="return plan")
def return_plan(act: Act, edition: Edition, *, reason: str, stage: int | None = None) -> PlanSignature:
    """Send the edition back to be changed; it is a draft again. Refused without a reason, and as for a yes."""
    if not reason.strip():
        raise refuse("请写明退回理由", "give a reason", code="reason")
    row = _row_for(act, edition, stage)
    if not row.may_return:
        raise Refused(REFUSALS["stage"], code="stage")
    row.state, row.by, row.signer, row.at, row.reason = State.RETURNED, act.post, act.actor.name, act.now, reason
    row.save()
    edition.state = "draft"
    edition.save(update_fields=["state"])
    act.note(plan=edition.code, edition=edition.version, stage=row.stage, reason=Erasable(reason))
    _message(act, edition, edition.submitted_by, "被退回, 请修改", "was returned; please change it")
    return row


@verb(zh="预案审签超时", en="tell plan late")
def tell_plan_late(act: Act, row: PlanSignature) -> PlanSignature:
    """A signature is overdue: its deputies, and whoever sent the edition, are told once."""
    if row.state != State.WAITING or row.late_told_at or not row.is_late(act.now):
        raise refuse("没有超时或已经提醒", "it is not late, or was told", code="state")
    row.late_told_at = act.now
    row.save(update_fields=["late_told_at"])
    edition = row.edition
    act.note(plan=edition.code, edition=edition.version, stage=row.stage, post=row.post)
    for post in dict.fromkeys((*signers_of(row), edition.submitted_by)):
        if post:
            _message(act, edition, post, "审签超时", "is late to be signed")
    return row


def _route(plan: Plan) -> Route:
    route = sign_route_of(plan)
    if route is None:
        raise refuse(
            "预案没有写明自身的审签路线，可直接签发", "the plan names no route for itself; sign it", code="route"
        )
    return route


def _send_on(act: Act, edition: Edition) -> bool:
    rows = waiting(signatures_of(edition))
    for row in rows:
        if row.since is None:
            row.since = act.now
            row.save(update_fields=["since"])
            _message(act, edition, row.post, "等待审签", "waits for your approval")
    return bool(rows)


def _row_for(act: Act, edition: Edition, stage: int | None) -> PlanSignature:
    """The waiting row that this post may sign."""
    edition.refresh_from_db()
    rows = [row for row in waiting_for(edition) if stage is None or row.stage == stage]
    if not rows:
        raise refuse("这个环节不在等待审签", "that stage waits for no signature", code="state")
    plan, route = edition.plan, _route(edition.plan)
    hand = Hand(post=act.post, actor=act.post, person=act.actor.name)
    drafters = {edition.submitted_by, f"name:{edition.submitter}"}
    before = [one for one in signatures_of(edition) if one.stage != rows[0].stage]
    found = [(row, why_not(plan, route, before, hand, signers=signers_of(row), drafters=drafters)) for row in rows]
    for row, why in found:
        if not why:
            return row
    code = next((why for _, why in found if why != "not_yours"), "not_yours")
    raise Refused(REFUSALS[code], code=code)


def _message(act: Act, edition: Edition, post: str, zh: str, en: str) -> None:
    said = Words(f"预案“{edition.title}”{edition.version} {zh}", f"the plan “{edition.title}” {edition.version} {en}")
    put_message(act, post, said.say(edition.language), kind="approval", matter=f"plan/{edition.pk}")
