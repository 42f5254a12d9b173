"""我的任务 (tasks of mine): everything that waits for the reader's posts, each with its verb at hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.pages import Asked
from shudao.base.scene import LIVE, Scene
from shudao.engine.respond.state import OPEN, SILENT
from shudao.engine.words import Words
from shudao.ledger.lines import words_of
from shudao.org.queries.units import posts_of_unit
from shudao.respond import queries
from shudao.respond.models import ApprovalStep, Call, Demand, Incident, Meeting, OralAct, Task, warm_plans
from shudao.respond.models.meeting import Analysis
from shudao.respond.screens import words as said
from shudao.respond.screens.rows import CLOSING, WITHOUT_PAGE

PER_PAGE = 20
RUN_ROWS = 20
KINDS = {
    "call": Words("签收", "to take"),
    "task": Words("办理", "to do"),
    "instruction": Words("上级指示", "instructions"),
    "approval": Words("审签", "to sign"),
    "demand": Words("诉求", "demands"),
    "oral": Words("补认", "to confirm"),
    "meeting": Words("会商", "meetings"),
    "view": Words("研判", "views asked for"),
    "look": Words("回访", "to look again"),
}
SAME = {"writing": "oral"}
"""Kinds shown under another's name."""


@dataclass(frozen=True)
class Tap:
    """一键 (tap): a verb that is done at once: where it is posted, what it says, what goes with it."""

    address: str
    label: str
    given: Mapping[str, str]


@dataclass(frozen=True)
class TodoRow:
    """待办 (to do) as the reader sees it: what, of which matter, until when, where, and what one tap does."""

    kind: str
    name: Words
    title: str
    place: str
    matter: str
    due_at: datetime | None
    since: datetime
    run: str | None
    note: str = ""
    taps: tuple[Tap, ...] = field(default=())
    go: str = ""

    def is_late(self, now: datetime) -> bool:
        """Past its limit."""
        return self.due_at is not None and self.due_at < now


