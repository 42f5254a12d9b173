"""Reading the response: what pages, papers, drills and later stages ask of an incident."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from shudao.base.scene import Scene
from shudao.engine.plan.model import Plan
from shudao.engine.respond.closing import Desk, Promise, Reason, why_not_close
from shudao.engine.respond.state import OPEN
from shudao.ledger.verbs import verbs
from shudao.org.queries import reachable_posts
from shudao.respond.models import (
    Alarm,
    ApprovalStep,
    Attachment,
    Demand,
    Document,
    Fact,
    Grade,
    Incident,
    LevelProposal,
    OralAct,
    PublicationRecord,
    Statement,
    Task,
)


def incident_by_number(scene: Scene, number: str) -> Incident | None:
    """The incident of that number in a scene."""
    return Incident.objects.in_scene(scene).filter(number=number).first()


def open_incidents(scene: Scene) -> QuerySet[Incident]:
    """Incidents not closed yet, the newest first."""
    return Incident.objects.in_scene(scene).filter(closed_at=None)


def incidents_of(scene: Scene) -> QuerySet[Incident]:
    """All incidents of a scene, the newest first."""
    return Incident.objects.in_scene(scene)


def milestones_of(incident: Incident) -> dict[str, datetime]:
    """Milestone -> when it was reached, in order of time."""
    return dict(incident.milestone_set.values_list("name", "at"))


def tasks_of(incident: Incident) -> QuerySet[Task]:
    """Tasks in the order they were opened."""
    return Task.objects.filter(incident=incident).prefetch_related("calls")


def open_tasks(incident: Incident) -> QuerySet[Task]:
    """Tasks not ended, the earliest limit first."""
    return tasks_of(incident).filter(status__in=OPEN).order_by("due_at", "pk")


def tasks_for(scene: Scene, posts: Iterable[str]) -> QuerySet[Task]:
    """Open tasks that concern these posts: their own, or those they were called for and nobody has taken."""
    mine = list(posts)
    called = Q(calls__post__in=mine, calls__answered_at=None, calls__withdrawn_at=None)
    rows = Task.objects.filter(Q(post__in=mine) | Q(by__in=mine) | called, status__in=OPEN, incident__closed_at=None)
    rows = rows.filter(incident__scene=scene.key)
    return rows.select_related("incident").order_by("due_at", "pk").distinct()


def open_alarms(incident: Incident) -> QuerySet[Alarm]:
    """Alarms nobody has cleared."""
    return Alarm.objects.filter(incident=incident, cleared_at=None)


def latest_proposal(incident: Incident) -> LevelProposal | None:
    """The last level proposed by the plan's criteria."""
    return LevelProposal.objects.filter(incident=incident).last()


def latest_grade(incident: Incident) -> Grade | None:
    """The level that was confirmed last."""
    return Grade.objects.filter(incident=incident).last()


def facts_of(incident: Incident) -> QuerySet[Fact]:
    """The fact sheet in force: what was corrected is left out."""
    return Fact.objects.filter(incident=incident, replaced_by=None)


def sheet_figures(incident: Incident) -> dict[str, Any]:
    """Figures of the known facts, the newest of each name."""
    figures: dict[str, Any] = {}
    for fact in facts_of(incident).filter(status=Fact.Status.KNOWN):
        figures.update(fact.figures)
    return figures


def demands_of(incident: Incident) -> QuerySet[Demand]:
    """Demands in the order they were raised."""
    return Demand.objects.filter(incident=incident)


def open_demands(incident: Incident) -> QuerySet[Demand]:
    """Demands neither answered nor declined, the earliest limit first."""
    return demands_of(incident).filter(state=Demand.State.OPEN).order_by("due_at", "pk")


def demands_for(scene: Scene, posts: Iterable[str]) -> QuerySet[Demand]:
    """Open demands that these posts own."""
    rows = Demand.objects.filter(owner__in=list(posts), state=Demand.State.OPEN, incident__scene=scene.key)
    return rows.filter(incident__closed_at=None).select_related("incident").order_by("due_at", "pk")


def statements_of(incident: Incident) -> QuerySet[Statement]:
    """Statements with their versions and approvals."""
    return Statement.objects.filter(incident=incident).prefetch_related("versions__approvals", "versions__publications")


def waiting_approval(statement: Statement) -> ApprovalStep | None:
    """The stage whose yes the statement's last version waits for; None when it waits for none."""
    if statement.state != Statement.State.WAITING:
        return None
    return statement.latest.approvals.filter(state=ApprovalStep.State.WAITING).first()


