"""People of the sheet against those who are registered."""

from dataclasses import replace

from shudao.engine.words import Words
from shudao.org.sheet.cells import key_of
from shudao.org.sheet.compare.world import ADD, CHANGE, END, NEW, NO_YES, SAME, Detail, Op, World, several
from shudao.org.sheet.fields import HERE, LEFT, table
from shudao.org.sheet.present import StaffNow
from shudao.org.sheet.read import Fault, Row

PERSON, STAFF = Words("人员", "person"), table("staff")
ASK_ACCOUNT = Words("请在“账号”一列写明是哪一位", "say which in the column “Account”")
NOT_HIS = Words("只有管理员能指定或撤销管理员", "only an administrator names administrators")
LAST = Words("这样就没有管理员了", "nobody would administer the site")


def compare_staff(world: World, rows: list[Row], is_there: bool) -> None:
    """Take in the rows of the table of staff."""
    world.staff = dict(world.present.staff)
    accounts = {key.casefold(): key for key in world.present.staff}
    names: dict[str, list[str]] = {}
    for account, person in world.present.staff.items():
        names.setdefault(key_of(person.name), []).append(account)
    matched: dict[str, Row] = {}
    fresh: dict[str, Row] = {}
    for row in rows:
        found = _match(world, row, accounts, names, matched, fresh)
        if isinstance(found, Fault):
            world.refuse(found, row.values["name"])
            continue
        key = found
        matched[key] = row
        world.staff[key] = _proposed(world.present.staff.get(key), key, row)
    for key, row in matched.items():
        _say(world, key, row)
    world.touch()
    if is_there and world.may_leave_out("staff"):
        for key, old in world.present.staff.items():
            if key not in matched and not old.left:
                _leave_out(world, key, old)


def _match(
    world: World, row: Row, accounts: dict[str, str], names: dict[str, list[str]], matched: dict[str, Row],
    fresh: dict[str, Row],
) -> str | Fault:  # fmt: skip
    account, name = row.values.get("account") or "", key_of(row.values["name"])
    if account:
        key = accounts.get(account.casefold(), account)
    else:
        same = names.get(name, [])
        same = [key for key in same if not world.present.staff[key].left] or same
        if len(same) > 1:
            said = [f"{world.present.staff[key].name}（{key}）" for key in same]
            return row.fault("name", several(PERSON, row.values["name"], said), ASK_ACCOUNT)
        key = same[0] if same else f"{NEW}{row.number}"
    twice = matched.get(key) or (fresh.get(name) if key.startswith(NEW) else None)
    if twice:
        why = Words(f"与第 {twice.number} 行是同一个人", f"the same person as row {twice.number}")
        return row.fault(
            "name", why, Words("删去其中一行；同名的两个人请写账号", "delete one; for two people write their accounts")
        )
    if key.startswith(NEW):
        fresh[name] = row
    return key


def _proposed(old: StaffNow | None, key: str, row: Row) -> StaffNow:
    given = row.values
    name = given["name"] if old is None or key_of(old.name) != key_of(given["name"]) else old.name
    phone = (given["phone"] or "") if "phone" in given else (old.phone if old else "")
    mail = (given["mail"] or "") if "mail" in given else (old.mail if old else "")
    stands = bool(old and old.is_administrator)
    administers = bool(given["is_administrator"]) if "is_administrator" in given else stands
    left = bool(given["left"]) if "left" in given else bool(old and old.left)
    return StaffNow(key, name, phone, mail, administers and not left, left)


def _say(world: World, key: str, row: Row) -> None:
    old, new = world.present.staff.get(key), world.staff[key]
    if fault := _refusal(world, old, new, row):
        world.staff.update({key: old} if old else {})
        if old is None:
            world.staff.pop(key)
        world.refuse(fault, new.name)
        return
    own = {"key": key, "name": new.name, "phone": new.phone, "mail": new.mail, "is_administrator": new.is_administrator}
    if old is None:
        blank = StaffNow(key, new.name, "", "", False, False)
        world.found(ADD, row, "staff", new.name, _details(blank, new), [Op("add_staff", own)])
        return
    ops = [Op("restore_staff", {"key": key})] if old.left and not new.left else []
    if new.left and not old.left:
        ops.append(Op("retire_staff", {"key": key}))
    elif replace(old, left=new.left) != new:
        ops.append(Op("change_staff", own))
    act = END if new.left and not old.left else CHANGE if ops else SAME
    world.found(act, row, "staff", old.name, _details(old, new) if ops else (), ops)


def _refusal(world: World, old: StaffNow | None, new: StaffNow, row: Row) -> Fault | None:
    if old is None and new.left:
        return row.fault("left", Words("没有登记过的人不能写离职", "a person who is not registered cannot have left"))
    if old and old.left and new.left:
        return None
    if bool(old and old.is_administrator) == new.is_administrator:
        return None
    if not world.administers:
        return row.fault("is_administrator", NOT_HIS)
    if old and not any(other.is_administrator and not other.left for other in world.staff.values()):
        return row.fault("is_administrator", LAST, Words("另指定一位管理员", "name another administrator"))
    return None


def _details(old: StaffNow, new: StaffNow) -> list[Detail]:
    pairs: list[tuple[str, Words | str, Words | str]] = [
        ("name", old.name, new.name),
        ("phone", old.phone, new.phone),
        ("mail", old.mail, new.mail),
        ("is_administrator", NO_YES[old.is_administrator], NO_YES[new.is_administrator]),
        ("left", LEFT if old.left else HERE, LEFT if new.left else HERE),
    ]
    return [Detail(STAFF.field(name).head, before, after) for name, before, after in pairs if before != after]


def _leave_out(world: World, key: str, old: StaffNow) -> None:
    """A complete list that does not name the person."""
    gone = replace(old, left=True, is_administrator=False)
    others = (row for other, row in world.staff.items() if other != key)
    if old.is_administrator and not (
        world.administers and any(row.is_administrator and not row.left for row in others)
    ):
        why = LAST if world.administers else NOT_HIS
        world.refuse(Fault("staff", STAFF.name.zh, 0, "", why), old.name)
        return
    world.staff[key] = gone
    world.found(
        END, None, "staff", old.name, [Detail(STAFF.field("left").head, HERE, LEFT)], [Op("retire_staff", {"key": key})]
    )
