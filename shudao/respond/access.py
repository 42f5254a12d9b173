"""Fetching by permission: whoever is signed in as staff and answers for a post sees the incidents of a scene."""

from typing import TypeVar

from django.http import Http404, HttpRequest

from shudao.base.scene import Scene
from shudao.org.access import my_posts
from shudao.respond.models import Alarm, Demand, Document, Incident, Statement, Task
from shudao.respond.queries import incident_by_number

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
