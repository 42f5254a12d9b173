"""留存 (retention): what is kept for a while only. Each stage names its classes; the ledger's verb erases them.

A stage's `actions/retention.py` calls `retained(…)` once a class. `rows(before)` are the rows that a moment takes, by
their own rules (nothing of an open incident, say); `erase(keys, now)` takes rows away inside the running act and may
return what is to be done once that is kept (files to be dropped). Classes are found when somebody asks for them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, QuerySet
from django.utils.module_loading import autodiscover_modules

from shudao.engine.words import Words

After = Callable[[], object] | None


@dataclass(frozen=True)
class Kind:
    """类别 (class) of what is kept for a while. `days` None: never erased unless the office says so.

    `moment` is the field that says how old a row is; `why` is the reason for the period; `least` the shortest period
    that may be set. `is_sure`: erased in time even when nobody turned the daily job on. `place`: where it stands among them.
    """

    code: str
    words: Words
    what: Words
    why: Words
    days: int | None
    moment: str
    rows: Callable[[datetime], QuerySet[Any]]
    erase: Callable[[list[int], datetime], After]
    least: int = 1
    is_sure: bool = False
    place: int = 50


class Due(NamedTuple):
    """到期 (due): how many rows a moment takes, the oldest and the newest of them."""

    count: int
    oldest: datetime | None
    newest: datetime | None


_registry: dict[str, Kind] = {}


def retained(kind: Kind) -> Kind:
    """Name a class."""
    _registry[kind.code] = kind
    return kind


def kinds() -> list[Kind]:
    """All classes, what there is most of first."""
    autodiscover_modules("actions.retention")
    return sorted(_registry.values(), key=lambda kind: (kind.place, kind.code))


def kinds_named(codes: Iterable[str]) -> list[Kind]:
    """The classes of these codes; KeyError for one that does not exist."""
    known = {kind.code: kind for kind in kinds()}
    return [known[code] for code in codes]


def due(kind: Kind, before: datetime) -> Due:
    """What a moment takes of a class; nothing is written."""
    found = kind.rows(before).aggregate(count=Count("pk"), oldest=Min(kind.moment), newest=Max(kind.moment))
    return Due(found["count"], found["oldest"], found["newest"])


def portion(kind: Kind, before: datetime, most: int) -> list[tuple[int, datetime]]:
    """The oldest rows that a moment takes: keys and moments, the same order every time."""
    rows = kind.rows(before).order_by(kind.moment, "pk").values_list("pk", kind.moment)[:most]
    return [(key, moment) for key, moment in rows]
