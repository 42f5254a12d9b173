"""读记录 (reading): a briefing's data out of one incident's ledger, so that a report says what was recorded."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from shudao.engine.papers.briefing import Briefing, BriefingKind, Count, Demand, Fact, Measure, NextStep, QuoteRef
from shudao.engine.papers.doings import say_doing, say_post
from shudao.engine.papers.limits import targets_of
from shudao.engine.papers.model import Lang, SourceItem, Stamp
from shudao.engine.papers.phrases import picker
from shudao.engine.plan.model import Plan
from shudao.engine.review.milestones import milestones_of
from shudao.engine.review.trace import Mark, Trace, read_trace

Texts = Mapping[tuple[int, str], str]
"""Texts beside the stream that were not erased: (seq, path) -> text, as `ledger.queries.texts_of` gives them."""

MEASURES = frozenset({
    "open_incident", "confirm_level", "tell_superior", "hold_meeting", "finish_task", "answer_demand",
    "approve_statement", "publish_statement", "send_briefing", "settle_incident", "close_incident",
})  # fmt: skip
"""Verbs that count as a measure taken; calls, acknowledgements and drafts do not."""

SILENT_STEPS = frozenset({"finish_task"})


class Masthead(msgspec.Struct, frozen=True, kw_only=True):
    """版头版记 (masthead): head and foot of a report; empty = taken from plan and ledger, or not printed."""

    organisation: str = ""
    office: str = ""
    doc_no: str = ""
    signer: str = ""
    cc: str = ""
    incident: str = ""


NO_HEAD = Masthead()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """读数 (reading) of one stream: its facts, demands, measures and what is open, newest state of each."""

    trace: Trace
    facts: tuple[Fact, ...]
    demands: tuple[Demand, ...]
    measures: tuple[Measure, ...]
    next_steps: tuple[NextStep, ...]
    milestones: dict[str, datetime]
    level: str
    clause: str
    attached: int
    due: dict[str, datetime]


def read_stream(entries: Iterable[Mapping[str, Any]], texts: Texts, plan: Plan, lang: Lang) -> Reading:
    """Everything a briefing needs from a stream. Errors: BadInput when the entries are none."""
    trace = read_trace(entries)
    level = _last(trace, "confirm_level")
    return Reading(
        trace=trace,
        facts=_facts(trace, texts),
        demands=_demands(trace, texts, plan),
        measures=_measures(trace, texts, plan, lang),
        next_steps=_next_steps(trace, texts, plan, lang),
        milestones=milestones_of(trace),
        level=str(level.data.get("level", "")) if level else "",
        clause=str(level.data.get("clause", "")) if level else "",
        attached=sum(int(mark.data.get("count", 0)) for mark in trace.all("attach_items")),
        due=_due_times(trace),
    )


def read_briefing(
    entries: Iterable[Mapping[str, Any]],
    texts: Texts,
    plan: Plan,
    *,
    kind: BriefingKind,
    matter: str,
    to: str,
    stamp: Stamp,
    lang: Lang = "zh",
    counts: Sequence[Count] = (),
    measured_from: str = "",
    items: Sequence[SourceItem] = (),
    quotes: Sequence[QuoteRef] = (),
    since: datetime | None = None,
    drill: str = "",
    head: Masthead = NO_HEAD,
) -> Briefing:
    """The data of a report from an incident's stream. `counts`, `items` and `quotes` come from the stored items.

    `since` cuts facts and measures to what is new.
    Without `counts` the number of items linked by the ledger stands alone.
    """
    read = read_stream(entries, texts, plan, lang)
    opened = read.trace.first("open_incident")
    if not counts and read.attached:
        counts = (Count(kind="unknown", items=read.attached),)
        measured_from = measured_from or picker(lang)("事件记录中关联的信息条", "items linked in the incident's ledger")
    return Briefing(
        kind=kind,
        matter=matter,
        to=to,
        number=1 + sum(1 for _ in read.trace.all("send_briefing", kind=kind)),
        lang=lang,
        layout="gbt9704" if lang == "zh" else "plain",
        utc_offset=plan.utc_offset,
        plan=plan.title,
        level=level_name(plan, read.level, lang),
        clause=read.clause,
        origin=str(opened.data.get("origin", "")) if opened else "",
        opened_at=opened.moment if opened else None,
        since=since,
        facts=tuple(fact for fact in read.facts if _is_new(fact.at, since)),
        counts=tuple(counts),
        measured_from=measured_from,
        demands=read.demands,
        measures=tuple(measure for measure in read.measures if _is_new(measure.at, since)),
        next_steps=read.next_steps,
        targets=targets_of(plan, read.level, read.milestones, read.due),
        items=tuple(items),
        quotes=tuple(quotes),
        stamp=stamp,
        drill=drill,
        organisation=head.organisation or plan.organisation,
        incident=head.incident or (str(opened.data.get("incident", "")) if opened else ""),
        office=head.office,
        doc_no=head.doc_no,
        signer=head.signer,
        cc=head.cc,
    )


def _last(trace: Trace, verb: str) -> Mark | None:
    found = None
    for found in trace.all(verb):  # noqa: B007 - the last one is wanted
        pass
    return found


def _is_new(at: datetime | None, since: datetime | None) -> bool:
    return since is None or at is None or at > since


def level_name(plan: Plan, code: str, lang: Lang) -> str:
    """Name and code of a level; the code alone when the plan does not know it."""
    for row in plan.levels:
        if row.code == code:
            if code in unicodedata.normalize("NFKC", row.name):
                return row.name
            return f"{row.name}（{row.code}）" if lang == "zh" else f"{row.name} ({row.code})"
    return code


def _facts(trace: Trace, texts: Texts) -> tuple[Fact, ...]:
    found: dict[str, Fact] = {}
    for mark in trace.all("add_fact"):
        key = str(mark.data.get("fact", mark.seq))
        for gone in (key, str(mark.data.get("replaces", ""))):
            found.pop(gone, None)  # a corrected fact moves to the end, as it was written
        figures = mark.data.get("figures") or {}
        found[key] = Fact(
            status=mark.data.get("status", "not_known"),
            text=texts.get((mark.seq, "text"), ""),
            figures=tuple((name, str(value)) for name, value in figures.items()),
            at=mark.moment,
            entry=mark.seq,
        )
    return tuple(found.values())


def _demands(trace: Trace, texts: Texts, plan: Plan) -> tuple[Demand, ...]:
    found: dict[str, Demand] = {}
    for mark in trace.marks:
        key = str(mark.data.get("demand", ""))
        if mark.verb == "add_demand":
            owner = say_post(str(mark.data.get("owner", "")), plan)
            text = texts.get((mark.seq, "text"), "")
            found[key] = Demand(text=text, owner=owner, state="open", due_at=_moment(mark.data.get("due_at")))
        elif mark.verb == "answer_demand" and key in found:
            answer = texts.get((mark.seq, "text"), "")
            found[key] = msgspec.structs.replace(found[key], state="answered", done_at=mark.moment, answer=answer)
        elif mark.verb == "decline_demand" and key in found:
            reason = texts.get((mark.seq, "reason")) or _plain(mark.data.get("reason"))
            found[key] = msgspec.structs.replace(found[key], state="declined", done_at=mark.moment, answer=reason)
    return tuple(found.values())


def _measures(trace: Trace, texts: Texts, plan: Plan, lang: Lang) -> tuple[Measure, ...]:
    # A step that an act completes is finished by that act: its own entry would say the same thing twice.
    acted = {step.id for step in plan.steps if step.act}
    asked = {str(mark.data.get("demand")): texts.get((mark.seq, "text"), "") for mark in trace.all("add_demand")}
    found = []
    for mark in trace.marks:
        if mark.verb not in MEASURES or (mark.verb in SILENT_STEPS and mark.data.get("step") in acted):
            continue
        text = say_doing(mark.verb, mark.data, lang, plan)
        said = texts.get((mark.seq, "decision")) or asked.get(str(mark.data.get("demand")), "")
        if said:
            text += ("：" if lang == "zh" else ": ") + said
        found.append(Measure(at=mark.moment, text=text, post=say_post(mark.post, plan, lang), entry=mark.seq))
    return tuple(sorted(found, key=lambda measure: (measure.at, measure.entry or 0)))


def _next_steps(trace: Trace, texts: Texts, plan: Plan, lang: Lang) -> tuple[NextStep, ...]:
    pick = picker(lang)
    found: dict[tuple[str, str], NextStep] = {}
    for mark in trace.marks:
        if mark.verb == "start_task":
            title = say_doing("finish_task", {"step": mark.data.get("step", "")}, lang, plan)
            title = title.removeprefix(pick("完成任务：", "task done: "))
            post = say_post(str(mark.data.get("post", "")), plan)
            due = _moment(mark.data.get("due_at"))
            found["task", _task_key(mark)] = NextStep(text=title, post=post, due_at=due)
        elif mark.verb in ("finish_task", "skip_task"):
            found.pop(("task", _task_key(mark)), None)
        elif mark.verb == "add_demand":
            text = texts.get((mark.seq, "text"), str(mark.data.get("demand", "")))
            post = say_post(str(mark.data.get("owner", "")), plan)
            asked = NextStep(
                text=pick("答复诉求：", "answer: ") + text, post=post, due_at=_moment(mark.data.get("due_at"))
            )
            found["demand", str(mark.data.get("demand"))] = asked
        elif mark.verb in ("answer_demand", "decline_demand"):
            found.pop(("demand", str(mark.data.get("demand"))), None)
    return tuple(found.values())


def _task_key(mark: Mark) -> str:
    return str(mark.data.get("task") or mark.data.get("step"))


def _due_times(trace: Trace) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for mark in trace.all("start_task"):
        due = _moment(mark.data.get("due_at"))
        if due:
            found.setdefault(str(mark.data.get("step")), due)
    return found


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ""
