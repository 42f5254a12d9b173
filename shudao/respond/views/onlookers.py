"""围观 (onlookers): one rendering of a room for everybody who only looks on.

When two hundred people watch one room, most of them hold no post that it knows: they all see the same words. The room
is then rendered once for all of them. What a person may do depends on his posts alone, so the rendering notes which posts
it asked about; whoever holds one of those, or has acted in the incident, gets a page of his own, as everybody did before.

Two people write a second, two hundred are told of it one after the other. A live part says up to which place in the
ledger it was told (`Shudao-Place`): a rendering that reaches so far is new enough for it, whatever was written since; of
that it is told in its turn. Who opens the page gets the state of now.

Nothing personal can be in it: it is rendered without any request. Two marks stand in it for the token of the form and
for the post in which the reader would act, and are filled in for each reader.
"""

import secrets
import threading
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TypeGuard

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from shudao.ledger.models import Entry
from shudao.ledger.queries import head_of, last_place
from shudao.org.access import my_posts
from shudao.respond.models import Incident
from shudao.respond.screens import RoomScreen
from shudao.respond.views.around import around

TOLD = "Shudao-Place"
LASTS = 4.0
"""Seconds: how old the moments on the page may be, and what moves without an entry in the incident's own record."""
MOST_KEPT = 50
LONGEST = 19
"""Digits of a place; more are nobody's."""
TOKEN, POST = f"t{secrets.token_hex(16)}", f"p{secrets.token_hex(16)}"
"""Nobody can write these into a text of the room: they are made when the process starts, and shown to nobody."""


class Asked(dict[str, str]):
    """The posts of nobody in particular; keeps which posts it was asked about."""

    def __init__(self) -> None:
        super().__init__({POST: ""})
        self.posts: set[str] = set()

    def __contains__(self, code: object) -> bool:
        self.posts.add(str(code))
        return super().__contains__(code)


@dataclass(frozen=True)
class Seen:
    """一版 (seen): a rendering, the posts it asked about, and of which state of the record it is.

    `length` of the incident's stream, `place` in the whole ledger, `made` at that moment of the monotonic clock.
    """

    text: str
    asked: frozenset[str]
    length: int
    place: int
    made: float


_kept: dict[tuple[int, str], Seen] = {}
_locks: dict[tuple[int, str], threading.Lock] = {}


def room_for_onlookers(request: HttpRequest, row: Incident) -> HttpResponse | None:
    """The room for whoever only looks on; None for everybody else, and for another page or another view of it."""
    if request.GET or not row.scene_value.is_live:
        return None
    mine = [post.code for post in my_posts(request)]
    if not mine or any(post.id in mine for post in row.plan.posts):
        return None
    if Entry.objects.filter(stream=row.stream, post__in=mine).exists():
        return None
    seen = _seen(request, row)
    if not seen.asked.isdisjoint(mine):
        return None
    body = seen.text.replace(TOKEN, get_token(request)).replace(POST, mine[0])
    return render(request, "respond/shared.html", {"body": mark_safe(body), **around(row)})  # noqa: S308 - rendered below


def _seen(request: HttpRequest, row: Incident) -> Seen:
    """The rendering of now; of those who ask at once one makes it and the others wait for it."""
    key, told = (row.pk, get_language() or ""), _told(request)
    kept = _kept.get(key)
    if _reaches(kept, told):
        return kept
    with _locks.setdefault(key, threading.Lock()):
        kept, length = _kept.get(key), head_of(row.stream).length
        if _reaches(kept, told) or (_is_young(kept) and kept.length == length):
            return kept
        kept = _kept[key] = _rendered(request.get_full_path(), row, length)
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        return kept


def _told(request: HttpRequest) -> int | None:
    """The place up to which the asking part was told that something moved; None when a person asks."""
    said = request.headers.get(TOLD, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < LONGEST else None


def _reaches(kept: Seen | None, told: int | None) -> TypeGuard[Seen]:
    return told is not None and _is_young(kept) and kept.place >= told


def _is_young(kept: Seen | None) -> TypeGuard[Seen]:
    return kept is not None and time.monotonic() - kept.made <= LASTS


def _rendered(address: str, row: Incident, length: int) -> Seen:
    asked, made, place = Asked(), time.monotonic(), last_place()
    values = {
        "screen": RoomScreen(row, asked), **around(row), "frame": "base/body.html", "csrf_token": TOKEN,
        "request": SimpleNamespace(get_full_path=lambda: address, path=address),
    }  # fmt: skip
    text = render_to_string("respond/incident.html", values).removesuffix("\n")
    return Seen(text, frozenset(asked.posts), length, place, made)
