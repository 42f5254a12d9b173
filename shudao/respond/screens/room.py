"""事件室 (incident room): who leads, the level with its clause, the clock against each limit, and what is next.

Read in a fixed number of questions to the database, however many rows the matter has grown.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.engine.charts.model import ClocksChart
from shudao.engine.respond.closing import Reason
from shudao.engine.words import Words
from shudao.ledger.lines import PER_PAGE, Line, Turning, lines, page_number
from shudao.ledger.queries import Head, head_of
from shudao.respond import queries
from shudao.respond.models import (
    Alarm,
    Attachment,
    Document,
    Fact,
    Incident,
    Meeting,
)
from shudao.respond.screens import words as said
from shudao.respond.screens.clocks import clocks_of
from shudao.respond.screens.closing import OpenRow, open_rows, room_of
from shudao.respond.screens.joined import JoinedPart
from shudao.respond.screens.offers import StoryLink, stories_of
from shudao.respond.screens.parts import PeoplePart
from shudao.respond.screens.people import (
    MeetingRow,
    meeting_rows,
    next_things,
)
from shudao.respond.screens.rows import (
    DemandRow,
    PaperRow,
    Reader,
    StatementRow,
    TaskRow,
    demand_row,
    paper_row,
    statement_row,
    task_row,
)
from shudao.respond.screens.times import TimesPart, times_of

NEXT_LIMITS = 4
FIRST_DEMANDS, MOST_LISTED = 10, 40
KINDS_OF_LINES: dict[str, tuple[Words, tuple[str, ...]]] = {
    "milestones": (Words("里程碑", "milestones"), ("reach_milestone", "open_incident", "close_incident")),
    "tasks": (
        Words("任务", "tasks"),
        (
            "start_task", "add_task", "acknowledge_task", "submit_task", "return_task", "finish_task", "skip_task",
            "cancel_task", "reply_instruction", "call_post", "raise_alarm", "clear_alarm",
        ),
    ),
    "facts": (Words("事实与级别", "facts and level"), ("add_fact", "propose_level", "confirm_level", "contest_level", "attach_items", "change_plan", "link_incidents", "unlink_incidents", "merge_incidents")),
    "demands": (
        Words("诉求", "demands"),
        ("add_demand", "answer_demand", "decline_demand", "pass_demand", "link_demand", "follow_up_demand"),
    ),
    "statements": (
        Words("声明", "statements"),
        ("draft_statement", "approve_statement", "return_statement", "publish_statement", "confirm_oral_approval", "dispute_oral_approval"),
    ),
    "people": (
        Words("报告、会商与口头", "reports, meetings, by telephone"),
        (
            "tell_superior", "send_briefing", "draft_briefing", "approve_briefing", "return_briefing", "ask_views", "give_view", "decide_on_meeting", "call_meeting", "join_meeting", "hold_meeting", "write_minutes",
            "hand_over_role", "record_oral", "confirm_oral", "dispute_oral",
        ),
    ),
}  # fmt: skip
QUIET = ("call_post", "record_heads")
"""Many, and each the consequence of another line; `?all=1` shows them too."""


class RoomScreen(PeoplePart, JoinedPart, Turning):
    """One incident for one reader. `posts`: the posts the reader acts in, by code."""

    def __init__(
        self, incident: Incident, posts: Mapping[str, str], *, page: str = "1", everything: bool = False, see: str = ""
    ) -> None:
        self.incident, self.plan = incident, incident.plan
        self.scene = incident.scene_value
        self.now: datetime = clock.now(self.scene)
        self.reader = Reader(posts, self.plan)
        self.everything, self.see = everything, see
        self.page = page_number(page)

    @property
    def acting(self) -> str:
        """The post in which the reader does what every post may do; "" when he has none."""
        return next(iter(self.reader.posts), "")

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Everything that has a code, by its name."""
        return queries.names_in(self.incident)

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

    @cached_property
    def ended_tasks(self) -> list[TaskRow]:
        """Ended, the last first."""
        ended = [row for row in self.tasks if row.task.ended_at]
        return sorted(ended, key=lambda row: row.task.ended_at or self.now, reverse=True)

    @property
    def ended_shown(self) -> list[TaskRow]:
        """As many of them as the room lists; the plan's page has every step."""
        return self.ended_tasks[:MOST_LISTED]

    @property
    def demands_folded(self) -> list[DemandRow]:
        """Demands below the first, as many as the room lists; the list of demands has all."""
        return self.demands[FIRST_DEMANDS:MOST_LISTED]

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
        rows, sheet, able = queries.statements_of(self.incident), self.sheet, self.publishers
        return [statement_row(row, self.reader, self.names, sheet, able) for row in reversed(list(rows))]

    @cached_property
    def papers(self) -> list[PaperRow]:
        """Reports under approval or returned, the newest first."""
        return [paper_row(row, self.reader, self.names) for row in queries.papers_of(self.incident)]

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

    @property
    def known(self) -> list[Fact]:
        """What is known, the newest first."""
        return self._facts("known")

    @property
    def unknown(self) -> list[Fact]:
        """What is not known yet, the newest first."""
        return self._facts("not_known")

    def _facts(self, status: str) -> list[Fact]:
        return next((rows[::-1] for code, _, rows in self.facts if code == status), [])

    @property
    def has_facts(self) -> bool:
        """Something stands on the sheet."""
        return any(rows for _, _, rows in self.facts)

    @property
    def open_demands(self) -> int:
        """How many demands wait for an answer."""
        return sum(row.demand.is_open for row in self.demands)

    @property
    def meeting_now(self) -> bool:
        """A meeting was called and is not held yet."""
        return any(not row.meeting.is_held for row in self.meetings)

    @cached_property
    def stories(self) -> list[StoryLink]:
        """The stories that the attached items belong to."""
        return stories_of(self.incident, self.scene)

    @property
    def promised(self) -> datetime | None:
        """When the public was told to expect the next word, not yet given."""
        promises = [row for row in queries.promises_of(self.incident, self.now) if not row.kept]
        return max((row.at for row in promises), default=None)

    @cached_property
    def coming(self) -> list[tuple[Words | str, datetime, str]]:
        """What comes next and whose it is, by its hour."""
        return next_things(self.open_tasks, self.promised, self.meetings) if self.incident.is_open else []

    @property
    def clocks(self) -> ClocksChart | None:
        """The clocks against each limit, as a chart."""
        return clocks_of(self.limits, self.incident.opened_at, self.now)

    @cached_property
    def limits(self) -> list[queries.Limit]:
        """Clocks against each limit on a milestone."""
        rows = queries.limits_of(self.incident)
        return rows if self.incident.is_open else [row for row in rows if row.done_at]

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
    def meetings(self) -> list[MeetingRow]:
        """Meetings, the newest first."""
        rows = list(reversed(Meeting.objects.filter(incident=self.incident)))
        return meeting_rows(rows, self.reader, self.names, [row.task for row in self.tasks])

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it cannot be closed yet."""
        return queries.why_not_close_now(self.incident, self.now) if self.incident.is_open else ()

    @cached_property
    def times(self) -> TimesPart:
        """How long it took, once it is over."""
        return times_of(self.incident)

    @cached_property
    def open_rows(self) -> list[OpenRow]:
        """The same, each with the place where it is dealt with."""
        return open_rows(self.reasons, self.incident, room_of(self.incident))

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
        """A page of the record, newest first, of the kind asked for."""
        quiet = () if self.everything else QUIET
        only = KINDS_OF_LINES[self.see][1] if self.see in KINDS_OF_LINES else ()
        return lines(self.incident.stream, self.names, quiet=quiet, only=only, first=self.skipped, most=PER_PAGE)

    @property
    def kinds(self) -> list[tuple[str, Words]]:
        """Kinds of lines that can be asked for."""
        return [(code, words) for code, (words, _) in KINDS_OF_LINES.items()]

    @cached_property
    def signing(self) -> list[StatementRow]:
        """Statements that wait for the reader's yes."""
        return [row for row in self.statements if row.can_sign]

    @cached_property
    def sentence(self) -> str:
        """The one sentence on top: what matters most now."""
        if not self.incident.is_open:
            merged = self.merger
            return gettext("已并入 %(number)s") % {"number": merged.into.number} if merged else gettext("响应已结束")
        if self.signing:
            return gettext("等您审签声明")
        if any(row.can_sign for row in self.papers):
            return gettext("等您审签报告")
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
