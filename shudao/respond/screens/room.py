"""事件室 (incident room): who leads, the level with its clause, the clock against each limit, and what is next.

Read in a fixed number of questions to the database, however many rows the matter has grown.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.engine.plan.model import Level
from shudao.engine.respond.closing import Reason
from shudao.engine.words import Words
from shudao.ledger.lines import PER_PAGE, Line, Turning, lines, page_number
from shudao.ledger.queries import Head, head_of
from shudao.org.queries import who_holds
from shudao.respond import queries
from shudao.respond.models import Alarm, Attachment, Document, Fact, Grade, Incident, LevelProposal, Meeting
from shudao.respond.screens import words as said
from shudao.respond.screens.rows import (
    DemandRow,
    Reader,
    StatementRow,
    TaskRow,
    demand_row,
    statement_row,
    task_row,
)

NEXT_LIMITS = 4
QUIET = ("call_post", "record_heads")
"""Many, and each the consequence of another line; `?all=1` shows them too."""


class RoomScreen(Turning):
    """One incident for one reader. `posts`: the posts the reader acts in, by code."""

    def __init__(
        self, incident: Incident, posts: Mapping[str, str], *, page: str = "1", everything: bool = False
    ) -> None:
        self.incident, self.plan = incident, incident.plan
        self.scene = incident.scene_value
        self.now: datetime = clock.now(self.scene)
        self.reader = Reader(posts, self.plan)
        self.everything = everything
        self.page = page_number(page)

    @property
    def acting(self) -> str:
        """The post in which the reader does what every post may do; "" when he has none."""
        return next(iter(self.reader.posts), "")

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Everything that has a code, by its name."""
        return queries.names_of(self.plan)

    @cached_property
    def tasks(self) -> list[TaskRow]:
        """All tasks, those late or due first on top."""
        rows = [task_row(task, self.reader, self.names) for task in queries.tasks_of(self.incident)]
        far = datetime.max.replace(tzinfo=self.now.tzinfo)
        return sorted(rows, key=lambda row: (row.task.due_at or far, row.task.pk))

    @property
    def open_tasks(self) -> list[TaskRow]:
        """Not ended."""
        return [row for row in self.tasks if row.task.is_open]

    @property
    def ended_tasks(self) -> list[TaskRow]:
        """Ended, the last first."""
        ended = [row for row in self.tasks if row.task.ended_at]
        return sorted(ended, key=lambda row: row.task.ended_at or self.now, reverse=True)

    @cached_property
    def mine(self) -> list[TaskRow]:
        """What waits for the reader."""
        return [row for row in self.open_tasks if row.acting]

    @cached_property
    def demands(self) -> list[DemandRow]:
        """Demands: the open ones first, by their limit."""
        rows = [demand_row(row, self.reader, self.names) for row in queries.demands_of(self.incident)]
        return sorted(rows, key=lambda row: (row.demand.state != "open", row.demand.due_at))

    @cached_property
    def statements(self) -> list[StatementRow]:
        """Statements, the newest first."""
        rows, sheet = queries.statements_of(self.incident), self.sheet
        return [statement_row(row, self.reader, self.names, sheet) for row in reversed(list(rows))]

    @cached_property
    def sheet(self) -> dict[str, Any]:
        """Figures of the known facts, the newest of each name."""
        known = next((rows for code, _, rows in self.facts if code == Fact.Status.KNOWN), [])
        return {name: value for fact in known for name, value in fact.figures.items()}

    @cached_property
    def facts(self) -> list[tuple[str, Words, list[Fact]]]:
        """The fact sheet in three parts."""
        rows = list(queries.facts_of(self.incident))
        return [(code, text, [row for row in rows if row.status == code]) for code, text in said.FACT.items()]

    @cached_property
    def level(self) -> Level | None:
        """The level in force."""
        return next((row for row in self.plan.levels if row.code == self.incident.level), None)

    @cached_property
    def grade(self) -> Grade | None:
        """Who confirmed it, under which clause."""
        return queries.latest_grade(self.incident)

    @cached_property
    def proposal(self) -> LevelProposal | None:
        """What the criteria propose."""
        return queries.latest_proposal(self.incident)

    @property
    def proposed(self) -> Level | None:
        """The proposed level."""
        return next((row for row in self.plan.levels if self.proposal and row.code == self.proposal.level), None)

    @cached_property
    def evidence(self) -> list[dict[str, Any]]:
        """The criteria that hold, with the values they were asked of in words."""
        rows = self.proposal.evidence if self.proposal else []
        return [{**row, "values": _values(row["values"])} for row in rows if row["holds"]]

    @property
    def may_grade(self) -> str:
        """In which post the reader may confirm a level; "" when in none."""
        return self.reader.as_any([post.id for post in self.plan.posts if post.authority.grade_max])

    @property
    def graders(self) -> list[str]:
        """Who confirms levels, in words."""
        severity = self.plan.severity
        return [self.names.get(code, code) for code in (severity.confirm_by if severity else ())]

    @cached_property
    def leaders(self) -> list[str]:
        """Who leads now: the holders of the post that confirms levels and ends the response."""
        code = (
            self.grade.post
            if self.grade
            else next(iter(self.plan.severity.confirm_by), "")
            if self.plan.severity
            else ""
        )
        people = [staff.name for staff in who_holds(code, self.now)] if self.scene.is_live and code else []
        return [self.names.get(code, code), *people] if code else []

    @cached_property
    def limits(self) -> list[queries.Limit]:
        """Clocks against each limit on a milestone."""
        return queries.limits_of(self.incident)

    @property
    def limits_now(self) -> list[queries.Limit]:
        """The next ones that run, or when none does the last that were reached."""
        running = [row for row in self.limits if row.done_at is None]
        return (running or self.limits)[:NEXT_LIMITS]

    @property
    def limits_rest(self) -> list[queries.Limit]:
        """The others."""
        shown = self.limits_now
        return [row for row in self.limits if row not in shown]

    @cached_property
    def first_seen(self) -> datetime | None:
        """When it was first seen, the start of everything."""
        return self.incident.state.milestones.get("first_seen") or self.incident.state.milestones.get("detected")

    @cached_property
    def alarms(self) -> list[Alarm]:
        """What a person must see at once."""
        return list(queries.open_alarms(self.incident))

    @cached_property
    def attachments(self) -> Page[Attachment]:
        """The posts of the matter, the newest first."""
        return Paginator(queries.attachments_of(self.incident).order_by("-item__published_at"), 5).get_page(1)

    @cached_property
    def documents(self) -> list[Document]:
        """Papers that were sent, without their bytes."""
        return list(queries.documents_of(self.incident).defer("content"))

    @cached_property
    def meetings(self) -> list[Meeting]:
        """Meetings, the newest first."""
        return list(reversed(Meeting.objects.filter(incident=self.incident)))

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it cannot be closed yet."""
        return queries.why_not_close_now(self.incident, self.now) if self.incident.is_open else ()

    @property
    def may_close(self) -> str:
        """In which post the reader may end the response."""
        allowed = [post.id for post in self.plan.posts if post.authority.close]
        return self.reader.as_any([*(self.plan.ending.by if self.plan.ending else ()), *allowed])

    @cached_property
    def head(self) -> Head:
        """Head and length of the stream."""
        return head_of(self.incident.stream)

    @cached_property
    def timeline(self) -> list[Line]:
        """A page of the record, newest first."""
        quiet = () if self.everything else QUIET
        return lines(self.incident.stream, self.names, quiet=quiet, first=self.skipped, most=PER_PAGE)

    @cached_property
    def signing(self) -> list[StatementRow]:
        """Statements that wait for the reader's yes."""
        return [row for row in self.statements if row.can_sign]

    @cached_property
    def sentence(self) -> str:
        """The one sentence on top: what matters most now."""
        if not self.incident.is_open:
            return gettext("响应已结束")
        if self.signing:
            return gettext("等您审签声明")
        if self.mine:
            first = self.mine[0].task.title
            count = len(self.mine)
            return ngettext("等您办：%(first)s", "等您办 %(n)d 件，最急的是：%(first)s", count) % {
                "n": count,
                "first": first,
            }
        late = sum(row.task.is_late(self.now) for row in self.open_tasks)
        if late:
            return ngettext("有一项任务超时", "有 %(n)d 项任务超时", late) % {"n": late}
        count = len(self.open_tasks)
        if count:
            return ngettext("一项任务在办", "%(n)d 项任务在办", count) % {"n": count}
        return gettext("没有任务在办")


def _values(values: Mapping[str, Any]) -> list[tuple[Words, Any]]:
    return [(said.MEASURES.get(name, Words(name, name)), _value(value)) for name, value in values.items()]


def _value(value: Any) -> Words | str:
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    return Words("不详", "not known") if value is None else f"{value:g}" if isinstance(value, float) else str(value)
