"""表格 (tables): who does what by when, read by the headings of the columns."""

import re

from shudao.engine.plan.read.actions import Deed
from shudao.engine.plan.read.boundary import outside
from shudao.engine.plan.read.levels import Level, table_rank
from shudao.engine.plan.read.names import mentions
from shudao.engine.plan.read.outline import Placed
from shudao.engine.plan.read.parts import clauses, without
from shudao.engine.plan.read.times import Found, bare_limit, keeps

_WHO = re.compile(
    r"责任(?!书|制)|牵头|部门|单位|岗位|小组|组别|名称|机构|职务|角色|主体|负责人|谁|owner|unit|team|post|role|who|responsible\b|in charge|assigned",
    re.I,
)
_WHAT = re.compile(
    r"职责|任务|工作内容|分工|内容|措施|动作|事项|要求|工作|环节|步骤|做什么|怎么做|duty|duties|task|action|activity|step|what|responsibilit",
    re.I,
)
_WHEN = re.compile(r"时限|时间|期限|时效|完成时|limit|deadline|within|time", re.I)
_TRIGGER = re.compile(
    r"情形|条件|触发|启动|情况|标准|表现|特征|trigger|when|condition|criteri|meaning|definition", re.I
)
_LEVEL = re.compile(
    r"^(?:响应|舆情|事件|预警)?(?:级别|等级|层级|分级|档次|颜色)(?:名称)?$|^(?:(?:response |alert )?(?:level|stage|severity|grade|tier|colour|color))$",
    re.I,
)
MOST_LEVELS = 8
MOST_CELLS = 20_000

Grid = dict[int, dict[int, list[int]]]  # row -> column -> places in the list of lines


def table_deeds(placed: list[Placed]) -> dict[int, list[Deed]]:
    """For the place of each cell that says what is done: its deeds, owned by the row's who-cell."""
    found: dict[int, list[Deed]] = {}
    for grid in _grids(placed):
        heads = _heads(placed, grid)
        who, what = _column(heads, _WHO), _column(heads, _WHAT, besides=_column(heads, _WHO))
        if who is None or what is None:
            continue
        trigger = _column(heads, _TRIGGER, besides=who)
        owner: tuple[str, ...] = ()
        for row in sorted(grid)[1:]:
            owner = _owners(placed, grid[row].get(who, [])) or owner
            upon = _text(placed, grid[row].get(trigger, [])) if trigger is not None and trigger != what else ""
            for place in grid[row].get(what, []):
                found[place] = _cell_deeds(placed[place].body, owner, upon or None)
    return found


def limit_cells(placed: list[Placed]) -> dict[int, Found]:
    """For the place of each cell under a heading such as 时限: the limit it holds."""
    found: dict[int, Found] = {}
    for grid in _grids(placed):
        heads = _heads(placed, grid)
        for column, title in heads.items():
            if not _WHEN.search(title) or _WHAT.search(title):
                continue
            for row in sorted(grid)[1:]:
                beside = " ".join(_text(placed, places) for place, places in grid[row].items() if place != column)
                for place in grid[row].get(column, []):
                    limit = bare_limit(placed[place].body)
                    if limit is not None and ("内" in limit.span.text or not keeps(beside)):
                        found[place] = limit
    return found


def level_cells(placed: list[Placed]) -> dict[int, list[Level]]:
    """For the place of each cell of a table of levels: the level its row names, with the cell's words as criterion."""
    found: dict[int, list[Level]] = {}
    for grid in _grids(placed):
        heads = _heads(placed, grid)
        named = _column(heads, _LEVEL)
        words = _column(heads, _TRIGGER, besides=named)
        if named is None or words is None or len(grid) > MOST_LEVELS + 1:
            continue
        for order, row in enumerate(sorted(grid)[1:], start=1):
            name = _text(placed, grid[row].get(named, []))
            if not 1 <= len(name) <= 24:
                continue
            rank = table_rank(name) or order
            found |= {place: [Level(name, rank, "")] for place in grid[row].get(named, [])}
            found |= {place: [Level(name, rank, placed[place].body)] for place in grid[row].get(words, [])}
    return found


def _grids(placed: list[Placed]) -> list[Grid]:
    tables: dict[int, Grid] = {}
    for place, row in enumerate(placed[:MOST_CELLS]):
        if row.line.cell is not None:
            table, line, column = row.line.cell
            tables.setdefault(table, {}).setdefault(line, {}).setdefault(column, []).append(place)
    return [grid for grid in tables.values() if len(grid) >= 2]


def _heads(placed: list[Placed], grid: Grid) -> dict[int, str]:
    return {column: _text(placed, places) for column, places in grid[min(grid)].items()}


def _column(heads: dict[int, str], wanted: re.Pattern[str], besides: int | None = None) -> int | None:
    return next((c for c in sorted(heads) if c != besides and len(heads[c]) <= 24 and wanted.search(heads[c])), None)


def _text(placed: list[Placed], places: list[int]) -> str:
    return "".join(placed[place].body for place in places)


def _owners(placed: list[Placed], places: list[int]) -> tuple[str, ...]:
    """The names in a who-cell; a short cell that is no known kind of name stands as it is."""
    names: list[str] = []
    for place in places:
        body = placed[place].body
        named = [one.name for one in mentions(body)]
        names += named or ([body] if 2 <= len(body) <= 12 else [])
    return tuple(dict.fromkeys(names))


def _cell_deeds(text: str, owners: tuple[str, ...], trigger: str | None) -> list[Deed]:
    out = [one.span for one in outside(text)]
    return [
        Deed(owners=owners, trigger=trigger, text=left.text)
        for clause in clauses(text)
        for left in without(text, clause, out)
    ]
