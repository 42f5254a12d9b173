"""部门页 (a department): what its posts have to do and to answer; and the choices of posts by department."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.respond.state import OPEN
from shudao.org.models import Post, Unit
from shudao.respond import queries
from shudao.respond.models import Demand, Task
from shudao.respond.screens import words as said
from shudao.sense.screens.departments import UnitWarnings

PER_PAGE = 20


class UnitScreen:
    """One department."""

    words = said

    def __init__(self, unit: Unit, given: Mapping[str, str], *, may_rule: bool = False) -> None:
        self.unit, self.may_rule = unit, may_rule
        self.now: datetime = clock.now(LIVE)
        self._tasks, self._demands = given.get("tasks", "1"), given.get("demands", "1")
        self._warnings = given.get("warnings", "1")

    @cached_property
    def posts(self) -> dict[str, str]:
        """Its posts."""
        return dict(Post.objects.filter(unit=self.unit).values_list("code", "name"))

    @cached_property
    def tasks(self) -> Page[Task]:
        """A page of their open tasks, the earliest limit first."""
        ours = Q(post__in=list(self.posts)) | Q(unit=self.unit.code)
        rows = Task.objects.in_scene(LIVE).filter(ours, status__in=OPEN, incident__closed_at=None)
        return Paginator(rows.select_related("incident").order_by("due_at", "pk"), PER_PAGE).get_page(self._tasks)

    @cached_property
    def demands(self) -> Page[Demand]:
        """A page of the demands they have to answer."""
        rows = queries.find_demands(LIVE, state="open", owners=self.posts, now=self.now)
        return Paginator(rows, PER_PAGE).get_page(self._demands)

    @cached_property
    def warned(self) -> UnitWarnings:
        """What it was warned of, its rules, its topics."""
        return UnitWarnings(self.unit.code, self.posts, self.now, self._warnings)

    @cached_property
    def count(self) -> dict[str, int]:
        """Demands of all its posts by state."""
        rows = queries.counts_of_demands(LIVE, self.now, self.posts)
        return {
            name: sum(int(str(row[name])) for row in rows)
            for name in ("open", "late", "answered", "declined", "in_time")
        }

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        tasks, demands = self.tasks.paginator.count, self.demands.paginator.count
        if self.warned.waiting:
            return ngettext("%(unit)s：%(n)d 条预警等答复", "%(unit)s：%(n)d 条预警等答复", self.warned.waiting) % {
                "unit": self.unit.name, "n": self.warned.waiting,
            }  # fmt: skip
        if not tasks and not demands:
            return gettext("%(unit)s：没有在办的事") % {"unit": self.unit.name}
        said_tasks = ngettext("%(n)d 项任务", "%(n)d 项任务", tasks) % {"n": tasks}
        said_demands = ngettext("%(n)d 条诉求", "%(n)d 条诉求", demands) % {"n": demands}
        return gettext("%(unit)s：%(tasks)s、%(demands)s在办") % {
            "unit": self.unit.name, "tasks": said_tasks, "demands": said_demands,
        }  # fmt: skip


def units_of(posts: Iterable[Post]) -> list[Unit]:
    """The departments of some posts."""
    return list(Unit.objects.filter(pk__in={post.unit_id for post in posts}).order_by("name"))


UNIT = "unit:"
"""Before the code of a department where a task may be given to a department as a whole."""


def receiver(chosen: str) -> dict[str, str]:
    """What was chosen among `post_choices` as `add_task` takes it: a post, or a department."""
    return {"unit": chosen.removeprefix(UNIT)} if chosen.startswith(UNIT) else {"post": chosen}


def post_choices(*, units: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    """Posts to choose from, department by department; with `units` first of all the departments themselves."""
    groups: dict[str, list[tuple[str, str]]] = {}
    if units:
        served = Unit.objects.filter(retired_at=None, posts__retired_at=None, posts__isnull=False).distinct()
        groups[gettext("整个部门")] = [(f"{UNIT}{row.code}", row.name) for row in served.order_by("name")]
    rows = Post.objects.filter(retired_at=None).select_related("unit").order_by("unit__name", "pk")
    for post in rows:
        groups.setdefault(post.unit.name, []).append((post.code, post.name))
    return list(groups.items())
