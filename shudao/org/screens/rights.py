"""What the page of rights shows."""

from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.functional import cached_property

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.org.models import Post, Right
from shudao.org.queries.rights import PostLine, RightLine, lines_of, who_has

A_PAGE = 20


class MatrixScreen:
    """岗位权限 (rights by post): a page of posts, each with its rights; below it who has each right now."""

    rights = tuple(Right)

    def __init__(self, asked: str, page: str | None) -> None:
        self.asked = asked.strip()
        self._page = page

    @cached_property
    def page(self) -> Page[Any]:
        """The posts in service, those asked for."""
        rows = Post.objects.filter(retired_at=None).select_related("unit").order_by("unit__pk", "pk")
        if self.asked:
            rows = rows.filter(Q(name__icontains=self.asked) | Q(unit__name__icontains=self.asked))
        return Paginator(rows, A_PAGE).get_page(self._page)

    @property
    def pager(self) -> str:
        """What leads to another page of the same question."""
        return f"q={quote(self.asked)}&page" if self.asked else "page"

    @cached_property
    def lines(self) -> list[PostLine]:
        """A line for each post of the page."""
        return lines_of(self.page.object_list, clock.now(LIVE))

    @cached_property
    def who(self) -> list[RightLine]:
        """A line for each right."""
        return who_has(clock.now(LIVE))

    @property
    def unheld(self) -> list[Right]:
        """Rights that nobody has now."""
        return [line.right for line in self.who if not line.people]
