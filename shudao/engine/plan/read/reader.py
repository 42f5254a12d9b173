"""读预案 (read a written plan): bytes and a name -> a Reading. Nothing is written by us: every text is a cut."""

import re
from itertools import islice
from typing import TypeVar

import msgspec

from shudao.engine.plan.read import papers
from shudao.engine.plan.read.actions import Deed, deeds
from shudao.engine.plan.read.boundary import Outside, leads_ban, outside
from shudao.engine.plan.read.files import read_lines
from shudao.engine.plan.read.levels import Level, levels
from shudao.engine.plan.read.lines import LONGEST, Line
from shudao.engine.plan.read.names import Mention, Register, is_particular, mentions, spaced
from shudao.engine.plan.read.outline import Placed, outline
from shudao.engine.plan.read.owners import head_of, heading_owner, subject, team_of
from shudao.engine.plan.read.parts import parts
from shudao.engine.plan.read.reading import (
    ChannelRead,
    CriterionRead,
    DutyRead,
    LevelRead,
    LimitRead,
    OutsideRead,
    Paragraph,
    PostRead,
    Reading,
    ReportRead,
    SignOffRead,
    StepRead,
    UnitRead,
    VagueRead,
)  # fmt: skip
from shudao.engine.plan.read.script import as_written, in_simplified
from shudao.engine.plan.read.tables import level_cells, limit_cells, table_deeds
from shudao.engine.plan.read.times import Found, holes, limits

_FOUNDED = re.compile(r"(?:成立|设立|组建|建立)[^，。；]{0,30}$")
_MILESTONES = (
    ("detected", re.compile(r"发现|监测到|获悉|获知|detect", re.I)),
    ("reported", re.compile(r"接到|收到|接报|汇报后|报告后|receiv", re.I)),
    ("activated", re.compile(r"启动|activat", re.I)),
    ("graded", re.compile(r"研判|定级|分级|grad", re.I)),
    (
        "settled",
        re.compile(
            r"处置(?:工作)?(?:结束|完毕|完成)|平息|(?:响应|舆情|事件|事态)[^，]{0,4}(?:终止|结束|解除)|settl", re.I
        ),
    ),
    ("first_seen", re.compile(r"发生|出现|事发|occur", re.I)),
)
_PARTY = frozenset(("纪委", "党委", "工会", "团委", "支部", "党支部", "总支", "党总支", "妇联", "党组"))
"""Bodies whose officers a plan names (纪委书记) without giving the body itself a part."""
_DUTY_AREAS = ("duties", "organisation")
_PAPER = re.compile(r"预案|方案|办法|制度|条例|指南|\bplan\b", re.I)
T = TypeVar("T")
MOST_CRITERIA = 40
"""Criteria of one level; a hand-written plan has a dozen."""


def read_plan(data: bytes, name: str) -> Reading:
    """Read a written plan; `name` decides the form (.docx .md .txt .pdf). Raises BadInput."""
    return read(read_lines(data, name))


def read(lines: list[Line]) -> Reading:
    """The reading of numbered lines."""
    simple = in_simplified(lines)
    reading = _Reader(outline(simple)).read()
    return reading if simple == lines else as_written(reading, lines)


def milestone_of(words: str | None) -> str | None:
    """The common milestone that the words of a limit's start plainly mean, else None."""
    return next((name for name, pattern in _MILESTONES if words and pattern.search(words)), None)


