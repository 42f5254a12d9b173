"""查阅 (looking): streams and entries as the ledger's pages ask for them, and a chain checked part by part."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from shudao.engine.ledger import FIELDS, ROOT, link
from shudao.engine.words import Words
from shudao.ledger.models import Entry, SideRecord, Stream

A_PART = 5_000
"""Entries checked for one request; a longer stream is checked on from there."""


class Recorded(NamedTuple):
    """登记的链头 (recorded head) of a stream: by which entry of the site stream, when, and whether it still holds."""

    seq: int
    at: datetime
    length: int
    head: str
    holds: bool


class Part(NamedTuple):
    """核验一段 (part checked): from which entry to which, whether it holds, where and why not, where it goes on."""

    first: int
    last: int
    ok: bool
    fault: Words | None = None
    at_seq: int | None = None
    next: int | None = None


def find_streams(kinds: Iterable[str], words: str = "") -> QuerySet[Stream]:
    """Streams of these kinds (site, incident, run), the newest first."""
    wanted = Q(pk__in=())
    for kind in kinds:
        wanted |= Q(name=kind) if kind == "site" else Q(name__startswith=f"{kind}/")
    rows = Stream.objects.filter(wanted).order_by("-pk")
    return rows.filter(name__icontains=words) if words else rows


def find_entries(
    stream: str, *, verb: str = "", post: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Entry]:
    """Entries of a stream, the newest first. Days are the reader's; `until` is the last of them."""
    rows = Entry.objects.filter(stream=stream).order_by("-seq")
    rows = rows.filter(verb=verb) if verb else rows
    rows = rows.filter(post=post) if post else rows
    rows = rows.filter(at__gte=_midnight(since)) if since else rows
    return rows.filter(at__lt=_midnight(until) + timedelta(days=1)) if until else rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def verbs_of(stream: str) -> list[str]:
    """Verbs that a stream holds."""
    return sorted(set(Entry.objects.filter(stream=stream).order_by().values_list("verb", flat=True).distinct()))


def texts_beside(stream: str, entries: list[Entry]) -> dict[int, dict[str, str]]:
    """Texts beside some entries that were not erased: entry -> place -> text."""
    found: dict[int, dict[str, str]] = {}
    for side in SideRecord.objects.filter(stream=stream, seq__in=[row.seq for row in entries]):
        found.setdefault(side.seq, {})[side.path] = side.text
    return found


def places_of(entry: Entry) -> list[str]:
    """Where an entry commits to a text that stands beside it."""
    data = entry.as_value()["data"]
    return [name for name, value in data.items() if isinstance(value, Mapping) and "commitment" in value]


def last_heads() -> Entry | None:
    """The last entry of the site stream that records all heads."""
    return Entry.objects.filter(stream="site", verb="record_heads").order_by("-seq").first()


def recorded_heads(entry: Entry | None) -> dict[str, dict[str, Any]]:
    """Stream -> length and head as that entry recorded them."""
    rows = entry.as_value()["data"]["streams"] if entry else []
    return {row["stream"]: row for row in rows}


def recorded_of(stream: str) -> Recorded | None:
    """The last recorded head of a stream, and whether its chain still holds that very entry."""
    entry = last_heads()
    row = recorded_heads(entry).get(stream)
    if entry is None or row is None:
        return None
    there = Entry.objects.filter(stream=stream, seq=row["length"]).values_list("hash", flat=True).first()
    return Recorded(entry.seq, entry.at, row["length"], row["head"], (there or ROOT) == row["head"])


def check_part(stream: str, first: int = 1, most: int = A_PART) -> Part:
    """Walk a part of a chain from `first` on: numbers, links, hashes; at the end also the head that is kept."""
    first = max(first, 1)
    before = Entry.objects.filter(stream=stream, seq=first - 1).values_list("hash", flat=True).first()
    prev, seq = before or ROOT, first
    if before is None and first > 1:
        return Part(first, first, False, Words("缺少前一条记录", "the entry before is missing"), first)
    rows = Entry.objects.filter(stream=stream, seq__gte=first).order_by("seq")[:most]
    for row in rows.iterator(chunk_size=1000):
        fault = _fault(row, seq, prev)
        if fault:
            return Part(first, seq, False, fault, seq)
        prev, seq = row.hash, seq + 1
    kept = Stream.objects.filter(name=stream).first()
    length = kept.length if kept else 0
    if seq - 1 < length and seq - first == most:
        return Part(first, seq - 1, True, next=seq)
    if kept and (kept.length, kept.head) != (seq - 1, prev):
        return Part(first, seq - 1, False, Words("与链头不符", "the end is not the head that is kept"), seq - 1)
    return Part(first, seq - 1, True)


def _fault(row: Entry, seq: int, prev: str) -> Words | None:
    if row.seq != seq:
        return Words(f"序号应为 {seq}，实为 {row.seq}", f"expected number {seq}, found {row.seq}")
    if row.prev != prev:
        return Words("与上一条记录不相接", "does not follow the entry before")
    value = row.as_value()
    try:
        same = set(value) == set(FIELDS) and link(value)["hash"] == row.hash
    except ValueError:
        same = False
    return None if same else Words("内容与其哈希不符", "the content does not match its hash")
