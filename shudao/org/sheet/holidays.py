"""The table of holidays from a file or from typed lines. BadInput names the place of every fault, the first ten."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from shudao.engine.intake.grid import open_sheets
from shudao.engine.words import BadInput, Words
from shudao.org.sheet.cells import day_of, key_of, text_of

Off = tuple[date, str, str]
HOLIDAY, WORKDAY = "holiday", "workday"
HEADS = {
    "day": ("日期", "日子", "date", "day"),
    "kind": ("类别", "类型", "安排", "放假或上班", "kind", "type"),
    "name": ("名称", "节日", "节假日", "说明", "备注", "name", "holiday"),
}
OFF = ("放假", "休假", "休息", "假", "休", "法定节假日", "节假日", "holiday", "off")
WORK = ("上班", "补班", "调休上班", "工作", "工作日", "班", "workday", "work")
RANGE = re.compile(r"(.+?)\s*(?:至|到|~|—|–)\s*(.+)")
MOST_DAYS, MOST_FAULTS = 60, 10
MEND = Words("每行写日期、放假或上班、名称", "write day, holiday or workday, and name on each line")


def holidays_of_file(data: bytes, name: str) -> list[Off]:
    """The days of a spreadsheet or comma file."""
    for sheet in open_sheets(data, where=name):
        found = _columns(sheet.rows)
        if found:
            first, places = found
            cells = ([_at(row, place) for place in places] for row in sheet.rows[first:])
            return _read(enumerate(cells, first + 1), name)
    raise BadInput(Words("没有找到日期一列", "no column of days was found"), where=name, mend=MEND)


def holidays_of_text(text: str) -> list[Off]:
    """The days of typed lines."""
    lines = ((number, _cut(line)) for number, line in enumerate(text.splitlines(), 1) if line.strip())
    return _read(lines, "")


def _read(rows: Iterable[tuple[int, Sequence[object]]], where: str) -> list[Off]:
    found: dict[date, Off] = {}
    faults: list[tuple[int, str]] = []
    for number, cells in rows:
        if not any(text_of(cell) for cell in cells):
            continue
        try:
            for off in _days(cells):
                found[off[0]] = off
        except ValueError:
            faults.append((number, " ".join(text_of(cell) for cell in cells)[:40]))
    if faults:
        raise BadInput(_said(faults), where=where, mend=MEND)
    return [found[on] for on in sorted(found)]


def _said(faults: list[tuple[int, str]]) -> Words:
    shown = faults[:MOST_FAULTS]
    more = len(faults) - len(shown)
    zh = "；".join(f"第 {number} 行读不懂：{text}" for number, text in shown) + (f"；另有 {more} 行" if more else "")
    en = "; ".join(f"line {number} cannot be read: {text}" for number, text in shown)
    return Words(zh, en + (f"; {more} more" if more else ""))


def _days(cells: Sequence[object]) -> list[Off]:
    kind, name = _kind(text_of(cells[1])), text_of(cells[2])[:60]
    ends = RANGE.fullmatch(text_of(cells[0])) if isinstance(cells[0], str) else None
    first, last = (day_of(ends[1]), day_of(ends[2])) if ends else (day_of(cells[0]), day_of(cells[0]))
    count = (last - first).days + 1
    if not 1 <= count <= MOST_DAYS:
        raise ValueError
    return [(first + timedelta(days=n), kind, name) for n in range(count)]


def _kind(text: str) -> str:
    word = key_of(text)
    if word in (key_of(known) for known in OFF):
        return HOLIDAY
    if word in (key_of(known) for known in WORK):
        return WORKDAY
    raise ValueError(text)


def _columns(rows: Sequence[Sequence[object]]) -> tuple[int, list[int]] | None:
    """The first row below the headings, and the columns of day, kind and name."""
    for number, row in enumerate(rows[:20]):
        heads = [key_of(text_of(cell)) for cell in row]
        places = [
            next((at for at, head in enumerate(heads) if head in map(key_of, names)), -1) for names in HEADS.values()
        ]
        if places[0] >= 0 and places[1] >= 0:
            return number + 1, places
    for number, row in enumerate(rows[:20]):
        try:
            _days([*row[:3], "", ""][:3])
        except ValueError:
            continue
        return number, [0, 1, 2]
    return None


def _at(row: Sequence[object], place: int) -> object:
    return row[place] if 0 <= place < len(row) else ""


def _cut(line: str) -> list[object]:
    """A typed line: the days, the kind, the rest is the name."""
    parts = re.sub(r"\s*(至|到|~|—|–)\s*", r"\1", line.strip()).replace("，", " ").replace(",", " ").split(maxsplit=2)
    cells: list[object] = [*parts, "", ""]
    return cells[:3]
