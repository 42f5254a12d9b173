"""花名册 (roster): an organisation as one file: units, posts, deputies, staff, shifts, registers."""

from datetime import date, datetime
from typing import Literal

import msgspec

from shudao.engine.plan.yaml_text import read_yaml
from shudao.engine.words import BadInput, Words


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class UnitRow(_Part, frozen=True, kw_only=True):
    """单位 (unit)."""

    code: str
    name: str
    kind: str = "department"
    parent: str | None = None


class PostRow(_Part, frozen=True, kw_only=True):
    """岗位 (post) with its deputies, in order, and its rights on this site (codes of `org.models.Right`)."""

    code: str
    name: str
    unit: str
    deputies: tuple[str, ...] = ()
    rights: tuple[str, ...] = ("watch",)


class StaffRow(_Part, frozen=True, kw_only=True):
    """人员 (staff)."""

    id: str
    name: str
    administrator: bool = False


class HoldingRow(_Part, frozen=True, kw_only=True):
    """任职 (holding) from a day on."""

    post: str
    staff: str
    from_: date = msgspec.field(name="from")


class ShiftRow(_Part, frozen=True, kw_only=True):
    """班次 (shift): a weekly pattern; `weekdays` 1 (Monday) to 7; times HH:MM, to the next day when `to` <= `from`."""

    post: str
    staff: str
    weekdays: tuple[int, ...]
    from_: str = msgspec.field(name="from")
    to: str


class ContactRow(_Part, frozen=True, kw_only=True):
    """联系方式 (contact): by which kinds of channel a person can be reached, and when last tried; no number stands here."""

    staff: str
    channels: tuple[str, ...] = ()
    tested_on: date | None = None


class AccountRow(_Part, frozen=True, kw_only=True):
    """自有账号 (own account)."""

    code: str
    name: str
    channel: str
    platform: str


class ObserverRow(_Part, frozen=True, kw_only=True):
    """信息员 (observer)."""

    code: str
    name: str
    unit: str
    since: date | None = None
    trained_on: date | None = None


class CorrectionRow(_Part, frozen=True, kw_only=True):
    """更正 (correction) asked of an outlet, with its evidence and the reply."""

    on: date
    claim: str
    evidence: str
    review_on: date
    reply: str = ""


class OutletRow(_Part, frozen=True, kw_only=True):
    """媒体 (outlet); `tier` 0 no medium, 1 local, 2 provincial, 3 national; `code` = the items' source."""

    code: str
    name: str
    kind: str = "news"
    tier: int = 1
    corrections: tuple[CorrectionRow, ...] = ()


class SourceRow(_Part, frozen=True, kw_only=True):
    """信源 (source) to be watched."""

    code: str
    name: str
    kind: str
    terms: str = ""
    connector: str = "file"
    address: str = ""


class Registers(_Part, frozen=True, kw_only=True):
    """名册 (registers)."""

    own_accounts: tuple[AccountRow, ...] = ()
    observers: tuple[ObserverRow, ...] = ()
    outlets: tuple[OutletRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()


class Roster(_Part, frozen=True, kw_only=True):
    """花名册 (roster). Of a sample: its plan, topics, stream and scenario in the library, and the moment of the stream
    that is to be the present when a site is furnished with it."""

    id: str
    name: str
    language: Literal["zh", "en"] = "zh"
    utc_offset: str = "+08:00"
    parent: str = ""
    plan: str = ""
    topics: str = ""
    stream: str = ""
    now: datetime | None = None
    scenario: str = ""
    units: tuple[UnitRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    staff: tuple[StaffRow, ...] = ()
    holdings: tuple[HoldingRow, ...] = ()
    shifts: tuple[ShiftRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    registers: Registers = Registers()


def load_roster(data: bytes, where: str) -> Roster:
    """A roster from YAML; BadInput names the place of a fault."""
    try:
        roster = msgspec.convert(read_yaml(data, where), Roster, strict=False)
    except msgspec.ValidationError as fault:
        raise BadInput(Words(zh=f"花名册有误：{fault}", en=f"the roster is wrong: {fault}"), where=where) from fault
    _refuse_unknown(roster, where)
    return roster


def _refuse_unknown(roster: Roster, where: str) -> None:
    units = {row.code for row in roster.units}
    posts = {row.code for row in roster.posts}
    staff = {row.id for row in roster.staff}
    asked = [(p.unit, units) for p in roster.posts] + [(u.parent, units) for u in roster.units if u.parent]
    asked += [(deputy, posts) for p in roster.posts for deputy in p.deputies]
    asked += [(row.post, posts) for row in (*roster.holdings, *roster.shifts)]
    asked += [(row.staff, staff) for row in (*roster.holdings, *roster.shifts, *roster.contacts)]
    asked += [(row.unit, units) for row in roster.registers.observers]
    for name, known in asked:
        if name not in known:
            raise BadInput(Words(zh=f"没有定义 {name}", en=f"{name} is not defined"), where=where)
