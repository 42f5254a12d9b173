"""预览 (preview): everything a sheet would change, before anything is written."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from shudao.engine.words import Words
from shudao.org.sheet.compare.holdings import compare_holdings, compare_shifts
from shudao.org.sheet.compare.posts import compare_posts
from shudao.org.sheet.compare.staff import compare_staff
from shudao.org.sheet.compare.units import compare_units
from shudao.org.sheet.compare.world import ADD, CHANGE, END, REFUSED, SAME, Change, World
from shudao.org.sheet.fields import TABLES
from shudao.org.sheet.present import Present
from shudao.org.sheet.read import Draft, Fault

ACTS = (REFUSED, ADD, CHANGE, END, SAME)


@dataclass(frozen=True)
class Preview:
    """The changes in the order of the tables, the worksheets that were not understood, the digest of all of it."""

    changes: tuple[Change, ...]
    unread: tuple[str, ...]
    tables: tuple[str, ...]
    digest: str

    def count(self, act: str, table: str = "") -> int:
        """How many rows come to that."""
        return sum(row.act == act and table in ("", row.table) for row in self.changes)

    @property
    def to_do(self) -> int:
        """How many rows change something."""
        return self.count(ADD) + self.count(CHANGE) + self.count(END)

    def counts(self) -> dict[str, int]:
        """units_add and the like, for the ledger; nothing of which there is none."""
        found = Counter(f"{row.table}_{row.act}" for row in self.changes if row.act != SAME)
        return dict(sorted(found.items()))


def preview_of(
    present: Present, draft: Draft, *, is_whole: bool = False, administers: bool = False,
    claimed: Callable[[str], list[Words]] = lambda _post: [],
) -> Preview:  # fmt: skip
    """What the sheet would change. `is_whole`: what its tables do not name ends. `administers`: whoever confirms it may
    name administrators. `claimed`: why a post cannot go."""
    world = World(present, is_whole, administers, claimed)
    for fault in draft.faults:
        world.refuse(fault)
    for table, compare in (("units", compare_units), ("posts", compare_posts), ("staff", compare_staff),
                           ("holdings", compare_holdings), ("shifts", compare_shifts)):  # fmt: skip
        is_cut = any(fault.table == table for fault in draft.faults)
        compare(world, draft.of(table), table in draft.tables and not is_cut)
        world.touch()
    _keep_used_units(world)
    order = {table.key: place for place, table in enumerate(TABLES)}
    changes = tuple(sorted(world.changes, key=lambda row: (order[row.table], row.row or 10**9)))
    digest = sha256(repr((present.digest, is_whole, changes)).encode()).hexdigest()
    return Preview(changes, tuple(draft.unread), tuple(draft.tables), digest)


def _keep_used_units(world: World) -> None:
    """A unit under which something stays in service does not go, and then the one above it neither."""
    settled = False
    while not settled:
        settled = True
        used = {row.unit for row in world.posts.values() if not row.retired}
        used |= {row.parent for row in world.units.values() if not row.retired}
        for place, change in enumerate(world.changes):
            key = next((op.given["key"] for op in change.ops if op.verb == "retire_unit"), None)
            if key is not None and key in used:
                why = Words("其下还有在用的岗位或单位", "posts or units in use stand under it")
                mend = Words("先移走或停用它们", "move or retire them first")
                fault = Fault("units", change.sheet, change.row, "", why, mend)
                world.changes[place] = Change(REFUSED, "units", change.what, change.sheet, change.row, fault=fault)
                world.units[key] = replace(world.units[key], retired=False)
                settled = False
