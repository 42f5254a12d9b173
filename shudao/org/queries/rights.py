"""Questions about rights: which post has which, and who has them through it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shudao.org.models import SETTING_UP, Post, PostRight, Right, Shift, Staff
from shudao.org.queries.posts import held_at


@dataclass(frozen=True)
class PostLine:
    """岗位行 (line): a post, who answers for it now, and which of all rights it has, in their order."""

    post: Post
    holders: tuple[Staff, ...]
    cells: tuple[tuple[Right, bool], ...]

    @property
    def rights(self) -> list[Right]:
        """Those it has."""
        return [right for right, has in self.cells if has]

    @property
    def lacking(self) -> list[Right]:
        """Those it could be given."""
        return [right for right, has in self.cells if not has]


@dataclass(frozen=True)
class RightLine:
    """权限行 (line): a right, and who has it now, each through which posts; none = as an administrator."""

    right: Right
    people: tuple[tuple[Staff, tuple[Post, ...]], ...]


def answering_now(at: datetime) -> dict[int, list[Staff]]:
    """Post -> everybody who may act for it at a moment: those who hold it and those on shift."""
    held = held_at(at).select_related("staff")
    on_shift = Shift.objects.filter(start_at__lte=at, end_at__gt=at, staff__user__is_active=True)
    found: dict[int, dict[int, Staff]] = defaultdict(dict)
    for row in (*held, *on_shift.select_related("staff")):
        found[row.post_id][row.staff_id] = row.staff
    return {post: sorted(people.values(), key=lambda row: row.pk) for post, people in found.items()}


def managers(at: datetime) -> set[int]:
    """Who may manage people and rights at a moment: through a post in service, or as an administrator."""
    posts = PostRight.objects.filter(right=Right.PEOPLE, post__retired_at=None).values_list("post_id", flat=True)
    answering = answering_now(at)
    administrators = Staff.objects.filter(is_administrator=True, user__is_active=True).values_list("pk", flat=True)
    return {row.pk for post in posts for row in answering.get(post, ())} | set(administrators)


def lines_of(posts: Iterable[Post], at: datetime) -> list[PostLine]:
    """A line for each of these posts."""
    rows = list(posts)
    has = set(PostRight.objects.filter(post__in=rows).values_list("post_id", "right"))
    answering = answering_now(at)
    return [
        PostLine(row, tuple(answering.get(row.pk, ())), tuple((right, (row.pk, right.value) in has) for right in Right))
        for row in rows
    ]


def who_has(at: datetime) -> list[RightLine]:
    """A line for each right."""
    through: dict[str, list[Post]] = defaultdict(list)
    for row in PostRight.objects.filter(post__retired_at=None).select_related("post").order_by("post__code"):
        through[row.right].append(row.post)
    answering = answering_now(at)
    administrators = list(Staff.objects.filter(is_administrator=True, user__is_active=True).order_by("pk"))
    return [_line(right, through[right], answering, administrators) for right in Right]


def _line(right: Right, posts: list[Post], answering: dict[int, list[Staff]], administrators: list[Staff]) -> RightLine:
    people: dict[int, tuple[Staff, list[Post]]] = {}
    for row in administrators if right in SETTING_UP else ():
        people[row.pk] = (row, [])
    for post in posts:
        for row in answering.get(post.pk, ()):
            people.setdefault(row.pk, (row, []))[1].append(post)
    return RightLine(right, tuple((row, tuple(posts)) for row, posts in people.values()))
