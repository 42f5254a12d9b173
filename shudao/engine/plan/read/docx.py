"""Word files -> lines: paragraphs, tables, text boxes and content controls in reading order, with automatic numbers."""

import zipfile
from collections.abc import Iterator
from typing import Any

from shudao.engine.guard import MEBIBYTE, check_zip, parse_xml, read_member
from shudao.engine.plan.read.lines import MOST_PARAGRAPHS, Line
from shudao.engine.plan.read.numbering import Numbering, W
from shudao.engine.words import BadInput, Words

MOST_UNFOLDED = 64 * MEBIBYTE
MOST_XML = 24 * MEBIBYTE

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "txbxContent", _FALLBACK}
_BREAKS = {W + "br", W + "cr"}


def read_docx(data: bytes, where: str) -> list[Line]:
    """The lines of a Word file; deleted text of tracked changes is left out. Raises BadInput."""
    archive = check_zip(data, max_total=MOST_UNFOLDED, where=where)
    body = _part(archive, "word/document.xml", where)
    if body is None:
        raise BadInput(
            Words("不是 Word 文件（缺少正文）", "not a Word file (it has no document part)"),
            where=where,
            mend=Words("请另存为 .docx 再试", "save it as .docx and retry"),
        )
    numbering = Numbering(_part(archive, "word/numbering.xml", where), _part(archive, "word/styles.xml", where))
    lines: list[Line] = []
    src = 0
    for paragraph, cell in _paragraphs(body):
        properties = paragraph.find(W + "pPr")
        texts = [text for text in (row.strip() for row in _text(paragraph).split("\n")) if text]
        if not texts:
            continue
        src += 1
        if src > MOST_PARAGRAPHS:
            break
        number, heading = numbering.number(properties), numbering.heading(properties)
        for place, text in enumerate(texts):
            lines.append(Line(src=src, text=text, number="" if place else number, heading=heading, cell=cell))
    return lines


def _part(archive: zipfile.ZipFile, name: str, where: str) -> Any:
    data = read_member(archive, name, where=where)
    if data is None:
        return None
    if len(data) > MOST_XML:
        raise BadInput(
            Words("文件过大，不像一份预案", "far too large for a plan"),
            where=where,
            mend=Words("请只保留预案正文", "keep only the text of the plan"),
        )
    return parse_xml(data, where=f"{where} {name}")


def _paragraphs(body: Any) -> Iterator[tuple[Any, tuple[int, int, int] | None]]:
    """Every paragraph in document order with its (table, row, column); a text box follows the paragraph it hangs on."""
    places: dict[Any, tuple[int, int, int]] = {}
    for table_number, table in enumerate(body.iter(W + "tbl"), start=1):
        for row_number, row in enumerate(table.iterchildren(W + "tr")):
            column = 0
            for cell in row.iterchildren(W + "tc"):
                places[cell] = (table_number, row_number, column)
                column += _span(cell)
    for paragraph in body.iter(W + "p"):
        above = list(paragraph.iterancestors(W + "tc", _FALLBACK))
        if not any(holder.tag == _FALLBACK for holder in above):
            yield paragraph, places.get(above[0]) if above else None


def _span(cell: Any) -> int:
    found = cell.find(f"{W}tcPr/{W}gridSpan")
    value = found.get(W + "val") if found is not None else None
    return min(int(value), 64) if value and value.isdigit() else 1


def _text(paragraph: Any) -> str:
    """The visible text of one paragraph, without that of text boxes on it; soft breaks become line feeds."""
    pieces: list[str] = []
    waiting = list(reversed(list(paragraph)))
    while waiting:
        node = waiting.pop()
        if node.tag in _SKIPPED:
            continue
        if node.tag == W + "t":
            pieces.append(node.text or "")
        elif node.tag in _BREAKS:
            pieces.append("\n")
        elif node.tag == W + "tab":
            pieces.append("\t")
        elif node.tag == W + "noBreakHyphen":
            pieces.append("-")
        elif node.tag != W + "p":
            waiting.extend(reversed(list(node)))
    return "".join(pieces)