def approvals_for(scene: Scene, posts: Iterable[str]) -> list[ApprovalStep]:
    """Stages that wait for one of these posts, or for one it is the deputy of."""
    rows = ApprovalStep.objects.filter(
        state=ApprovalStep.State.WAITING, since__isnull=False, version__statement__incident__scene=scene.key,
        version__statement__incident__closed_at=None, version__statement__state=Statement.State.WAITING,
    )  # fmt: skip
    mine = set(posts)
    rows = rows.select_related("version__statement__incident").order_by("since", "pk")
    return [row for row in rows if mine & signers_of(row)]


def signers_of(step: ApprovalStep) -> set[str]:
    """Posts that may sign a stage: the named one and, where the route says so, its deputies."""
    plan = step.version.statement.incident.plan
    post = next((row for row in plan.posts if row.id == step.post), None)
    return {step.post, *(post.deputies if post and step.are_deputies_ok else ())}


def figures_off(statement: Statement) -> dict[str, tuple[Any, Any]]:
    """Figures of the last version that differ from the fact sheet: name -> (stated, on the sheet or None)."""
    sheet = sheet_figures(statement.incident)
    stated = statement.latest.figures
    return {name: (value, sheet.get(name)) for name, value in stated.items() if sheet.get(name) != value}


def attachments_of(incident: Incident) -> QuerySet[Attachment]:
    """Attached items, earliest published first."""
    return Attachment.objects.filter(incident=incident).select_related("item__source").order_by("item__published_at")


def documents_of(incident: Incident) -> QuerySet[Document]:
    """Papers that were sent."""
    return Document.objects.filter(incident=incident)


def staffed_posts(scene: Scene, plan: Plan, at: datetime) -> set[str]:
    """Posts of the plan that somebody answers for. In a drill run every post is played, by people or by the plan."""
    if not scene.is_live:
        return {post.id for post in plan.posts}
    reachable = reachable_posts(at)
    return {post.id for post in plan.posts if reachable.get(post.id)}


def why_not_close_now(incident: Incident, now: datetime) -> tuple[Reason, ...]:
    """Coded reasons against closing the incident at that moment; empty when it may be closed. Reads the run afresh."""
    fresh = Incident.objects.get(pk=incident.pk)
    return why_not_close(fresh.plan, fresh.state, desk_of(fresh, now))


def desk_of(incident: Incident, now: datetime) -> Desk:
    """What lies open beside the run of the plan."""
    rows = list(statements_of(incident))
    states = Statement.State
    oral = ApprovalStep.objects.filter(version__statement__incident=incident, is_oral=True, written_at=None)
    phoned = OralAct.objects.filter(incident=incident, confirmed_at=None, disputed_at=None)
    given = Task.objects.filter(incident=incident, step="", is_must=True, status__in=OPEN)
    return Desk(
        tasks_open=tuple(str(row) for row in given),
        demands_open=tuple(str(row) for row in open_demands(incident)),
        statements_unsigned=tuple(str(r) for r in rows if r.state in (states.WAITING, states.RETURNED)),
        statements_unpublished=tuple(str(row) for row in rows if row.state == states.APPROVED),
        oral_unwritten=(
            *(str(row) for row in oral.select_related("version__statement")),
            *(_phoned(row) for row in phoned),
        ),
        promises=tuple(promises_of(incident, now)),
    )


def _phoned(row: OralAct) -> str:
    declared = verbs().get(row.verb)
    return f"{row.code} {declared.words.zh if declared else row.verb}"


def promises_of(incident: Incident, now: datetime) -> list[Promise]:
    """When the public was told to expect the next word. Kept: a later publication came by then; broken only once past."""
    rows = PublicationRecord.objects.filter(version__statement__incident=incident)
    records = list(rows.select_related("version__statement").order_by("at"))
    promised: dict[int, PublicationRecord] = {}
    for record in records:
        if record.version.next_update_at:
            promised.setdefault(record.version_id, record)
    return [_promise(record, records, now) for record in promised.values()]


def _promise(record: PublicationRecord, records: list[PublicationRecord], now: datetime) -> Promise:
    at = record.version.next_update_at or record.at
    later = [row.at for row in records if row.at > record.at and row.version_id != record.version_id]
    return Promise(statement=str(record.version.statement), at=at, kept=bool(later))
