"""Small pieces of WordprocessingML that the Word library has no words for."""

import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from shudao.engine.papers.word.looks import Face, Look

# XML 1.0 has no place for these; posts from the network do hold them.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without characters that XML cannot hold; line ends are plain newlines."""
    return _NOT_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def element(tag: str, **attributes: str | int) -> Any:
    """One `w:` element with `w:` attributes."""
    made: Any = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def put(parent: Any, child: Any, *after: str) -> Any:
    """Insert `child` into `parent` before the first of the named `w:` followers (the schema fixes the order)."""
    followers = [kid for kid in parent if kid.tag in {qn(f"w:{name}") for name in after}]
    if followers:
        followers[0].addprevious(child)
    else:
        parent.append(child)
    return child


def add_run(paragraph: Paragraph, text: str, face: Face, *, tighten: int = 0, chinese: bool = True) -> Run:
    """A run with both font names set. The hint makes Chinese quotation marks and dashes take the Chinese face."""
    run = paragraph.add_run(clean(text))
    properties = run._r.get_or_add_rPr()
    fonts = element("rFonts", ascii=face.latin, hAnsi=face.latin, eastAsia=face.east, cs=face.latin)
    if chinese:
        fonts.set(qn("w:hint"), "eastAsia")
    properties.append(fonts)
    if face.bold:
        properties.append(element("b"))
    if face.colour:
        properties.append(element("color", val=face.colour))
    if tighten:
        properties.append(element("spacing", val=tighten))
    half_points = round(face.size * 2)
    properties.append(element("sz", val=half_points))
    properties.append(element("szCs", val=half_points))
    return run


def add_field(paragraph: Paragraph, instruction: str, face: Face) -> None:
    """A field such as PAGE, in the three runs that every reader understands."""
    for kind in ("begin", instruction, "end"):
        run = add_run(paragraph, "", face)
        if kind in ("begin", "end"):
            run._r.append(element("fldChar", fldCharType=kind))
        else:
            words = element("instrText")
            words.text = kind
            run._r.append(words)


def rule_under(paragraph: Paragraph, *, colour: str, eighths: int) -> None:
    """A rule below the paragraph, `eighths` of a point thick."""
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz=eighths, space=6, color=colour))
    followers = ("shd", "tabs", "suppressAutoHyphens", "snapToGrid", "spacing", "ind", "jc", "outlineLvl", "rPr")
    put(paragraph._p.get_or_add_pPr(), borders, *followers)


def indent_chars(paragraph: Paragraph, face: Face, *, first: int = 0, left: int = 0, right: int = 0) -> None:
    """Indents in characters (kept as characters for Word, with the same length in twips for other readers)."""
    if not (first or left or right):
        return
    indent = element("ind")
    for name, chars in (("left", left), ("right", right), ("firstLine", first)):
        if chars:
            indent.set(qn(f"w:{name}Chars"), str(chars * 100))
            indent.set(qn(f"w:{name}"), str(round(chars * face.size * 20)))
    put(paragraph._p.get_or_add_pPr(), indent, "jc", "outlineLvl", "rPr")


def off_grid(paragraph: Paragraph) -> None:
    """Leave the 22-line grid (tables and furniture, whose type is smaller than the body's)."""
    put(paragraph._p.get_or_add_pPr(), element("snapToGrid", val=0), "spacing", "ind", "jc", "outlineLvl", "rPr")


def set_page(section: Any, look: Look) -> None:
    """A4, the look's margins and its line grid. `linesAndChars` would halve the characters a line in LibreOffice."""
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    if look.pitch:
        properties.append(element("docGrid", type="lines", linePitch=look.pitch))
