"""Posts of the sheet against those that stand."""

from dataclasses import replace

from shudao.engine.words import Words
from shudao.org.sheet.cells import key_of
from shudao.org.sheet.compare.world import ADD, CHANGE, END, NEW, NO_YES, SAME, Detail, Op, World, several, unknown
from shudao.org.sheet.fields import IN_SERVICE, OUT, table
from shudao.org.sheet.present import PostNow
from shudao.org.sheet.read import Fault, Row

POST, UNIT, POSTS = Words("岗位", "post"), Words("单位", "unit"), table("posts")
ASK_CODE = Words("请在“代码”一列写明是哪一个", "say which in the column “Code”")
MEND_UNIT = Words("先在“单位”表里写上它，或改成已有的", "write it into the table of units, or name one that is there")
MEND_DEPUTY = Words("写岗位名称，几个用顿号分开", "write names of posts, with commas")


def compare_posts(world: World, rows: list[Row], is_there: bool) -> None:
    """Take in the rows of the table of posts."""
    world.posts = dict(world.present.posts)
    matched: dict[str, Row] = {}
    fresh: dict[tuple[str, str], Row] = {}
    names = _by_name(world)
    for row in rows:
        key = _match(world, row, names, matched, fresh)
        if isinstance(key, Fault):
            world.refuse(key, row.values["name"])
            continue
        matched[key] = row
        world.posts[key] = _proposed(world, key, row)
    world.touch()
    _put_deputies(world, matched)
    for key, row in matched.items():
        _say(world, key, row)
    world.touch()
    if is_there and world.may_leave_out("posts"):
        for key, old in world.present.posts.items():
            if key not in matched and not old.retired:
                _leave_out(world, key, old)


def _by_name(world: World) -> dict[str, list[str]]:
    """Posts by what their names come to; those out of service only where none is in service."""
    found: dict[str, list[str]] = {}
    for key, post in sorted(world.present.posts.items(), key=lambda pair: pair[1].retired):
        same = found.setdefault(key_of(post.name), [])
        if not (post.retired and same):
            same.append(key)
    return found


def _match(
    world: World, row: Row, names: dict[str, list[str]], matched: dict[str, Row], fresh: dict[tuple[str, str], Row]
) -> str | Fault:
    code, name = row.values.get("code") or "", row.values["name"]
    units = world.unit_named(row.values["unit"])
    if len(units) != 1:
        why = several(UNIT, row.values["unit"], units) if units else unknown(UNIT, row.values["unit"])
        return row.fault("unit", why, MEND_UNIT)
    if not code:
        here = [key for key in names.get(key_of(name), []) if world.present.posts[key].unit == units[0]]
        if len(here) > 1:
            return row.fault("name", several(POST, name, here), ASK_CODE)
        code = here[0] if here else f"{NEW}{row.number}"
    shape = (key_of(name), units[0])
    twice = matched.get(code) or (fresh.get(shape) if code.startswith(NEW) else None)
    if twice:
        why = Words(f"与第 {twice.number} 行是同一个岗位", f"the same post as row {twice.number}")
        return row.fault("name", why, Words("删去其中一行", "delete one of them"))
    if code.startswith(NEW):
        fresh[shape] = row
    return code


def _proposed(world: World, key: str, row: Row) -> PostNow:
    given, old = row.values, world.present.posts.get(key)
    name = given["name"] if old is None or key_of(old.name) != key_of(given["name"]) else old.name
    hours = bool(given["is_all_hours"]) if "is_all_hours" in given else bool(old and old.is_all_hours)
    retired = bool(given["retired"]) if "retired" in given else bool(old and old.retired)
    unit = world.unit_named(given["unit"])[0]
    return PostNow(key, name, unit, old.deputies if old else (), hours, retired)


def _put_deputies(world: World, matched: dict[str, Row]) -> None:
    """Resolve the deputies; a post that is refused may leave others without the deputy they name."""
    settled = False
    while not settled:
        settled = True
        for key, row in list(matched.items()):
            found = _deputies(world, key, row)
            if isinstance(found, Fault):
                world.refuse(found, row.values["name"])
                matched.pop(key)
                old = world.present.posts.get(key)
                world.posts.update({key: old} if old else {})
                if old is None:
                    world.posts.pop(key)
                world.touch()
                settled = False
            elif found is not None:
                world.posts[key] = replace(world.posts[key], deputies=found)