class MineScreen:
    """What waits for a reader. `run`: within that drill run alone; else the real world, and apart from it the runs."""

    names = ("kind",)

    def __init__(self, posts: Mapping[str, str], given: Mapping[str, str], *, scene: Scene = LIVE) -> None:
        self.posts, self.scene = posts, scene
        self.now: datetime = clock.now(scene)
        self.asked = Asked(given, self.names)
        self._page = given.get("page", "1")

    @cached_property
    def todos(self) -> list[queries.Todo]:
        """All of it, light."""
        return queries.todos_of(self.posts, self.now)

    @cached_property
    def here(self) -> list[queries.Todo]:
        """What belongs to this scene."""
        return [row for row in self.todos if row.scene == self.scene.key]

    @cached_property
    def tabs(self) -> list[tuple[str, Words, int]]:
        """Kinds with how many there are of each; those without any are left out."""
        count = dict.fromkeys(KINDS, 0)
        for row in self.here:
            count[SAME.get(row.kind, row.kind)] += 1
        some = [(code, KINDS[code], n) for code, n in count.items() if n]
        return [("", Words("全部", "all"), len(self.here)), *some]

    @cached_property
    def page(self) -> Page[queries.Todo]:
        """A page of those asked for."""
        kind = self.asked["kind"]
        rows = [row for row in self.here if not kind or SAME.get(row.kind, row.kind) == kind]
        return Paginator(rows, PER_PAGE).get_page(self._page)

    @cached_property
    def rows(self) -> list[TodoRow]:
        """They as lines."""
        return self._lines(list(self.page))

    @cached_property
    def run_rows(self) -> list[TodoRow]:
        """What waits in drill runs, on the page of the real world."""
        if not self.scene.is_live:
            return []
        return self._lines([row for row in self.todos if row.scene != self.scene.key][:RUN_ROWS])

    @cached_property
    def given(self) -> list[Task]:
        """Open tasks that the reader's posts gave to others, the earliest limit first."""
        rows = Task.objects.in_scene(self.scene).filter(given_by__in=list(self.posts), status__in=OPEN)
        return list(
            rows.exclude(post__in=list(self.posts)).select_related("incident").order_by("due_at", "pk")[:PER_PAGE]
        )

    @cached_property
    def post_names(self) -> Mapping[str, str]:
        """Posts by code."""
        return queries.known_posts(LIVE)

    @cached_property
    def late(self) -> int:
        """How many are past their limit."""
        return sum(row.due_at is not None and row.due_at < self.now for row in self.here)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if not self.posts:
            return gettext("您现在不担任岗位")
        if not self.here:
            return gettext("没有事等您")
        count = len(self.here)
        text = ngettext("%(n)d 件等您", "%(n)d 件等您", count) % {"n": count}
        if not self.late:
            return text
        return gettext("%(first)s，%(n)d 件超时") % {"first": text, "n": self.late}

    def _lines(self, todos: list[queries.Todo]) -> list[TodoRow]:
        rows = queries.rows_of(todos)
        warm_plans(incident.plan_copy_id for incident in map(incident_of, rows.values()) if incident)
        called = _called(rows.values())
        return [self._line(todo, rows[todo.kind, todo.key], called) for todo in todos if (todo.kind, todo.key) in rows]

    def _line(self, todo: queries.Todo, row: Any, called: Mapping[int, set[str]]) -> TodoRow:
        incident = incident_of(row)
        run = Scene(todo.scene).run_code
        room = f"/respond/{f'runs/{run}/' if run else ''}incidents/{incident.number}/" if incident else ""
        told = _TELL[todo.kind](self, row, room, called.get(todo.key, set()))
        name = KINDS[SAME.get(todo.kind, todo.kind)]
        matter = incident.title if incident else gettext("日常事务")
        return TodoRow(todo.kind, name, matter=matter, due_at=todo.due_at, since=todo.since, run=run, **told)

    def as_any(self, codes: Iterable[str]) -> str:
        """The first of these posts that is the reader's."""
        return next((code for code in codes if code in self.posts), "")

    def tell_task(self, row: Task, _room: str, called: set[str]) -> dict[str, Any]:
        """A task: taken by a tap, finished by a tap where no other verb completes it."""
        post = self.as_any((row.post, row.by, *sorted(called), *(posts_of_unit(row.unit) if row.unit else ())))
        address = own_address("tasks", row)
        verb = _act_of(row)
        tap = []
        if row.status in SILENT:
            tap.append(Tap(f"{address}acknowledge_task/", gettext("签收"), {"post": post}))
        elif not verb and not row.wants_reply:
            tap.append(Tap(f"{address}finish_task/", gettext("办结"), {"post": post}))
        go = f"{address}reply_instruction/?post={post}" if row.wants_reply else _work_place(row, verb, _room, post)
        note = said.TASK.get(row.status, Words(row.status, row.status))
        return {"title": row.title, "place": _row_place(row, _room), "taps": tuple(tap), "go": go, "note": note}

    def tell_demand(self, row: Demand, _room: str, _called: set[str]) -> dict[str, Any]:
        """A demand is answered in words: its own page has the box."""
        address = own_address("demands", row)
        return {
            "title": row.text,
            "place": address,
            "go": f"{address}answer_demand/",
            "note": said.CHANNEL[row.channel],
        }

    def tell_look(self, row: Demand, _room: str, _called: set[str]) -> dict[str, Any]:
        """An answer whose day to look again has come."""
        address = own_address("demands", row)
        return {"title": row.text, "place": address, "go": f"{address}follow_up_demand/"}

    def tell_oral(self, row: OralAct, room: str, _called: set[str]) -> dict[str, Any]:
        """What was done by telephone is confirmed by a tap."""
        tap = Tap(f"{room}confirm_oral/", gettext("属实，补认"), {"oral": row.code, "post": row.post, "back": "tasks"})
        go = f"{room}dispute_oral/?oral={row.code}&post={row.post}"
        return {"title": words_of(row.verb), "place": room, "taps": (tap,), "go": go, "note": row.told}

    def tell_approval(self, row: ApprovalStep, room: str, _called: set[str]) -> dict[str, Any]:
        """A paper is read before it is signed: the room has both."""
        place, _given = _paper(row)
        title = (
            gettext("审签报告 %(title)s") % {"title": row.document.title}
            if row.document
            else gettext("审签声明 %(code)s") % {"code": place.partition("-")[2]}
        )
        return {"title": title, "place": f"{room}#{place}", "go": f"{room}#{place}"}

    def tell_writing(self, row: ApprovalStep, room: str, _called: set[str]) -> dict[str, Any]:
        """A yes by telephone is signed for by a tap."""
        place, given = _paper(row)
        tap = Tap(f"{room}confirm_oral_approval/", gettext("补签口头同意"), {**given, "post": row.by, "back": "tasks"})
        title = (
            gettext("补签报告 %(title)s") % {"title": row.document.title}
            if row.document
            else gettext("补签声明 %(code)s") % {"code": given["statement"]}
        )
        return {"title": title, "place": f"{room}#{place}", "taps": (tap,)}

    def tell_meeting(self, row: Meeting, room: str, _called: set[str]) -> dict[str, Any]:
        """Being there is said by a tap."""
        given = {"meeting": row.code, "post": self.as_any(row.called), "back": "tasks"}
        tap = Tap(f"{room}join_meeting/", gettext("我已到会"), given)
        return {"title": gettext("会商"), "place": f"{room}#meetings", "taps": (tap,), "note": row.place}

    def tell_view(self, row: Analysis, room: str, _called: set[str]) -> dict[str, Any]:
        """A view is given in words: its form has the box."""
        post = self.as_any(row.asked)
        return {
            "title": gettext("会同研判：事态如何、是否开会商"), "place": f"{room}#meetings", "note": row.question,
            "go": f"{room}give_view/?analysis={row.code}&post={post}",
        }  # fmt: skip


