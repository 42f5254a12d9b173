"""电子表格 (book): tables written as .xlsx: typed cells, notes, lists to choose from. Nothing in it runs as a formula.

Same pages and same moment give the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal, TypeAlias

import msgspec
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from shudao.engine.papers.word.pack import repack

Value: TypeAlias = str | int | bool | date | datetime | None
TEXT, DAY, MOMENT = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
ROOM = 2000
"""Rows below the last one where lists may still be chosen from."""
LONGEST = 32_000  # characters of a cell, a little less than a spreadsheet takes
_PHONE = re.compile(r"\+?[\d\s()-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """列 (column): heading, width in characters, a note on the heading, and what may be chosen in it.

    `choices_from`: (page, column) of the same book whose cells are the choices.
    """

    head: str
    width: int = 16
    kind: Literal["text", "day", "moment", "number"] = "text"
    note: str = ""
    choices: tuple[str, ...] = ()
    choices_from: tuple[str, str] | None = None
    must: bool = False


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """工作表 (page): a table; `about` stands above the headings, over their whole width."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]] = ()
    about: str = ""


def write_book(pages: Sequence[Page], at: datetime) -> bytes:
    """The pages as .xlsx, made at `at`. Equal arguments give equal bytes."""
    book = Workbook()
    book.remove(book.active)
    for page in pages:
        _write_page(book.create_sheet(page.name[:31]), page, pages)
    out = io.BytesIO()
    book.save(out)
    return repack(_dated(out.getvalue(), at), at)


def plain_cell(text: str) -> str:
    """A text that a spreadsheet would run as a formula, with an apostrophe before it; a telephone number is none."""
    head = text.lstrip(" \t\r\n")[:1]
    risky = head in ("=", "@") or (head in ("+", "-") and not _PHONE.fullmatch(text)) or text[:1] in ("\t", "\r", "\n")
    return "'" + text if risky else text


def unquoted(text: str) -> str:
    """What `plain_cell` put an apostrophe before, without it."""
    return text[1:] if text[:1] == "'" and plain_cell(text[1:]) == text else text


def _write_page(sheet: Worksheet, page: Page, pages: Sequence[Page]) -> None:
    first = 1
    if page.about:
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=max(len(page.columns), 1))
        about = sheet.cell(1, 1, page.about)
        about.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[1].height = 15.0 * (2 + page.about.count("\n") + len(page.about) // 60)
        first = 2
    for place, column in enumerate(page.columns, 1):
        _write_head(sheet, first, place, column)
    for number, row in enumerate(page.rows, first + 1):
        for place, value in enumerate(row, 1):
            _write_cell(sheet.cell(number, place), value)
    sheet.freeze_panes = sheet.cell(first + 1, 1)
    for place, column in enumerate(page.columns, 1):
        _offer(sheet, column, place, first, len(page.rows), pages)


def _write_head(sheet: Worksheet, row: int, place: int, column: Column) -> None:
    cell = sheet.cell(row, place, column.head)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFE2F0EF" if column.must else "FFEEF1F0")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    if column.note:
        cell.comment = Comment(column.note, "Shudao", height=90, width=260)
    letter = sheet.column_dimensions[get_column_letter(place)]
    letter.width = column.width
    letter.number_format = {"text": TEXT, "day": DAY, "moment": MOMENT}.get(column.kind, "General")


def _write_cell(cell: Cell, value: Value) -> None:
    if value is None or value == "":
        cell.number_format = TEXT
        return
    if isinstance(value, str):
        cell.value = plain_cell(_CONTROL.sub("", value))[:LONGEST]
        cell.data_type, cell.number_format = "s", TEXT
        cell.alignment = Alignment(wrap_text="\n" in value or len(value) > 40, vertical="top")
        return
    cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    if isinstance(value, date):
        cell.number_format = MOMENT if isinstance(value, datetime) else DAY


def _offer(sheet: Worksheet, column: Column, place: int, head: int, rows: int, pages: Sequence[Page]) -> None:
    formula = _list(column, pages)
    if not formula:
        return
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
    letter = get_column_letter(place)
    rule.add(f"{letter}{head + 1}:{letter}{head + rows + ROOM}")
    sheet.add_data_validation(rule)


def _list(column: Column, pages: Sequence[Page]) -> str:
    """What may be chosen, as a spreadsheet writes it."""
    if column.choices:
        return '"' + ",".join(choice.replace('"', '""') for choice in column.choices) + '"'
    if column.choices_from is None:
        return ""
    name, head = column.choices_from
    page = next(page for page in pages if page.name == name)
    place = next(at for at, other in enumerate(page.columns, 1) if other.head == head)
    first = 3 if page.about else 2
    letter = get_column_letter(place)
    return f"'{name}'!${letter}${first}:${letter}${first + len(page.rows) + ROOM}"


def _dated(raw: bytes, at: datetime) -> bytes:
    """The book as made at that moment, whatever the writer's own clock says."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            body = before.read(name)
            after.writestr(name, _MODIFIED.sub(rb"\g<1>" + stamp, body) if name == "docProps/core.xml" else body)
    return out.getvalue()
