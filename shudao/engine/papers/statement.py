"""声明 (statement): the organisation's own word to the public on paper, with the sheet of its approvals."""

from collections.abc import Iterator
from datetime import datetime, timezone

import msgspec

from shudao.engine.papers.model import Block, Heading, Lang, Layout, Note, Paper, Para, Stamp, Table
from shudao.engine.papers.phrases import picker, say_date, say_moment, zone_of


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """审签 (approval): a stage, the post that signed or returned it, when, and the entry that says so."""

    stage: str
    post: str
    at: datetime
    returned: bool = False
    entry: int | None = None


class StatementData(msgspec.Struct, frozen=True, kw_only=True):
    """声明数据 (statement data). `text` is what people wrote; nothing is added to it.

    `known`, `not_known` and `doing` are printed as lists below it where the text does not hold them itself.
    """

    title: str
    text: str
    organisation: str
    lang: Lang = "zh"
    layout: Layout = "gbt9704"
    utc_offset: str = "+08:00"
    doc_no: str = ""
    known: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    doing: tuple[str, ...] = ()
    next_update_at: datetime | None = None
    contact: str = ""
    approvals: tuple[Signed, ...] = ()
    stamp: Stamp | None = None
    drill: str = ""


def statement_paper(data: StatementData, at: datetime) -> Paper:
    """The statement as of `at`."""
    zone = zone_of(data.utc_offset)
    return Paper(
        title=data.title,
        blocks=tuple(_blocks(data, zone)),
        lang=data.lang,
        layout=data.layout,
        issuer=data.organisation,
        doc_no=data.doc_no,
        signed_by=data.organisation,
        date=say_date(at, data.lang, zone),
        stamp=data.stamp,
        drill=data.drill,
    )


def _blocks(data: StatementData, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    yield Para(text=data.text or pick("（尚无正文）", "(no text yet)"))
    parts = (
        (pick("目前已知", "What we know"), data.known),
        (pick("尚待核实", "What we do not know yet"), data.not_known),
        (pick("正在做的", "What we are doing"), data.doing),
    )
    for title, lines in parts:
        if lines:
            yield Heading(text=title)
            yield from (Para(text=f"{number}. {line}") for number, line in enumerate(lines, 1))
    if data.next_update_at:
        when = say_moment(data.next_update_at, data.lang, zone, year=True)
        yield Para(text=pick(f"下次通报时间：{when}。", f"Next update: {when}."))
    if data.contact:
        yield Para(text=pick(f"联系方式：{data.contact}。", f"Contact: {data.contact}."))
    if data.approvals:
        yield Note(text=pick("审签单", "Approvals"))
        head = ("环节", "岗位", "时间", "结果", "记录")
        yield Table(
            head=head if data.lang == "zh" else ("Stage", "Post", "Time", "Result", "Entry"),
            rows=tuple(_signed(row, data.lang, zone) for row in data.approvals),
            widths=(1.6, 1.6, 1.8, 1.2, 0.8),
        )


def _signed(row: Signed, lang: Lang, zone: timezone) -> tuple[str, ...]:
    pick = picker(lang)
    result = pick("退回", "returned") if row.returned else pick("同意", "approved")
    entry = str(row.entry) if row.entry else "—"
    return (row.stage, row.post, say_moment(row.at, lang, zone), result, entry)
