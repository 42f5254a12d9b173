"""Questions about the registers: finding, sorting, what is due to be looked at again, the year's activities by unit."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from shudao.org.models import Activity, Correction, Observer, Outlet, OwnAccount, Unit

CHECK_ACCOUNTS = timedelta(days=180)
"""An own account is looked at so often."""
TRAIN_OBSERVERS = timedelta(days=365)
"""An observer is trained so often."""
SORTS: dict[str, dict[str, tuple[Any, ...]]] = {
    "observers": {
        "name": ("name", "pk"), "unit": ("unit__name", "name"), "since": (F("since").desc(nulls_last=True), "pk"),
        "trained_on": (F("trained_on").asc(nulls_first=True), "pk"),
    },
    "accounts": {
        "platform": ("platform", "name"), "name": ("name", "pk"), "owner": ("owner__name", "platform"),
        "checked_on": (F("checked_on").asc(nulls_first=True), "pk"),
    },
    "outlets": {"name": ("name",), "kind": ("kind", "name"), "tier": ("-tier", "name"), "corrections": ("-asked", "name")},
    "activities": {
        "held_on": ("-held_on", "-pk"), "unit": ("unit__name", "-held_on"), "kind": ("kind", "-held_on"),
        "attended": ("-attended", "-held_on"),
    },
}  # fmt: skip


def sort_of(register: str, asked: str) -> str:
    """The order that an address asks for; the first when it asks for none that is."""
    return asked if asked in SORTS[register] else next(iter(SORTS[register]))


def observers(words: str = "", sort: str = "name", *, ended: bool = False) -> QuerySet[Observer]:
    """Observers, or those who are one no longer."""
    rows = Observer.objects.filter(ended_on__isnull=not ended).select_related("unit")
    return _found(rows, words, "name", "unit__name").order_by(*SORTS["observers"][sort])


def own_accounts(words: str = "", sort: str = "platform", *, retired: bool = False) -> QuerySet[OwnAccount]:
    """The organisation's own accounts and groups."""
    rows = OwnAccount.objects.filter(retired_on__isnull=not retired).select_related("owner")
    return _found(rows, words, "platform", "name", "owner__name").order_by(*SORTS["accounts"][sort])


def outlets(words: str = "", sort: str = "name", *, retired: bool = False) -> QuerySet[Outlet]:
    """Outlets with the number of corrections asked (`asked`) and of those open (`waiting`)."""
    rows = Outlet.objects.filter(retired_on__isnull=not retired).annotate(
        asked=Count("corrections"), waiting=Count("corrections", filter=Q(corrections__outcome=Correction.Outcome.OPEN))
    )
    return _found(rows, words, "name").order_by(*SORTS["outlets"][sort])


def activities(words: str = "", sort: str = "held_on", *, year: int | None = None) -> QuerySet[Activity]:
    """Activities that count, without their files."""
    rows = Activity.objects.filter(withdrawn_at=None).select_related("unit").defer("file")
    rows = rows.filter(held_on__year=year) if year else rows
    return _found(rows, words, "subject", "unit__name", "evidence").order_by(*SORTS["activities"][sort])


def activity_years() -> list[int]:
    """Years with an activity, the newest first."""
    return [day.year for day in Activity.objects.filter(withdrawn_at=None).dates("held_on", "year", order="DESC")]


def year_table(year: int) -> list[tuple[Unit, dict[str, tuple[int, int]], tuple[int, int]]]:
    """Unit, by kind (how many, how many people), both over all kinds; every unit in service, the ones without anything
    too, since that is what the table is for."""
    rows = Activity.objects.filter(withdrawn_at=None, held_on__year=year).values_list("unit", "kind").order_by()
    counts: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    for unit, kind, count, people in rows.annotate(n=Count("pk"), people=Sum("attended")):
        counts[unit][kind] = (count, people)
    units = Unit.objects.filter(Q(retired_at=None) | Q(pk__in=counts)).order_by("pk")
    return [(unit, counts[unit.pk], _sum(counts[unit.pk].values())) for unit in units]


@dataclass(frozen=True)
class Due:
    """What is to be looked at again: how many of each register, and the first of them."""

    corrections: list[Correction]
    accounts: list[OwnAccount]
    observers: list[Observer]

    @property
    def count(self) -> int:
        """How many in all."""
        return len(self.corrections) + len(self.accounts) + len(self.observers)


def due_for_review(today: date) -> Due:
    """Corrections whose day of review has come, accounts and observers that were not looked at for too long."""
    corrections = Correction.objects.filter(review_on__lte=today).select_related("outlet").order_by("review_on", "pk")
    accounts = OwnAccount.objects.filter(_before("checked_on", today - CHECK_ACCOUNTS), retired_on=None)
    people = Observer.objects.filter(_before("trained_on", today - TRAIN_OBSERVERS), ended_on=None)
    return Due(list(corrections), list(accounts.order_by("platform", "name")), list(people.select_related("unit")))


def _before(field: str, day: date) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__lt": day})


def _found(rows: QuerySet[Any], words: str, *fields: str) -> QuerySet[Any]:
    for word in words.split():
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(anywhere)
    return rows


def _sum(pairs: Any) -> tuple[int, int]:
    rows = list(pairs)
    return sum(count for count, _people in rows), sum(people for _count, people in rows)
