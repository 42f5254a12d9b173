"""The organisation as it would be: what stands, with the rows of the sheet that were understood."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shudao.engine.words import Words
from shudao.org.sheet.cells import key_of
from shudao.org.sheet.present import PostNow, Present, StaffNow, UnitNow
from shudao.org.sheet.read import Fault, Row

ADD, CHANGE, END, SAME, REFUSED = "add", "change", "end", "same", "refused"
NO_YES = (Words("否", "no"), Words("是", "yes"))
NEW = "new:"
"""Begins the key of what has no code or account yet: the number of its row follows."""


@dataclass(frozen=True)
class Detail:
    """One difference: what, from, to."""

    label: Words
    before: Words | str
    after: Words | str


@dataclass(frozen=True)
class Op:
    """What is to be done when the preview is confirmed: the verb and what it is given, in plain values and keys."""

    verb: str
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """变动 (change): what one row comes to."""

    act: str
    table: str
    what: str
    sheet: str = ""
    row: int = 0
    details: tuple[Detail, ...] = ()
    ops: tuple[Op, ...] = ()
    fault: Fault | None = None


@dataclass
class World:
    """Units, posts and people by key, as they would be; and the changes found."""

    present: Present
    is_whole: bool
    administers: bool
    claimed: Callable[[str], list[Words]]
    units: dict[str, UnitNow] = field(default_factory=dict)
    posts: dict[str, PostNow] = field(default_factory=dict)
    staff: dict[str, StaffNow] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    _indexes: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def refuse(self, fault: Fault, what: str = "") -> None:
        """A row that is not taken."""
        self.changes.append(Change(REFUSED, fault.table, what or fault.what, fault.sheet, fault.row, fault=fault))

    def found(
        self, act: str, row: Row | None, table: str, what: str, details: Iterable[Detail] = (), ops: Iterable[Op] = ()
    ) -> None:
        """What a row comes to."""
        sheet, number = (row.sheet, row.number) if row else ("", 0)
        self.changes.append(Change(act, table, what, sheet, number, tuple(details), tuple(ops)))

    def may_leave_out(self, table: str) -> bool:
        """Whether what a table does not name ends: only for a complete list of which every row was understood."""
        return self.is_whole and not any(row.act == REFUSED and row.table == table for row in self.changes)

    def touch(self) -> None:
        """Names have changed."""
        self._indexes.clear()

    def unit_named(self, text: str) -> list[str]:
        """Keys of the units in service that a text may mean: a code, or a name."""
        return self._named("units", text)

    def post_named(self, text: str, unit: str = "") -> list[str]:
        """Keys of the posts in service that a text may mean: a code, a name, or unit and name."""
        found = self._named("posts", text) or self._named("whole", re.sub(r"[/\-—]", "", text))
        if unit and len(found) > 1:
            wanted = self.unit_named(unit)
            found = [key for key in found if self.posts[key].unit in wanted]
        return found

    def staff_named(self, text: str) -> list[str]:
        """Keys of the people here that a text may mean: an account, a name, or a name with the account in brackets."""
        return self._named("accounts", text) or self._named("staff", text) or self._named("both", text)

    def _named(self, kind: str, text: str) -> list[str]:
        """By key, else by what a name comes to."""
        if kind not in self._indexes:
            self._indexes[kind] = self._index(kind)
        codes: Mapping[str, Any] = self.units if kind == "units" else self.posts if kind == "posts" else {}
        if text in codes and not codes[text].retired:
            return [text]
        return self._indexes[kind].get(key_of(text), [])

    def _index(self, kind: str) -> dict[str, list[str]]:
        if kind == "units":
            names = [(key, row.name) for key, row in self.units.items() if not row.retired]
        elif kind in ("posts", "whole"):
            rows = [(key, row) for key, row in self.posts.items() if not row.retired]
            names = [(key, (self.unit_name(row.unit) if kind == "whole" else "") + row.name) for key, row in rows]
        else:
            here = [(key, row.name) for key, row in self.staff.items() if not row.left]
            names = [
                (key, key if kind == "accounts" else name if kind == "staff" else name + key) for key, name in here
            ]
        found: dict[str, list[str]] = {}
        for key, name in names:
            found.setdefault(key_of(name), []).append(key)
        return found

    def unit_name(self, key: str) -> str:
        """A unit's name by key."""
        return self.units[key].name if key in self.units else ""

    def post_name(self, key: str) -> str:
        """A post's name by key, with its unit where two have it."""
        row = self.posts.get(key)
        if row is None:
            return key
        twice = len(self._named("posts", row.name)) > 1
        return f"{self.unit_name(row.unit)} · {row.name}" if twice else row.name

    def staff_name(self, key: str) -> str:
        """A person's name by key."""
        return self.staff[key].name if key in self.staff else key


def several(kind: Words, text: str, names: Iterable[str]) -> Words:
    """A text that may mean more than one."""
    listed = list(names)[:4]
    return Words(
        f"“{text}”对应 {len(listed)} 个以上的{kind.zh}：{'、'.join(listed)}",
        f"“{text}” may be one of several {kind.en}: {', '.join(listed)}",
    )


def unknown(kind: Words, text: str) -> Words:
    """A text that means nothing."""
    return Words(f"没有这个{kind.zh}：{text}", f"there is no such {kind.en}: {text}")
