"""工作表 (sheets): a vendor's file as named tables of cells, whatever it calls itself. Decided by content, not by suffix.

An ".xls" may be a real one, a newer .xlsx, a page of HTML, XML of an old spreadsheet program or a comma file.
"""

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zipfile import ZipFile

import msgspec
import python_calamine

from shudao.engine.guard import MEBIBYTE, check_zip, read_member
from shudao.engine.intake.comma import comma_rows
from shudao.engine.intake.headings import SEARCHED_ROWS, Row, fingerprint, guess_layout, heading_score
from shudao.engine.intake.marked import html_tables, is_html, is_xml_book, xml_sheets
from shudao.engine.intake.setting import Layout, Results, Setting
from shudao.engine.intake.table import find_layout, read_table
from shudao.engine.post import Post, Reject
from shudao.engine.words import BadInput, Words

MAX_BYTES = 100 * MEBIBYTE
MAX_CELLS = 20_000_000  # of the rectangle that the used cells span; the reader makes room for all of it
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,4})(\d{1,9})\s*["']""")
_ODD = re.compile(rb"""\br\s*=\s*["'][^"'<>]{0,40}&""")
_BROKEN = Words("电子表格已损坏，读不出来", "the spreadsheet is damaged and cannot be read")
_RESAVE = Words("请用表格软件打开后另存为 .xlsx 再试", "open it in a spreadsheet program, save it as .xlsx and retry")
_WIDE = Words("表格跨度过大", "the sheet spans far too many cells")
_LOCKED = Words("表格设有打开密码", "the spreadsheet is locked with a password")
_UNLOCK = Words("请去掉密码后另存再试", "save it without a password and retry")
_NO_BOOK = Words("压缩包里没有电子表格", "there is no spreadsheet in this archive")


class Sheet(NamedTuple):
    """工作表 (sheet): its name ("" in a file of one table), its rows, and rows that could not even be cut."""

    name: str
    rows: Sequence[Row]
    faults: Sequence[Reject] = ()


def open_sheets(data: bytes, *, where: str = "") -> list[Sheet]:
    """Every table of the file that holds anything, in the order of the file. Raises BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput(Words("文件过大（超过 100 MB）", "the file is too large (over 100 MB)"), where=where)
    if data.startswith(b"PK\x03\x04"):
        with check_zip(data, where=where) as archive:
            _check_span(archive, where)
        return _book(data, where)
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BadInput(_LOCKED, where=where, mend=_UNLOCK)
        return _book(data, where)
    if is_xml_book(data):
        return [Sheet(name, rows) for name, rows in xml_sheets(data, where=where)]
    if is_html(data):
        return [Sheet(name, rows) for name, rows in html_tables(data, where=where)]
    rows, faults = comma_rows(data)
    return [Sheet("", rows, faults)]


def main_sheet(
    sheets: Sequence[Sheet], wanted: str | None = None, *, mapped: Mapping[str, str] | None = None, where: str = ""
) -> Sheet:
    """The sheet of that name, else the one with the best heading row, else the longest. BadInput when there is none."""
    if wanted:
        named = next((sheet for sheet in sheets if sheet.name == wanted), None)
        if named is None:
            raise BadInput(Words(f"没有工作表“{wanted}”", f"no sheet “{wanted}”"), where=where)
        return named
    if not sheets:
        raise BadInput(Words("表格是空的", "the spreadsheet is empty"), where=where)
    return max(sheets, key=lambda sheet: (_score(sheet, mapped or {}), len(sheet.rows)))


def alike(sheets: Sequence[Sheet], main: Sheet, layout: Layout) -> list[tuple[Sheet, Layout]]:
    """The main sheet and every other with exactly its headings, each with its own heading row."""
    if layout.heading_row < 0 or not main.rows:
        return [(main, layout)]
    print_ = fingerprint(main.rows[layout.heading_row])
    found = [(main, layout)]
    for sheet in sheets:
        place = next((at for at, row in enumerate(sheet.rows[:SEARCHED_ROWS]) if fingerprint(row) == print_), None)
        if sheet is not main and place is not None:
            found.append((sheet, msgspec.structs.replace(layout, heading_row=place)))
    return sorted(found, key=lambda pair: next(at for at, sheet in enumerate(sheets) if sheet is pair[0]))


def read_grid(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """Posts of a vendor's file: the sheet that is named; else the one with the best headings and those just like it."""
    sheets = open_sheets(data, where=where)
    main = main_sheet(sheets, setting.sheet, mapped=setting.columns, where=where)
    layout = setting.layout or find_layout(main.rows, setting.columns, where)
    chosen = [(main, layout)] if setting.sheet else alike(sheets, main, layout)
    seen: Counter[str] = Counter()
    for sheet, own in chosen:
        name = sheet.name if len(chosen) > 1 else ""
        for result in sheet.faults:
            yield _placed(result, name)
        for post in read_table(sheet.rows, msgspec.structs.replace(setting, layout=own), where=where, seen=seen):
            yield _placed(post, name)


def guess(sheet: Sheet) -> Layout:
    """The most likely layout of a sheet."""
    return guess_layout(sheet.rows[: SEARCHED_ROWS * 2])


def _score(sheet: Sheet, mapped: Mapping[str, str]) -> int:
    """How good the best heading row of a sheet is."""
    return max((heading_score(row, mapped) for row in sheet.rows[:SEARCHED_ROWS]), default=0)


def _placed(result: Post | Reject, sheet: str) -> Post | Reject:
    """A reject says on which sheet it stands when there are several."""
    if not sheet or isinstance(result, Post):
        return result
    why = Words(f"工作表“{sheet}”：{result.why.zh}", f"sheet “{sheet}”: {result.why.en}")
    return Reject(line=result.line, why=why, raw=result.raw)


def _book(data: bytes, where: str) -> list[Sheet]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        names = list(book.sheet_names)
        tables = [list(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in names]
        return [Sheet(name, rows) for name, rows in zip(names, tables, strict=True) if rows]
    except BaseException as error:  # the reader panics on some broken files, and a panic is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        if "assword" in f"{type(error).__name__} {error}":
            raise BadInput(_LOCKED, where=where, mend=_UNLOCK) from None
        raise BadInput(_BROKEN, where=where, mend=_RESAVE) from None


def _check_span(archive: ZipFile, where: str) -> None:
    """Refuse a sheet whose few cells lie so far apart that the rectangle between them would fill the memory."""
    names = archive.namelist()
    if not any(name.lower().lstrip("/").startswith(("xl/", "content.xml")) for name in names):
        raise BadInput(_NO_BOOK, where=where, mend=Words("请先解压再上传", "unpack it first"))
    for name in names:
        if not re.match(r"/?xl/worksheets/", name, re.IGNORECASE):
            continue
        body = read_member(archive, name, where=where) or b""
        if body[:2] in (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00") or _ODD.search(body):
            raise BadInput(_BROKEN, where=where, mend=_RESAVE)
        rows, columns = _span(body)
        if rows * columns > MAX_CELLS:
            raise BadInput(_WIDE, where=where, mend=_RESAVE)


def _span(body: bytes) -> tuple[int, int]:
    last_row, widest = 1, b"A"
    for cell in _CELL.finditer(body):
        letters, digits = cell[1], cell[2]
        if len(letters) > len(widest) or (len(letters) == len(widest) and letters.upper() > widest):
            widest = letters.upper()
        last_row = max(last_row, int(digits))
    last_column = 0
    for letter in widest:
        last_column = last_column * 26 + letter - 64
    return last_row, last_column
