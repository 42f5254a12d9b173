"""Screens of the registers: one list page for all of them, and the same as a spreadsheet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shudao.engine.papers.book import Column, Page, Value, write_book
from shudao.org.models import Activity, Observer, Outlet, OwnAccount
from shudao.org.queries import registers as asked
from shudao.org.queries.registers import CHECK_ACCOUNTS, TRAIN_OBSERVERS, sort_of

MOST_ROWS = 20_000


@dataclass(frozen=True)
class Head:
    """A column: its name, the order it sorts by ("" = none), its width in a spreadsheet."""

    label: Any
    sort: str = ""
    width: int = 16


@dataclass(frozen=True)
class Register:
    """名册 (register): its title, its columns, its rows, and a row as values."""

    key: str
    title: Any
    heads: tuple[Head, ...]
    rows: Callable[..., QuerySet[Any]]
    values: Callable[[Any], list[Value]]
    gone: str = ""
    """The name of the question for those no longer kept: ended, retired."""


def _observer(row: Observer) -> list[Value]:
    return [row.name, row.unit.name, row.since, row.trained_on, row.ended_on]


def _account(row: OwnAccount) -> list[Value]:
    owner = row.owner.name if row.owner else ""
    return [row.platform, row.name, row.get_kind_display(), row.channel, owner, row.checked_on, row.address]


def _outlet(row: Outlet) -> list[Value]:
    return [row.name, row.get_kind_display(), row.get_tier_display(), row.asked, row.waiting]  # type: ignore[attr-defined]


def _activity(row: Activity) -> list[Value]:
    kind = row.get_kind_display()
    return [row.held_on, kind, row.unit.name, row.subject, row.attended, row.evidence, row.file_name]


REGISTERS = {
    "observers": Register(
        "observers", _("信息员"),
        (Head(_("姓名"), "name"), Head(_("单位"), "unit", 24), Head(_("聘任日期"), "since", 12),
         Head(_("最近培训"), "trained_on", 12), Head(_("离任日期"), "", 12)),
        asked.observers, _observer, "ended",
    ),
    "accounts": Register(
        "accounts", _("自有账号与群组"),
        (Head(_("平台"), "platform"), Head(_("名称"), "name", 24), Head(_("类别"), "", 8), Head(_("渠道"), "", 12),
         Head(_("负责岗位"), "owner", 20), Head(_("最近核对"), "checked_on", 12), Head(_("网址"), "", 36)),
        asked.own_accounts, _account, "retired",
    ),
    "outlets": Register(
        "outlets", _("媒体与更正记录"),
        (Head(_("名称"), "name", 24), Head(_("类别"), "kind", 18), Head(_("层级"), "tier", 8),
         Head(_("更正请求"), "corrections", 10), Head(_("待答复"), "", 10)),
        asked.outlets, _outlet, "retired",
    ),
    "activities": Register(
        "activities", _("培训与宣教活动"),
        (Head(_("日期"), "held_on", 12), Head(_("类别"), "kind", 12), Head(_("单位"), "unit", 24),
         Head(_("主题"), "", 36), Head(_("参加人数"), "attended", 10), Head(_("佐证"), "", 36), Head(_("佐证文件"), "", 20)),
        asked.activities, _activity,
    ),
}  # fmt: skip


class RegisterList:
    """A register as the address asks for it: words, order, those no longer kept, the year."""

    def __init__(self, key: str, given: QueryDict, now: datetime) -> None:
        self.register, self.now = REGISTERS[key], now
        self.today = timezone.localdate(now)
        self.words, self.sort = given.get("q", ""), sort_of(key, given.get("sort", ""))
        self.gone = bool(self.register.gone) and self.register.gone in given
        year = given.get("year", "")
        self.year = int(year) if key == "activities" and year.isdecimal() and len(year) == 4 else None

    @property
    def rows(self) -> QuerySet[Any]:
        """What was found."""
        more: dict[str, Any] = {self.register.gone: self.gone} if self.register.gone else {"year": self.year}
        return self.register.rows(self.words, self.sort, **more)

    @property
    def heads(self) -> tuple[Head, ...]:
        """The columns."""
        return self.register.heads

    @property
    def check_before(self) -> date:
        """What was looked at before that day is due again."""
        return self.today - (TRAIN_OBSERVERS if self.register.key == "observers" else CHECK_ACCOUNTS)

    def book(self) -> bytes:
        """All that was found, as a spreadsheet."""
        columns = tuple(Column(head=str(head.label), width=head.width) for head in self.heads)
        rows = [self.register.values(row) for row in self.rows[:MOST_ROWS]]
        return write_book([Page(name=str(self.register.title), columns=columns, rows=rows)], self.now)


class RegistersHub:
    """One question: is anything due to be looked at again?"""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.due = asked.due_for_review(timezone.localdate(now))
        self.counts = {
            "observers": asked.observers().count(),
            "accounts": asked.own_accounts().count(),
            "outlets": Outlet.objects.filter(retired_on=None).count(),
            "activities": asked.activities(year=timezone.localdate(now).year).count(),
        }

    @property
    def tiles(self) -> list[tuple[str, Any, int]]:
        """Key, title and number of each register."""
        return [(key, register.title, self.counts[key]) for key, register in REGISTERS.items()]

    @property
    def sentence(self) -> str:
        """On top."""
        if not self.due.count:
            return gettext("登记册都在期内，没有要复核的。")
        return ngettext("%(n)d 项登记该复核了。", "%(n)d 项登记该复核了。", self.due.count) % {"n": self.due.count}


class YearTable:
    """Training and awareness of a year, by unit: which unit did what, which nothing."""

    def __init__(self, year: int, now: datetime) -> None:
        self.year, self.now = year, now
        self.kinds = Activity.Kind.choices
        self.rows = asked.year_table(year)
        self.years = asked.activity_years()

    @property
    def lines(self) -> list[tuple[Any, list[tuple[int, int]], tuple[int, int]]]:
        """Unit, (how many, people) of each kind, and in all."""
        return [(unit, [by.get(kind, (0, 0)) for kind, _label in self.kinds], total) for unit, by, total in self.rows]

    @property
    def nothing(self) -> int:
        """How many units did nothing."""
        return sum(1 for _unit, _by, total in self.rows if not total[0])

    @property
    def sentence(self) -> str:
        """On top."""
        done = sum(total[0] for _unit, _by, total in self.rows)
        said = ngettext("%(year)d 年共 %(n)d 次活动", "%(year)d 年共 %(n)d 次活动", done) % {
            "year": self.year,
            "n": done,
        }
        if not self.nothing:
            return said
        return ngettext("%(said)s，%(n)d 个单位还没有。", "%(said)s，%(n)d 个单位还没有。", self.nothing) % {
            "said": said, "n": self.nothing,
        }  # fmt: skip

    def book(self) -> bytes:
        """As a spreadsheet."""
        heads = [gettext("单位")]
        for _kind, label in self.kinds:
            heads += [gettext("%(kind)s（次）") % {"kind": label}, gettext("%(kind)s（人次）") % {"kind": label}]
        heads += [gettext("合计（次）"), gettext("合计（人次）")]
        rows = [[unit.name, *(n for pair in by for n in pair), *total] for unit, by, total in self.lines]
        columns = tuple(Column(head=head, width=24 if place == 0 else 12) for place, head in enumerate(heads))
        return write_book([Page(name=str(self.year), columns=columns, rows=rows)], self.now)
