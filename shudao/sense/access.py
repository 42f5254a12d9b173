"""Fetching by permission: whoever is signed in as staff and answers for a post sees the alerts of a scene."""

from django.http import Http404, HttpRequest

from shudao.base.scene import LIVE, Scene
from shudao.org.access import may, my_posts
from shudao.org.models import Right
from shudao.sense.models import Alert, Placement, Story, Topic, Trial, UnitWarning, WarningRule
from shudao.sense.queries import alert_numbered, trials


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


def scene_of(code: str | None) -> Scene:
    """The scene of an address. A run in which nothing was heard yet is empty, not missing: 404 comes with the object."""
    return Scene.run(code) if code else LIVE


def story_of(scene: Scene, key: int) -> Story:
    """The story of that key in that scene; whether one may see stories, the view has asked. 404 otherwise."""
    rows = Story.objects.in_scene(scene).select_related("first_item__source", "merged_into__first_item")
    row = rows.filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def placement_of(scene: Scene, item: int) -> Placement:
    """Where an item of that scene stands; whether one may see posts, the view has asked. 404 otherwise."""
    row = Placement.objects.in_scene(scene).select_related("item__source").filter(item=item).first()
    if row is None:
        raise Http404
    return row


def warning_of(request: HttpRequest, scene: Scene, key: int) -> UnitWarning:
    """A warning passed to a department: for its own people and for those who watch; 404 for everybody else."""
    row = UnitWarning.objects.in_scene(scene).select_related("alert__topic", "rule").filter(pk=key).first()
    held = my_posts(request)
    if row and (may(request, Right.WATCH) or any(post.code == row.post or post.unit.code == row.unit for post in held)):
        return row
    raise Http404


def rule_of(key: int) -> WarningRule:
    """A department's rule; whether one may end it, the view asks. 404 when there is none."""
    row = WarningRule.objects.filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def trial_for(key: int) -> Trial:
    """A trial of the real world; whether one may see trials, the view has asked. 404 otherwise."""
    row = trials(LIVE).filter(pk=key).first()
    if row is None:
        raise Http404
    return row
