"""Incidents that belong together: linked, merged, and what of one is still open when it goes into another."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from shudao.engine.respond.closing import Promise
from shudao.engine.respond.state import OPEN
from shudao.respond.models import Attachment, Demand, Document, Incident, IncidentLink, Merger, Statement, Task
from shudao.respond.queries.closing import promises_of
from shudao.respond.queries.room import incidents_of, open_demands, open_incidents

MOST = 50
UNFINISHED = (Statement.State.WAITING, Statement.State.RETURNED, Statement.State.APPROVED)


@dataclass(frozen=True)
class Remains:
    """未了事项 (remains) of an incident: what goes along when it is merged, what is cancelled, what stays with it."""

    demands: list[Demand]
    given: list[Task]
    statements: list[Statement]
    reports: list[Document]
    promises: list[Promise]
    planned: list[Task]
    attached: int


def remains_of(incident: Incident, now: datetime) -> Remains:
    """What is open in an incident."""
    tasks = list(Task.objects.filter(incident=incident, status__in=OPEN).order_by("due_at", "pk"))
    return Remains(
        demands=list(open_demands(incident)),
        given=[row for row in tasks if row.is_typed_in],
        statements=list(Statement.objects.filter(incident=incident, state__in=UNFINISHED).order_by("made_at")),
        reports=list(Document.objects.filter(incident=incident, state=Document.State.WAITING).defer("content")),
        promises=[row for row in promises_of(incident, now) if not row.kept],
        planned=[row for row in tasks if not row.is_typed_in],
        attached=Attachment.objects.filter(incident=incident).count(),
    )


def links_of(incident: Incident) -> list[IncidentLink]:
    """Links that stand, whichever of the two made them."""
    rows = IncidentLink.objects.filter(Q(incident=incident) | Q(other=incident), ended_at=None)
    return list(rows.select_related("incident", "other"))


def merger_of(incident: Incident) -> Merger | None:
    """Into which incident it went; None while it goes its own way."""
    return Merger.objects.filter(incident=incident).select_related("into").prefetch_related("carried").first()


def merged_into(incident: Incident) -> list[Merger]:
    """What went into it, earliest first."""
    return list(Merger.objects.filter(into=incident).select_related("incident").prefetch_related("carried"))


def linkable(incident: Incident) -> QuerySet[Incident]:
    """Incidents it could be linked with, the newest first."""
    known = {key for row in links_of(incident) for key in (row.incident_id, row.other_id)} | {incident.pk}
    return incidents_of(incident.scene_value).exclude(pk__in=known)[:MOST]


def mergeable(incident: Incident) -> QuerySet[Incident]:
    """Incidents it could go into, the newest first."""
    return open_incidents(incident.scene_value).exclude(pk=incident.pk)[:MOST]


def enders_of(incident: Incident) -> set[str]:
    """Posts that may end an incident: those the plan names, those with the authority, the owner of the closing step."""
    plan = incident.plan
    named = set(plan.ending.by) if plan.ending else set()
    named |= {step.owner for step in plan.steps if step.act == "close_incident"}
    return named | {post.id for post in plan.posts if post.authority.close}
