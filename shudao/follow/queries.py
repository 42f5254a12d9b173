"""Reading what is followed: watches, what came back, what goes into a bundle."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shudao.base.scene import LIVE
from shudao.engine.follow.recur import Claim, Lookout, Sighting
from shudao.engine.plan.load import plan_content
from shudao.engine.sense.post import SensePost
from shudao.follow.models import Archive, ArchiveText, Closure, Recurrence, Watch
from shudao.ledger.bundle import Contents, Side
from shudao.ledger.models import Entry, SideRecord
from shudao.ledger.queries import as_lines
from shudao.listen.models import Item
from shudao.org.queries import organisation
from shudao.respond.models import Demand, Fact, Incident
from shudao.respond.queries import attachments_of, changes_of, documents_of, facts_of, merged_into, search_words
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
    """What to look out for after an incident: its items, its title, what was found false, its stories; and the same of
    what was merged into it. Voices are not among it: they are compared under its own key alone."""
    whole = [incident, *(row.incident for row in merged_into(incident))]
    attached = [row for one in whole for row in attachments_of(one)]
    posts = [_as_post(row.item, row.title, row.text) for row in attached]
    false = [fact for one in whole for fact in facts_of(one).filter(status=Fact.Status.FALSE)]
    claims = [Claim(id=fact.code, text=fact.text) for fact in false if fact.incident_id == incident.pk]
    claims += [Claim(id=str(fact), text=fact.text) for fact in false if fact.incident_id != incident.pk]
    claims += [Claim(id=f"title:{one.number}", text=one.title) for one in whole[1:]]
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
    for place, change in enumerate(changes_of(incident), 1):
        documents[f"plan-before-{place}.yaml"] = plan_content(change.plan_before)
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


def find_archive(
    *, year: str = "", level: str = "", plan: str = "", state: str = "", words: str = ""
) -> QuerySet[Incident]:
    """Closed incidents of the real world, the last closed first. `words`: each in title, facts, statements, demands.

    `state`: sealed, unsealed, following (its watch goes on).
    """
    rows = Incident.objects.in_scene(LIVE).filter(closed_at__isnull=False)
    rows = rows.filter(level=level) if level else rows
    rows = rows.filter(plan_copy__plan_id=plan) if plan else rows
    held = ArchiveText.objects.filter(incident=OuterRef("pk"))
    held = held.filter(year=int(year)) if year.isdecimal() and len(year) == 4 else held
    asked = search_words(words)
    for word in asked:
        held = held.filter(words__contains=word)
    if asked or year:
        rows = rows.filter(Exists(held))
    sealed = Exists(Archive.objects.filter(incident=OuterRef("pk")))
    if state in ("sealed", "unsealed"):
        rows = rows.filter(sealed if state == "sealed" else ~sealed)
    elif state == "following":
        rows = rows.filter(key_row__destroyed_at=None)
    return rows.select_related("key_row").order_by("-closed_at", "-pk")


def archive_years() -> list[int]:
    """Years in which incidents were closed, the newest first."""
    return list(ArchiveText.objects.order_by("-year").values_list("year", flat=True).distinct())


def beside_archives(keys: list[int]) -> dict[int, dict[str, Any]]:
    """What the list says beside each: when it was sealed last, how often the matter came back, demands answered."""
    found: dict[int, dict[str, Any]] = {
        key: {"sealed_at": None, "back": 0, "demands": 0, "answered": 0} for key in keys
    }
    for key, at in Archive.objects.filter(incident__in=keys).order_by("sealed_at").values_list("incident", "sealed_at"):
        found[key]["sealed_at"] = at
    back = Recurrence.objects.filter(incident__in=keys).order_by().values_list("incident").annotate(n=Count("pk"))
    for key, count in back:
        found[key]["back"] = count
    asked = Demand.objects.filter(incident__in=keys).order_by().values("incident")
    for row in asked.annotate(n=Count("pk"), done=Count("pk", filter=~Q(state=Demand.State.OPEN))):
        found[row["incident"]] |= {"demands": row["n"], "answered": row["done"]}
    return found


def words_around(keys: list[int], word: str, width: int = 24) -> dict[int, str]:
    """Where a word stands in each, with what is around it."""
    found = {}
    for key, text in ArchiveText.objects.filter(incident__in=keys).values_list("incident", "words"):
        place = text.find(word)
        if word and place >= 0:
            start = max(0, place - width)
            found[key] = " ".join(text[start : place + len(word) + width].split())
    return found


def lessons_told(stream: str) -> list[dict[str, Any]]:
    """What was learned, as the record says it: each lesson, its post, its limit, and whether it was proved done."""
    entries = Entry.objects.filter(stream=stream, verb__in=("add_lesson", "finish_lesson")).order_by("seq")
    told: dict[str, dict[str, Any]] = {}
    for entry in entries:
        data = entry.as_value()["data"]
        if entry.verb == "add_lesson":
            told[str(data["lesson"])] = {
                "code": data["lesson"],
                "post": data["post"],
                "due_at": data["due_at"],
                "seq": entry.seq,
            }
        elif str(data["lesson"]) in told:
            told[str(data["lesson"])]["done_at"] = entry.at
    texts = dict(
        SideRecord.objects.filter(
            stream=stream, path="text", seq__in=[row["seq"] for row in told.values()]
        ).values_list("seq", "text")
    )
    return [{**row, "text": texts.get(row["seq"], "")} for row in told.values()]
