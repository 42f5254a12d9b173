"""Questions about people and posts."""

from datetime import datetime

from django.db.models import QuerySet

from shudao.org.models import SETTING_UP, Deputy, Holding, Organisation, Post, PostRight, Shift, Staff


def organisation() -> Organisation | None:
    """The organisation this site serves; None before it is set up."""
    return Organisation.objects.first()


def who_holds(post_code: str, at: datetime) -> list[Staff]:
    """Who answers for a post at a moment: those on shift, else those who hold it; empty = the post is unresolved."""
    on_shift = Shift.objects.filter(post__code=post_code, start_at__lte=at, end_at__gt=at)
    staff = Staff.objects.filter(pk__in=on_shift.values("staff"), user__is_active=True)
    return list(staff) or list(Staff.objects.filter(pk__in=_held(at).filter(post__code=post_code).values("staff")))


def posts_of(staff: Staff, at: datetime) -> list[Post]:
    """The posts a person answers for at a moment, by holding or shift."""
    held = _held(at).filter(staff=staff).values("post")
    on_shift = Shift.objects.filter(staff=staff, start_at__lte=at, end_at__gt=at).values("post")
    return list(Post.objects.filter(pk__in=held).union(Post.objects.filter(pk__in=on_shift)).order_by("code"))


def rights_of(staff: Staff, at: datetime) -> frozenset[str]:
    """What a person may do at a moment: the rights of the posts he answers for, and an administrator's own."""
    held = PostRight.objects.filter(post__in=[row.pk for row in posts_of(staff, at)]).values_list("right", flat=True)
    return frozenset(held) | (SETTING_UP if staff.is_administrator else frozenset())


def reachable_posts(at: datetime) -> dict[str, bool]:
    """Post code -> somebody answers for it now; what the respond engine asks about rungs."""
    codes = list(Post.objects.values_list("code", flat=True))
    held = set(_held(at).values_list("post__code", flat=True))
    on_shift = set(Shift.objects.filter(start_at__lte=at, end_at__gt=at).values_list("post__code", flat=True))
    return {code: code in held or code in on_shift for code in codes}


def deputies_of(post_code: str) -> list[str]:
    """Codes of a post's deputies, in order."""
    rows = Deputy.objects.filter(post__code=post_code).select_related("deputy")
    return [row.deputy.code for row in rows]


def post_names() -> dict[str, str]:
    """Post code -> name, for pages and papers."""
    return dict(Post.objects.values_list("code", "name"))


def _held(at: datetime) -> QuerySet[Holding]:
    open_end = Holding.objects.filter(from_at__lte=at, staff__user__is_active=True)
    return open_end.exclude(to_at__lte=at)
