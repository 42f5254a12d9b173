"""Who sees the board: every member of staff. What he may do on it depends on his posts."""

from django.http import Http404, HttpRequest

from shudao.base.scene import LIVE, Scene
from shudao.drill.queries import run_of
from shudao.ledger.models import Entry, Stream
from shudao.notify.models import Message
from shudao.org.access import may, my_posts, staff_of
from shudao.org.models import SETTING_UP, Right
from shudao.respond.access import incident_of

SETTERS = tuple(sorted(SETTING_UP))
"""Whoever has any right of setting up sees how far it has come."""


def scene_for(request: HttpRequest, code: str | None) -> Scene:
    """The scene of an address: the real world, or a run that exists. 404 otherwise."""
    staff_of(request)
    if code is None:
        return LIVE
    run = run_of(code)
    if run is None:
        raise Http404
    return run.scene


def message_for(request: HttpRequest, key: str) -> Message:
    """An unconfirmed message to one of the reader's posts."""
    posts = [post.code for post in my_posts(request)]
    row = Message.objects.filter(pk=key if key.isdecimal() else 0, post__in=posts, confirmed_at=None).first()
    if row is None:
        raise Http404
    return row


MOST_KEYS = 10


def seen_keys(request: HttpRequest) -> frozenset[str]:
    """What the reader asks to be told of (`see`), all of it his to see: the real world, runs, incidents. 404 otherwise."""
    asked = frozenset(request.GET.getlist("see")[:MOST_KEYS])
    for key in asked:
        kind, _, name = key.partition("/")
        if kind == "run" and name:
            scene_for(request, name)
        elif kind == "incident" and name and may(request, Right.WATCH):
            incident_of(request, LIVE, name)
        elif key != "live":
            raise Http404
    return asked


def kinds_for(request: HttpRequest) -> list[str]:
    """Which kinds of streams the reader may see: incidents and runs when he watches, runs when he drives drills, the
    site's own when he looks after the site or its people."""
    watches, drives = may(request, Right.WATCH), may(request, Right.DRILL)
    cares = may(request, Right.SITE) or may(request, Right.PEOPLE)
    allowed = {"incident": watches, "run": watches or drives, "site": cares}
    return [kind for kind, seen in allowed.items() if seen]


def stream_for(request: HttpRequest, kind: str, key: str) -> str:
    """The name of a stream that exists and that the reader may see; 404 otherwise."""
    name = f"{kind}/{key}" if key else kind
    if kind not in kinds_for(request) or not Stream.objects.filter(name=name).exists():
        raise Http404
    return name


def entry_for(request: HttpRequest, kind: str, key: str, seq: int) -> Entry:
    """An entry of a stream that the reader may see; 404 otherwise."""
    row = Entry.objects.filter(stream=stream_for(request, kind, key), seq=seq).first()
    if row is None:
        raise Http404
    return row
