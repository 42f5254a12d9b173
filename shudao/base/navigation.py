"""导航 (navigation): where one may go from every page, by right. A page that does not exist or may not be seen has no link.

In a drill run the links lead to the run's own pages, so that nobody steps out of the exercise without noticing.
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Link:
    """去处 (link): its name among addresses, what it is called, where it stands; `run` is its name in a drill run."""

    key: str
    name: str
    says: Promise | str
    run: str = ""
    path: str = ""
    is_here: bool = False


AT_HAND = (
    Link("board", "board:board", _("态势"), "board:run_board"),
    Link("alerts", "sense:alerts", _("预警"), "sense:run_alerts"),
    Link("incidents", "respond:incidents", _("事件"), "respond:run_incidents"),
    Link("tasks", "respond:tasks", _("我的任务"), "respond:run_tasks"),
)
"""The four used at night: in one row on a desk, at the thumb on a phone."""
NEXT = (
    Link("demands", "respond:demands", _("诉求"), "respond:run_demands"),
    Link("report", "listen:report", _("上报")),
)
"""In the row on a desk, in the menu on a phone."""
MORE = (
    Link("search", "sense:search", _("检索"), "sense:run_search"),
    Link("stories", "sense:stories", _("话题"), "sense:run_stories"),
    Link("plan", "plan:editions", _("预案")),
    Link("drill", "drill:desk", _("演练台")),
    Link("archive", "follow:archive", _("档案")),
    Link("registers", "org:registers", _("登记册")),
    Link("ledger", "ledger:ledger", _("留痕")),
    Link("care", "follow:care", _("关怀转介")),
    Link("settings", "board:settings", _("设置")),
)


@dataclass(frozen=True)
class Menu:
    """导航 (menu) of one page for one reader."""

    at_hand: tuple[Link, ...]
    next: tuple[Link, ...]
    more: tuple[Link, ...]

    @property
    def is_more_here(self) -> bool:
        """The page one is on stands in the menu."""
        return any(link.is_here for link in self.more)


def menu_of(request: HttpRequest, rights: Set[str], *, run: str = "", place: str = "") -> Menu:
    """The links of a page. `place` says which one a page belongs to when its address does not."""
    shown = [_shown(group, rights, run) for group in (AT_HAND, NEXT, MORE)]
    here = _here([link for group in shown for link in group], request.path, place)
    at_hand, following, more = (tuple(replace(link, is_here=link.key == here) for link in group) for group in shown)
    return Menu(at_hand, following, more)


def _shown(links: tuple[Link, ...], rights: Set[str], run: str) -> list[Link]:
    found = []
    for link in links:
        path, needed = address_of(link.run if run else link.name, run)
        if path and (not needed or needed & rights):
            found.append(replace(link, path=path))
    return found


@cache
def address_of(name: str, run: str = "") -> tuple[str, frozenset[str]]:
    """The path of a name ("" when there is none) and the rights its page needs."""
    if not name:
        return "", frozenset()
    try:
        path = reverse(name, args=[run] if run else [])
        return path, frozenset(getattr(resolve(path).func, "needs", ()))
    except (NoReverseMatch, Resolver404):
        return "", frozenset()


def _here(links: list[Link], path: str, place: str) -> str:
    """The link whose page this is or below which it stands; the longest wins over the word of the page."""
    below = [link for link in links if link.path != "/" and path.startswith(link.path)]
    found = max(below, key=lambda link: len(link.path), default=None)
    return "board" if path == "/" else found.key if found else place
