"""会商纪要 (minutes): who met when, each question with options, choice and reason, what was decided, who does what."""

from collections.abc import Iterator
from datetime import datetime, timezone

import msgspec

from shudao.engine.papers.model import Block, Heading, Lang, Layout, Paper, Para, Stamp, Table
from shudao.engine.papers.phrases import picker, say_date, say_moment, zone_of


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """议决 (ruling): a question, the options that were weighed, the one chosen and why."""

    question: str
    choice: str
    options: str = ""
    reason: str = ""


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """交办 (duty): what a post does until when."""

    what: str
    post: str
    due_at: datetime | None = None


class Minutes(msgspec.Struct, frozen=True, kw_only=True):
    """纪要数据 (minutes). `absent`: called and not there. `quorum`: how many of those called make a meeting."""

    matter: str
    at: datetime
    chair: str
    organisation: str
    incident: str = ""
    place: str = ""
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    quorum: int = 0
    is_quorate: bool = True
    short_reason: str = ""
    agenda: tuple[str, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    decision: str = ""
    duties: tuple[Duty, ...] = ()
    lang: Lang = "zh"
    layout: Layout = "gbt9704"
    utc_offset: str = "+08:00"
    stamp: Stamp | None = None
    drill: str = ""


def minutes_paper(data: Minutes, at: datetime) -> Paper:
    """The minutes as of `at`."""
    zone = zone_of(data.utc_offset)
    pick = picker(data.lang)
    return Paper(
        title=pick(f"关于{data.matter}的会商纪要", f"Minutes of the meeting on {data.matter}"),
        blocks=tuple(_blocks(data, zone)),
        lang=data.lang,
        layout=data.layout,
        issuer=data.organisation,
        signed_by=data.organisation,
        date=say_date(at, data.lang, zone),
        stamp=data.stamp,
        drill=data.drill,
    )


def _blocks(data: Minutes, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    comma = pick("、", ", ")
    when = say_moment(data.at, data.lang, zone, year=True)
    yield Para(text=when, lead=pick("时间：", "Time: "))
    if data.place:
        yield Para(text=data.place, lead=pick("地点：", "Place: "))
    yield Para(text=data.chair, lead=pick("主持：", "Chair: "))
    yield Para(text=comma.join(data.present) or pick("无", "nobody"), lead=pick("参加：", "Present: "))
    if data.absent:
        yield Para(text=comma.join(data.absent), lead=pick("未到：", "Absent: "))
    if not data.is_quorate:
        why = data.short_reason and pick(
            f"仍开会商的理由：{data.short_reason}", f" Held all the same: {data.short_reason}"
        )
        few = pick(f"通知的岗位到会不足{data.quorum}个。", f"Fewer than {data.quorum} of those called came.")
        yield Para(text=few + why)
    yield from _rulings(data)
    if data.decision:
        yield Heading(text=pick("会商决定", "Decision"))
        yield from (Para(text=line) for line in data.decision.splitlines() if line.strip())
    if data.duties:
        yield Heading(text=pick("任务分工", "Who does what"))
        yield Table(
            head=(pick("任务", "Task"), pick("岗位", "Post"), pick("期限", "Limit")),
            rows=tuple((row.what, row.post, say_moment(row.due_at, data.lang, zone)) for row in data.duties),
            widths=(2.4, 1.2, 1.2),
        )


def _rulings(data: Minutes) -> Iterator[Block]:
    pick = picker(data.lang)
    if data.agenda:
        yield Heading(text=pick("议题", "Agenda"))
        yield from (Para(text=f"{number}. {point}") for number, point in enumerate(data.agenda, 1))
    if data.rulings:
        yield Heading(text=pick("议决事项", "What was decided on"))
    for number, row in enumerate(data.rulings, 1):
        yield Para(text=row.question, lead=f"{number}. ")
        if row.options:
            yield Para(
                text="；".join(row.options.splitlines()) if data.lang == "zh" else "; ".join(row.options.splitlines()),
                lead=pick("备选：", "Options: "),
            )
        yield Para(text=row.choice, lead=pick("选定：", "Choice: "))
        if row.reason:
            yield Para(text=row.reason, lead=pick("理由：", "Reason: "))
