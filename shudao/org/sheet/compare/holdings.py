"""Holdings and shift rules of the sheet against those in force."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from shudao.engine.words import Words
from shudao.org.sheet.compare.world import ADD, CHANGE, END, NEW, SAME, Detail, Op, World, several, unknown
from shudao.org.sheet.fields import table
from shudao.org.sheet.present import HoldingNow, RuleNow
from shudao.org.sheet.read import Fault, Row

POST, PERSON = Words("岗位", "post"), Words("人员", "person")
HOLDINGS, SHIFTS = table("holdings"), table("shifts")
MEND_POST = Words(
    "写“岗位”表里的名称；重名的加上单位", "write a name of the table of posts; with the unit where two have it"
)
MEND_PERSON = Words(
    "写“人员”表里的姓名；重名的写成 张伟（账号）",
    "write a name of the table of staff; with the account where two have it",
)
OPEN = Words("（不填）", "(open)")
NOW = Words("写入时", "when written")
ORDER = Words("止早于起", "it ends before it begins")


@dataclass(frozen=True)
class Pair:
    """Whose holding or shift a row is about."""

    post: str
    staff: str


def compare_holdings(world: World, rows: list[Row], is_there: bool) -> None:
    """Take in the rows of the table of holdings."""
    by_pair: dict[Pair, list[HoldingNow]] = {}
    for old in world.present.holdings:
        by_pair.setdefault(Pair(old.post, old.staff), []).append(old)
    taken: dict[Pair, list[tuple[datetime, datetime | None, Row]]] = {}
    seen: set[int] = set()
    for row in rows:
        pair = _pair(world, row)
        if isinstance(pair, Fault):
            world.refuse(pair, f"{row.values['post']} {row.values['staff']}")
            continue
        _compare_holding(world, row, pair, by_pair.get(pair, []), taken, seen)
    for old in world.present.holdings if is_there and world.may_leave_out("holdings") else ():
        runs = old.to_at is None or old.to_at > world.present.now
        if old.key not in seen and runs and _stays(world, old.post, old.staff):
            _end_holding(world, old, None, None)


def _compare_holding(
    world: World, row: Row, pair: Pair, olds: list[HoldingNow], taken: dict[Pair, list[Any]], seen: set[int]
) -> None:
    what = f"{world.post_name(pair.post)} {world.staff_name(pair.staff)}"
    start, end = starts(row.values.get("from_at")), ends(row.values.get("to_at"))
    old = _same(olds, start, world.present.now, seen)
    begins = start or (old.from_at if old else world.present.now)
    if end and end <= begins:
        world.refuse(row.fault("to_at", ORDER), what)
        return
    others = [(o.from_at, o.to_at) for o in olds if o is not old]
    others += [(first, last) for first, last, _row in taken.get(pair, [])]
    if any((last is None or last > begins) and (end is None or first < end) for first, last in others):
        why = Words("与同一人同一岗位的另一段任职重叠", "it overlaps another holding of the same person and post")
        world.refuse(row.fault("from_at", why, Words("改起止，或删去其中一行", "change the days, or delete one")), what)
        return
    taken.setdefault(pair, []).append((begins, end, row))
    if old is None:
        given = {"post": pair.post, "staff": pair.staff, "from_at": start, "to_at": end}
        details = _moments(None, None, start, end)
        world.found(ADD, row, "holdings", what, details, [Op("start_holding", given)])
        return
    seen.add(old.key)
    if end is None and "to_at" not in row.values:
        end = old.to_at
    if (old.from_at, old.to_at) == (begins, end):
        world.found(SAME, row, "holdings", what)
    elif old.from_at == begins and old.to_at is None and end:
        _end_holding(world, old, row, end)
    else:
        change: dict[str, Any] = {"key": old.key, "from_at": begins, "to_at": end}
        details = _moments(old.from_at, old.to_at, begins, end)
        world.found(CHANGE, row, "holdings", what, details, [Op("change_holding", change)])


def _same(olds: list[HoldingNow], start: datetime | None, now: datetime, seen: set[int]) -> HoldingNow | None:
    """The holding a row is about: the one that began then, else the only one that runs or is to come."""
    free = [old for old in olds if old.key not in seen]
    if start and (same := next((old for old in free if old.from_at == start), None)):
        return same
    running = [old for old in free if old.to_at is None or old.to_at > now]
    return running[0] if len(running) == 1 else None


def _end_holding(world: World, old: HoldingNow, row: Row | None, end: datetime | None) -> None:
    what = f"{world.post_name(old.post)} {world.staff_name(old.staff)}"
    before = last_day(old.to_at) if old.to_at else OPEN
    details = [Detail(HOLDINGS.field("to_at").head, before, last_day(end) if end else NOW)]
    world.found(END, row, "holdings", what, details, [Op("end_holding", {"key": old.key, "to_at": end})])


def _moments(
    old_from: datetime | None, old_to: datetime | None, new_from: datetime | None, new_to: datetime | None
) -> list[Detail]:
    rows = [("from_at", old_from, new_from, first_day), ("to_at", old_to, new_to, last_day)]
    found = []
    for name, before, after, said in rows:
        if before != after:
            texts = [said(at) if at else OPEN for at in (before, after)]
            found.append(Detail(HOLDINGS.field(name).head, *texts))
    return found


def compare_shifts(world: World, rows: list[Row], is_there: bool) -> None:
    """Take in the rows of the table of shifts."""
    seen: set[int] = set()
    fresh: dict[Any, Row] = {}
    for row in rows:
        pair = _pair(world, row)
        if isinstance(pair, Fault):
            world.refuse(pair, f"{row.values['post']} {row.values['staff']}")
            continue
        _compare_rule(world, row, pair, seen, fresh)
    for old in world.present.rules if is_there and world.may_leave_out("shifts") else ():
        if old.key not in seen and _stays(world, old.post, old.staff):
            details = [Detail(SHIFTS.field("to_on").head, _day(old.to_on), world.present.today.isoformat())]
            world.found(END, None, "shifts", _rule_name(world, old.post, old.staff, old.from_time, old.to_time), details,
                        [Op("end_shift_rule", {"key": old.key, "to_on": None})])  # fmt: skip


def _compare_rule(world: World, row: Row, pair: Pair, seen: set[int], fresh: dict[Any, Row]) -> None:
    given, today = row.values, world.present.today
    days, weekdays = given["days"]
    every = given.get("every_weeks") or 1
    shape = (pair.post, pair.staff, days, weekdays, every, given["from_time"], given["to_time"])
    what = _rule_name(world, pair.post, pair.staff, given["from_time"], given["to_time"])
    from_on, to_on = given.get("from_on"), given.get("to_on")
    to_on = to_on.date() if isinstance(to_on, datetime) else to_on
    old = next((o for o in world.present.rules if o.key not in seen and _shape(o) == shape), None)
    begins = old.from_on if old else (from_on or today)
    if to_on and to_on < begins:
        world.refuse(row.fault("to_on", ORDER), what)
    elif old is None and shape in fresh:
        why = Words(f"与第 {fresh[shape].number} 行相同", f"the same as row {fresh[shape].number}")
        world.refuse(row.fault("days", why, Words("删去其中一行", "delete one of them")), what)
    elif old is None:
        fresh[shape] = row
        names = ("post", "staff", "days", "weekdays", "every_weeks", "from_time", "to_time")
        values = {**dict(zip(names, shape, strict=True)), "from_on": from_on, "to_on": to_on}
        world.found(ADD, row, "shifts", what, _rule_details(row), [Op("add_shift_rule", values)])
    else:
        seen.add(old.key)
        if "to_on" in given and to_on != old.to_on:
            details = [Detail(SHIFTS.field("to_on").head, _day(old.to_on), _day(to_on))]
            act = END if to_on else CHANGE
            world.found(act, row, "shifts", what, details, [Op("move_rule_end", {"key": old.key, "to_on": to_on})])
        else:
            world.found(SAME, row, "shifts", what)


def _pair(world: World, row: Row) -> Pair | Fault:
    """Post and person of a row, which must stand or be added by the same sheet."""
    text, name = row.values["post"], row.values["staff"]
    posts = world.post_named(text, row.values.get("unit") or "")
    if len(posts) != 1:
        why = several(POST, text, [world.post_name(key) for key in posts]) if posts else unknown(POST, text)
        return row.fault("post", why, MEND_POST)
    people = world.staff_named(name)
    if len(people) != 1:
        said = [f"{world.staff_name(key)}（{'' if key.startswith(NEW) else key}）" for key in people]
        return row.fault("staff", several(PERSON, name, said) if people else unknown(PERSON, name), MEND_PERSON)
    return Pair(posts[0], people[0])


def _stays(world: World, post: str, staff: str) -> bool:
    """Whether both stay: what ends with a post or person that goes need not be said again."""
    here = post in world.posts and not world.posts[post].retired
    return here and staff in world.staff and not world.staff[staff].left


def _shape(old: RuleNow) -> tuple[Any, ...]:
    return (old.post, old.staff, old.days, old.weekdays, old.every_weeks, old.from_time, old.to_time)


def _rule_name(world: World, post: str, staff: str, begins: time, ends_: time) -> str:
    return f"{world.post_name(post)} {world.staff_name(staff)} {begins:%H:%M}–{ends_:%H:%M}"


def _rule_details(row: Row) -> list[Detail]:
    given = row.values
    days, weekdays = given["days"]
    said: Words | str = days_words(days, weekdays)
    return [
        Detail(SHIFTS.field("days").head, "", said),
        Detail(SHIFTS.field("from_on").head, "", _day(given.get("from_on"))),
    ]


def days_words(days: str, weekdays: str) -> Words:
    """The days of a rule as the sheet writes them."""
    if days == "workdays":
        return Words("工作日", "workdays")
    if days == "days_off":
        return Words("休息日", "days off")
    if weekdays == "1234567":
        return Words("每天", "every day")
    zh = "、".join("周" + "一二三四五六日"[int(n) - 1] for n in weekdays)
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return Words(zh, ", ".join(names[int(n) - 1] for n in weekdays))


def starts(value: datetime | date | None) -> datetime | None:
    """When a holding begins: the day's first moment on the office's clock, or the moment itself."""
    if value is None or isinstance(value, datetime):
        return value.replace(tzinfo=timezone.get_default_timezone()) if value else None
    return datetime.combine(value, time(), timezone.get_default_timezone())


def ends(value: datetime | date | None) -> datetime | None:
    """When a holding ends: after its last day, or at the moment itself."""
    if value is None or isinstance(value, datetime):
        return value.replace(tzinfo=timezone.get_default_timezone()) if value else None
    return datetime.combine(value + timedelta(days=1), time(), timezone.get_default_timezone())


def first_day(at: datetime) -> str:
    """A beginning as the sheet writes it."""
    local = timezone.localtime(at)
    return f"{local:%Y-%m-%d}" if (local.hour, local.minute) == (0, 0) else f"{local:%Y-%m-%d %H:%M}"


def last_day(at: datetime) -> str:
    """An end as the sheet writes it: the last day, or the moment."""
    local = timezone.localtime(at)
    if (local.hour, local.minute) == (0, 0):
        return f"{local - timedelta(days=1):%Y-%m-%d}"
    return f"{local:%Y-%m-%d %H:%M}"


def _day(on: date | None) -> Words | str:
    return on.isoformat() if on else OPEN
