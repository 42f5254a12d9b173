"""谁在办 (people of a room): roles with who holds them now, what was done by telephone, meetings, the level's history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shudao.engine.plan.model import Plan
from shudao.engine.words import Words
from shudao.ledger.lines import words_of
from shudao.respond.actions.grade import may_contest
from shudao.respond.models import ApprovalStep, Grade, LevelContest, Meeting, OralAct, RoleHolding, Task
from shudao.respond.models.meeting import Analysis, View
from shudao.respond.screens import words as said
from shudao.respond.screens.rows import Reader, TaskRow


@dataclass(frozen=True)
class RoleRow:
    """角色 (role): its post, who answers for that post now, since when; with those who had it before."""

    code: str
    name: Words
    holder: str
    post: str
    people: tuple[str, ...]
    since: datetime | None
    note: str
    before: tuple[RoleHolding, ...]


def role_rows(
    holdings: list[RoleHolding], usual: Mapping[str, str], names: Mapping[str, str], holders: Mapping[str, list[str]]
) -> list[RoleRow]:
    """Every role that somebody has; `usual`: role -> the post that has it until it is handed over."""
    rows = []
    for code, name in said.ROLE.items():
        own = [row for row in holdings if row.role == code]
        now = next((row for row in own if row.to_at is None), None)
        post = now.post if now else usual.get(code, "")
        if not post:
            continue
        people = (now.person,) if now and now.person else tuple(holders.get(post, ()))
        before = tuple(row for row in own if row.to_at is not None)
        rows.append(
            RoleRow(
                code,
                name,
                post,
                names.get(post, post),
                people,
                now.from_at if now else None,
                now.note if now else "",
                before,
            )
        )
    return rows


@dataclass(frozen=True)
class OralRow:
    """口头办理 (oral act) that waits to be confirmed, and whether the reader is the one to confirm it."""

    oral: OralAct
    what: Words
    post: str
    recorder: str
    acting: str


def oral_rows(rows: list[OralAct], reader: Reader, names: Mapping[str, str]) -> list[OralRow]:
    """What waits to be confirmed, the earliest limit first."""
    return [
        OralRow(
            oral=row, what=words_of(row.verb), post=names.get(row.post, row.post),
            recorder=names.get(row.recorder, row.recorder), acting=reader.as_any([row.post]),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class UnwrittenRow:
    """待补签 (unwritten): a yes by telephone that the signing post has not written up; `field` and `code` name the paper."""

    field: str
    code: str
    place: str
    name: str
    post: str
    due_at: datetime | None
    since: datetime | None
    acting: str


def unwritten_rows(steps: list[ApprovalStep], reader: Reader, names: Mapping[str, str]) -> list[UnwrittenRow]:
    """Oral approvals to be written up."""
    return [
        UnwrittenRow(
            *_paper_of(row), names.get(row.by, row.by), row.written_by_at, row.at, reader.as_any([row.by])
        )
        for row in steps
    ]  # fmt: skip


def _paper_of(row: ApprovalStep) -> tuple[str, str, str, str]:
    if row.document:
        return "document", row.document.name, f"paper-{row.document.code}", row.document.title
    code = row.version.statement.code if row.version else ""
    return "statement", code, f"statement-{code}", code


@dataclass(frozen=True)
class MeetingRow:
    """会商 (meeting) with its posts in words and what the reader may do."""

    meeting: Meeting
    called: tuple[tuple[str, bool], ...]
    present: tuple[str, ...]
    chair: str
    joining: str
    holding: str
    tasks: tuple[Task, ...] = ()


def meeting_rows(
    rows: list[Meeting], reader: Reader, names: Mapping[str, str], tasks: Iterable[Task] = ()
) -> list[MeetingRow]:
    """Meetings, the newest first, each with the tasks it gave."""
    given: dict[int, list[Task]] = {}
    for task in tasks:
        if task.meeting_id:
            given.setdefault(task.meeting_id, []).append(task)
    return [_meeting(row, reader, names, given.get(row.pk, [])) for row in rows]


def _meeting(row: Meeting, reader: Reader, names: Mapping[str, str], tasks: list[Task]) -> MeetingRow:
    there = set(row.present if row.is_held else row.joined)
    waiting = [code for code in row.called if code not in there]
    return MeetingRow(
        meeting=row,
        called=tuple((names.get(code, code), code in there) for code in row.called),
        present=tuple(names.get(code, code) for code in row.present),
        chair=names.get(row.post, row.post),
        joining=reader.as_any(waiting) if not row.is_held else "",
        holding="" if row.is_held else reader.as_any([row.post, *row.called]),
        tasks=tuple(tasks),
    )


@dataclass(frozen=True)
class AnalysisRow:
    """会同研判 (joint analysis) with each view in words, who is silent, and what the reader may do."""

    analysis: Analysis
    views: tuple[tuple[str, View, str], ...]
    silent: tuple[str, ...]
    asker: str
    decider: str
    giving: str
    deciding: str

    @property
    def for_meeting(self) -> int:
        """How many want to meet."""
        return sum(view.wants_meeting is True for _post, view, _level in self.views)


def analysis_rows(rows: list[Analysis], plan: Plan, reader: Reader, names: Mapping[str, str]) -> list[AnalysisRow]:
    """Joint analyses, the newest first; their views are read already."""
    levels = {row.code: row.name for row in plan.levels}
    return [_analysis(row, levels, plan, reader, names) for row in rows]


def _analysis(
    row: Analysis, levels: Mapping[str, str], plan: Plan, reader: Reader, names: Mapping[str, str]
) -> AnalysisRow:
    views = list(row.views.all())
    there = {view.post for view in views}
    return AnalysisRow(
        analysis=row,
        views=tuple((names.get(view.post, view.post), view, levels.get(view.level, view.level)) for view in views),
        silent=tuple(names.get(code, code) for code in row.asked if code not in there),
        asker=names.get(row.post, row.post), decider=names.get(row.decided_by, row.decided_by),
        giving=reader.as_any([*(code for code in row.asked if code not in there), *row.asked]) if row.is_open else "",
        deciding=reader.as_any([row.post, *sorted(may_contest(plan))]) if row.is_open and views else "",
    )  # fmt: skip


@dataclass(frozen=True)
class LevelEvent:
    """级别变动 (level event): a level confirmed, or a contest of it, in order of time."""

    at: datetime
    said: Words
    level: str
    post: str
    reason: str
    clause: str = ""
    is_open: bool = False


def level_history(
    plan: Plan, grades: list[Grade], contests: list[LevelContest], names: Mapping[str, str]
) -> list[LevelEvent]:
    """Grades and contests, the newest first."""
    level = {row.code: row.name for row in plan.levels}
    rank = {row.code: place for place, row in enumerate(plan.levels)}
    events: list[LevelEvent] = []
    before = ""
    for row in grades:
        what = _moved(rank, before, row.level)
        events.append(
            LevelEvent(
                row.at, what, level.get(row.level, row.level), names.get(row.post, row.post), row.reason, row.clause
            )
        )
        before = row.level
    for one in contests:
        what = Words("异议：应为", "contested: should be")
        post = names.get(one.post, one.post)
        events.append(
            LevelEvent(
                one.at, what, level.get(one.wanted, one.wanted), post, one.reason, is_open=one.answered_at is None
            )
        )
    return sorted(events, key=lambda row: row.at, reverse=True)


def _moved(rank: Mapping[str, int], before: str, level: str) -> Words:
    if before not in rank or level not in rank:
        return Words("确认", "confirmed")
    if rank[level] == rank[before]:
        return Words("维持", "kept")
    return Words("上调", "raised") if rank[level] < rank[before] else Words("下调", "lowered")


def contesting(plan: Plan, reader: Reader) -> str:
    """In which post the reader may contest the level."""
    return reader.as_any(sorted(may_contest(plan)))


def next_things(
    tasks: list[TaskRow], promised: datetime | None, meetings: list[MeetingRow]
) -> list[tuple[Words | str, datetime, str]]:
    """What comes next and whose it is, by its hour: open tasks, the word promised to the public, a meeting called."""
    found: list[tuple[Words | str, datetime, str]] = [
        (row.task.title, row.task.due_at, row.has_it or row.post) for row in tasks if row.task.due_at
    ]
    if promised:
        found.append((Words("承诺的下次通报", "The next word promised"), promised, ""))
    for row in meetings:
        if not row.meeting.is_held and row.meeting.starts_at:
            found.append((Words("会商", "Meeting"), row.meeting.starts_at, row.chair))
    return sorted(found, key=lambda one: one[1])[:4]
