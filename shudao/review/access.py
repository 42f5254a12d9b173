"""Fetching by permission: whoever watches sees how incidents and drills were reviewed."""

from django.http import Http404, HttpRequest

from shudao.base.scene import LIVE
from shudao.org.access import my_posts
from shudao.respond.models import Incident
from shudao.respond.queries import incident_by_number
from shudao.review.models import Lesson, Report, Subject


def incident_of(request: HttpRequest, number: str) -> Incident:
    """A real incident of that number; 404 when there is none or the person answers for no post."""
    incident = incident_by_number(LIVE, number) if my_posts(request) else None
    if incident is None:
        raise Http404
    return incident


def subject_of(incident: Incident) -> Subject:
    """What a review of an incident is about."""
    return Subject(LIVE, incident.stream, incident.title, incident.plan)


def report_of(number: str) -> Report:
    """A report by its number; 404 when there is none."""
    row = Report.objects.filter(number=number).first()
    if row is None:
        raise Http404
    return row


def lesson_of(stream: str, code: str) -> Lesson:
    """A lesson drawn from a stream; 404 when there is none."""
    row = Lesson.objects.filter(stream=stream, code=code).first()
    if row is None:
        raise Http404
    return row
