"""Who answers for many posts at once, for lists: the same rule as `who_holds`, in a fixed number of questions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from shudao.org.models import Deputy, Post, Shift, Staff
from shudao.org.queries.posts import held_at


@dataclass(slots=True)
class Answer:
    """Who answers for a post at a moment: those on shift before those who hold it."""

    on_shift: list[Staff] = field(default_factory=list)
    holders: list[Staff] = field(default_factory=list)

    @property
    def people(self) -> list[Staff]:
        """Those who are called."""
        return self.on_shift or self.holders


def answering(posts: Iterable[Post], at: datetime) -> dict[int, Answer]:
    """Post's key -> who answers for it at that moment. A post merged into another is answered for by that one's people."""
    rows = list(posts)
    found: dict[int, Answer] = defaultdict(Answer)
    stands_for = {row.pk: _stands_for(row, at) for row in rows}
    keys = {key for several in stands_for.values() for key in several}
    by_post: dict[int, Answer] = defaultdict(Answer)
    there = Q(staff__user__is_active=True) | Q(staff__left_at__gt=at)
    for shift in Shift.objects.at(at).filter(there, post__in=keys).select_related("staff"):
        by_post[shift.post_id].on_shift.append(shift.staff)
    for holding in held_at(at).filter(post__in=keys).select_related("staff").order_by("from_at", "pk"):
        by_post[holding.post_id].holders.append(holding.staff)
    for row in rows:
        for key in stands_for[row.pk]:
            found[row.pk].on_shift += by_post[key].on_shift
            found[row.pk].holders += by_post[key].holders
    return found


def deputies_of_all(posts: Iterable[Post]) -> dict[int, list[Post]]:
    """Post's key -> its deputies, in order."""
    found: dict[int, list[Post]] = defaultdict(list)
    keys = [row.pk for row in posts]
    for row in Deputy.objects.filter(post__in=keys).select_related("deputy").order_by("order", "pk"):
        found[row.post_id].append(row.deputy)
    return found


def vacant_posts(at: datetime) -> list[Post]:
    """Posts in service that nobody answers for at that moment."""
    rows = list(Post.objects.filter(retired_at=None).select_related("unit").order_by("unit__pk", "pk"))
    answers = answering(rows, at)
    return [row for row in rows if not answers[row.pk].people]


def _stands_for(row: Post, at: datetime) -> list[int]:
    if row.replaced_by_id and row.retired_at and row.retired_at <= at:
        return [row.pk, row.replaced_by_id]
    return [row.pk]
