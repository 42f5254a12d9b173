"""Questions about posts and who answers for them, now or at a moment of the past."""

from datetime import datetime

from django.db.models import Q, QuerySet

from shudao.org.models import SETTING_UP, Deputy, Holding, Organisation, Post, PostRight, Shift, Staff


def organisation() -> Organisation | None:
    """The organisation this site serves; None before it is set up."""
    return Organisation.objects.first()


def who_holds(post_code: str, at: datetime) -> list[Staff]:
    """Who answers for a post at a moment: those on shift, else those who hold it; empty = the post is unresolved.

    A post that was merged into another is answered for by that one's people from then on.
    """
    asked = Q(post__code=post_code)
    asked |= Q(post__replaces__code=post_code, post__replaces__retired_at__lte=at)
    on_shift = Staff.objects.filter(pk__in=_on_shift(at).filter(asked).values("staff"))
    return list(on_shift) or list(Staff.objects.filter(pk__in=held_at(at).filter(asked).values("staff")))


def posts_of(staff: Staff, at: datetime) -> list[Post]:
    """The posts a person answers for at a moment, by holding or shift, with those merged into them."""
    held = held_at(at).filter(staff=staff).values("post")
    on_shift = _on_shift(at).filter(staff=staff).values("post")
    own = Q(pk__in=held) | Q(pk__in=on_shift)
    merged = Q(replaced_by__in=held) | Q(replaced_by__in=on_shift)
    return list(Post.objects.filter(own | (merged & Q(retired_at__lte=at))).order_by("code"))


def rights_of(staff: Staff, at: datetime, posts: list[Post] | None = None) -> frozenset[str]:
    """What a person may do at a moment: the rights of the posts in service he answers for, and an administrator's own.

    `posts`: the posts he answers for then, by whoever has asked already.
    """
    answered_for = posts_of(staff, at) if posts is None else posts
    keys = [row.pk for row in answered_for if row.retired_at is None]
    held = PostRight.objects.filter(post__in=keys).values_list("right", flat=True)
    return frozenset(held) | (SETTING_UP if staff.is_administrator else frozenset())


def reachable_posts(at: datetime) -> dict[str, bool]:
    """Post code -> somebody answers for it now; what the respond engine asks about rungs."""
    rows = list(Post.objects.values_list("pk", "code", "replaced_by", "retired_at"))
    staffed = set(held_at(at).values_list("post", flat=True)) | set(_on_shift(at).values_list("post", flat=True))
    return {
        code: key in staffed or (by in staffed and retired_at is not None and retired_at <= at)
        for key, code, by, retired_at in rows
    }


def deputies_of(post_code: str) -> list[str]:
    """Codes of a post's deputies, in order."""
    rows = Deputy.objects.filter(post__code=post_code).select_related("deputy")
    return [row.deputy.code for row in rows]


def post_names() -> dict[str, str]:
    """Post code -> name, for pages and papers."""
    return dict(Post.objects.values_list("code", "name"))


def held_at(at: datetime) -> QuerySet[Holding]:
    """The holdings in force at a moment, of people who could be reached then."""
    return Holding.objects.filter(_there(at), from_at__lte=at).exclude(to_at__lte=at)


def _on_shift(at: datetime) -> QuerySet[Shift]:
    return Shift.objects.at(at).filter(_there(at))


def _there(at: datetime) -> Q:
    """Of people with the organisation at that moment: who has left since counts for the time before."""
    return Q(staff__user__is_active=True) | Q(staff__left_at__gt=at)
