"""Preparing an incident's papers from its ledger, outside any write."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from shudao.base.refusal import refuse
from shudao.engine.papers.briefing import KINDS, BriefingKind, Count, QuoteRef, briefing_paper
from shudao.engine.papers.minutes import Duty, Minutes, Ruling, minutes_paper
from shudao.engine.papers.model import Paper, SourceItem, Stamp
from shudao.engine.papers.phrases import picker
from shudao.engine.papers.reading import Masthead, read_briefing
from shudao.engine.papers.word.write import write_word
from shudao.ledger.queries import Head, entries_of, head_of, texts_of
from shudao.org.queries import organisation
from shudao.respond.models import Attachment, Document, Incident, Meeting, Task
from shudao.respond.queries.limits import names_of
from shudao.respond.queries.room import attachments_of

MOST_QUOTES = 3
QUOTE_LENGTH = 60


class Prepared(NamedTuple):
    """已备文书 (prepared paper): the Word file, and what the entry about it will say."""

    incident: str
    kind: str
    to: str
    title: str
    content: bytes
    sha256: str
    head: str
    length: int


def prepare_briefing(
    incident: Incident, at: datetime, *, kind: BriefingKind = "first", to: str = "", signer: str = "", doc_no: str = ""
) -> Prepared:
    """The written report of that kind as of `at`, as Word in the official layout, with head and length of the stream.

    `to` is a unit of the plan (its first superior unless given). Refused for an unknown kind, or with nobody to send to.
    """
    if kind not in KINDS:
        raise refuse(f"没有报告种类 {kind}", f"there is no kind of report {kind}", code="kind")
    plan = incident.plan
    to = to or next((row.unit for row in plan.superiors), "")
    if not to:
        raise refuse("请写明主送单位", "name the unit it goes to", code="to")
    head = head_of(incident.stream)
    texts = texts_of(incident.stream)
    rows = list(attachments_of(incident))
    items = tuple(_source_item(row) for row in rows[:MOST_QUOTES])
    data = read_briefing(
        entries_of(incident.stream), texts, plan, kind=kind, matter=incident.title,
        to=next((unit.name for unit in plan.units if unit.id == to), to),
        stamp=Stamp(stream=incident.stream, length=head.length, head=head.hash), lang=plan.language,
        counts=_counts(rows), measured_from=picker(plan.language)("本事件关联的信息条", "items attached to this incident"),
        items=items, quotes=tuple(_quote(item) for item in items if item.text), since=_last_report(incident, kind),
        drill=incident.scene_value.run_code or "", head=_masthead(incident, signer, doc_no),
    )  # fmt: skip
    return _prepared(incident, kind, to, briefing_paper(data, at), at, head)


def prepare_minutes(meeting: Meeting, at: datetime) -> Prepared:
    """The minutes of a held meeting as Word, with head and length of the stream. Refused before it was held."""
    incident, plan = meeting.incident, meeting.incident.plan
    if not meeting.is_held:
        raise refuse("会商还没有开", "the meeting was not held yet", code="state")
    names, head, row = names_of(plan), head_of(incident.stream), organisation()
    given = Task.objects.filter(incident=incident, meeting=meeting)
    data = Minutes(
        matter=incident.title, at=meeting.at, chair=names.get(meeting.post, meeting.post),
        organisation=row.name if row else "", incident=incident.number, place=meeting.place,
        present=tuple(names.get(code, code) for code in meeting.present),
        absent=tuple(names.get(code, code) for code in meeting.called if code not in meeting.present),
        quorum=meeting.quorum, is_quorate=meeting.is_quorate, agenda=tuple(meeting.agenda),
        short_reason=meeting.short_reason, rulings=tuple(_ruling(one) for one in meeting.rulings), decision=meeting.decision,
        duties=tuple(Duty(what=one.title, post=names.get(one.post, one.post), due_at=one.due_at) for one in given),
        lang=plan.language, stamp=Stamp(stream=incident.stream, length=head.length, head=head.hash),
        drill=incident.scene_value.run_code or "",
    )  # fmt: skip
    return _prepared(incident, "minutes", "", minutes_paper(data, at), at, head)


def _ruling(one: Mapping[str, str]) -> Ruling:
    return Ruling(**{name: one.get(name, "") for name in Ruling.__struct_fields__})


def _prepared(incident: Incident, kind: str, to: str, paper: Paper, at: datetime, head: Head) -> Prepared:
    content = write_word(paper, at)
    digest = hashlib.sha256(content).hexdigest()
    return Prepared(incident.number, kind, to, paper.title, content, digest, head.hash, head.length)


def _masthead(incident: Incident, signer: str, doc_no: str) -> Masthead:
    row = organisation()
    return Masthead(organisation=row.name if row else "", signer=signer, doc_no=doc_no, incident=incident.number)


def _counts(rows: list[Attachment]) -> tuple[Count, ...]:
    kinds = Counter(row.item.kind for row in rows)
    return tuple(Count(kind=kind, items=count) for kind, count in sorted(kinds.items()))


def _source_item(row: Attachment) -> SourceItem:
    text = row.text or row.title
    return SourceItem(
        id=str(row.item_id), text=text, source=row.item.outlet or row.item.source.name, kind=row.item.kind,
        url=row.item.url, at=row.item.published_at,
    )  # fmt: skip


def _quote(item: SourceItem) -> QuoteRef:
    return QuoteRef(item=item.id, start=0, end=min(len(item.text), QUOTE_LENGTH))


def _last_report(incident: Incident, kind: str) -> datetime | None:
    """A follow-up says what is new since the report before; a first or final report says everything."""
    if kind != "follow_up":
        return None
    return Document.objects.filter(incident=incident).order_by("-at").values_list("at", flat=True).first()
