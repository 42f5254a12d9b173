"""Fetching by permission: whoever is signed in as staff and answers for a post sees how an incident is followed."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest

from shudao.base.scene import Scene
from shudao.follow.queries import archives_of
from shudao.org.access import my_posts
from shudao.respond.models import Incident
from shudao.respond.queries import incident_by_number


def incident_of(request: HttpRequest, scene: Scene, number: str) -> Incident:
    """The incident of that number in that scene; 404 when there is none or the person answers for no post."""
    incident = incident_by_number(scene, number) if my_posts(request) else None
    if incident is None:
        raise Http404
    return incident


def archive_folder() -> Path:
    """Where sealed bundles are kept."""
    return Path(settings.MEDIA_ROOT) / "archives"


def bundle_of(request: HttpRequest, number: str, name: str) -> Path:
    """The file of a sealed bundle of a real incident."""
    incident = incident_of(request, Scene("live"), number)
    path = archive_folder() / name
    if name not in {row.name for row in archives_of(incident)} or not path.is_file():
        raise Http404
    return path
