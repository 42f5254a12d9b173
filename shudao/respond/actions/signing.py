"""Signing: one desk for every paper of an incident that a route of the plan must pass, statement or report.

The rows are `ApprovalStep`, the rules `engine.plan.route`. An urgent route takes a yes by telephone: another post
records it, and the signing post writes it up within its limit. What is late is an alarm, and the deputies are asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from shudao.base.refusal import Refused
from shudao.engine.plan.model import Route
from shudao.engine.plan.route import REFUSALS, Hand, seats_of, spared, urgent_minutes, waiting, why_not
from shudao.engine.words import Words
from shudao.ledger.verbs import Act
from shudao.notify.actions import put_message
from shudao.respond.actions.orders import Desk, cancel_deadline, raise_alarm, set_deadline
from shudao.respond.models import ApprovalStep, Document, Incident, StatementVersion
from shudao.respond.queries.signing import rows_of_key, signers_of

State = ApprovalStep.State


@dataclass(frozen=True)
class Signing:
    """在签文书 (signing): a paper on its route. `key` names it in deadlines, `drafters` never sign it."""

    incident: Incident
    route: Route
    paper: StatementVersion | Document
    key: str
    matter: str
    name: Words
    drafters: frozenset[str]

    @property
    def rows(self) -> list[ApprovalStep]:
        """All its rows, in order."""
        return list(self.paper.approvals.all())

    @property
    def waiting(self) -> list[ApprovalStep]:
        """Those whose yes is asked for now."""
        return waiting(self.rows)


def of_version(version: StatementVersion) -> Signing:
    """The signing of a version of a statement."""
    row = version.statement
    return Signing(
        row.incident, row.incident.plan.route(row.route), version, f"{row.code}:{version.number}", row.code,
        Words(f"声明 {row.code}", f"statement {row.code}"), _drafters(version.post, version.author),
    )  # fmt: skip


def of_document(row: Document) -> Signing:
    """The signing of a report."""
    code = row.code
    return Signing(
        row.incident, row.incident.plan.route(row.route), row, f"{code}:1", code,
        Words(f"报告“{row.title}”", f"report “{row.title}”"), frozenset(),
    )  # fmt: skip


def _drafters(post: str, author: str) -> frozenset[str]:
    return frozenset({post, *([f"name:{author}"] if author else [])})


def lay_out(signing: Signing) -> None:
    """Make the rows of the route."""
    paper = signing.paper
    about = {"document": paper} if isinstance(paper, Document) else {"version": paper}
    ApprovalStep.objects.bulk_create(
        ApprovalStep(
            stage=seat.stage, post=seat.post, need=seat.need, within=seat.within, are_deputies_ok=seat.deputies_ok,
            may_return=seat.may_return, **about,
        )
        for seat in seats_of(signing.route)
    )  # fmt: skip


def send_on(act: Act, signing: Signing) -> bool:
    """Send it to the stage that is next; False when none is, and everything is signed."""
    rows = [row for row in signing.waiting if row.since is None]
    for row in rows:
        row.since = act.now
        row.save(update_fields=["since"])
        _message(act, signing, row.post, "等待审签", "waits for your approval")
    if rows and rows[0].within is not None:
        set_deadline(signing.incident, _key("stage", signing, rows[0]), act.now + timedelta(minutes=rows[0].within))
    return bool(signing.waiting)


def sign(act: Act, signing: Signing, *, stage: int | None, oral_of: str = "") -> ApprovalStep:
    """Say yes at the stage that waits. Refused for another stage, and for a hand that may not sign."""
    row = _row_for(act, signing, stage, Hand(post=oral_of or act.post, actor=act.post, person=act.actor.name))
    row.state, row.by, row.at = State.APPROVED, oral_of or act.post, act.moment
    row.signer, row.is_oral = "" if oral_of else act.actor.name, bool(oral_of)
    if oral_of:
        row.written_by_at = act.now + timedelta(minutes=urgent_minutes(signing.route))
        set_deadline(signing.incident, written_key(signing, row), row.written_by_at)
    row.save()
    for other in spared(signing.rows, row):
        ApprovalStep.objects.filter(pk=other.pk).update(state=State.SPARED)
    _leave(act, signing, row)
    return row


def send_back(act: Act, signing: Signing, *, stage: int | None, reason: str) -> ApprovalStep:
    """Return it with a reason. Refused where the stage may not return it, and for a hand that may not sign."""
    row = _row_for(act, signing, stage, Hand(post=act.post, actor=act.post, person=act.actor.name))
    if not row.may_return:
        raise _refused("stage")
    row.state, row.by, row.at, row.reason = State.RETURNED, act.post, act.moment, reason
    row.signer = act.actor.name
    row.save()
    cancel_deadline(signing.incident, _key("stage", signing, row), act.now)
    _message(act, signing, signing.paper.post, "被退回, 请修改", "was returned; please redraft")
    return row


def write_up(act: Act, row: ApprovalStep, signing: Signing) -> None:
    """The post that said yes by telephone signs for it."""
    row.written_at, row.signer = act.now, act.actor.name
    row.save()
    cancel_deadline(signing.incident, written_key(signing, row), act.now)


def stage_late(desk: Desk, key: str) -> None:
    """A stage has had its minutes: `stage:S1:2:1` is statement S1, version 2, stage 1. An alarm; the deputies are asked."""
    for row in rows_of_key(desk.incident, key, State.WAITING):
        signing = signing_of(row)
        raise_alarm(desk, "approval_late", f"{signing.matter}/{row.stage}", row.post)
        for post in _next_signers(row):
            _message(desk.act, signing, post, "审签超时, 请代签", "is late; please sign as deputy")


def written_late(desk: Desk, key: str) -> None:
    """A yes by telephone was not written up in time."""
    for row in rows_of_key(desk.incident, key, State.APPROVED):
        if row.is_oral and row.written_at is None:
            signing = signing_of(row)
            raise_alarm(desk, "oral_late", f"{signing.matter}/{row.stage}", row.by)
            _message(desk.act, signing, row.by, "口头同意逾期未补签", "is not written up: you said yes by telephone")


def signing_of(row: ApprovalStep) -> Signing:
    """The paper a row belongs to."""
    return of_document(row.document) if row.document else of_version(row.subject)


def _next_signers(row: ApprovalStep) -> tuple[str, ...]:
    """Who is asked when a post is silent: its deputies where they may sign, else those who end the response."""
    deputies = tuple(signers_of(row) - {row.post})
    plan = row.incident.plan
    return deputies or tuple(post for post in (plan.ending.by if plan.ending else ()) if post != row.post)


def _row_for(act: Act, signing: Signing, stage: int | None, hand: Hand) -> ApprovalStep:
    """The waiting row that this hand may sign."""
    rows = [row for row in signing.waiting if stage is None or row.stage == stage]
    if not rows:
        raise Refused(Words("这个环节不在等待审签", "that stage waits for no signature"), code="state")
    found = [(row, _why_not(signing, row, hand)) for row in rows]
    for row, why in found:
        if not why:
            return row
    raise _refused(next((why for _, why in found if why != "not_yours"), "not_yours"))


def _why_not(signing: Signing, row: ApprovalStep, hand: Hand) -> str:
    before: Iterable[ApprovalStep] = (one for one in signing.rows if one.stage != row.stage)
    plan = signing.incident.plan
    return why_not(plan, signing.route, before, hand, signers=signers_of(row), drafters=signing.drafters)


def _refused(code: str) -> Refused:
    return Refused(REFUSALS[code], code=code)


def _leave(act: Act, signing: Signing, row: ApprovalStep) -> None:
    """The stage is through: its limit is watched no longer."""
    if not any(one.stage == row.stage for one in signing.waiting):
        cancel_deadline(signing.incident, _key("stage", signing, row), act.now)


def written_key(signing: Signing, row: ApprovalStep) -> str:
    """The deadline until which a yes by telephone is to be written up."""
    return _key("written", signing, row) + f":{row.post}"


def _key(kind: str, signing: Signing, row: ApprovalStep) -> str:
    return f"{kind}:{signing.key}:{row.stage}"


def _message(act: Act, signing: Signing, post: str, zh: str, en: str) -> None:
    incident = signing.incident
    said = Words(f"【{incident.number}】{signing.name.zh} {zh}", f"[{incident.number}] {signing.name.en} {en}")
    text, matter = said.say(incident.plan.language), f"{incident.number}/{signing.matter}"
    put_message(act, post, text, kind="approval", matter=matter, colour=incident.level_colour)
