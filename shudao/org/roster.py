"""花名册 (roster): an organisation as one file: units, posts, deputies, staff, shifts, registers."""

from datetime import date

import msgspec

from shudao.engine.words import BadInput, Words
from shudao.engine.yaml_folder import read_yaml


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Head(_Part, frozen=True, kw_only=True):
    """The organisation itself."""

    name: str
    short_name: str = ""
    parent: str = ""
    plan_kind: str = ""


class UnitRow(_Part, frozen=True, kw_only=True):
    """单位 (unit)."""

    id: str
    name: str
    kind: str = "department"
    parent: str | None = None


class PostRow(_Part, frozen=True, kw_only=True):
    """岗位 (post) with its deputies, in order."""

    id: str
    name: str
    unit: str
    deputies: tuple[str, ...] = ()


class StaffRow(_Part, frozen=True, kw_only=True):
    """人员 (staff) and the posts held."""

    id: str
    name: str
    posts: tuple[str, ...] = ()
    administrator: bool = False


class ShiftRow(_Part, frozen=True, kw_only=True):
    """班次 (shift): a weekly pattern; `weekdays` 1 (Monday) to 7; times HH:MM, past midnight when `to` <= `from`."""

    post: str
    staff: str
    weekdays: tuple[int, ...]
    from_: str = msgspec.field(name="from")
    to: str


class AccountRow(_Part, frozen=True, kw_only=True):
    """自有账号 (own account)."""

    platform: str
    name: str
    unit: str


class ObserverRow(_Part, frozen=True, kw_only=True):
    """信息员 (observer)."""

    name: str
    unit: str
    trained_on: date | None = None


class CorrectionRow(_Part, frozen=True, kw_only=True):
    """更正 (correction) asked of an outlet."""

    asked_on: date
    evidence: str
    review_on: date
    reply: str = ""


class OutletRow(_Part, frozen=True, kw_only=True):
    """媒体 (outlet)."""

    name: str
    tier: int = 1
    desk: str = ""
    corrections: tuple[CorrectionRow, ...] = ()


class SourceRow(_Part, frozen=True, kw_only=True):
    """信源 (source) to be watched."""

    code: str
    name: str
    kind: str
    connector: str = "file"
    address: str = ""


class Roster(_Part, frozen=True, kw_only=True):
    """花名册 (roster)."""

    organisation: Head
    units: tuple[UnitRow, ...]
    posts: tuple[PostRow, ...]
    staff: tuple[StaffRow, ...]
    shifts: tuple[ShiftRow, ...] = ()
    own_accounts: tuple[AccountRow, ...] = ()
    observers: tuple[ObserverRow, ...] = ()
    outlets: tuple[OutletRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()


def load_roster(data: bytes, where: str) -> Roster:
    """A roster from YAML; BadInput names the place of a fault."""
    try:
        return msgspec.convert(read_yaml(data, where), Roster, strict=False)
    except msgspec.ValidationError as fault:
        raise BadInput(Words(zh=f"花名册有误：{fault}", en=f"the roster is wrong: {fault}"), where=where) from fault
