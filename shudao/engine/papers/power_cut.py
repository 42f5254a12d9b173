"""停电备用册 (power-cut pack): whom to call, what is open, the last day's record and blank forms for telephone acts.

Printed beforehand: whoever holds it can go on by telephone and pen, and what was written down is recorded afterwards.
"""

from collections.abc import Iterator
from datetime import datetime, timezone

import msgspec

from shudao.engine.papers.model import Block, Heading, Lang, Layout, Note, Paper, Para, Stamp, Table
from shudao.engine.papers.phrases import Pick, picker, say_minutes, say_moment, zone_of

FORMS = 10
"""Blank lines of the telephone log."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """联系 (reach) of a post: its people with their numbers as kept, and its deputies in order."""

    post: str
    people: tuple[tuple[str, str], ...] = ()
    deputies: tuple[str, ...] = ()


class OnDuty(msgspec.Struct, frozen=True, kw_only=True):
    """值班 (on duty): a shift to come."""

    start: datetime
    end: datetime
    post: str
    who: str
    phone: str = ""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """时限 (due): what is to be done next, by whom, until when; `ladder` is who is called, in which minute."""

    what: str
    post: str
    due_at: datetime | None = None
    ladder: tuple[str, ...] = ()


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """记录 (done): one line of the record: its number, when, which post, what."""

    seq: int
    at: datetime
    post: str
    what: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """二十四小时记录 (record) of one stream, oldest first; `left_out` earlier lines are not printed."""

    stamp: Stamp
    lines: tuple[Done, ...] = ()
    left_out: int = 0


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """事件 (matter) under way: its level on the organisation's own scale, who leads, what comes next, its record."""

    number: str
    title: str
    level: str
    lead: str
    record: Record
    tasks: tuple[Due, ...] = ()
    limits: tuple[Due, ...] = ()


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """可代录的动作 (deed): what may be recorded for a post that did it by telephone, and what else to write down."""

    name: str
    also: str = ""


class PowerCut(msgspec.Struct, frozen=True, kw_only=True):
    """备用册数据 (pack). `matters`: the open incidents, or the one it is for; `confirm_within` minutes for a telephone act."""

    organisation: str
    at: datetime
    reach: tuple[Reach, ...] = ()
    shifts: tuple[OnDuty, ...] = ()
    superiors: tuple[str, ...] = ()
    matters: tuple[Matter, ...] = ()
    office: Record | None = None
    deeds: tuple[Deed, ...] = ()
    confirm_within: int | None = None
    subject: str = ""
    lang: Lang = "zh"
    layout: Layout = "gbt9704"
    utc_offset: str = "+08:00"
    drill: str = ""


def power_cut_paper(data: PowerCut) -> Paper:
    """The pack as it stands at `data.at`."""
    pick, zone = picker(data.lang), zone_of(data.utc_offset)
    title = pick("停电断网备用册", "Pack for a power cut")
    if data.subject:
        title = pick(f"{data.subject}停电断网备用册", f"{data.subject}: pack for a power cut")
    return Paper(
        title=title, blocks=tuple(_blocks(data, pick, zone)), lang=data.lang, layout=data.layout,
        issuer=data.organisation, drill=data.drill,
        stamp=data.office.stamp if data.office else data.matters[0].record.stamp if data.matters else None,
    )  # fmt: skip


def _blocks(data: PowerCut, pick: Pick, zone: timezone) -> Iterator[Block]:
    when = say_moment(data.at, data.lang, zone, year=True)
    yield Para(
        text=pick(
            f"截至{when}。停电断网时照此呼叫、办理并逐条手记；恢复后由记录人代录，办理岗位限时补认。",
            f"As of {when}. Without power or network, call and act by this pack and write everything down; afterwards"
            " the recorder enters it and the post that acted confirms it.",
        )
    )
    yield from _reach(data, pick)
    yield from _shifts(data, pick, zone)
    for matter in data.matters:
        yield from _matter(matter, data, pick, zone)
    if data.office:
        yield Heading(text=pick("值班室最近二十四小时记录", "The office: record of the last 24 hours"))
        yield from _record(data.office, data, pick, zone)
    yield from _forms(data, pick)
    yield Note(
        text=pick(
            "含个人联系方式，只供应急使用，请妥善保管，用后销毁。",
            "Holds people's numbers: for emergencies only. Keep it safe, destroy it after use.",
        )
    )


def _reach(data: PowerCut, pick: Pick) -> Iterator[Block]:
    yield Heading(text=pick("通讯录", "Whom to call"))
    nobody, none, comma = pick("无人", "nobody"), pick("无", "none"), pick("、", ", ")
    rows = tuple(
        (
            row.post,
            "\n".join(name for name, _phone in row.people) or nobody,
            "\n".join(phone or "—" for _name, phone in row.people) or "—",
            comma.join(row.deputies) or none,
        )
        for row in data.reach
    )
    head = (
        pick("岗位", "Post"),
        pick("现由谁", "Who now"),
        pick("电话", "Telephone"),
        pick("副岗（按次序）", "Deputies"),
    )
    yield Table(head=head, rows=rows, widths=(0.29, 0.17, 0.27, 0.27))
    if data.superiors:
        yield Para(text=comma.join(data.superiors), lead=pick("上级单位：", "Superior: "))


