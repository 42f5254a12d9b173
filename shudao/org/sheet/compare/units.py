"""Units of the sheet against those that stand."""

from dataclasses import replace

from shudao.engine.words import Words
from shudao.org.sheet.cells import key_of
from shudao.org.sheet.compare.world import ADD, CHANGE, END, NEW, SAME, Detail, Op, World, several, unknown
from shudao.org.sheet.fields import IN_SERVICE, KINDS, OUT, table
from shudao.org.sheet.present import UnitNow
from shudao.org.sheet.read import Fault, Row

UNIT, UNITS = Words("单位", "unit"), table("units")
ASK_CODE = Words("请在“代码”一列写明是哪一个", "say which in the column “Code”")


def compare_units(world: World, rows: list[Row], is_there: bool) -> None:
    """Take in the rows of the table of units."""
    world.units = dict(world.present.units)
    matched: dict[str, Row] = {}
    fresh: dict[str, Row] = {}
    names = _by_name(world)
    for row in rows:
        key = _match(world, row, names, matched, fresh)
        if isinstance(key, Fault):
            world.refuse(key, row.values["name"])
            continue
        matched[key] = row
        world.units[key] = _proposed(world.present.units.get(key), key, row)
    world.touch()
    _place(world, matched)
    for key, row in matched.items():
        _say(world, key, row)
    if is_there and world.may_leave_out("units"):
        for key, old in world.present.units.items():
            if key not in matched and not old.retired:
                _leave_out(world, key, old)


def _by_name(world: World) -> dict[str, list[str]]:
    """Units by what their names come to; those out of service only where none is in service."""
    found: dict[str, list[str]] = {}
    for key, unit in sorted(world.present.units.items(), key=lambda pair: pair[1].retired):
        same = found.setdefault(key_of(unit.name), [])
        if not (unit.retired and same):
            same.append(key)
    return found


def _match(
    world: World, row: Row, names: dict[str, list[str]], matched: dict[str, Row], fresh: dict[str, Row]
) -> str | Fault:
    """Which unit a row is about, by code, else by name; a new one's key, or why that cannot be said."""
    code, name = row.values.get("code") or "", row.values["name"]
    if not code:
        same = names.get(key_of(name), [])
        if len(same) > 1:
            return row.fault("name", several(UNIT, name, same), ASK_CODE)
        code = same[0] if same else f"{NEW}{row.number}"
    is_new = code.startswith(NEW)
    twice = matched.get(code) or (fresh.get(key_of(name)) if is_new else None)
    if twice:
        why = Words(f"与第 {twice.number} 行是同一个单位", f"the same unit as row {twice.number}")
        return row.fault("name", why, Words("删去其中一行", "delete one of them"))
    if is_new:
        fresh[key_of(name)] = row
    return code


def _proposed(old: UnitNow | None, key: str, row: Row) -> UnitNow:
    given = row.values
    name = given["name"] if old is None or key_of(old.name) != key_of(given["name"]) else old.name
    kind = given.get("kind") or (old.kind if old else "department")
    kind = old.kind if old and "kind" not in given else kind
    retired = bool(given["retired"]) if "retired" in given else bool(old and old.retired)
    return UnitNow(key, name, kind, old.parent if old else "", retired)


def _place(world: World, matched: dict[str, Row]) -> None:
    """Resolve the units above; what is refused may leave others without the one they name, so until nothing changes."""
    settled = False
    while not settled:
        settled = True
        for key, row in list(matched.items()):
            above = _above(world, key, row)
            if isinstance(above, Fault):
                world.refuse(above, row.values["name"])
                _take_back(world, key, matched)
                settled = False
            elif above is not None:
                world.units[key] = replace(world.units[key], parent=above)
    for key, row in list(matched.items()):
        if _is_circle(world, key):
            why = Words("单位不能在自己或自己的下级之下", "a unit cannot stand under itself")
            world.refuse(row.fault("parent", why), row.values["name"])
            _take_back(world, key, matched)


def _above(world: World, key: str, row: Row) -> str | Fault | None:
    if "parent" not in row.values:
        return None
    text = row.values["parent"]
    if not text:
        return ""
    found = [other for other in world.unit_named(text) if other != key] or world.unit_named(text)
    if len(found) == 1:
        return found[0]
    why = several(UNIT, text, found) if found else unknown(UNIT, text)
    return row.fault(
        "parent",
        why,
        Words("先在本表写上这个单位，或改成已有的", "write that unit into this table, or name one that is there"),
    )


def _take_back(world: World, key: str, matched: dict[str, Row]) -> None:
    matched.pop(key)
    if old := world.present.units.get(key):
        world.units[key] = old
    else:
        world.units.pop(key)
    world.touch()


def _is_circle(world: World, key: str) -> bool:
    at, steps = world.units[key].parent, 0
    while at and steps <= len(world.units):
        if at == key:
            return True
        at, steps = world.units[at].parent if at in world.units else "", steps + 1
    return False


def _say(world: World, key: str, row: Row) -> None:
    old, new = world.present.units.get(key), world.units[key]
    if old is None:
        details = _details(world, UnitNow(key, new.name, "", "", False), new)
        given = {"key": key, "name": new.name, "kind": new.kind, "parent": new.parent}
        world.found(ADD, row, "units", new.name, details, [Op("add_unit", given)])
        return
    ops = []
    if old.retired and not new.retired:
        ops.append(Op("restore_unit", {"key": key}))
    if (old.name, old.kind, old.parent) != (new.name, new.kind, new.parent):
        ops.append(Op("change_unit", {"key": key, "name": new.name, "kind": new.kind, "parent": new.parent}))
    if new.retired and not old.retired:
        ops.append(Op("retire_unit", {"key": key}))
    act = END if new.retired and not old.retired else CHANGE if ops else SAME
    world.found(act, row, "units", old.name, _details(world, old, new), ops)


def _details(world: World, old: UnitNow, new: UnitNow) -> list[Detail]:
    pairs = [("name", old.name, new.name), ("parent", world.unit_name(old.parent), world.unit_name(new.parent))]
    found = [Detail(UNITS.field(name).head, before, after) for name, before, after in pairs if before != after]
    if old.kind != new.kind:
        kinds = [KINDS.get(row.kind, row.kind) for row in (old, new)]
        found.append(Detail(UNITS.field("kind").head, *kinds))
    if old.retired != new.retired:
        states = [OUT if row.retired else IN_SERVICE for row in (old, new)]
        found.append(Detail(UNITS.field("retired").head, *states))
    return found


def _leave_out(world: World, key: str, old: UnitNow) -> None:
    """A complete list that does not name the unit."""
    world.units[key] = replace(old, retired=True)
    detail = Detail(UNITS.field("retired").head, IN_SERVICE, OUT)
    world.found(END, None, "units", old.name, [detail], [Op("retire_unit", {"key": key})])
