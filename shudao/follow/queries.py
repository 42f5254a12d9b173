"""Reading what is followed: watches, what came back, what goes into a bundle."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from shudao.engine.follow.recur import Claim, Lookout, Sighting
from shudao.engine.plan.load import plan_content
from shudao.engine.sense.post import SensePost
from shudao.follow.models import Archive, Closure, Recurrence, Watch
from shudao.ledger.bundle import Contents, Side
from shudao.ledger.models import Entry, SideRecord
from shudao.ledger.queries import as_lines
from shudao.listen.models import Item
from shudao.org.queries import organisation
from shudao.respond.models import Fact, Incident
from shudao.respond.queries import attachments_of, documents_of, facts_of
from shudao.sense.queries import placements_of


def open_watches() -> list[Watch]:
    """Every watch that goes on, in every scene, the oldest first."""
    return list(Watch.objects.filter(ended_at=None).select_related("incident").order_by("pk"))


def watch_of(incident: Incident) -> Watch | None:
    """The watch over an incident; None before it begins."""
    return Watch.objects.filter(incident=incident).first()


def closure_of(incident: Incident) -> Closure | None:
    """How an incident was closed; None while it is open."""
    return Closure.objects.filter(incident=incident).first()


def recurrences_of(incident: Incident) -> QuerySet[Recurrence]:
    """What came back after an incident, earliest first."""
    return Recurrence.objects.filter(incident=incident).prefetch_related("items__item")


def archives_of(incident: Incident) -> list[Archive]:
    """The bundles an incident was sealed into, earliest first."""
    return list(Archive.objects.filter(incident=incident))


def overdue_watches(now: datetime) -> list[Watch]:
    """Watches whose time is over."""
    return [watch for watch in open_watches() if watch.until <= now]


def lookout_of(incident: Incident) -> Lookout:
    """What to look out for after an incident: its items, its title, what was found false, its stories."""
    attached = list(attachments_of(incident))
    posts = [_as_post(row.item, row.title, row.text) for row in attached]
    false = facts_of(incident).filter(status=Fact.Status.FALSE)
    claims = [Claim(id=fact.code, text=fact.text) for fact in false]
    placed = placements_of(row.item for row in attached)
    return Lookout(posts, [Claim(id="title", text=incident.title), *claims], {str(p.story_id) for p in placed.values()})


def look(incident: Incident, items: list[Item]) -> list[Sighting]:
    """Which of these items bring the incident back. Ids are the items' keys as text."""
    placed = placements_of(items)
    stories = {str(key): str(placement.story_id) for key, placement in placed.items()}
    posts = [_as_post(item, item.title, item.text) for item in items]
    return lookout_of(incident).look(posts, stories)


def _as_post(item: Item, title: str, text: str) -> SensePost:
    return SensePost(id=str(item.pk), at=item.published_at, kind=item.kind, title=title, text=text)


def recorded_head(stream: str) -> tuple[int, str] | None:
    """Length and head of a stream as the site stream recorded them last; None when it never did."""
    last = Entry.objects.filter(stream="site", verb="record_heads").order_by("-seq").first()
    rows = last.as_value()["data"]["streams"] if last else []
    return next(((row["length"], row["head"]) for row in rows if row["stream"] == stream), None)


def contents_of(incident: Incident, length: int, beside: Mapping[str, Mapping[str, bytes]] | None = None) -> Contents:
    """What a bundle of an incident holds: its stream up to `length`, texts not erased, plan, papers.

    `beside` adds files by folder ("documents", "evidence"): what stages above this one hold.
    """
    more = beside or {}
    rows = SideRecord.objects.filter(stream=incident.stream, seq__lte=length).order_by("seq", "path")
    documents = {row.name: bytes(row.content) for row in documents_of(incident)}
    served = organisation()
    return Contents(
        name=f"incident-{incident.number}",
        lines=islice(as_lines(incident.stream), length),
        sides=[Side(row.seq, row.path, row.salt, row.text) for row in rows.iterator(chunk_size=1000)],
        plan={"plan.yaml": plan_content(incident.plan)},
        documents=documents | dict(more.get("documents", {})),
        evidence=dict(more.get("evidence", {})),
        organisation=served.name if served else "",
    )