def _shifts(data: PowerCut, pick: Pick, zone: timezone) -> Iterator[Block]:
    if not data.shifts:
        return
    yield Heading(text=pick("今后几天的班", "Shifts of the next days"))
    rows = tuple((_stretch(row, zone), row.post, row.who, row.phone or "—") for row in data.shifts)
    head = (pick("时间", "When"), pick("岗位", "Post"), pick("值班", "On duty"), pick("电话", "Telephone"))
    yield Table(head=head, rows=rows, widths=(0.36, 0.22, 0.15, 0.27))


def _stretch(row: OnDuty, zone: timezone) -> str:
    start, end = row.start.astimezone(zone), row.end.astimezone(zone)
    last = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%m-%d %H:%M}"
    return f"{start:%m-%d %H:%M} – {last}"


def _short(at: datetime | None, zone: timezone) -> str:
    """A moment that keeps to one line of a narrow column."""
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else "—"


def _matter(matter: Matter, data: PowerCut, pick: Pick, zone: timezone) -> Iterator[Block]:
    yield Heading(text=f"{matter.number} {matter.title}")
    yield Para(
        text=matter.level or pick("尚未定级", "none yet"),
        lead=pick("响应级别（本单位自定）：", "Level (our own scale): "),
    )
    yield Para(text=matter.lead or pick("无人", "nobody"), lead=pick("牵头：", "In the lead: "))
    if matter.limits:
        yield Heading(text=pick("下一步时限", "Next limits"), level=2)
        yield Table(
            head=(pick("事项", "What"), pick("岗位", "Post"), pick("时限", "Limit")),
            rows=tuple((row.what, row.post, _short(row.due_at, zone)) for row in matter.limits),
            widths=(0.5, 0.28, 0.22),
        )
    if matter.tasks:
        yield Heading(text=pick("在办任务与呼叫梯次", "Open tasks and whom to call"), level=2)
        yield Table(
            head=(pick("任务", "Task"), pick("岗位", "Post"), pick("时限", "Limit"), pick("呼叫梯次", "Ladder")),
            rows=tuple(
                (row.what, row.post, _short(row.due_at, zone), "\n".join(row.ladder) or "—") for row in matter.tasks
            ),
            widths=(0.28, 0.2, 0.19, 0.33),
        )
    yield Heading(text=pick("最近二十四小时记录", "Record of the last 24 hours"), level=2)
    yield from _record(matter.record, data, pick, zone)


def _record(record: Record, data: PowerCut, pick: Pick, zone: timezone) -> Iterator[Block]:
    if not record.lines:
        yield Para(text=pick("最近二十四小时没有记录。", "Nothing was recorded in the last 24 hours."))
    else:
        yield Table(
            head=(pick("序号", "No."), pick("时间", "When"), pick("岗位", "Post"), pick("记录", "What")),
            rows=tuple((str(row.seq), _short(row.at, zone), row.post, row.what) for row in record.lines),
            widths=(0.09, 0.18, 0.21, 0.52),
        )
    left = record.left_out
    more = pick(f"更早的 {left} 条未印。", f"{left} earlier ones are not printed. ") if left else ""
    stamp = record.stamp
    yield Note(
        text=pick(
            f"{more}记录流 {stamp.stream} 共 {stamp.length} 条，末条哈希 {stamp.head}。",
            f"{more}Stream {stamp.stream}: {stamp.length} entries, head {stamp.head}.",
        )
    )


def _forms(data: PowerCut, pick: Pick) -> Iterator[Block]:
    if not data.deeds:
        return
    yield Heading(text=pick("电话办理记录表", "Telephone log"))
    within = data.confirm_within
    limit = pick(f"（{say_minutes(within, 'zh')}内）", f" (within {say_minutes(within, 'en')})") if within else ""
    yield Para(
        text=pick(
            f"办理岗位在电话里说了什么，当场记下。恢复后按“代录口头办理”录入，由办理岗位补认{limit}。动作写代号：",
            f"Write down at once what a post says on the telephone. Afterwards enter it as “recorded for another post”;"
            f" the post confirms it{limit}. Write the action by its number:",
        )
    )
    yield Table(
        head=(pick("代号", "No."), pick("动作", "Action"), pick("另须写明", "Write down too")),
        rows=tuple((str(number), row.name, row.also or "—") for number, row in enumerate(data.deeds, 1)),
        widths=(0.1, 0.32, 0.58),
    )
    head = (
        pick("发生时间", "When"), pick("办理岗位", "Post that acted"), pick("动作", "No."), pick("事件、对象与内容", "Matter, object, words"),
        pick("谁告诉谁", "Who told whom"), pick("记录岗位", "Recorder"), pick("补认签字", "Signed"),
    )  # fmt: skip
    blank = ("\n\n", *[""] * (len(head) - 1))
    yield Table(head=head, rows=(blank,) * FORMS, widths=(0.13, 0.14, 0.08, 0.28, 0.15, 0.11, 0.11))
