"""Reading the sheet: which worksheet is which table, where its headings stand, and each row as values or as faults.

Tolerated: columns in another order, further columns, title rows above the headings, other names of headings, widths
and spaces. What cannot be read is a fault with its place and how to mend it; the other rows are read all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shudao.engine.intake.grid import Sheet, open_sheets
from shudao.engine.words import BadInput, Words
from shudao.org.sheet.cells import key_of, text_of
from shudao.org.sheet.fields import TABLES, Field, Table

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000
SEARCHED = 15
NONE = Words("", "")
EMPTY = object()
"""What a cell that must be filled and is not gives."""


@dataclass(frozen=True)
class Fault:
    """错处 (fault): where it stands, what is wrong, how to mend it."""

    table: str
    sheet: str
    row: int
    column: str
    why: Words
    mend: Words = NONE
    what: str = ""


@dataclass
class Row:
    """A row that was read: its table, where it stands, its values by field. A field whose column is missing is absent."""

    table: str
    sheet: str
    number: int
    values: dict[str, Any]
    columns: dict[str, str] = field(default_factory=dict)
    what: str = ""

    def fault(self, name: str, why: Words, mend: Words = NONE) -> Fault:
        """A fault in one of its cells."""
        return Fault(self.table, self.sheet, self.number, self.columns.get(name, ""), why, mend, self.what)


@dataclass
class Draft:
    """草稿 (draft): what the sheet says: rows by table, tables that stand in it at all, and faults."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def of(self, table: str) -> list[Row]:
        """The rows of one table."""
        return [row for row in self.rows if row.table == table]


def read_draft(data: bytes, name: str) -> Draft:
    """The sheet as a draft. BadInput when it is too large, no spreadsheet, or holds none of the tables."""
    if len(data) > MAX_BYTES:
        raise BadInput(Words("表格超过 5 MB", "the sheet is over 5 MB"), where=name)
    draft = Draft()
    for sheet in open_sheets(data, where=name):
        found = _table_of(sheet)
        if found is None:
            if any(text_of(cell) for row in sheet.rows for cell in row):
                draft.unread.append(sheet.name)
            continue
        table, place, columns = found
        if table.key in draft.tables:
            draft.unread.append(sheet.name)
            continue
        if len(sheet.rows) - place > MAX_ROWS:
            why = f"工作表“{sheet.name}”超过 {MAX_ROWS} 行", f"the worksheet “{sheet.name}” has over {MAX_ROWS} rows"
            raise BadInput(Words(*why), where=name)
        draft.tables.append(table.key)
        _read_rows(draft, sheet, table, place, columns)
    if not draft.tables:
        raise BadInput(
            Words("没有找到单位、岗位、人员、任职、班次中的任何一张表", "none of units, posts, staff, holdings, shifts was found"),
            where=name,
            mend=Words("请下载样表，照着填", "download the template and fill it in"),
        )  # fmt: skip
    return draft


def _table_of(sheet: Sheet) -> tuple[Table, int, dict[str, int]] | None:
    """The table a worksheet is, by its name, else by its headings; the heading row and the column of each field."""
    by_name = next((table for table in TABLES if _is_called(table, sheet.name)), None)
    best: tuple[int, Table, int, dict[str, int]] | None = None
    for table in (by_name,) if by_name else TABLES:
        for place, row in enumerate(sheet.rows[:SEARCHED]):
            columns = _columns(table, row)
            if not all(wanted.name in columns for wanted in table.fields if wanted.must):
                continue
            if best is None or len(columns) > best[0]:
                best = len(columns), table, place, columns
    return best[1:] if best else None


def _is_called(table: Table, name: str) -> bool:
    return key_of(name) in {key_of(known) for known in (table.name.zh, table.name.en, table.key, *table.others)}


def _columns(table: Table, row: Sequence[object]) -> dict[str, int]:
    """Field -> column. A field's own heading goes before the others it is known by; the leftmost of equals."""
    heads = [key_of(text_of(cell).strip("*＊")) for cell in row]
    found: dict[str, int] = {}
    for own in (True, False):
        for wanted in table.fields:
            names = {key_of(name) for name in ((wanted.head.zh, wanted.head.en) if own else wanted.others)}
            if wanted.name in found:
                continue
            place = next((at for at, head in enumerate(heads) if head in names and at not in found.values()), None)
            if place is not None:
                found[wanted.name] = place
    return found


def _read_rows(draft: Draft, sheet: Sheet, table: Table, place: int, columns: dict[str, int]) -> None:
    heads = {name: f"{letter(at)}（{text_of(sheet.rows[place][at])}）" for name, at in columns.items()}
    for number, cells in enumerate(sheet.rows[place + 1 :], place + 2):
        given = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        if not any(text_of(cell) for cell in given.values()):
            continue
        what = " ".join(text_of(given[name]) for name in ("post", "name", "staff") if name in given)[:60].strip()
        row, faults = Row(table.key, sheet.name, number, {}, heads, what), []
        for wanted in table.fields:
            if wanted.name in given:
                value, fault = _read_cell(row, wanted, given[wanted.name])
                row.values[wanted.name] = value
                faults += [fault] if fault else []
        if faults:
            draft.faults += faults
        else:
            draft.rows.append(row)


def _read_cell(row: Row, wanted: Field, cell: object) -> tuple[Any, Fault | None]:
    text = text_of(cell)
    head = wanted.head
    if not text:
        if wanted.must:
            why = Words(f"“{head.zh}”没有填", f"“{head.en}” is empty")
            return EMPTY, row.fault(wanted.name, why, Words("请填上", "fill it in"))
        if wanted.name in OPTIONAL:
            return None, None
    if len(text) > wanted.longest and wanted.name != "deputies":
        why = Words(f"“{head.zh}”超过 {wanted.longest} 个字", f"“{head.en}” is over {wanted.longest} characters")
        return EMPTY, row.fault(wanted.name, why)
    try:
        return wanted.read(cell), None
    except (ValueError, OverflowError):
        why = Words(f"“{head.zh}”读不懂：{text[:40]}", f"“{head.en}” cannot be read: {text[:40]}")
        return EMPTY, row.fault(wanted.name, why, wanted.mend)


OPTIONAL = frozenset(("from_at", "from_on", "to_on", "to_at", "every_weeks"))
"""Fields whose empty cell means: as it stands, or the usual."""


def letter(column: int) -> str:
    """A, B, … Z, AA of a column counted from 0."""
    name, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(65 + digit) + name
    return name
