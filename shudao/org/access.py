"""Who is signed in, for which posts he acts, and fetching objects only by permission."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest

from shudao.base import clock
from shudao.base.scene import LIVE, Scene
from shudao.ledger.verbs import Actor
from shudao.org.models import Organisation, Post, Right, Staff
from shudao.org.queries import posts_of, rights_of

View = TypeVar("View", bound=Callable[..., Any])


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in person; 404 when the account belongs to no member of staff."""
    staff = Staff.objects.filter(user_id=request.user.pk).first()
    if staff is None:
        raise Http404
    return staff


def my_rights(request: HttpRequest) -> frozenset[str]:
    """The signed-in person's rights now, asked once a request."""
    found = getattr(request, "shudao_rights", None)
    if found is None:
        found = rights_of(staff_of(request), clock.now(LIVE))
        request.shudao_rights = found  # type: ignore[attr-defined]
    return found


def may(request: HttpRequest, right: Right) -> bool:
    """Whether the signed-in person has that right now."""
    return right in my_rights(request)


def needs(*rights: Right) -> Callable[[View], View]:
    """A page for those who have one of these rights; 404 for everybody else. No right named: for every member of staff.

    Every view says so (or `login_not_required`); `tests/project/test_addresses.py` walks them all.
    """

    def declare(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            staff_of(request)
            if rights and not my_rights(request).intersection(rights):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.needs = rights  # type: ignore[attr-defined]
        return guarded

    return declare


def my_posts(request: HttpRequest) -> list[Post]:
    """The posts the signed-in person answers for now."""
    return posts_of(staff_of(request), clock.now(LIVE))


def actor_of(request: HttpRequest, scene: Scene, post: str = "") -> Actor:
    """The signed-in person acting in one of his posts (the first when none is named). 404 when it is not his."""
    staff = staff_of(request)
    held = [row.code for row in posts_of(staff, clock.now(LIVE))]
    wanted = post or (held[0] if held else "")
    if not wanted or wanted not in held:
        raise Http404
    return Actor(scene, wanted, staff.name)


def who(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the organisation, the person, and whom a sample site lets one become."""
    organisation = Organisation.objects.first()
    found: dict[str, Any] = {"organisation": organisation}
    if getattr(request, "user", None) and request.user.is_authenticated:
        staff = Staff.objects.filter(user_id=request.user.pk).first()
        found["me"] = staff
        found["my_posts"] = posts_of(staff, clock.now(LIVE)) if staff else []
        found["rights"] = my_rights(request) if staff else frozenset()
        if organisation and organisation.is_sample:
            found["everyone"] = Staff.objects.prefetch_related("holdings__post").order_by("pk")
    return found
