"""Who is signed in, for which posts he acts, and fetching objects only by permission."""

from typing import Any

from django.http import Http404, HttpRequest

from shudao.base import clock
from shudao.base.scene import LIVE, Scene
from shudao.ledger.verbs import Actor
from shudao.org.models import Organisation, Post, Staff
from shudao.org.queries import posts_of


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in person; 404 when the account belongs to no member of staff."""
    staff = Staff.objects.filter(user_id=request.user.pk).first()
    if staff is None:
        raise Http404
    return staff


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
        if organisation and organisation.is_sample:
            found["everyone"] = Staff.objects.prefetch_related("holdings__post").order_by("pk")
    return found
