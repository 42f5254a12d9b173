"""Keeping the archive's words: made again for every closed incident whose record has grown since."""

from collections.abc import Iterator
from datetime import timedelta, timezone

from shudao.base.scene import LIVE
from shudao.base.write import short_write
from shudao.engine.text.normalise import fold
from shudao.follow.models import ArchiveText
from shudao.ledger.models import Stream
from shudao.respond.models import Demand, Fact, Incident, StatementVersion

A_PASS = 50
MOST = 40_000
"""Characters that are searched of one incident; a longer one is found by what stands first."""
CHINA = timezone(timedelta(hours=8))


def index_archive() -> int:
    """Make the words of those that lack them or have grown; returns how many."""
    stale = _stale()
    for incident, length in stale:
        words = fold("\n".join(_texts(incident)))[:MOST]
        year = (incident.closed_at or incident.opened_at).astimezone(CHINA).year
        fresh = {"words": words, "length": length, "year": year}
        with short_write():
            ArchiveText.objects.update_or_create(incident=incident, defaults=fresh)
    return len(stale)


def _stale() -> list[tuple[Incident, int]]:
    """Closed incidents of the real world whose record is longer than when their words were made."""
    closed = Incident.objects.in_scene(LIVE).filter(closed_at__isnull=False)
    numbers = dict(closed.values_list("number", "pk"))
    kept = dict(ArchiveText.objects.values_list("incident", "length"))
    streams = Stream.objects.filter(name__startswith="incident/").values_list("name", "length")
    grown = {
        numbers[name.partition("/")[2]]: length
        for name, length in streams
        if name.partition("/")[2] in numbers and kept.get(numbers[name.partition("/")[2]]) != length
    }
    rows = Incident.objects.in_bulk(sorted(grown)[:A_PASS])
    return [(row, grown[key]) for key, row in rows.items()]


def _texts(incident: Incident) -> Iterator[str]:
    yield f"{incident.number} {incident.title}"
    yield from Fact.objects.filter(incident=incident).values_list("text", flat=True)
    for text, answer in Demand.objects.filter(incident=incident).values_list("text", "answer"):
        yield f"{text} {answer}"
    versions = StatementVersion.objects.filter(statement__incident=incident).order_by("statement", "-number")
    yield from versions.values_list("text", flat=True)
