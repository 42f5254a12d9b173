"""Fetching by permission: a message is its reader's, a channel is for those who look after channels."""

from django.http import Http404, HttpRequest

from shudao.base.models import SceneClock
from shudao.base.scene import LIVE, Scene
from shudao.ledger.verbs import Actor
from shudao.notify.channels import KINDS
from shudao.notify.models import Channel, Message, ReachCall, ReachTest
from shudao.notify.queries import addressed, inbox
from shudao.notify.queries.channels import channel_by_code
from shudao.org.access import may, my_posts, setter_of, staff_of
from shudao.org.models import Right


def scene_of(code: str | None) -> Scene:
    """The scene of an address: the real world, or a run that has begun. 404 otherwise."""
    if code is None:
        return LIVE
    scene = Scene.run(code)
    if not SceneClock.objects.filter(scene=scene.key).exists():
        raise Http404
    return scene


def my_codes(request: HttpRequest) -> list[str]:
    """The reader's posts by code."""
    return [post.code for post in my_posts(request)]


def message_of(request: HttpRequest, scene: Scene, key: str) -> Message:
    """A message to one of the reader's posts or to himself; 404 otherwise."""
    rows = addressed(scene, my_codes(request), staff_of(request))
    row = rows.filter(pk=key if key.isdecimal() and len(key) < 19 else 0).first()
    if row is None:
        raise Http404
    return row


def unconfirmed_count(request: HttpRequest, scene: Scene = LIVE) -> int:
    """How many messages wait for the reader to say that he has them; for the head of every page."""
    return inbox(scene, my_codes(request), staff_of(request)).count()


def channel_of(request: HttpRequest, code: str) -> Channel:
    """A channel, for those who look after channels; 404 otherwise."""
    row = channel_by_code(code) if may(request, Right.CHANNELS) else None
    if row is None or row.kind not in KINDS:
        raise Http404
    return row


def reach_test_of(request: HttpRequest, number: int) -> ReachTest:
    """A test, for those who may start one and for whoever was called in it; 404 otherwise."""
    row = ReachTest.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    if may_call(request) or row.calls.filter(staff=staff_of(request)).exists():
        return row
    raise Http404


def my_call(request: HttpRequest, number: int) -> ReachCall:
    """The reader's own call in a test; 404 when he was not called."""
    row = ReachCall.objects.select_related("test", "staff").filter(test=number, staff=staff_of(request)).first()
    if row is None:
        raise Http404
    return row


def may_call(request: HttpRequest) -> bool:
    """Whether the reader may start tests of who can be reached."""
    return may(request, Right.PEOPLE) or may(request, Right.DRILL)


def caller_of(request: HttpRequest) -> Actor:
    """The reader starting or ending such a test; 404 when he may not."""
    return setter_of(request, Right.PEOPLE if may(request, Right.PEOPLE) else Right.DRILL)