_TELL: dict[str, Any] = {
    "task": MineScreen.tell_task, "call": MineScreen.tell_task, "instruction": MineScreen.tell_task,
    "demand": MineScreen.tell_demand, "look": MineScreen.tell_look, "oral": MineScreen.tell_oral,
    "approval": MineScreen.tell_approval, "writing": MineScreen.tell_writing, "meeting": MineScreen.tell_meeting,
    "view": MineScreen.tell_view,
}  # fmt: skip


def incident_of(row: Any) -> Incident | None:
    """The incident a row belongs to."""
    found: Incident | None = row.incident
    return found


def _paper(row: ApprovalStep) -> tuple[str, dict[str, str]]:
    """Where in the room the paper stands, and how a form names it."""
    if row.document:
        return f"paper-{row.document.code}", {"document": row.document.name}
    code = row.version.statement.code if row.version else ""
    return f"statement-{code}", {"statement": code}


def own_address(kind: str, row: Task | Demand) -> str:
    """Address of a task or demand of its own, in its scene."""
    run = row.scene_value.run_code
    return f"/respond/{f'runs/{run}/' if run else ''}{kind}/{row.pk}/"


def _called(rows: Iterable[Any]) -> dict[int, set[str]]:
    """Task -> posts that its ladder is calling."""
    tasks = [row.pk for row in rows if isinstance(row, Task)]
    found: dict[int, set[str]] = {}
    calls = Call.objects.filter(task__in=tasks, answered_at=None, withdrawn_at=None).values_list("task", "post")
    for task, post in calls if tasks else ():
        found.setdefault(task, set()).add(post)
    return found


def _act_of(task: Task) -> str:
    """The verb that completes a step; "" when finishing does, and when answering all demands does too."""
    if task.is_typed_in or task.incident is None:
        return ""
    step = next((row for row in task.incident.plan.steps if row.id == task.step), None)
    return (step.act if step else "") or ""


def _row_place(task: Task, room: str) -> str:
    return own_address("tasks", task) if task.is_typed_in else f"{room}#task-{task.code}"


def _work_place(task: Task, verb: str, room: str, post: str) -> str:
    """Where a step's own verb is done."""
    kind, _, part = verb.partition(":")
    if not kind or task.status in SILENT:
        return ""
    if kind in CLOSING:
        return room.replace("/respond/", "/follow/", 1)
    if kind in WITHOUT_PAGE:
        return f"{room}#{WITHOUT_PAGE[kind]}"
    return f"{room}{kind}/?step={task.step}&post={post}" + (f"&kind={part}" if part else "")