def _deputies(world: World, key: str, row: Row) -> tuple[str, ...] | Fault | None:
    if "deputies" not in row.values:
        return None
    found: list[str] = []
    for name in row.values["deputies"]:
        keys = world.post_named(name)
        same = [other for other in keys if world.posts[other].unit == world.posts[key].unit]
        keys = same if len(keys) > 1 and len(same) == 1 else keys
        if len(keys) != 1:
            why = several(POST, name, [world.post_name(k) for k in keys]) if keys else unknown(POST, name)
            return row.fault("deputies", why, MEND_DEPUTY)
        if keys[0] == key:
            return row.fault("deputies", Words("岗位不能做自己的副岗", "a post is no deputy of itself"), MEND_DEPUTY)
        if keys[0] not in found:
            found.append(keys[0])
    return tuple(found)


def _say(world: World, key: str, row: Row) -> None:
    old, new = world.present.posts.get(key), world.posts[key]
    deputies = Op("set_deputies", {"key": key, "deputies": new.deputies})
    if old is None:
        blank = PostNow(key, new.name, "", (), False, False)
        given = {"key": key, "name": new.name, "unit": new.unit, "is_all_hours": new.is_all_hours}
        ops = [Op("add_post", given), *([deputies] if new.deputies else [])]
        world.found(ADD, row, "posts", new.name, _details(world, blank, new), ops)
        return
    if new.retired and not old.retired and (fault := _still_needed(world, old, row)):
        world.posts[key] = old
        world.refuse(fault, old.name)
        return
    ops = [Op("restore_post", {"key": key})] if old.retired and not new.retired else []
    if (old.name, old.unit, old.is_all_hours) != (new.name, new.unit, new.is_all_hours):
        given = {"key": key, "name": new.name, "unit": new.unit, "is_all_hours": new.is_all_hours}
        ops.append(Op("change_post", given))
    if old.deputies != new.deputies:
        ops.append(deputies)
    if new.retired and not old.retired:
        ops.append(Op("retire_post", {"key": key}))
    act = END if new.retired and not old.retired else CHANGE if ops else SAME
    world.found(act, row, "posts", old.name, _details(world, old, new), ops)


def _still_needed(world: World, old: PostNow, row: Row | None) -> Fault | None:
    """A post that the plan in force names does not go by a sheet: it needs one in its place."""
    places = world.claimed(old.code)
    if not places:
        return None
    why = Words(f"还用着这个岗位：{places[0].zh}", f"the post is still needed: {places[0].en}")
    mend = Words("请在岗位页停用它，并选接替的岗位", "retire it on its own page and choose a post in its place")
    return row.fault("retired", why, mend) if row else Fault("posts", POSTS.name.zh, 0, "", why, mend)


def _details(world: World, old: PostNow, new: PostNow) -> list[Detail]:
    pairs: list[tuple[str, Words | str, Words | str]] = [
        ("name", old.name, new.name),
        ("unit", world.unit_name(old.unit), world.unit_name(new.unit)),
        ("deputies", _listed(world, old), _listed(world, new)),
        ("is_all_hours", NO_YES[old.is_all_hours], NO_YES[new.is_all_hours]),
        ("retired", OUT if old.retired else IN_SERVICE, OUT if new.retired else IN_SERVICE),
    ]
    return [Detail(POSTS.field(name).head, before, after) for name, before, after in pairs if before != after]


def _leave_out(world: World, key: str, old: PostNow) -> None:
    if fault := _still_needed(world, old, None):
        world.refuse(fault, old.name)
        return
    world.posts[key] = replace(old, retired=True)
    detail = Detail(POSTS.field("retired").head, IN_SERVICE, OUT)
    world.found(END, None, "posts", old.name, [detail], [Op("retire_post", {"key": key})])


def _listed(world: World, row: PostNow) -> str:
    return "、".join(world.post_name(key) for key in row.deputies)
