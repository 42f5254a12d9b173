"""Fetching by permission: whoever is signed in as staff and answers for a post sees the incidents of a scene."""

from typing import TypeVar

from django.http import Http404, HttpRequest

from shudao.base.scene import Scene
from shudao.org.access import may, my_posts
from shudao.org.models import Right, Unit
from shudao.respond.models import Alarm, Demand, Document, Incident, Meeting, OralAct, Statement, Task
from shudao.respond.models.meeting import Analysis
from shudao.respond.queries import concerned_posts, incident_by_number, owners_of

Row = TypeVar("Row")


def incident_of(request: HttpRequest, scene: Scene, number: str) -> Incident:
    """The incident of that number in that scene; 404 when there is none or the person answers for no post."""
    incident = incident_by_number(scene, number) if my_posts(request) else None
    if incident is None:
        raise Http404
    return incident


def task_of(request: HttpRequest, scene: Scene, number: str, code: str) -> Task:
    """A task of an incident one may see; 404 otherwise."""
    return _own(Task.objects.filter(incident=incident_of(request, scene, number), code=code).first())


def demand_of(request: HttpRequest, scene: Scene, number: str, code: str) -> Demand:
    """A demand of an incident one may see; 404 otherwise."""
    return _own(Demand.objects.filter(incident=incident_of(request, scene, number), code=code).first())


def statement_of(request: HttpRequest, scene: Scene, number: str, code: str) -> Statement:
    """A statement of an incident one may see; 404 otherwise."""
    return _own(Statement.objects.filter(incident=incident_of(request, scene, number), code=code).first())


def oral_of(request: HttpRequest, scene: Scene, number: str, code: str) -> OralAct:
    """Something done by telephone in an incident one may see; 404 otherwise."""
    return _own(OralAct.objects.filter(incident=incident_of(request, scene, number), code=code).first())


def meeting_of(request: HttpRequest, scene: Scene, number: str, code: str) -> Meeting:
    """A meeting of an incident one may see; 404 otherwise."""
    return _own(Meeting.objects.filter(incident=incident_of(request, scene, number), code=code).first())


def analysis_of(request: HttpRequest, scene: Scene, number: str, code: str) -> Analysis:
    """A joint analysis of an incident one may see; 404 otherwise."""
    return _own(Analysis.objects.filter(incident=incident_of(request, scene, number), code=code).first())


def any_demand(request: HttpRequest, scene: Scene, key: int) -> Demand:
    """A demand of a scene, with an incident or without: for those who watch or receive, and for the posts it is given
    to; 404 for everybody else."""
    row = _own(Demand.objects.in_scene(scene).select_related("incident").filter(pk=key).first())
    mine = {post.code for post in my_posts(request)}
    if sees_all(request) or mine & (owners_of(row) | {row.raised_by}):
        return row
    raise Http404


def any_task(request: HttpRequest, scene: Scene, key: int) -> Task:
    """A task of a scene: for those who watch or receive, its posts and whoever gave it; 404 for everybody else."""
    row = _own(Task.objects.in_scene(scene).select_related("incident").filter(pk=key).first())
    mine = {post.code for post in my_posts(request)}
    if sees_all(request) or mine & (concerned_posts(row) | {row.given_by}):
        return row
    raise Http404


def any_unit(request: HttpRequest, code: str) -> Unit:
    """A department: for those who watch or receive and for its own people; 404 for everybody else."""
    row = _own(Unit.objects.filter(code=code).first())
    if sees_all(request) or any(post.unit_id == row.pk for post in my_posts(request)):
        return row
    raise Http404


def sees_all(request: HttpRequest) -> bool:
    """Whether the reader sees every demand and task, and not only those given to his posts."""
    return may(request, Right.WATCH) or may(request, Right.RECEIVE)


def alarm_of(request: HttpRequest, scene: Scene, number: str, key: int) -> Alarm:
    """An alarm of an incident one may see; 404 otherwise."""
    return _own(Alarm.objects.filter(incident=incident_of(request, scene, number), pk=key).first())


def document_of(request: HttpRequest, scene: Scene, number: str, name: str) -> Document:
    """A paper of an incident one may see; 404 otherwise."""
    return _own(Document.objects.filter(incident=incident_of(request, scene, number), name=name).first())


def _own(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
