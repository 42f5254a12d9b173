"""Screens of people: the overview, posts with who answers for them, and who was in charge at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.org.models import Holding, Organisation, Post, Staff, Unit
from shudao.org.queries.answering import Answer, answering, deputies_of_all, vacant_posts
from shudao.org.queries.holidays import known_years
from shudao.org.queries.shifts import AHEAD, Gap, gaps_between, rules_in_force, swaps_open, together


class Overview:
    """One question: is every post in good hands?"""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.organisation = Organisation.objects.first()
        self.units = Unit.objects.filter(retired_at=None).count()
        self.posts = Post.objects.filter(retired_at=None).count()
        self.staff = Staff.objects.filter(left_at=None).count()
        self.rules = rules_in_force(now).count()
        self.swaps = swaps_open().count()
        self.vacant = vacant_posts(now)

    @cached_property
    def gaps(self) -> list[tuple[Gap, list[Gap]]]:
        """Stretches of the next weeks without anybody, alike ones together."""
        return together(
            gap for gap in gaps_between(self.now, self.now + AHEAD) if gap.start > self.now or not gap.holders
        )

    @property
    def years_missing(self) -> list[int]:
        """Years of the next weeks that the table of holidays does not know."""
        wanted = {self.now.year, (self.now + AHEAD).year}
        return sorted(wanted - known_years().keys())

    @property
    def sentence(self) -> str:
        """On top of the page."""
        if not self.posts:
            return gettext("还没有岗位；先设单位和岗位，再把人放到岗位上。")
        if self.vacant:
            return ngettext(
                "%(n)d 个岗位现在没有人。", "%(n)d 个岗位现在没有人。", len(self.vacant)
            ) % {"n": len(self.vacant)}  # fmt: skip
        if self.gaps:
            return ngettext(
                "现在每个岗位都有人；今后五周有 %(n)d 处空班。", "现在每个岗位都有人；今后五周有 %(n)d 处空班。", len(self.gaps)
            ) % {"n": len(self.gaps)}  # fmt: skip
        return gettext("每个岗位都有人，今后五周没有空班。")


@dataclass(frozen=True)
class PostLine:
    """A post in a list: who answers for it, its deputies."""

    post: Post
    answer: Answer
    deputies: tuple[Post, ...]


def post_lines(posts: Iterable[Post], at: datetime) -> list[PostLine]:
    """Lines of these posts."""
    rows = list(posts)
    answers, deputies = answering(rows, at), deputies_of_all(rows)
    return [PostLine(row, answers[row.pk], tuple(deputies[row.pk])) for row in rows]


def posts_found(words: str, *, retired: bool = False, vacant_at: datetime | None = None) -> QuerySet[Post]:
    """Posts by name, code or unit."""
    rows = Post.objects.filter(retired_at__isnull=not retired).select_related("unit", "replaced_by")
    if vacant_at:
        rows = rows.filter(pk__in=[row.pk for row in vacant_posts(vacant_at)])
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word) | Q(unit__name__icontains=word))
    return rows.order_by("unit__pk", "pk")


@dataclass(frozen=True)
class Rung:
    """Who would have been called, and in which turn."""

    post: Post
    people: tuple[Staff, ...]
    is_deputy: bool
    is_on_shift: bool


class Charge:
    """Who was in charge: each post's people at a moment, and who would have been called after them."""

    def __init__(self, at: datetime, posts: Iterable[Post]) -> None:
        self.at = at
        self.rows = list(posts)
        deputies = deputies_of_all(self.rows)
        everybody = {row.pk: row for row in [*self.rows, *(post for several in deputies.values() for post in several)]}
        answers = answering(everybody.values(), at)
        self.lines = [(row, [_rung(row, answers, False), *(_rung(d, answers, True) for d in deputies[row.pk])])
                      for row in self.rows]  # fmt: skip

    @staticmethod
    def first(rungs: list[Rung]) -> Rung | None:
        """Who would have been called first: an empty rung costs no time."""
        return next((rung for rung in rungs if rung.people), None)

    @property
    def called(self) -> list[tuple[Post, list[Rung], Rung | None]]:
        """Post, its rungs, the first that has anybody."""
        return [(post, rungs, self.first(rungs)) for post, rungs in self.lines]


def charge_posts(at: datetime, words: str) -> QuerySet[Post]:
    """Posts that were in service at a moment."""
    rows = Post.objects.filter(Q(retired_at=None) | Q(retired_at__gt=at) | Q(replaced_by__isnull=False))
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word) | Q(unit__name__icontains=word))
    return rows.select_related("unit", "replaced_by").order_by("unit__pk", "pk")


def _rung(post: Post, answers: dict[int, Answer], is_deputy: bool) -> Rung:
    answer = answers[post.pk]
    return Rung(post, tuple(answer.people), is_deputy, bool(answer.on_shift))


@dataclass(frozen=True)
class StaffLine:
    """A person in a list, with what he holds now."""

    staff: Staff
    posts: tuple[Post, ...]


def staff_found(words: str, *, left: bool = False) -> QuerySet[Staff]:
    """People by name, account or post."""
    rows = Staff.objects.filter(left_at__isnull=not left).select_related("user")
    for word in words.split():
        held = Holding.objects.filter(post__name__icontains=word, to_at=None).values("staff")
        rows = rows.filter(Q(name__icontains=word) | Q(user__username__icontains=word) | Q(pk__in=held))
    return rows.order_by("name", "pk")


def staff_lines(people: Iterable[Staff], at: datetime) -> list[StaffLine]:
    """Lines of these people."""
    rows = list(people)
    held: dict[int, list[Post]] = {}
    holdings = Holding.objects.filter(staff__in=rows, from_at__lte=at).exclude(to_at__lte=at)
    for holding in holdings.select_related("post").order_by("from_at"):
        held.setdefault(holding.staff_id, []).append(holding.post)
    return [StaffLine(row, tuple(held.get(row.pk, ()))) for row in rows]


@dataclass(frozen=True)
class UnitLine:
    """A unit in the tree: how deep it stands, how many posts it has."""

    unit: Unit
    depth: int
    posts: int


def unit_tree(*, retired: bool = False) -> list[UnitLine]:
    """Units from the top down, each followed by those under it."""
    rows = list(
        Unit.objects.filter(retired_at__isnull=not retired)
        .annotate(n=Count("posts", filter=Q(posts__retired_at=None)))
        .order_by("pk")
    )
    under: dict[int | None, list[Unit]] = {}
    keys = {row.pk for row in rows}
    for row in rows:
        under.setdefault(row.parent_id if row.parent_id in keys else None, []).append(row)
    found: list[UnitLine] = []
    waiting = [(row, 0) for row in reversed(under.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        found.append(UnitLine(row, depth, row.n))  # type: ignore[attr-defined]
        waiting += [(child, depth + 1) for child in reversed(under.get(row.pk, []))]
    return found


def recent_holdings(staff: Staff) -> QuerySet[Holding]:
    """What a person holds and held, the newest first."""
    return staff.holdings.select_related("post__unit").order_by("-from_at", "-pk")


def next_days(now: datetime, days: int = 14) -> tuple[datetime, datetime]:
    """From now on, so many days."""
    return now, now + timedelta(days=days)
