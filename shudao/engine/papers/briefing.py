"""专报 (briefing): the written report to the parent unit, from plain data. Where there is no data, it says so."""

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Literal, TypeAlias

import msgspec

from shudao.engine.papers.limits import Target, targets_table
from shudao.engine.papers.model import Block, Heading, Lang, Layout, Note, Paper, Para, Quote, SourceItem, Stamp, Table
from shudao.engine.papers.phrases import cut_quote, picker, say_date, say_kind, say_moment, zone_of
from shudao.engine.words import Words

BriefingKind: TypeAlias = Literal["first", "follow_up", "final"]
FactStatus: TypeAlias = Literal["known", "not_known", "false"]


class _Data(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the data of a briefing."""


class Fact(_Data, frozen=True, kw_only=True):
    """事实 (fact): its status, its words, its figures as (name, value), when it was written down and by which entry."""

    status: FactStatus
    text: str
    figures: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None
    entry: int | None = None


class Count(_Data, frozen=True, kw_only=True):
    """计数 (count) of items of one kind of source; `copies` of them are near-copies of another."""

    kind: str
    items: int
    copies: int | None = None


class Demand(_Data, frozen=True, kw_only=True):
    """诉求 (demand) of the public: whose it is, its limit, and the answer or the reason why none is given."""

    text: str
    owner: str
    state: Literal["open", "answered", "declined"]
    due_at: datetime | None = None
    done_at: datetime | None = None
    answer: str = ""


class Measure(_Data, frozen=True, kw_only=True):
    """措施 (measure) that was taken: when, by which post, and the ledger entry that says so."""

    at: datetime
    text: str
    post: str = ""
    entry: int | None = None


class NextStep(_Data, frozen=True, kw_only=True):
    """下一步 (next step): what is to be done, by which post, until when."""

    text: str
    post: str = ""
    due_at: datetime | None = None


class QuoteRef(_Data, frozen=True, kw_only=True):
    """引文出处 (quote reference): characters `start` to `end` of an item's stored text."""

    item: str
    start: int
    end: int


class Briefing(_Data, frozen=True, kw_only=True):
    """专报数据 (briefing): all that may stand in a written report. `number` counts follow-ups from 1.

    `measured_from` says where the counts come from; `since` is the report before (a follow-up says what is new).
    """

    kind: BriefingKind
    matter: str
    organisation: str
    to: str
    number: int = 1
    incident: str = ""
    lang: Lang = "zh"
    layout: Layout = "gbt9704"
    utc_offset: str = "+08:00"
    doc_no: str = ""
    signer: str = ""
    cc: str = ""
    office: str = ""
    plan: str = ""
    level: str = ""
    clause: str = ""
    origin: str = ""
    opened_at: datetime | None = None
    since: datetime | None = None
    facts: tuple[Fact, ...] = ()
    counts: tuple[Count, ...] = ()
    measured_from: str = ""
    demands: tuple[Demand, ...] = ()
    measures: tuple[Measure, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    targets: tuple[Target, ...] = ()
    items: tuple[SourceItem, ...] = ()
    quotes: tuple[QuoteRef, ...] = ()
    lessons: tuple[str, ...] = ()
    stamp: Stamp | None = None
    drill: str = ""


KINDS: dict[BriefingKind, Words] = {
    "first": Words(zh="首报", en="first report"),
    "follow_up": Words(zh="续报", en="follow-up report"),
    "final": Words(zh="终报", en="final report"),
}

ORIGINS: dict[str, Words] = {
    "alert": Words(zh="监测预警", en="a monitoring alert"),
    "hotline": Words(zh="热线来电", en="a hotline call"),
    "security": Words(zh="安保部门报告", en="a report by security"),
    "leader": Words(zh="领导交办", en="a leader's order"),
    "other": Words(zh="其他渠道", en="another channel"),
}

STATUSES: dict[FactStatus, Words] = {
    "known": Words(zh="已核实", en="Known"),
    "not_known": Words(zh="尚待核实", en="Not known yet"),
    "false": Words(zh="查明不实", en="Found false"),
}


def briefing_paper(data: Briefing, at: datetime) -> Paper:
    """The report as of `at`. Errors: ValueError when a quote's span lies outside its item or names no given item."""
    zone = zone_of(data.utc_offset)
    blocks = tuple(_blocks(data, at, zone))
    kind = KINDS[data.kind].say(data.lang)
    if data.kind == "follow_up":
        kind = f"{kind}之{data.number}" if data.lang == "zh" else f"{kind} no. {data.number}"
    title = f"关于{data.matter}的专报（{kind}）" if data.lang == "zh" else f"Briefing on {data.matter} ({kind})"
    return Paper(
        title=title,
        blocks=blocks,
        lang=data.lang,
        layout=data.layout,
        issuer=data.organisation,
        doc_no=data.doc_no,
        signer=data.signer,
        to=data.to,
        signed_by=data.organisation,
        date=say_date(at, data.lang, zone),
        cc=data.cc,
        issued_by=data.office,
        stamp=data.stamp,
        drill=data.drill,
    )


def _blocks(data: Briefing, at: datetime, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    yield Heading(text=pick("事件概要", "Outline"))
    yield Para(text=_outline(data, at, zone))
    yield Heading(text=pick("事实清单", "Facts"))
    yield from _facts(data, zone)
    yield Heading(text=pick("传播情况", "Spread"))
    yield from _spread(data, at, zone)
    yield Heading(text=pick("公众诉求与答复", "What the public asks, and the answers"))
    yield from _demands(data, zone)
    yield Heading(text=pick("已采取措施", "Measures taken"))
    yield from _measures(data, zone)
    if data.lessons:
        yield Heading(text=pick("经验教训", "Lessons"))
        yield from (Para(text=lesson) for lesson in data.lessons)
    yield Heading(text=pick("下一步工作", "Next steps"))
    yield from _next_steps(data, zone)
    caption = pick("时限对照表", "Limits and actual times")
    yield from targets_table(data.targets, data.lang, zone, at, caption=caption)


def _outline(data: Briefing, at: datetime, zone: timezone) -> str:
    """One paragraph: why and when it was opened, its level with the clause, what the count is now."""
    now = say_moment(at, data.lang, zone, year=True)
    total = sum(count.items for count in data.counts)
    known = sum(fact.status == "known" for fact in data.facts)
    waiting = sum(demand.state == "open" for demand in data.demands)
    origin = ORIGINS.get(data.origin)
    opened = say_moment(data.opened_at, data.lang, zone) if data.opened_at else ""
    if data.lang == "zh":
        parts = []
        if opened:
            parts.append(f"{opened}，因{origin.zh if origin else '收到报告'}，就“{data.matter}”启动处置")
        if data.level:
            basis = f"依据《{data.plan}》第{data.clause}条，" if data.plan and data.clause else ""
            parts.append(f"{basis}响应级别（本单位自定）为{data.level}")
        else:
            parts.append("尚未确认响应级别")
        parts.append(f"截至{now}，已核实事实{known}项，关联信息{total}条，待答复诉求{waiting}项")
        return "；".join(parts) + "。" + (f"（事件编号 {data.incident}）" if data.incident else "")
    parts = []
    if opened:
        reason = origin.en if origin else "a report"
        parts.append(f"The response to “{data.matter}” was opened on {opened} after {reason}.")
    if data.level:
        basis = f" under clause {data.clause} of {data.plan}" if data.plan and data.clause else ""
        parts.append(f"Its level on our own scale is {data.level}{basis}.")
    else:
        parts.append("No level is confirmed yet.")
    parts.append(f"As of {now}: facts known {known}, items linked {total}, demands waiting {waiting}.")
    return " ".join(parts) + (f" (Incident {data.incident})" if data.incident else "")


def _facts(data: Briefing, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    nothing = {
        "known": pick("尚无已核实的事实记录。", "No fact is on record as known."),
        "not_known": pick("无列为待核实的事项。", "Nothing is on record as not known yet."),
        "false": pick("无查明不实的说法记录。", "No claim is on record as found false."),
    }
    for status, words in STATUSES.items():
        yield Heading(text=words.say(data.lang), level=2)
        facts = [fact for fact in data.facts if fact.status == status]
        if not facts:
            yield Para(text=nothing[status])
        for number, fact in enumerate(facts, 1):
            yield Para(text=f"{number}. {_fact_line(fact, data.lang, zone)}")


def _fact_line(fact: Fact, lang: Lang, zone: timezone) -> str:
    pick = picker(lang)
    text = fact.text or pick("（原文已按规定删除）", "(the text was erased under the retention rules)")
    marks = [f"{name} {value}" for name, value in fact.figures]
    if fact.at:
        marks.append(say_moment(fact.at, lang, zone))
    if fact.entry:
        marks.append(pick(f"记录第{fact.entry}条", f"entry {fact.entry}"))
    if not marks:
        return text
    return f"{text}（{'，'.join(marks)}）" if lang == "zh" else f"{text} ({', '.join(marks)})"


def _spread(data: Briefing, at: datetime, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    if not data.counts:
        now = say_moment(at, data.lang, zone)
        yield Para(text=pick(f"截至{now}，没有采集到关联信息。", f"As of {now} no linked item was collected."))
    else:
        rows = [_count_row(count, data.lang) for count in data.counts]
        copies = [count.copies for count in data.counts if count.copies is not None]
        total = Count(kind="", items=sum(c.items for c in data.counts), copies=sum(copies) if copies else None)
        rows.append((pick("合计", "Total"), *_count_row(total, data.lang)[1:]))
        copied = pick("其中转载近似", "Near-copies among them")
        head = (pick("来源类别", "Kind of source"), pick("信息条数", "Items"), copied)
        yield Table(head=head, rows=tuple(rows), widths=(2, 1, 1))
        source = data.measured_from or pick("来源未注明", "source not stated")
        yield Note(text=pick(f"数据来源：{source}。截至{say_moment(at, 'zh', zone)}。", f"Measured from: {source}."))
    yield from _quotes(data, zone)


def _count_row(count: Count, lang: Lang) -> tuple[str, ...]:
    return (say_kind(count.kind, lang), str(count.items), "—" if count.copies is None else str(count.copies))


def _quotes(data: Briefing, zone: timezone) -> Iterator[Block]:
    items = {item.id: item for item in data.items}
    for place, ref in enumerate(data.quotes):
        if ref.item not in items:
            raise ValueError(f"quote of item {ref.item}, which was not given")
        item = items[ref.item]
        if place == 0:
            yield Para(text=picker(data.lang)("有代表性的原文摘录如下：", "In the words of the items themselves:"))
        yield Quote(
            text=cut_quote(item, ref.start, ref.end),
            item=item.id,
            source=item.source,
            at=say_moment(item.at, data.lang, zone) if item.at else "",
        )


def _demands(data: Briefing, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    if not data.demands:
        yield Para(text=pick("尚无公众诉求记录。", "No demand of the public is on record."))
        return
    head = (pick("诉求", "Demand"), pick("责任岗位", "Owner"), pick("期限", "Limit"), pick("办理情况", "State"))
    rows = tuple(_demand_row(demand, data.lang, zone) for demand in data.demands)
    yield Table(head=head, rows=rows, widths=(2.2, 1.4, 1.8, 2.8))


def _demand_row(demand: Demand, lang: Lang, zone: timezone) -> tuple[str, ...]:
    pick = picker(lang)
    when = say_moment(demand.done_at, lang, zone)
    states = {
        "open": pick("办理中，尚未答复", "open, not answered yet"),
        "answered": pick(f"{when} 答复：{demand.answer}", f"answered {when}: {demand.answer}"),
        "declined": pick(f"{when} 不予采纳，理由：{demand.answer}", f"declined {when}, because: {demand.answer}"),
    }
    erased = pick("（原文已删除）", "(erased)")
    return (demand.text or erased, demand.owner, say_moment(demand.due_at, lang, zone), states[demand.state])


def _measures(data: Briefing, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    if not data.measures:
        yield Para(text=pick("尚无处置措施记录。", "No measure is on record."))
        return
    head = (pick("时间", "Time"), pick("措施", "Measure"), pick("岗位", "Post"), pick("记录", "Entry"))
    rows = tuple(
        (say_moment(row.at, data.lang, zone), row.text, row.post or "—", str(row.entry) if row.entry else "—")
        for row in data.measures
    )
    if data.since:
        since = say_moment(data.since, data.lang, zone)
        yield Para(text=pick(f"自上次报告（{since}）以来：", f"Since the report before ({since}):"))
    yield Table(head=head, rows=rows, widths=(2, 4, 1.6, 0.8))


def _next_steps(data: Briefing, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    if not data.next_steps:
        yield Para(text=pick("暂无未完成的任务和诉求。", "No task and no demand is open."))
    for number, step in enumerate(data.next_steps, 1):
        marks = [step.post] if step.post else []
        if step.due_at:
            due = say_moment(step.due_at, data.lang, zone)
            marks.append(pick(f"{due}前", f"by {due}"))
        tail = pick(f"（{'，'.join(marks)}）", f" ({', '.join(marks)})") if marks else ""
        yield Para(text=f"{number}. {step.text}{tail}")
