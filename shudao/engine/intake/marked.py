"""标记表格 (marked-up tables): spreadsheets that are really HTML or the XML of an old spreadsheet program."""

import re
from typing import cast

from lxml import etree, html

from shudao.engine.guard import parse_xml
from shudao.engine.intake.encoding import decode
from shudao.engine.intake.headings import Row
from shudao.engine.words import BadInput, Words

MAX_SPAN = 200  # columns one cell may claim to cover
MAX_ROWS = 1_000_000
_BOOK = "{urn:schemas-microsoft-com:office:spreadsheet}"
_NO_TABLE = Words("网页里没有表格", "there is no table in this page")
_RESAVE = Words("请用表格软件打开后另存为 .xlsx 再试", "open it in a spreadsheet program, save it as .xlsx and retry")

Named = tuple[str, list[Row]]


def is_xml_book(data: bytes) -> bool:
    """Whether it is the XML of a spreadsheet."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head


def is_html(data: bytes) -> bool:
    """Whether it is a page with a table, as some platforms name an .xls."""
    head = data[:4000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = decode(data[:4000]).lower().encode()
    return (
        head.startswith(b"<")
        and re.search(rb"<(?:!doctype html|html|table|meta|head|body|style|div)\b", head) is not None
    )


def html_tables(data: bytes, *, where: str = "") -> list[Named]:
    """The tables of a page; a table inside another is not read twice."""
    text = re.sub(r"<\?xml[^>]{0,200}\?>", "", decode(data), count=1)
    try:
        root = html.fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise BadInput(_NO_TABLE, where=where, mend=_RESAVE) from None
    tables = [
        table for table in root.iter("table") if not any(parent.tag == "table" for parent in table.iterancestors())
    ]
    found = [(f"{at}" if len(tables) > 1 else "", _html_rows(table)) for at, table in enumerate(tables, 1)]
    if not any(rows for _, rows in found):
        raise BadInput(_NO_TABLE, where=where, mend=_RESAVE)
    return cast(list[Named], [pair for pair in found if pair[1]])


def xml_sheets(data: bytes, *, where: str = "") -> list[Named]:
    """The sheets of an XML spreadsheet; cells and rows that name their place stand there."""
    root = parse_xml(data, where=where)
    found: list[Named] = []
    for sheet in root.iter(f"{_BOOK}Worksheet"):
        rows: list[Row] = []
        for row in sheet.iter(f"{_BOOK}Row"):
            place = _whole(row.get(f"{_BOOK}Index"), MAX_ROWS)
            rows.extend([] for _ in range(max(place - 1 - len(rows), 0)))
            rows.append(_xml_cells(row))
        if rows:
            found.append((sheet.get(f"{_BOOK}Name") or "", rows))
    return found


def _html_rows(table: "html.HtmlElement") -> list[Row]:
    rows: list[Row] = []
    for row in table.iter("tr"):
        cells: list[object] = []
        for cell in row.iterchildren("td", "th"):
            cells.append(" ".join(cell.text_content().split()))
            cells.extend("" for _ in range(_whole(cell.get("colspan"), MAX_SPAN) - 1))
        rows.append(cells)
    return rows


def _xml_cells(row: "etree._Element") -> list[object]:
    cells: list[object] = []
    for cell in row.iterchildren(f"{_BOOK}Cell"):
        place = _whole(cell.get(f"{_BOOK}Index"), 16_384)
        cells.extend("" for _ in range(max(place - 1 - len(cells), 0)))
        data = cell.find(f"{_BOOK}Data")
        cells.append(_xml_value(data) if data is not None else "")
        cells.extend("" for _ in range(_whole(cell.get(f"{_BOOK}MergeAcross"), MAX_SPAN)))
    return cells


def _xml_value(data: "etree._Element") -> object:
    text = "".join(str(part) for part in data.itertext())
    if data.get(f"{_BOOK}Type") == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text.removesuffix(".000") if data.get(f"{_BOOK}Type") == "DateTime" else text


def _whole(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isdecimal() and len(text) < 9 else 0
