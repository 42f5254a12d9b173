"""Web hooks on their page."""

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.listen.models import Hook, Source
from shudao.listen.queries.hooks import hooks

PER_PAGE = 20


class HooksScreen:
    """All hooks, and the sources that may get one."""

    def __init__(self, page: str = "1") -> None:
        self.now = clock.now(LIVE)
        self.pages: Page[Hook] = Paginator(hooks(LIVE), PER_PAGE).get_page(page)

    @cached_property
    def sources(self) -> list[str]:
        """Names of sources."""
        return list(Source.objects.in_scene(LIVE).order_by("name").values_list("name", flat=True)[:200])
