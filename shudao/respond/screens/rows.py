"""Rows of the incident room: a task, a demand, a statement, each with what the reader may do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shudao.engine.plan.model import Plan, Step
from shudao.engine.plan.route import waiting as route_waiting
from shudao.engine.respond.state import SILENT
from shudao.engine.words import Words
from shudao.respond.models import ApprovalStep, Demand, Document, Statement, StatementVersion, Task
from shudao.respond.screens import words as said

WITHOUT_PAGE = {"approve_statement": "statements", "publish_statement": "statements", "answer_demand": "demands"}
"""Verbs that are done at their row: a task sends the reader there."""
CLOSING = {"settle_incident": "closing", "close_incident": "closing"}


@dataclass(frozen=True)
class Reader:
    """读者 (reader): the posts of the person who looks, by code, and how the plan lets one stand in for another."""

    posts: Mapping[str, str]
    plan: Plan

    def as_any(self, codes: Iterable[str]) -> str:
        """The first of these posts that is the reader's; "" when none is."""
        return next((code for code in codes if code in self.posts), "")

    def as_post(self, code: str, *others: str) -> str:
        """In which of his posts the reader may act for one: its own, then its deputies, then the others."""
        return self.as_any((code, *self.deputies(code), *others))

    def deputies(self, code: str) -> tuple[str, ...]:
        """Deputies of a post, as the plan has them."""
        return next((post.deputies for post in self.plan.posts if post.id == code), ())


@dataclass(frozen=True)
class TaskRow:
    """任务 (task) with its words, who has it, whom the ladder has called, and how the reader may go on with it."""

    task: Task
    state: Words
    post: str
    has_it: str
    called: tuple[str, ...]
    acting: str
    verb: str
    place: str
    source: str
    origin: Words
    may_submit: bool
    may_return: bool
    phone_post: str
    next_post: tuple[str, ...]
    answered: tuple[str, ...]
    wanted: int
    has_answered: bool

    @property
    def reason(self) -> Words:
        """Why it was left, in words; a code of the run says nothing of its own."""
        return said.TASK_REASON.get(self.task.reason, Words(self.task.reason, self.task.reason))

    @property
    def is_silent(self) -> bool:
        """Nobody has taken it yet."""
        return self.task.status in SILENT

    @property
    def address(self) -> str:
        """Where the step's own verb is done, seen from the room."""
        kind, _, part = self.verb.partition(":")
        if self.place:
            return f"#{self.place}"
        return f"{kind}/?step={self.task.step}" + (f"&kind={part}" if part else "") + f"&post={self.acting}"


def task_row(task: Task, reader: Reader, names: Mapping[str, str]) -> TaskRow:
    """A task as the room shows it; its calls are read already."""
    calls = list(task.calls.all())
    open_calls = [call.post for call in calls if call.answered_at is None and call.withdrawn_at is None]
    step = next((row for row in reader.plan.steps if row.id == task.step), None)
    verb = (step.act if step else "") or ""
    kind = verb.partition(":")[0]
    answered = tuple(dict.fromkeys(call.post for call in calls if call.answered_at)) if task.status in SILENT else ()
    acting = reader.as_post(task.post, task.by, *(call.post for call in calls)) if task.is_open else ""
    return TaskRow(
        task=task,
        state=said.TASK.get(task.status, Words(task.status, task.status)),
        post=names.get(task.post, task.post),
        has_it=names.get(task.by, task.by),
        called=tuple(names.get(code, code) for code in dict.fromkeys(open_calls)),
        acting=reader.as_any(_waiting(open_calls, answered)) or acting,
        answered=tuple(names.get(code, code) for code in answered),
        wanted=wanted_of(step, reader, max((call.rung for call in calls), default=0)),
        has_answered=acting in answered and not reader.as_any(_waiting(open_calls, answered)),
        verb=verb,
        place=WITHOUT_PAGE.get(kind) or CLOSING.get(kind, ""),
        source=step.due.source if step and step.due else "",
        origin=said.TASK_ORIGIN[task.origin],
        may_submit=task.is_typed_in and task.status in {"acknowledged", "working", "returned"} and not task.wants_reply,
        may_return=task.status == "submitted" and task.by not in reader.posts and bool(reader.posts),
        phone_post=task.post,
        next_post=tuple(names.get(code, code) for code in next_of(task, step, reader, {call.post for call in calls})),
    )


def _waiting(called: Iterable[str], answered: Iterable[str]) -> list[str]:
    """Of several that must answer: those called that have not; nobody in particular while none has answered."""
    before = set(answered)
    return [post for post in called if post not in before] if before else []


def wanted_of(step: Step | None, reader: Reader, rung: int) -> int:
    """How many must answer before a step is in hand, by the rung called last; 1 where anybody will do."""
    ladder = next((row for row in reader.plan.ladders if step and row.id == step.ladder), None)
    row = ladder.rungs[rung] if ladder and rung < len(ladder.rungs) else None
    if row is None or row.need == "any":
        return 1
    return row.need if isinstance(row.need, int) else len(row.posts)


def next_of(task: Task, step: Step | None, reader: Reader, called: set[str]) -> tuple[str, ...]:
    """Whom "call the next one" would call: the next rung with somebody new, then the final post."""
    if not task.is_open:
        return ()
    if step is None:
        return tuple(post for post in reader.deputies(task.post) if post not in called)
    ladder = next((row for row in reader.plan.ladders if row.id == step.ladder), None)
    for rung in ladder.rungs if ladder else ():
        posts = [step.owner if name == "owner" else name for name in rung.posts]
        if fresh := tuple(post for post in posts if post not in called):
            return fresh
    return (ladder.final,) if ladder and ladder.final and ladder.final not in called else ()


