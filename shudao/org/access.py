"""Who is signed in, for which posts he acts, and fetching objects only by permission."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponseNotAllowed

from shudao.base import clock
from shudao.base.scene import LIVE, Scene
from shudao.ledger.verbs import Actor
from shudao.org.models import Organisation, Post, PostRight, Right, Staff
from shudao.org.queries import posts_of, rights_of

ADMINISTRATOR = "administrator"
"""Under which an administrator acts who holds no post."""

METHODS = ("GET", "HEAD", "POST")
"""What any page of ours answers to; a page that only reads, or only acts, says so itself."""

MOST_SWITCHED = 40
"""So many people at most are offered to become, on every page of a sample site."""

View = TypeVar("View", bound=Callable[..., Any])


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in person; 404 when the account belongs to no member of staff."""
    staff = _me(request)
    if staff is None:
        raise Http404
    return staff


def _me(request: HttpRequest) -> Staff | None:
    """The member of staff an account belongs to, asked once a request."""
    kept: tuple[int, Staff | None] | None = getattr(request, "shudao_staff", None)
    if kept is None or kept[0] != request.user.pk:
        kept = (request.user.pk, Staff.objects.filter(user_id=request.user.pk).first())
        request.shudao_staff = kept  # type: ignore[attr-defined]
    return kept[1]


def my_rights(request: HttpRequest) -> frozenset[str]:
    """The signed-in person's rights now, asked once a request."""
    found = getattr(request, "shudao_rights", None)
    if found is None:
        found = rights_of(staff_of(request), clock.now(LIVE), my_posts(request))
        if Right.DRILL not in found and Organisation.objects.filter(is_sample=True).exists():
            found |= {Right.DRILL}  # one person may play it all
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
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            return view(request, *args, **kwargs)

        guarded.needs = rights  # type: ignore[attr-defined]
        return guarded

    return declare


def my_posts(request: HttpRequest) -> list[Post]:
    """The posts the signed-in person answers for now, asked once a request."""
    staff = staff_of(request)
    kept: tuple[int, list[Post]] | None = getattr(request, "shudao_posts", None)
    if kept is None or kept[0] != staff.pk:
        kept = (staff.pk, posts_of(staff, clock.now(LIVE)))
        request.shudao_posts = kept  # type: ignore[attr-defined]
    return kept[1]


def actor_of(request: HttpRequest, scene: Scene, post: str = "") -> Actor:
    """The signed-in person acting in one of his posts (the first when none is named). 404 when it is not his."""
    staff = staff_of(request)
    held = [row.code for row in my_posts(request)]
    wanted = post or (held[0] if held else "")
    if not wanted or wanted not in held:
        raise Http404
    return Actor(scene, wanted, staff.name)


def setter_of(request: HttpRequest, right: Right) -> Actor:
    """The signed-in person setting something up: as the first of his posts that has the right, else as administrator.

    An administrator of a fresh site holds no post yet. 404 when the right is not his.
    """
    staff = staff_of(request)
    held = posts_of(staff, clock.now(LIVE))
    entitled = set(PostRight.objects.filter(post__in=held, right=right).values_list("post_id", flat=True))
    post = next((row.code for row in held if row.pk in entitled), ADMINISTRATOR if staff.is_administrator else "")
    if not post or not may(request, right):
        raise Http404
    return Actor(LIVE, post, staff.name)


def who(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the organisation, the person, and whom a sample site lets one become."""
    organisation = Organisation.objects.first()
    found: dict[str, Any] = {"organisation": organisation}
    if getattr(request, "user", None) and request.user.is_authenticated:
        staff = _me(request)
        found["me"] = staff
        found["my_posts"] = my_posts(request) if staff else []
        found["rights"] = my_rights(request) if staff else frozenset()
        if organisation and organisation.is_sample:
            found["everyone"] = Staff.objects.prefetch_related("holdings__post").order_by("pk")[:MOST_SWITCHED]
    return found
