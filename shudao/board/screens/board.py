"""态势 (situation board): how many matters move, what waits for the reader, and where every clock stands.

Read in a fixed number of questions to the database, however many rows there are.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import F, Min, Q
from django.utils.translation import get_language, gettext, ngettext

from shudao.base import clock
from shudao.base.scene import Scene
from shudao.engine.plan.model import Level
from shudao.engine.respond.state import OPEN
from shudao.listen.models import Item
from shudao.notify.models import Message
from shudao.notify.queries import inbox
from shudao.org.queries import post_names
from shudao.respond import queries as respond
from shudao.respond.models import ApprovalStep, Demand, Incident, LevelProposal, Task
from shudao.sense import queries as sense
from shudao.sense.models import Alert, AlertItem

PER_PAGE = 10
SHOWN_ITEMS, SHOWN_LIMITS = 5, 3
NUMBERS = {
    "zh": ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}


def in_words(count: int) -> str:
    """A small number as people say it before a noun; a larger one in figures."""
    chinese = (get_language() or "zh").startswith("zh")
    names = NUMBERS["zh" if chinese else "en"]
    return names[count] if count < len(names) else f"{count} " if chinese else str(count)


@dataclass(frozen=True)
class Matter:
    """事件 (incident) on the board: its level, its next limits, how much is under way and late."""

    incident: Incident
    level: Level | None
    is_proposed: bool
    limits: list[respond.Limit]
    open: int
    late: int
    first_seen: datetime | None

    @property
    def colour(self) -> str:
        """Of its edge."""
        return self.level.colour if self.level and not self.is_proposed else "none"


@dataclass(frozen=True)
class AlertCard:
    """预警 (alert) on the board with the posts behind it."""

    alert: Alert
    items: list[Item]
    more: int

    @property
    def title(self) -> str:
        """What an incident opened from it would be called."""
        return self.alert.story.title if self.alert.story else self.alert.topic.name


@dataclass(frozen=True)
class Waiting:
    """等谁 (who is awaited): a post, how many open tasks it has, how many late, the earliest limit."""

    post: str
    open: int
    late: int
    due_at: datetime | None


class BoardScreen:
    """The board of a scene for one reader. `posts`: the posts the reader acts in, by code."""

    def __init__(self, scene: Scene, posts: Mapping[str, str], *, page: str = "1", ended: str = "1") -> None:
        self.scene, self.posts = scene, posts
        self.now = clock.now(scene)
        self._page, self._ended = page, ended

    @property
    def key(self) -> str:
        """What the live page watches: all that moves in its scene."""
        return "live" if self.scene.is_live else self.scene.stream

    @cached_property
    def matters(self) -> Page[Incident]:
        """A page of the open incidents, the one with the most urgent task first."""
        due = Min("task__due_at", filter=Q(task__status__in=OPEN))
        rows = respond.open_incidents(self.scene).select_related("plan_copy").annotate(next_due=due)
        return Paginator(rows.order_by(F("next_due").asc(nulls_last=True), "-pk"), PER_PAGE).get_page(self._page)

    @cached_property
    def cards(self) -> list[Matter]:
        """They as cards."""
        shown = list(self.matters)
        tasks = self._tasks_of(shown)
        proposals = self._proposals_of(shown)
        return [self._card(row, tasks[row.pk], proposals.get(row.pk, "")) for row in shown]

    def _card(self, row: Incident, tasks: list[Task], proposed: str) -> Matter:
        code = row.level or proposed
        reached = row.state.milestones
        return Matter(
            incident=row,
            level=next((level for level in row.plan.levels if level.code == code), None),
            is_proposed=not row.level,
            limits=[limit for limit in respond.limits_of(row) if limit.done_at is None][:SHOWN_LIMITS],
            open=len(tasks),
            late=sum(task.is_late(self.now) for task in tasks),
            first_seen=reached.get("first_seen") or reached.get("detected"),
        )

    def _tasks_of(self, rows: list[Incident]) -> dict[int, list[Task]]:
        found: dict[int, list[Task]] = defaultdict(list)
        for task in Task.objects.filter(incident__in=rows, status__in=OPEN):
            found[task.incident_id].append(task)
        return found

    def _proposals_of(self, rows: list[Incident]) -> dict[int, str]:
        pairs = LevelProposal.objects.filter(incident__in=rows).order_by("at", "pk")
        return dict(pairs.values_list("incident_id", "level"))

    @cached_property
    def alerts(self) -> Page[Alert]:
        """A page of the alerts nobody has dealt with: not taken up, or taken up and not yet opened."""
        return Paginator(self._pending, PER_PAGE).get_page(1)

    @cached_property
    def _pending(self) -> list[Alert]:
        taken = set(respond.incidents_of(self.scene).exclude(alert="").values_list("alert", flat=True))
        rows = sense.alerts(self.scene).filter(dismissed_at=None)[: PER_PAGE * 10]
        return [row for row in rows if row.code not in taken]

    @cached_property
    def alert_cards(self) -> list[AlertCard]:
        """The alerts with the posts behind them."""
        shown = list(self.alerts)
        rows = AlertItem.objects.filter(alert__in=shown).select_related("item__source").order_by("alert", "place")
        behind: dict[int, list[Item]] = defaultdict(list)
        for row in rows:
            behind[row.alert_id].append(row.item)
        return [
            AlertCard(row, behind[row.pk][:SHOWN_ITEMS], max(len(behind[row.pk]) - SHOWN_ITEMS, 0)) for row in shown
        ]

    @cached_property
    def unseen(self) -> int:
        """Alerts that nobody has acknowledged."""
        return sense.open_alerts(self.scene).count()

    @cached_property
    def signing(self) -> list[ApprovalStep]:
        """Statements that wait for the reader's yes."""
        return respond.approvals_for(self.scene, self.posts)

    @cached_property
    def tasks(self) -> Page[Task]:
        """A page of the reader's tasks."""
        return Paginator(respond.tasks_for(self.scene, self.posts), PER_PAGE).get_page(1)

    @cached_property
    def demands(self) -> Page[Demand]:
        """A page of the demands that are the reader's to solve."""
        return Paginator(respond.demands_for(self.scene, self.posts), PER_PAGE).get_page(1)

    @cached_property
    def inbox(self) -> Page[Message]:
        """A page of unconfirmed messages."""
        return Paginator(inbox(self.scene, self.posts), PER_PAGE).get_page(1)

    @cached_property
    def waiting(self) -> list[Waiting]:
        """What waits for which post, the latest first."""
        rows = Task.objects.filter(incident__scene=self.scene.key, incident__closed_at=None, status__in=OPEN)
        names, by_post = post_names(), defaultdict(list)
        for task in rows:
            by_post[task.post].append(task)
        found = [self._waiting(names.get(code, code), tasks) for code, tasks in by_post.items()]
        far = datetime.max.replace(tzinfo=self.now.tzinfo)
        return sorted(found, key=lambda row: (-row.late, row.due_at or far))

    def _waiting(self, name: str, tasks: list[Task]) -> Waiting:
        dues = [task.due_at for task in tasks if task.due_at]
        return Waiting(name, len(tasks), sum(task.is_late(self.now) for task in tasks), min(dues, default=None))

    @cached_property
    def ended(self) -> Page[Incident]:
        """A page of the closed incidents."""
        rows = respond.incidents_of(self.scene).exclude(closed_at=None).order_by("-closed_at", "-pk")
        return Paginator(rows, PER_PAGE).get_page(self._ended)

    @property
    def is_mine_empty(self) -> bool:
        """Nothing waits for the reader."""
        return not (self.signing or self.tasks or self.demands or self.inbox)

    @cached_property
    def sentence(self) -> str:
        """The one sentence on top."""
        moving = self.matters.paginator.count
        parts = [self._moving(moving), self._mine()]
        joined = gettext("，").join(part for part in parts if part)
        return joined[:1].upper() + joined[1:]

    def _moving(self, count: int) -> str:
        if not count:
            return gettext("没有事件在发展")
        return ngettext("%(n)s件事在发展", "%(n)s件事在发展", count) % {"n": in_words(count)}

    def _mine(self) -> str:
        for count, text in (
            (len(self.signing), lambda n: ngettext("%(n)s件等您签字", "%(n)s件等您签字", n)),
            (self.tasks.paginator.count, lambda n: ngettext("%(n)s件等您办", "%(n)s件等您办", n)),
            (self.unseen, lambda n: ngettext("%(n)s条预警等签收", "%(n)s条预警等签收", n)),
            (self.demands.paginator.count, lambda n: ngettext("%(n)s条诉求等您答复", "%(n)s条诉求等您答复", n)),
        ):
            if count:
                return text(count) % {"n": in_words(count)}
        return gettext("没有事等您")
