"""Reading the response: what pages, papers, drills and later stages ask of an incident."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from shudao.base.scene import Scene
from shudao.engine.plan.model import Plan
from shudao.engine.respond.state import OPEN
from shudao.org.queries import reachable_posts
from shudao.respond.models import (
    Alarm,
    Attachment,
    Demand,
    Document,
    Fact,
    Grade,
    Incident,
    LevelProposal,
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
    return Document.objects.filter(incident=incident, state=Document.State.SENT)


def papers_of(incident: Incident) -> QuerySet[Document]:
    """Reports under approval or returned, with their signatures, the newest first."""
    rows = Document.objects.filter(incident=incident).exclude(state=Document.State.SENT)
    return rows.defer("content").prefetch_related("approvals").order_by("-pk")


def staffed_posts(scene: Scene, plan: Plan, at: datetime) -> set[str]:
    """Posts of the plan that somebody answers for. In a drill run every post is played, by people or by the plan."""
    if not scene.is_live:
        return {post.id for post in plan.posts}
    reachable = reachable_posts(at)
    return {post.id for post in plan.posts if reachable.get(post.id)}
