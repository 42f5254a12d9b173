"""What stands, as plain data: the side of the comparison that the sheet is held against."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256


@dataclass(frozen=True)
class UnitNow:
    """A unit as it stands."""

    code: str
    name: str
    kind: str
    parent: str
    retired: bool


@dataclass(frozen=True)
class PostNow:
    """A post as it stands; deputies by code."""

    code: str
    name: str
    unit: str
    deputies: tuple[str, ...]
    is_all_hours: bool
    retired: bool


@dataclass(frozen=True)
class StaffNow:
    """A person as he stands."""

    account: str
    name: str
    phone: str
    mail: str
    is_administrator: bool
    left: bool


@dataclass(frozen=True)
class HoldingNow:
    """A holding."""

    key: int
    post: str
    staff: str
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True)
class RuleNow:
    """A shift rule in force."""

    key: int
    post: str
    staff: str
    days: str
    weekdays: str
    every_weeks: int
    from_time: time
    to_time: time
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Present:
    """现状 (present state) of the organisation at a moment."""

    now: datetime
    today: date
    units: dict[str, UnitNow] = field(default_factory=dict)
    posts: dict[str, PostNow] = field(default_factory=dict)
    staff: dict[str, StaffNow] = field(default_factory=dict)
    holdings: tuple[HoldingNow, ...] = ()
    rules: tuple[RuleNow, ...] = ()

    @property
    def digest(self) -> str:
        """The same while nothing has changed."""
        parts: Iterable[object] = (
            sorted(map(repr, self.units.values())), sorted(map(repr, self.posts.values())),
            sorted(map(repr, self.staff.values())), sorted(map(repr, self.holdings)), sorted(map(repr, self.rules)),
        )  # fmt: skip
        return sha256(repr(tuple(parts)).encode()).hexdigest()
