"""Fetching by permission: whoever is signed in as staff and answers for a post sees the alerts of a scene."""

from django.http import Http404, HttpRequest

from shudao.base.scene import LIVE, Scene
from shudao.org.access import my_posts
from shudao.sense.models import Alert, Topic
from shudao.sense.queries import alert_numbered


def alert_of(request: HttpRequest, scene: Scene, number: int) -> Alert:
    """The alert of that number in that scene; 404 when there is none or the person answers for no post."""
    alert = alert_numbered(scene, number) if my_posts(request) else None
    if alert is None:
        raise Http404
    return alert


def topic_for(code: str) -> Topic:
    """The newest version of a topic of the real world; whether one may see topics, the view has asked. 404 otherwise."""
    row = Topic.objects.in_scene(LIVE).filter(code=code).order_by("-version").first()
    if row is None:
        raise Http404
    return row
