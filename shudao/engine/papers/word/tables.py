"""表格 (tables): data tables, the ledger stamp and the 版记 at the foot of the last page."""

from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from shudao.engine.papers.model import Paper, Table
from shudao.engine.papers.word.looks import Face, Look
from shudao.engine.papers.word.xml import add_run, element, off_grid, put

_AFTER_BORDERS = ("shd", "tabs", "suppressAutoHyphens", "snapToGrid", "spacing", "ind", "jc", "outlineLvl", "rPr")
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")


def add_table(document: Document, block: Table, look: Look, *, chinese: bool) -> None:
    """A ruled table over the whole type area; the head row comes again on each page and no row is torn."""
    if block.caption:
        line = document.add_paragraph()
        caption = _small_line(line, block.caption, look.cell_head, chinese=chinese, before=6, after=4)
        caption.paragraph_format.keep_with_next = True
    widths = _columns(block, look)
    table = _bare(document, 1 + len(block.rows), widths, look.width_twips)
    _rules(table, dict.fromkeys(_EDGES, 4))
    for place, texts in enumerate((block.head, *block.rows)):
        row = table.rows[place]
        row_properties = row._tr.get_or_add_trPr()
        row_properties.append(element("cantSplit"))
        if place == 0:
            row_properties.append(element("tblHeader"))
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            _fill(cell, text, look.cell_head if place == 0 else look.cell, width, chinese=chinese, shade=place == 0)
    _gap(document, 6)


def add_stamp(
    document: Document, caption: str, lines: tuple[tuple[str, str], ...], look: Look, *, chinese: bool
) -> None:
    """The head and length of the ledger stream, small, in a frame of its own, kept on one page."""
    _gap(document, 10)
    name_width = round(look.width_twips * (0.16 if chinese else 0.13))
    widths = (name_width, look.width_twips - name_width)
    table = _bare(document, 1 + len(lines), widths, look.width_twips)
    _rules(table, dict.fromkeys(("top", "left", "bottom", "right", "insideH"), 4))
    title = table.rows[0].cells[0].merge(table.rows[0].cells[1])
    face = Face(east=look.cell.east, latin="Consolas", size=8.5)
    _fill(title, caption, _sized(look.cell_head, 9), look.width_twips, chinese=chinese, shade=True)
    for row, (name, value) in zip(table.rows[1:], lines, strict=True):
        _fill(row.cells[0], name, _sized(look.cell_head, 9), widths[0], chinese=chinese)
        _fill(row.cells[1], value, face, widths[1], chinese=False)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("cantSplit"))
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = row is not table.rows[-1]
    _gap(document, 4)


def add_imprint(document: Document, paper: Paper, look: Look) -> None:
    """版记: 抄送 and 印发 between rules (0.35 mm outside, 0.25 mm inside), on the last lines of the last page."""
    chinese = paper.lang == "zh"
    rows: list[tuple[str, str]] = []
    if paper.cc:
        rows.append((f"抄送：{paper.cc}。" if chinese else f"Copies to: {paper.cc}", ""))
    if paper.issued_by:
        issued = f"{paper.date}印发" if chinese else f"Issued {paper.date}"
        rows.append((paper.issued_by, issued if paper.date else ""))
    first = round(look.width_twips * 0.64)
    widths = (first, look.width_twips - first)
    table = _bare(document, len(rows), widths, look.width_twips)
    _rules(table, {"top": 8, "bottom": 8, "insideH": 6})
    if look.pitch:
        # The last element of 版记 stands on the last line of the page; LibreOffice prints it in place.
        anchor = element("tblpPr", vertAnchor="margin", horzAnchor="margin", tblpXSpec="left", tblpYSpec="bottom")
        put(table._tbl.tblPr, anchor, "tblOverlap", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar")
    for row, (left, right) in zip(table.rows, rows, strict=True):
        row._tr.get_or_add_trPr().append(element("cantSplit"))
        cells = row.cells if right else (row.cells[0].merge(row.cells[1]),)
        for cell, text, width in zip(cells, (left, right), widths if right else (look.width_twips,), strict=False):
            _fill(cell, text, look.small, width, chinese=chinese, pad=_IMPRINT_PAD, right=cell is not cells[0])
    _gap(document, 1)


_IMPRINT_PAD = 3.0


def spread_line(line: Paragraph, look: Look, left: str, right: str) -> None:
    """Two texts on one line, one character in from each edge (文号 left, 签发人 right)."""
    edge = round(look.body.size * 20)
    _edge_tabs(line._p.get_or_add_pPr(), edge, look.width_twips - edge)
    add_run(line, f"\t{left}\t{right}", look.body, tighten=look.tighten)


def _edge_tabs(properties: Any, left: int, right: int) -> None:
    """Tab stops one character in from both edges, so that rules may still run over the whole width."""
    tabs = element("tabs")
    tabs.append(element("tab", val="left", pos=left))
    tabs.append(element("tab", val="right", pos=right))
    put(properties, tabs, *_AFTER_BORDERS[2:])


def _sized(face: Face, size: float) -> Face:
    return Face(east=face.east, latin=face.latin, size=size, bold=face.bold)


def _columns(block: Table, look: Look) -> tuple[int, ...]:
    shares = block.widths or (1.0,) * len(block.head)
    widths = [round(look.width_twips * share / sum(shares)) for share in shares]
    widths[-1] += look.width_twips - sum(widths)
    return tuple(widths)


def _bare(document: Document, rows: int, widths: tuple[int, ...], width: int) -> Any:
    """A table of fixed columns, without a style of the template."""
    table = document.add_table(rows, len(widths))
    properties = table._tbl.tblPr
    for old in list(properties):
        properties.remove(old)
    margins = element("tblCellMar")
    margins.append(element("left", w=85, type="dxa"))
    margins.append(element("right", w=85, type="dxa"))
    pieces = (
        element("tblW", w=width, type="dxa"), element("jc", val="center"), element("tblLayout", type="fixed"), margins,
    )  # fmt: skip
    for piece in pieces:
        properties.append(piece)
    for column, twips in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(twips))
    return table


def _rules(table: Any, eighths: dict[str, int]) -> None:
    borders = element("tblBorders")
    for edge in _EDGES:
        if edge in eighths:
            borders.append(element(edge, val="single", sz=eighths[edge], space=0, color="000000"))
    put(table._tbl.tblPr, borders, "tblLayout", "tblCellMar")


def _fill(
    cell: _Cell, text: str, face: Face, width: int, *, chinese: bool, shade: bool = False, pad: float = 2,
    right: bool = False,
) -> None:  # fmt: skip
    properties = cell._tc.get_or_add_tcPr()
    for old in properties.findall(qn("w:tcW")):
        properties.remove(old)
    properties.insert(0, element("tcW", w=width, type="dxa"))
    if shade:
        properties.append(element("shd", val="clear", color="auto", fill="F0F0F0"))
    properties.append(element("vAlign", val="center"))
    line = _small_line(cell.paragraphs[0], text, face, chinese=chinese, before=pad, after=pad)
    if right:
        line.paragraph_format.alignment = 2


def _small_line(line: Paragraph, text: str, face: Face, *, chinese: bool, before: float, after: float) -> Paragraph:
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(before), Pt(after)
    line.paragraph_format.line_spacing = Pt(round(face.size * 1.35, 1))
    add_run(line, text, face, chinese=chinese)
    off_grid(line)
    return line


def _gap(document: Document, points: float) -> None:
    """A thin empty line: Word needs a paragraph between tables and after the last one."""
    line = document.add_paragraph()
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(0)
    line.paragraph_format.line_spacing = Pt(points)
    off_grid(line)
