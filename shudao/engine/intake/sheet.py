"""电子表格 (spreadsheet): .xlsx to rows and so to posts. Values only: a formula is never run."""

import io
import re
from collections.abc import Iterator
from zipfile import ZipFile

import python_calamine

from shudao.engine.guard import check_zip, read_member
from shudao.engine.intake.headings import Row, heading_score
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.intake.table import read_table
from shudao.engine.words import BadInput, Words

MAX_CELLS = 20_000_000  # of the rectangle that the used cells span; the reader makes room for all of it
_CELL = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,4})(\d{1,9})\s*["']""")
_ODD = re.compile(rb"""\br\s*=\s*["'][^"'<>]{0,40}&""")
_BROKEN = Words("电子表格已损坏，读不出来", "the spreadsheet is damaged and cannot be read")
_RESAVE = Words("请用表格软件打开后另存为 .xlsx 再试", "open it in a spreadsheet program, save it as .xlsx and retry")
_WIDE = Words("表格跨度过大", "the sheet spans far too many cells")


def read_sheet(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """Posts of the sheet that `setting.sheet` names, else of the one with the best heading row. Raises BadInput."""
    with check_zip(data, where=where) as archive:
        _check_span(archive, where)
    sheets = _open(data, where)
    if setting.sheet is not None:
        chosen = [rows for name, rows in sheets if name == setting.sheet]
        if not chosen:
            raise BadInput(Words(f"没有工作表“{setting.sheet}”", f"no sheet “{setting.sheet}”"), where=where)
        rows = chosen[0]
    else:
        rows = max((rows for _, rows in sheets), key=lambda rows: _score(rows, setting), default=[])
    yield from read_table(rows, setting, where=where)


def _open(data: bytes, where: str) -> list[tuple[str, list[Row]]]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        names = list(book.sheet_names)
        return [(name, list(book.get_sheet_by_name(name).to_python(skip_empty_area=False))) for name in names]
    except BaseException as error:  # the reader panics on some broken files, and a panic is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        raise BadInput(_BROKEN, where=where, mend=_RESAVE) from None


def _score(rows: list[Row], setting: Setting) -> int:
    return max((heading_score(row, setting.columns) for row in rows[:20]), default=0)


def _check_span(archive: ZipFile, where: str) -> None:
    """Refuse a sheet whose few cells lie so far apart that the rectangle between them would fill the memory."""
    for name in archive.namelist():
        if not re.match(r"/?xl/worksheets/", name, re.IGNORECASE):
            continue
        body = read_member(archive, name, where=where) or b""
        if body[:2] in (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00") or _ODD.search(body):
            raise BadInput(_BROKEN, where=where, mend=_RESAVE)
        rows, columns = _span(_CELL.finditer(body))
        if rows * columns > MAX_CELLS:
            raise BadInput(_WIDE, where=where, mend=_RESAVE)


def _span(cells: Iterator[re.Match[bytes]]) -> tuple[int, int]:
    last_row = last_column = 1
    widest = b"A"
    for cell in cells:
        letters, digits = cell[1], cell[2]
        if len(letters) > len(widest) or (len(letters) == len(widest) and letters.upper() > widest):
            widest = letters.upper()
        last_row = max(last_row, int(digits))
    last_column = 0
    for letter in widest:
        last_column = last_column * 26 + letter - 64
    return last_row, last_column
