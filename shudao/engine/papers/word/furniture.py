"""版心外 (furniture): page numbers, the mark of an exercise on every page, the font table."""

from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from shudao.engine.papers.model import Paper
from shudao.engine.papers.word.looks import OTHER_NAMES, Face, Look
from shudao.engine.papers.word.xml import add_field, add_run, element, indent_chars, off_grid, rule_under

_WATERMARK = (
    '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="Drill{number}" o:spid="_x0000_s{number}" type="#_x0000_t136" style="position:absolute;margin-left:0;'
    "margin-top:0;width:{width}pt;height:150pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;"
    'mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin"'
    ' fillcolor="#e9b9b9" stroked="f"><v:fill opacity=".45"/>'
    '<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="{words}"/></v:shape></w:pict>'
)


def dress(document: Document, paper: Paper, look: Look) -> None:
    """Page numbers on odd and even pages; for a drill the watermark and the header line on both."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    _number(section.footer, look, paper, odd=True)
    _number(section.even_page_footer, look, paper, odd=False)
    for number, header in ((4097, section.header), (4098, section.even_page_header)):
        header.is_linked_to_previous = False
        if paper.drill:
            _mark_drill(header, paper, number)
    _name_fonts(document)


def _number(footer: Any, look: Look, paper: Paper, *, odd: bool) -> None:
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    chinese = paper.lang == "zh"
    add_run(line, "— " if chinese else "– ", look.page_no, chinese=chinese)
    add_field(line, "PAGE", look.page_no)
    add_run(line, " —" if chinese else " –", look.page_no, chinese=chinese)
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
    indent_chars(line, look.page_no, right=1 if odd else 0, left=0 if odd else 1)
    off_grid(line)


def _mark_drill(header: Any, paper: Paper, number: int) -> None:
    chinese = paper.lang == "zh"
    words = "演练" if chinese else "EXERCISE"
    text = f"演练  场次 {paper.drill}  仅供演练使用  演练"
    if not chinese:
        text = f"EXERCISE  run {paper.drill}  for exercise only  EXERCISE"
    line = header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(line, text, Face(east="黑体", latin="Arial", size=12, bold=True, colour="C8102E"), chinese=chinese)
    rule_under(line, colour="C8102E", eighths=8)
    off_grid(line)
    shape = _WATERMARK.format(number=number, words=words, width=330 if chinese else 470)
    line.add_run()._r.append(parse_xml(shape))


def _name_fonts(document: Document) -> None:
    """A font table of our own: the official faces by name, each with the common one that may stand in for it."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            table = element("fonts")
            for name, other in OTHER_NAMES.items():
                font = element("font", name=name)
                font.append(element("altName", val=other))
                font.append(element("charset", val="86"))
                font.append(element("family", val="auto"))
                table.append(font)
            relation.target_part._blob = _serialise(table)


def _serialise(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def drop_thumbnail(document: Document) -> None:
    """The library's template carries a picture of itself; an official paper does not."""
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package.rels.pop(key)


def plain_default(document: Document, look: Look) -> None:
    """The default style in the look's body face, so that empty lines and a reader's own words match."""
    style = document.styles["Normal"]
    properties = style.element.get_or_add_rPr()
    for old in list(properties):
        properties.remove(old)
    fonts = element("rFonts", ascii=look.body.latin, hAnsi=look.body.latin, eastAsia=look.body.east, cs=look.body.latin)
    size = round(look.body.size * 2)
    for piece in (fonts, element("sz", val=size), element("szCs", val=size)):
        properties.append(piece)
    for old in style.element.findall(qn("w:pPr")):
        style.element.remove(old)