class _Reader:
    """One pass over the lines, gathering rows; `touched` remembers the paragraphs something was taken from."""

    def __init__(self, placed: list[Placed]) -> None:
        self.placed = [row for row in placed if len(row.line.text) <= LONGEST]
        self.all = placed
        bans: list[list[int]] = []
        self.out = [outside(row.body, forbidden=self._banned(row, bans)) for row in self.placed]
        self.inside = [_inside(row.body, out) for row, out in zip(self.placed, self.out, strict=True)]
        rows = zip(self.placed, self.inside, strict=True)
        self.names = Register((row.line.src, spaced(body)) for row, body in rows)
        self.touched: set[int] = set()
        self.levels: dict[int, LevelRead] = {}
        self.duties: dict[DutyRead, None] = {}
        self.limits: dict[LimitRead, None] = {}
        self.reports: dict[ReportRead, None] = {}
        self.steps: dict[StepRead, None] = {}
        self.sign_offs: dict[SignOffRead, None] = {}
        self.channels: dict[str, ChannelRead] = {}
        self.vague: dict[VagueRead, None] = {}
        self.outside: dict[OutsideRead, None] = {}
        self.lead: str | None = None
        self.graded: dict[int, list[Level]] = {}

    def read(self) -> Reading:
        table_rows = table_deeds(self.placed)
        labelled = limit_cells(self.placed)
        self.graded = level_cells(self.placed)
        for place, row in enumerate(self.placed):
            out = self.out[place]
            found = (OutsideRead(text=one.span.text, src=row.line.src, why=one.why) for one in out)
            self._keep(self.outside, row, *found)
            self._times(row, out, place, labelled.get(place))
            self._people(row, self.inside[place])
            self._deeds(row, out, table_rows.get(place))
            self._papers(row, out)
            self._levels(row, place)
        return self._reading()

    def _banned(self, row: Placed, bans: list[list[int]]) -> bool:
        """Whether the line stands in a list that a ban leads; keeps the open bans as [depth, numbered items seen].

        A ban ends with the next number of its own height, with plain text after its numbered list, or, when its list
        is plain lines, with the first full stop.
        """
        while bans and _ends_ban(row, *bans[-1]):
            bans.pop()
        banned = bool(bans)
        if banned and row.number:
            bans[-1][1] += 1
        elif banned and row.body.endswith("。"):
            bans.pop()
        if leads_ban(row.body):
            bans.append([row.depth - (not row.number), 0])
        return banned

    def _keep(self, rows: dict[T, None], row: Placed, *values: T) -> None:
        for value in values:
            rows.setdefault(value)
            self.touched.add(row.line.src)

    def _times(self, row: Placed, out: list[Outside], place: int, labelled: Found | None) -> None:
        defines = place in self.graded or (row.area == "levels" and self._is_criterion(row))
        found = [labelled] if labelled else [] if defines else limits(row.body)
        for one in found:
            if not any(o.span.start <= one.span.start < o.span.end for o in out):
                self._keep(self.limits, row, _limit_read(one, row.line.src))
        for hole in holes(row.body, found):
            if not any(o.span.start < hole.span.end and hole.span.start < o.span.end for o in out):
                self._keep(self.vague, row, VagueRead(text=hole.span.text, src=row.line.src, word=hole.word))

    def _people(self, row: Placed, inside: str) -> None:
        head = head_of(row)
        if head and row.area in (*_DUTY_AREAS, "flow"):
            for name in head.owners:
                if not mentions(name) or mentions(name)[0].kind == "unit":
                    self.names.add_unit(name, row.line.src)
        body = spaced(inside)
        context = heading_owner(row.path)
        seen: list[Mention] = []
        for one in mentions(body):
            if one.kind == "unit" and is_particular(one) and one.firm:
                self.touched.add(row.line.src)
                seen.append(one)
                if _FOUNDED.search(body[: one.start]) or one.name.endswith(("领导小组", "指挥部")):
                    self.lead = self.names.canonical(one.name)
            elif one.kind == "post" and _heads_of_list(body, one):
                self.names.add_unit(one.unit or one.name, row.line.src)
            elif (
                one.kind == "post"
                and not re.match("名单|名册|花名册|队伍", body[one.end :])
                and not (one.is_collective and not one.name.startswith("各"))
            ):
                self._post(
                    one, row.line.src, team_of(body, one) or (self._team(seen, context) if one.is_role else None)
                )

    def _post(self, one: Mention, src: int, team: str | None) -> None:
        """Register a post under the unit in its own name, else under the team the text puts it in."""
        if one.unit and one.unit not in _PARTY:
            self.names.add_unit(one.unit, src)
        unit = one.unit or team
        self.names.add_post(one.name, self.names.canonical(unit) if unit else None, src)
        self.touched.add(src)

    def _team(self, seen: list[Mention], context: str | None) -> str | None:
        """The team whose leader a bare 组长 is: named before it in the line, else in the heading, else the lead group."""
        teams = [one.name for one in seen if one.name.endswith(("组", "指挥部", "委员会", "专班", "队伍", "队"))]
        return teams[-1] if teams else context or self.lead

    def _deeds(self, row: Placed, out: list[Outside], from_table: list[Deed] | None) -> None:
        if row.is_heading or (row.line.cell is not None and from_table is None):
            return
        if row.area == "levels" and self._is_criterion(row):
            return
        fallback = self.lead if row.area == "duties" and row.path and "职责" in row.path[-1] else None
        found = from_table if from_table is not None else deeds(row, out, fallback)
        for deed in found:
            owners = tuple(dict.fromkeys(self.names.canonical(name) for name in deed.owners))
            self._deed(row, deed, owners, in_table=from_table is not None)

    def _deed(self, row: Placed, deed: Deed, owners: tuple[str, ...], *, in_table: bool) -> None:
        """A deed is a duty where the text speaks of duties, a step where it says when or tells a procedure.

        Where no heading says what the text is about, what somebody shall do is a duty.
        """
        src = row.line.src
        is_step = row.area in ("flow", "levels") or _happens(deed)
        is_duty = row.area in _DUTY_AREAS or in_table or deed.charged or (deed.owed and not row.area and not is_step)
        if is_duty:
            self._keep(self.duties, row, *(DutyRead(owner=name, text=deed.text, src=src) for name in owners))
        if is_step:
            whose = owners or (None,)
            rows = (StepRead(owner=name, trigger=deed.trigger, text=deed.text, src=src) for name in whose)
            self._keep(self.steps, row, *rows)

    def _papers(self, row: Placed, out: list[Outside]) -> None:
        text, src = _inside(row.body, out), row.line.src
        owner = next((row.owner for row in reversed(self.duties) if row.src == src), None)
        owner = owner or next((row.owner for row in reversed(self.steps) if row.src == src), None)
        told = (ReportRead(to=self.names.canonical(one.to), form=one.form, src=src) for one in papers.reports(text))
        self._keep(self.reports, row, *told)
        signed = papers.sign_offs(text, owner)
        signs = (SignOffRead(by=self.names.canonical(one.by), what=one.what, src=src) for one in signed)
        self._keep(self.sign_offs, row, *signs)
        for name in papers.channels(text):
            self.channels.setdefault(name, ChannelRead(name=name, src=src))
            self.touched.add(src)

    def _levels(self, row: Placed, place: int) -> None:
        if place not in self.graded and not self._is_criterion(row):
            return
        src = row.line.src
        for one in self.graded.get(place, None) or levels(row):
            before = self.levels.get(one.rank) or LevelRead(name=one.name, rank=one.rank, text="", src=src)
            criteria = before.criteria
            if one.text and len(criteria) < MOST_CRITERIA:
                criteria += (CriterionRead(text=one.text, src=src),)
            self.levels[one.rank] = msgspec.structs.replace(
                before, criteria=criteria, text=criteria[0].text if criteria else ""
            )
            self.touched.add(src)

    def _is_criterion(self, row: Placed) -> bool:
        """Whether a line about levels defines them, rather than saying who does what."""
        return row.area != "levels" or not any(_bids(part.text) for part in islice(parts(row.body), 4))

    def _reading(self) -> Reading:
        told = {row.line.src for row in self.all if not row.is_heading and len(row.body) >= 2}
        graded = (self.levels[key] for key in sorted(self.levels))
        scale = tuple(msgspec.structs.replace(row, rank=place) for place, row in enumerate(graded, start=1))
        units = sorted(self.names.units.items(), key=lambda pair: pair[1])
        return Reading(
            units=tuple(UnitRead(name=name, src=src) for name, src in units),
            posts=tuple(PostRead(name=name, unit=unit, src=src) for (name, unit), src in self.names.posts.items()),
            duties=tuple(self.duties), limits=tuple(self.limits), reports=tuple(self.reports), steps=tuple(self.steps),
            sign_offs=tuple(self.sign_offs), channels=tuple(self.channels.values()), vague=tuple(self.vague),
            not_executable=tuple(self.outside),
            levels=scale if len(scale) >= 2 else (),
            unread=len(told - self.touched),
            paragraphs=tuple(_paragraph(row) for row in self.all),
            title=_title(self.all),
        )  # fmt: skip


