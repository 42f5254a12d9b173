"""等我办 (mine): everything that waits for some posts, from all incidents and from ordinary business.

Read light first (kind, key, limit), so that a page of a long list fetches only its own rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from shudao.base.clock import ended_scenes
from shudao.engine.respond.state import OPEN, SILENT
from shudao.org.models import Post
from shudao.respond.models import (
    ApprovalStep,
    Demand,
    LevelContest,
    Meeting,
    OralAct,
    Task,
)
from shudao.respond.models.meeting import Analysis
from shudao.respond.queries.signing import JOINS, signers_of, unwritten_rows, waiting_rows

MOST = 2_000
"""Of a kind; nobody works through more, and the page says that there are more."""


class Todo(NamedTuple):
    """待办 (to do): what kind, which row, until when, since when, in which scene."""

    kind: str
    key: int
    due_at: datetime | None
    since: datetime
    scene: str


def todos_of(posts: Iterable[str], now: datetime) -> list[Todo]:
    """What waits for these posts, the earliest limit first, what has none last. Runs that are over are left out."""
    mine = set(posts)
    if not mine:
        return []
    parts = (
        _tasks(mine),
        _demands(mine),
        _looks(mine, now),
        _orals(mine),
        _signings(mine),
        _writings(mine),
        _meetings(mine),
        _views(mine),
    )
    found = [row for part in parts for row in part]
    over = ended_scenes({row.scene for row in found})
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return sorted(
        (row for row in found if row.scene not in over), key=lambda row: (row.due_at or far, row.since, row.key)
    )


def rows_of(todos: Iterable[Todo]) -> dict[tuple[str, int], Any]:
    """The rows behind some of them, one question a kind."""
    wanted: Mapping[str, set[int]] = defaultdict(set)
    for row in todos:
        wanted[row.kind].add(row.key)
    found: dict[tuple[str, int], Any] = {}
    for kind, keys in wanted.items():
        model, joins = _MODELS[kind]
        rows = model._default_manager.filter(pk__in=keys).select_related(*joins)
        found |= {(kind, row.pk): row for row in rows}
    return found


def _tasks(mine: set[str]) -> list[Todo]:
    called = Q(calls__post__in=mine, calls__answered_at=None, calls__withdrawn_at=None)
    units = Post.objects.filter(code__in=mine).values("unit__code")
    ours = Q(unit__in=units, status__in=SILENT)
    rows = Task.objects.filter(
        Q(post__in=mine) | Q(by__in=mine) | called | ours, status__in=OPEN, incident__closed_at=None
    )
    named = (
        rows.order_by("due_at", "pk").distinct().values_list("pk", "due_at", "opened_at", "scene", "status", "origin")
    )
    return [Todo(_task_kind(*row[4:]), *row[:4]) for row in named[:MOST]]


def _task_kind(status: str, origin: str) -> str:
    return "instruction" if origin == Task.Origin.INSTRUCTION else "call" if status == Task.Status.CALLED else "task"


def _demands(mine: set[str]) -> list[Todo]:
    rows = Demand.objects.filter(owner__in=mine, state=Demand.State.OPEN, incident__closed_at=None)
    return [
        Todo("demand", *row) for row in rows.order_by("due_at").values_list("pk", "due_at", "raised_at", "scene")[:MOST]
    ]


def _looks(mine: set[str], now: datetime) -> list[Todo]:
    """Answers whose day to look again has come."""
    rows = Demand.objects.filter(
        owner__in=mine, state=Demand.State.ANSWERED, followed_up_at=None, follow_up_on__lte=now.date()
    )
    return [
        Todo("look", key, None, since, scene)
        for key, since, scene in rows.values_list("pk", "answered_at", "scene")[:MOST]
    ]


def _orals(mine: set[str]) -> list[Todo]:
    rows = OralAct.objects.filter(post__in=mine, confirmed_at=None, disputed_at=None, incident__closed_at=None)
    named = rows.values_list("pk", "confirm_by_at", "recorded_at", "incident__scene")
    return [Todo("oral", *row) for row in named[:MOST]]


def _signings(mine: set[str]) -> list[Todo]:
    return [
        Todo("approval", row.pk, row.due_at, row.since or row.incident.opened_at, row.incident.scene)
        for row in waiting_rows()[:MOST]
        if mine & signers_of(row)
    ]


def _writings(mine: set[str]) -> list[Todo]:
    rows = unwritten_rows().filter(by__in=mine)[:MOST]
    return [
        Todo("writing", row.pk, row.written_by_at, row.at or row.incident.opened_at, row.incident.scene) for row in rows
    ]


def _meetings(mine: set[str]) -> list[Todo]:
    rows = Meeting.objects.filter(called_at__isnull=False, held_at=None, incident__closed_at=None).select_related(
        "incident"
    )
    return [
        Todo("meeting", row.pk, row.starts_at, row.called_at or row.at, row.incident.scene)
        for row in rows[:MOST]
        if mine & set(row.called) - set(row.joined)
    ]


def _views(mine: set[str]) -> list[Todo]:
    """Joint analyses in which these posts were asked and have not said anything."""
    rows = Analysis.objects.filter(decided_at=None, incident__closed_at=None).select_related("incident")
    found = []
    for row in rows.prefetch_related("views")[:MOST]:
        if mine & set(row.asked) - {view.post for view in row.views.all()}:
            found.append(Todo("view", row.pk, row.due_at, row.asked_at, row.incident.scene))
    return found


def open_contests(incident_key: int) -> list[LevelContest]:
    """Contests of an incident's level that nothing has answered."""
    return list(LevelContest.objects.filter(incident=incident_key, answered_at=None))


_MODELS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "task": (Task, ("incident",)),
    "call": (Task, ("incident",)),
    "instruction": (Task, ("incident",)),
    "demand": (Demand, ("incident",)),
    "look": (Demand, ("incident",)),
    "oral": (OralAct, ("incident",)),
    "approval": (ApprovalStep, JOINS),
    "writing": (ApprovalStep, JOINS),
    "meeting": (Meeting, ("incident",)),
    "view": (Analysis, ("incident",)),
}
