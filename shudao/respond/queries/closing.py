"""Closing: what stands against it now, in the incident's own rows."""

from collections.abc import Iterable
from datetime import datetime

from shudao.engine.respond.closing import Desk, Promise, Reason, why_not_close
from shudao.engine.respond.state import OPEN
from shudao.ledger.verbs import verbs
from shudao.respond.models import (
    Demand,
    Document,
    Incident,
    LevelContest,
    OralAct,
    PublicationRecord,
    Statement,
    Task,
)
from shudao.respond.queries.room import open_demands, statements_of
from shudao.respond.queries.signing import unwritten_of

Named = list[tuple[str, str]]
"""What a person recognises a row by, and its code."""


def why_not_close_now(incident: Incident, now: datetime) -> tuple[Reason, ...]:
    """Coded reasons against closing the incident at that moment; empty when it may be closed. Reads the run afresh."""
    fresh = Incident.objects.get(pk=incident.pk)
    return why_not_close(fresh.plan, fresh.state, desk_of(fresh, now))


def desk_of(incident: Incident, now: datetime) -> Desk:
    """What lies open beside the run of the plan."""
    state = Statement.State
    statements = list(statements_of(incident))
    waiting = Document.objects.filter(incident=incident, state=Document.State.WAITING).defer("content")
    given = Task.objects.filter(incident=incident, step="", is_must=True, status__in=OPEN)
    contests = LevelContest.objects.filter(incident=incident, answered_at=None)
    lying: dict[str, Named] = {
        "contests_open": [(row.reason, "level") for row in contests],
        "tasks_open": _coded(given),
        "demands_open": _coded(open_demands(incident)),
        "statements_unsigned": _coded(row for row in statements if row.state in (state.WAITING, state.RETURNED)),
        "statements_unpublished": _coded(row for row in statements if row.state == state.APPROVED),
        "reports_unsigned": _coded(waiting),
        "oral_unwritten": _by_telephone(incident),
    }
    promises = promises_of(incident, now)
    refs = {name: code for rows in lying.values() for name, code in rows}
    refs |= {str(row): row.code for row in statements}
    named = {part: tuple(name for name, _ in rows) for part, rows in lying.items()}
    return Desk(promises=tuple(promises), refs=refs, **named)


def _coded(rows: Iterable[Task | Demand | Statement | Document]) -> Named:
    return [(str(row), row.code) for row in rows]


def _by_telephone(incident: Incident) -> Named:
    """What was said or done by telephone and not confirmed."""
    rows = OralAct.objects.filter(incident=incident, confirmed_at=None, disputed_at=None)
    signed = [(str(row), "") for row in unwritten_of(incident)]
    return [*signed, *((_phoned(row), row.code) for row in rows)]


def _phoned(row: OralAct) -> str:
    declared = verbs().get(row.verb)
    return f"{row.code} {declared.words.zh if declared else row.verb}"


def promises_of(incident: Incident, now: datetime) -> list[Promise]:
    """When the public was told to expect the next word. Kept: a later publication came by then; broken only once past."""
    rows = PublicationRecord.objects.filter(version__statement__incident=incident)
    records = list(rows.select_related("version__statement").order_by("at"))
    promised: dict[int, PublicationRecord] = {}
    for record in records:
        if record.version.next_update_at:
            promised.setdefault(record.version_id, record)
    return [_promise(record, records, now) for record in promised.values()]


def _promise(record: PublicationRecord, records: list[PublicationRecord], now: datetime) -> Promise:
    at = record.version.next_update_at or record.at
    later = [row.at for row in records if row.at > record.at and row.version_id != record.version_id]
    return Promise(statement=str(record.version.statement), at=at, kept=bool(later))