def _inside(text: str, out: list[Outside]) -> str:
    """The text with what lies outside the boundary blanked, but for who is asked; every place stays."""
    for one in out:
        named = subject(one.span.text)
        start = one.span.start + (named[1] if named else 0)
        text = text[:start] + "，" * (one.span.end - start) + text[one.span.end :]
    return text


def _heads_of_list(body: str, post: Mention) -> bool:
    """Whether 甲科、乙科、丙科负责人 names the heads of units and no post of its own."""
    return bool(
        post.unit and body[: post.start].endswith("、") and re.search(r"(?:主要|分管)?负责(?:人|同志)$", post.name)
    )


_BIDDEN = re.compile(
    r"\s*(?:应|须|必须|要(?!求)|负责|立即|第一时间|马上|牵头|批准|宣布|决定|组织|召开|向|报|在|于|自|从|对|将|会同|\w+后|shall|must|will|decides?|declares?)"
)


def _bids(part: str) -> bool:
    """Whether a part says who does something (领导小组应在…) rather than what happened."""
    named = subject(part)
    return named is not None and bool(_BIDDEN.match(part, named[1]))


def _ends_ban(row: Placed, depth: int, numbered: int) -> bool:
    return row.is_heading or bool(row.number and row.depth <= depth) or bool(numbered and not row.number)


def _happens(deed: Deed) -> bool:
    """Whether a deed outside the chapters on procedure is triggered by something that happens."""
    return bool(deed.trigger and re.search(r"(?:后|时|发生|发现|接到|收到|启动)", deed.trigger))


def _limit_read(one: Found, src: int) -> LimitRead:
    of = one.of.text if one.of else None
    named = subject(of) if of else None
    of = of[named[1] :] if of and named else of
    clock = "duty" if one.workdays else "wall"
    return LimitRead(minutes=one.minutes, text=one.span.text, src=src, of=of, milestone=milestone_of(of), clock=clock)


def _paragraph(row: Placed) -> Paragraph:
    return Paragraph(
        src=row.line.src, number=row.number, text=row.line.text, is_heading=row.is_heading, depth=row.depth
    )


def _title(placed: list[Placed]) -> str:
    """The plan's title: the first short line that says what kind of paper it is; empty when none does."""
    for row in placed[:12]:
        if len(row.body) <= 50 and _PAPER.search(row.body) and not re.search(r"[。；，,]", row.body):
            return row.body
    return ""
