"""Reading editions, written plans, and the office's own roster as lint asks for it."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from shudao.engine.plan.lint import lint
from shudao.engine.plan.lint.finding import Finding
from shudao.engine.plan.lint.roster import Holder, Roster, Shift
from shudao.engine.plan.load import plan_from_json
from shudao.engine.plan.model import Plan, Route
from shudao.engine.plan.route import signers_of as may_sign
from shudao.engine.plan.route import waiting
from shudao.org import models as org
from shudao.org.queries.answering import answering
from shudao.plan.models import Edition, PlanSignature, Upload

AHEAD = timedelta(days=36)
"""Shifts that lint looks at, with a day to spare."""

MOST_ROWS = 20_000


def sign_route_of(plan: Plan) -> Route | None:
    """The route by which the plan's own editions are signed; None where one signature is enough."""
    route = next((row for row in plan.routes if row.id == plan.sign_route), None)
    return route if route and route.stages else None


def round_of(edition: Edition) -> int:
    """How often the edition was sent to its signers."""
    return PlanSignature.objects.filter(edition=edition).values_list("round", flat=True).order_by("-round").first() or 0


def signatures_of(edition: Edition) -> list[PlanSignature]:
    """The rows of the last round, in order."""
    return list(PlanSignature.objects.filter(edition=edition, round=round_of(edition)))


def waiting_for(edition: Edition) -> list[PlanSignature]:
    """The rows whose yes is asked for now."""
    return waiting(signatures_of(edition)) if edition.state == "review" else []


def signers_of(row: PlanSignature) -> tuple[str, ...]:
    """Posts that may sign a row: the named one, then its deputies where the stage lets them."""
    return may_sign(row.edition.plan, row.post, deputies_ok=row.are_deputies_ok)


def late_signatures(now: datetime) -> list[PlanSignature]:
    """Rows that are overdue and were not told yet."""
    rows = PlanSignature.objects.filter(
        edition__state="review", state=PlanSignature.State.WAITING, since__isnull=False, late_told_at=None
    )
    return [row for row in rows.select_related("edition") if row.is_late(now)]


def edition_in_force(code: str = "") -> Edition | None:
    """The newest signed edition, of one plan or of any; None when there is none."""
    signed = Edition.objects.filter(state="signed")
    return (signed.filter(code=code) if code else signed).order_by("-signed_at", "-pk").first()


def editions() -> list[Edition]:
    """All editions, the newest of each plan first."""
    return list(Edition.objects.all())


def editions_in_force() -> list[Edition]:
    """The newest signed edition of each plan, the latest signed first."""
    newest: dict[str, Edition] = {}
    for row in Edition.objects.filter(state="signed").order_by("-signed_at", "-pk"):
        newest.setdefault(row.code, row)
    return list(newest.values())


def drafts() -> QuerySet[Edition]:
    """Editions nobody has signed yet, the newest first."""
    return Edition.objects.filter(state__in=("draft", "review")).order_by("-adopted_at", "-pk")


def past_editions(in_force: list[Edition]) -> QuerySet[Edition]:
    """Retired editions, and signed ones that a newer one has replaced."""
    rows = Edition.objects.filter(state__in=("signed", "retired"))
    return rows.exclude(pk__in=[row.pk for row in in_force]).order_by("-signed_at", "-pk")


def versions_of(code: str) -> list[str]:
    """The versions that a plan has on this site."""
    return list(Edition.objects.filter(code=code).values_list("version", flat=True))


def uploads() -> QuerySet[Upload]:
    """Written plans that were handed over, without their bytes and readings."""
    return Upload.objects.defer("data", "reading_json")


def waiting_uploads() -> list[int]:
    """Keys of those still to be read, the oldest first."""
    rows = Upload.objects.filter(state=Upload.State.WAITING)
    return list(rows.order_by("uploaded_at", "pk").values_list("pk", flat=True))


