"""插图 (pictures): a picture over the width of the type area, with the words for whoever does not see it."""

import io
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Pt, Twips

from shudao.engine.papers.model import Picture
from shudao.engine.papers.word.looks import Look
from shudao.engine.papers.word.xml import clean


def add_picture(document: Document, block: Picture, look: Look) -> Any:
    """The picture in a paragraph of its own, kept with what follows it. ValueError when it is no PNG or JPEG."""
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = line.paragraph_format
    shape.line_spacing_rule = WD_LINE_SPACING.SINGLE  # an exact height would cut the picture off
    shape.space_before, shape.space_after, shape.keep_with_next = Pt(6), Pt(4), bool(block.caption)
    try:
        drawn = line.add_run().add_picture(io.BytesIO(block.image), width=Twips(look.width_twips))
    except Exception as fault:
        raise ValueError("no picture that a paper can hold") from fault
    about = drawn._inline.docPr
    about.set("descr", clean(block.alt))
    about.set("name", f"picture {about.get('id')}")
    return line
