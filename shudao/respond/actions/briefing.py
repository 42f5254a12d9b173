"""Written reports: prepared beforehand (queries/papers.py), kept and recorded as sent here."""

from shudao.base.refusal import refuse
from shudao.engine.respond import events as ev
from shudao.ledger.verbs import Act, verb
from shudao.respond.actions.drive import drive, lock
from shudao.respond.models import Document, Incident
from shudao.respond.queries.papers import Prepared


@verb(zh="报送专报", en="send briefing")
def send_briefing(act: Act, incident: Incident, *, paper: Prepared) -> Document:
    """Record a prepared report as sent to the superior unit. The paper was made before, outside the write, and prints
    the head of the stream at that moment. Refused when it was prepared for another incident."""
    row = lock(act, incident)
    if paper.incident != row.number:
        raise refuse("文书不属于这个事件", "the paper belongs to another incident", code="paper")
    count = Document.objects.filter(incident=row, kind=paper.kind).count() + 1
    document = Document.objects.create(
        incident=row, kind=paper.kind, name=f"{row.number}-{paper.kind}-{count}.docx", title=paper.title, to=paper.to,
        content=paper.content, sha256=paper.sha256, head=paper.head, length=paper.length, post=act.post, at=act.moment,
    )  # fmt: skip
    act.note(document=document.name, kind=paper.kind, to=paper.to, sha256=paper.sha256)
    drive(act, incident, ev.Acted, act=f"send_briefing:{paper.kind}", post=act.post, happened_at=act.happened_at)
    return document