def findings_of(edition: Edition, today: date) -> tuple[Finding, ...]:
    """What lint finds in an edition by itself, without people."""
    return _findings(edition.digest, edition.data, today)


def people_findings(edition: Edition, roster: Roster, today: date) -> list[Finding]:
    """What lint finds beyond that with the office's own people."""
    alone = Counter(findings_of(edition, today))
    rows = lint(edition.plan, roster, today=today)
    return [row for row in rows if not alone[row]]


class Answering(NamedTuple):
    """应答 (answering) for a post of a plan: whom it was merged into, who answers now, whether they are on shift."""

    merged_into: str
    people: list[str]
    is_on_shift: bool


def answering_for(plan: Plan, at: datetime) -> dict[str, Answering]:
    """Post of a plan -> who answers for it at a moment; posts that the organisation has not are left out."""
    rows = list(org.Post.objects.filter(code__in=[post.id for post in plan.posts]).select_related("replaced_by"))
    answers = answering(rows, at)
    return {
        row.code: Answering(
            merged_into=row.replaced_by.name if row.replaced_by else "",
            people=list(dict.fromkeys(person.name for person in answers[row.pk].people)),
            is_on_shift=bool(answers[row.pk].on_shift),
        )
        for row in rows
    }


def post_choices() -> dict[str, str]:
    """Code -> name of the posts in service, by name."""
    return dict(org.Post.objects.filter(retired_at=None).order_by("name", "code").values_list("code", "name"))


def office_roster(now: datetime) -> Roster:
    """Who holds and who is on shift, as lint asks for it. Contacts are not told: they are nobody's but the outbox's."""
    zone = timezone.get_default_timezone()
    names = _staff_names()
    held = org.Holding.objects.filter(staff__user__is_active=True).filter(Q(to_at=None) | Q(to_at__gt=now))
    holders = [
        Holder(post=code, staff=names.get(key, str(key)), from_=_day(start, zone), to=_day(end, zone))
        for code, key, start, end in held.values_list("post__code", "staff", "from_at", "to_at")[:MOST_ROWS]
    ]
    rows = org.Shift.objects.standing().filter(end_at__gt=now - timedelta(days=8), start_at__lt=now + AHEAD)
    shifts = [
        Shift(
            post=code,
            staff=names.get(key, str(key)),
            start=start.astimezone(zone).replace(tzinfo=None),
            end=end.astimezone(zone).replace(tzinfo=None),
        )
        for code, key, start, end in rows.values_list("post__code", "staff", "start_at", "end_at")[:MOST_ROWS]
    ]
    merged = _replaced()
    holders += [
        Holder(post=old, staff=row.staff, from_=row.from_, to=row.to)
        for row in holders
        for old in merged.get(row.post, ())
    ]
    shifts += [
        Shift(post=old, staff=row.staff, start=row.start, end=row.end)
        for row in shifts
        for old in merged.get(row.post, ())
    ]
    return Roster(holders=tuple(holders), shifts=tuple(shifts))


def _day(at: datetime | None, zone: object) -> date | None:
    return at.astimezone(zone).date() if at else None  # type: ignore[arg-type]


def _staff_names() -> dict[int, str]:
    """Staff by key; those who share a name are told apart by their number."""
    rows = list(org.Staff.objects.values_list("pk", "name"))
    times = Counter(name for _, name in rows)
    return {key: name if times[name] == 1 else f"{name}#{key}" for key, name in rows}


def _replaced() -> dict[str, list[str]]:
    """Post -> posts that were merged into it, which its holders answer for."""
    found: dict[str, list[str]] = {}
    for old, new in org.Post.objects.exclude(replaced_by=None).values_list("code", "replaced_by__code"):
        found.setdefault(new, []).append(old)
    return found


@lru_cache(maxsize=64)
def _findings(_digest: str, data: str, today: date) -> tuple[Finding, ...]:
    return tuple(lint(plan_from_json(data), today=today))
