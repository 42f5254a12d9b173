"""Reading the ledger: entries, heads, verification."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from shudao.base.retention import Kind, kinds
from shudao.engine.deletion import VERB
from shudao.engine.ledger import ROOT, ChainReport, canonical, check_chain
from shudao.engine.words import Words
from shudao.ledger.models import Entry, Retention, SideRecord, Stream


class Head(NamedTuple):
    """链头 (head) of a stream: hash of its last entry and number of entries."""

    hash: str
    length: int


def head_of(stream: str) -> Head:
    """Head and length of a stream; zeros when it has no entry."""
    row = Stream.objects.filter(name=stream).first()
    return Head(row.head, row.length) if row else Head(ROOT, 0)


def streams() -> list[Stream]:
    """All streams by name."""
    return list(Stream.objects.order_by("name"))


def entries_of(stream: str) -> Iterator[dict[str, Any]]:
    """Entries of a stream as plain values, in order."""
    for row in Entry.objects.filter(stream=stream).order_by("seq").iterator(chunk_size=1000):
        yield row.as_value()


def texts_of(stream: str) -> dict[tuple[int, str], str]:
    """Texts beside a stream that were not erased: (seq, path) -> text."""
    rows = SideRecord.objects.filter(stream=stream).values_list("seq", "path", "text")
    return {(seq, path): text for seq, path, text in rows}


def last_place() -> int:
    """The place of the entry written last, whatever its stream; 0 before the first."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def appended_since(place: int, limit: int = 2000) -> list[tuple[int, str]]:
    """(place, stream) of the entries written after a place: what the live pages look at, one question for all streams."""
    return list(Entry.objects.filter(pk__gt=place).order_by("pk").values_list("pk", "stream")[:limit])


def verify_stream(stream: str) -> ChainReport:
    """Walk a stream and compare its end with the head that is kept."""
    report = check_chain(entries_of(stream))
    head = head_of(stream)
    if not report.ok or (report.head, report.length) == head:
        return report
    fault = Words(
        zh=f"记录 {report.length} 条，链头记为 {head.length} 条",
        en=f"{report.length} entries, the head says {head.length}",
    )
    return ChainReport(False, report.length, report.head, fault, report.length + 1)


def as_lines(stream: str) -> Iterator[bytes]:
    """The stream as JSON lines in canonical form, one entry a line, for ledger.jsonl."""
    for entry in entries_of(stream):
        yield canonical(entry) + b"\n"


def heads_are_due(now: datetime) -> bool:
    """True when the heads were not yet recorded on the day (UTC) of `now`."""
    last = Entry.objects.filter(stream="site", verb="record_heads").order_by("-seq").first()
    return last is None or last.at.date() < now.date()


class Period(NamedTuple):
    """期限 (period) of a class as it is in force: its days (None: for good), whether the daily job applies it, and why."""

    kind: Kind
    days: int | None
    is_on: bool
    reason: str
    row: Retention | None

    @property
    def is_applied(self) -> bool:
        """Whether the daily job erases by it."""
        return self.days is not None and (self.is_on or self.kind.is_sure)

    def before(self, now: datetime) -> datetime | None:
        """The moment before which rows are due; None when the class is kept for good."""
        return None if self.days is None else now - timedelta(days=self.days)


def periods() -> list[Period]:
    """The periods of all classes."""
    rows = {row.kind: row for row in Retention.objects.all()}
    return [_period(kind, rows.get(kind.code)) for kind in kinds()]


def period_of(kind: Kind) -> Period:
    """The period of one class."""
    return _period(kind, Retention.objects.filter(kind=kind.code).first())


def published_key() -> str:
    """The public key that the site published last; "" before the first."""
    last = Entry.objects.filter(stream="site", verb="publish_site_key").order_by("-seq").first()
    return str(last.as_value()["data"]["public_key"]) if last else ""


def deletion_records() -> QuerySet[Entry]:
    """The entries that state an erasing, newest first."""
    return Entry.objects.filter(stream="site", verb=VERB).order_by("-seq")


def _period(kind: Kind, row: Retention | None) -> Period:
    if row is None:
        return Period(kind, kind.days, False, "", None)
    return Period(kind, row.days, row.is_on, row.reason, row)
