"""在发展的事 (matters): open incidents with their level, next limits, how much is under way and late; whom all waits for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q

from shudao.base.scene import Scene
from shudao.engine.plan.model import Level
from shudao.engine.respond.state import OPEN
from shudao.org.queries import post_names
from shudao.respond import queries as respond
from shudao.respond.models import Incident, LevelProposal, Task

SHOWN_LIMITS = 3
MOST_WAITING = 8


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
class Waiting:
    """等谁 (who is awaited): a post, how many open tasks it has, how many late, the earliest limit."""

    post: str
    open: int
    late: int
    due_at: datetime | None


def matters_of(rows: list[Incident], now: datetime) -> list[Matter]:
    """Incidents as cards."""
    tasks: dict[int, list[Task]] = defaultdict(list)
    for task in Task.objects.filter(incident__in=rows, status__in=OPEN):
        tasks[task.incident_id or 0].append(task)
    pairs = LevelProposal.objects.filter(incident__in=rows).order_by("at", "pk")
    proposals = dict(pairs.values_list("incident_id", "level"))
    return [_matter(row, tasks[row.pk], proposals.get(row.pk, ""), now) for row in rows]


def _matter(row: Incident, tasks: list[Task], proposed: str, now: datetime) -> Matter:
    code, reached = row.level or proposed, row.state.milestones
    return Matter(
        incident=row,
        level=next((level for level in row.plan.levels if level.code == code), None),
        is_proposed=not row.level,
        limits=[limit for limit in respond.limits_of(row) if limit.done_at is None][:SHOWN_LIMITS],
        open=len(tasks),
        late=sum(task.is_late(now) for task in tasks),
        first_seen=reached.get("first_seen") or reached.get("detected"),
    )


def waiting_of(scene: Scene, now: datetime, shown: Iterable[Incident] = ()) -> list[Waiting]:
    """What waits for which post, the latest first. The plans of the shown incidents name posts that we have not."""
    rows = Task.objects.in_scene(scene).filter(incident__closed_at=None, status__in=OPEN).order_by()
    late = Count("pk", filter=Q(due_at__lt=now))
    found = rows.values_list("post").annotate(n=Count("pk"), late=late, due=Min("due_at"))
    names = {post.id: post.name for row in shown for post in row.plan.posts} | dict(post_names())
    latest = found.order_by("-late", F("due").asc(nulls_last=True), "post")[:MOST_WAITING]
    return [Waiting(names.get(post, post), count, overdue, due) for post, count, overdue, due in latest]