@dataclass(frozen=True)
class DemandRow:
    """诉求 (demand) with its owner in words and the post in which the reader may answer."""

    demand: Demand
    state: Words
    owner: str
    acting: str


def demand_row(demand: Demand, reader: Reader, names: Mapping[str, str]) -> DemandRow:
    """A demand as the room shows it."""
    acting = reader.as_post(demand.owner) if demand.state == Demand.State.OPEN else ""
    owner = names.get(demand.owner, demand.owner)
    return DemandRow(demand, said.DEMAND[demand.state], owner, acting)


@dataclass(frozen=True)
class StatementRow:
    """声明 (statement): its last version, its checklist, whose yes it waits for, what the reader may do."""

    statement: Statement
    version: StatementVersion
    title: str
    state: Words
    stages: list[ApprovalStep]
    checklist: list[tuple[Words, bool]]
    waiting: ApprovalStep | None
    asked: list[ApprovalStep]
    waits_for: tuple[str, ...]
    can_sign: str
    can_publish: str
    may_record_oral: str
    owes_writing: str
    can_redraft: str
    drafter: str
    figures: tuple[tuple[str, Any, Any], ...]
    places: tuple[str, ...] = field(default=())

    @property
    def due_at(self) -> datetime | None:
        """Until when the waiting stage should answer."""
        if self.waiting is None or self.waiting.since is None or self.waiting.within is None:
            return None
        return self.waiting.since + timedelta(minutes=self.waiting.within)


def statement_row(
    statement: Statement, reader: Reader, names: Mapping[str, str], sheet: Mapping[str, Any],
    publishers: Iterable[str] = (),
) -> StatementRow:  # fmt: skip
    """A statement as the room shows it; versions, approvals and publications are read already.

    `sheet`: figures of the known facts, beside which those of the statement are held; `publishers`: who may publish.
    """
    version = max(statement.versions.all(), key=lambda row: row.number)
    stages = list(version.approvals.all())
    asked = route_waiting(stages) if statement.state == "waiting" else []
    drafters = {version.post}
    return StatementRow(
        statement=statement,
        version=version,
        title=names.get(statement.document, statement.kind),
        state=said.STATEMENT[statement.state],
        stages=stages,
        checklist=[(text, bool(version.checklist.get(name))) for name, text in said.CHECKLIST.items()],
        waiting=next(iter(asked), None),
        asked=asked,
        waits_for=tuple(names.get(row.post, row.post) for row in asked),
        can_sign=signing_post(asked, stages, drafters, reader),
        may_record_oral=recording_post(statement.route, asked, drafters, reader),
        owes_writing=reader.as_any(row.by for row in stages if row.is_oral and row.written_at is None),
        can_publish=reader.as_any(publishers) if statement.state in {"approved", "published"} else "",
        can_redraft=reader.as_post(version.post) if statement.state == "returned" else "",
        drafter=names.get(version.post, version.post),
        figures=tuple((name, value, sheet.get(name)) for name, value in version.figures.items()),
        places=tuple(names.get(row.channel, row.channel) for row in version.publications.all()),
    )


def signing_post(
    asked: list[ApprovalStep], stages: list[ApprovalStep], drafters: set[str], reader: Reader
) -> str:  # fmt: skip
    """In which of his posts the reader may sign one of the rows asked for; none that drafted or signed before."""
    before = {row.by for row in stages if row.state == "approved"} | drafters
    signers = [
        code for row in asked for code in (row.post, *(reader.deputies(row.post) if row.are_deputies_ok else ()))
    ]
    return reader.as_any(code for code in signers if code not in before)


def recording_post(route: str, asked: list[ApprovalStep], drafters: set[str], reader: Reader) -> str:
    """In which post the reader may write down a yes given by telephone; the drafter never."""
    urgent = next((row.urgent for row in reader.plan.routes if row.id == route), None)
    if not asked or urgent is None or not urgent.oral_ok:
        return ""
    return reader.as_any(code for code in reader.posts if code not in {*drafters, *(row.post for row in asked)})


@dataclass(frozen=True)
class PaperRow:
    """在签报告 (report under approval): its route and what the reader may do."""

    paper: Document
    state: Words
    stages: list[ApprovalStep]
    asked: list[ApprovalStep]
    waits_for: tuple[str, ...]
    can_sign: str
    may_record_oral: str
    due_at: datetime | None


def paper_row(paper: Document, reader: Reader, names: Mapping[str, str]) -> PaperRow:
    """A report as the room shows it while it is not sent."""
    stages = list(paper.approvals.all())
    asked = route_waiting(stages) if paper.state == "waiting" else []
    return PaperRow(
        paper=paper,
        state=said.STATEMENT[paper.state],
        stages=stages,
        asked=asked,
        waits_for=tuple(names.get(row.post, row.post) for row in asked),
        can_sign=signing_post(asked, stages, set(), reader),
        may_record_oral=recording_post(paper.route, asked, set(), reader),
        due_at=asked[0].due_at if asked else None,
    )


def oral_step(paper: Statement | Document, post: str) -> ApprovalStep | None:
    """The stage of a paper that was said yes to by telephone and is not signed for yet: this post's, else another's."""
    of = {"document": paper} if isinstance(paper, Document) else {"version__statement": paper}
    rows = ApprovalStep.objects.filter(**of, is_oral=True, written_at=None)
    found = list(rows.select_related("version__statement__incident", "document__incident"))
    return next((row for row in found if row.by == post), next(iter(found), None))
