"""Signatures: whose yes a paper waits for, who may give it, what was said by telephone and is not written up."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from shudao.base.scene import Scene
from shudao.engine.plan.route import signers_of as may_sign
from shudao.engine.plan.route import waiting
from shudao.respond.models import ApprovalStep, Document, Incident, Statement

JOINS = ("version__statement__incident", "document__incident")


def waiting_approval(statement: Statement) -> ApprovalStep | None:
    """The first row whose yes the statement's last version waits for; None when it waits for none."""
    return next(iter(waiting_approvals(statement)), None)


def waiting_approvals(paper: Statement | Document) -> list[ApprovalStep]:
    """All rows whose yes a paper waits for now: several in a stage that asks more than one post."""
    if paper.state != "waiting":
        return []
    of = paper if isinstance(paper, Document) else paper.latest
    return waiting(list(of.approvals.all()))


def signers_of(step: ApprovalStep) -> set[str]:
    """Posts that may sign a row: the named one and, where the route says so, its deputies."""
    return set(may_sign(step.incident.plan, step.post, deputies_ok=step.are_deputies_ok))


def waiting_rows() -> QuerySet[ApprovalStep]:
    """Every row of every open incident that waits now, the oldest first."""
    asked = Q(version__statement__state=Statement.State.WAITING, version__statement__incident__closed_at=None)
    asked |= Q(document__state=Document.State.WAITING, document__incident__closed_at=None)
    rows = ApprovalStep.objects.filter(asked, state=ApprovalStep.State.WAITING, since__isnull=False)
    return rows.select_related(*JOINS).order_by("since", "pk")


def approvals_for(scene: Scene, posts: Iterable[str]) -> list[ApprovalStep]:
    """Rows that wait for one of these posts, or for one it is the deputy of."""
    mine, key = set(posts), scene.key
    rows = waiting_rows().filter(Q(version__statement__incident__scene=key) | Q(document__incident__scene=key))
    return [row for row in rows if mine & signers_of(row)]


def unwritten_of(incident: Incident) -> list[ApprovalStep]:
    """Yeses by telephone that nobody has signed for yet."""
    of = Q(version__statement__incident=incident) | Q(document__incident=incident)
    rows = ApprovalStep.objects.filter(of, is_oral=True, written_at=None)
    return list(rows.select_related("version__statement", "document"))


def unwritten_rows() -> QuerySet[ApprovalStep]:
    """The same of every open incident."""
    of = Q(version__statement__isnull=False, version__statement__incident__closed_at=None)
    of |= Q(document__isnull=False, document__incident__closed_at=None)
    return ApprovalStep.objects.filter(of, is_oral=True, written_at=None).select_related(*JOINS)


def rows_of_key(incident: Incident, key: str, state: str) -> list[ApprovalStep]:
    """Rows that a deadline is about, in that state: `stage:S1:2:1`, `written:final-1:1:2:leader`."""
    _, code, version, stage, *post = key.split(":")
    of = Q(version__statement__incident=incident, version__statement__code=code, version__number=version)
    of |= Q(document__incident=incident, document__name=f"{incident.number}-{code}.docx")
    rows = ApprovalStep.objects.filter(of, stage=stage, state=state).select_related(*JOINS)
    return list(rows.filter(post__in=post) if post else rows)
