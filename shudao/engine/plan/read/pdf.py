"""PDF files -> lines: the printed rows joined into paragraphs again. A scan without text has none."""

import re

import pypdfium2

from shudao.engine.plan.read.lines import Line
from shudao.engine.words import BadInput, Words

MOST_PAGES = 400

_PAGE_NUMBER = re.compile(r"^[\s—–\-·.]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/共]\s*\d{1,4}\s*页?)?)[\s—–\-·.]*$")
_STARTS = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百\d]+[章节条]|[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d+(?:\.\d+)*[、．.)）\s]|[①-⑳]|附件|[•●·])"
)
_ENDS = "。；：！？;:!?"
FULL = 0.8
"""A row shorter than this share of the usual longest row ends its paragraph."""


def read_pdf(data: bytes, where: str) -> list[Line]:
    """The paragraphs of a PDF with a text layer, at most MOST_PAGES pages. Raises BadInput when it cannot be opened."""
    rows = _rows(data, where)
    lengths = sorted(len(row) for row in rows)
    full = FULL * lengths[int(len(lengths) * 0.9)] if lengths else 0.0
    joined: list[str] = []
    complete = True
    for row in rows:
        if complete or _STARTS.match(row):
            joined.append(row)
        else:
            joined[-1] += (" " if joined[-1][-1].isascii() and row[0].isascii() else "") + row
        complete = row[-1] in _ENDS or len(row) < full
    return [Line(src=src, text=text) for src, text in enumerate(joined, start=1)]


def _rows(data: bytes, where: str) -> list[str]:
    try:
        document = pypdfium2.PdfDocument(data)
    except (pypdfium2.PdfiumError, ValueError, TypeError) as fault:
        raise BadInput(
            Words("PDF 已损坏或已加密", "the PDF is broken or locked"),
            where=where,
            mend=Words("请另存为 .docx 再试", "save it as .docx and retry"),
        ) from fault
    try:
        if len(document) > MOST_PAGES:
            raise BadInput(
                Words("页数过多，不像一份预案", "too many pages for a plan"),
                where=where,
                mend=Words("请只保留预案正文", "keep only the text of the plan"),
            )
        return [row for place in range(len(document)) for row in _page(document, place, where)]
    finally:
        document.close()


def _page(document: "pypdfium2.PdfDocument", place: int, where: str) -> list[str]:
    try:
        page = document[place]
        text = page.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError as fault:
        raise BadInput(
            Words("PDF 有一页读不出", "a page of the PDF cannot be read"),
            where=f"{where} page {place + 1}",
            mend=Words("请另存为 .docx 再试", "save it as .docx and retry"),
        ) from fault
    rows = (row.strip() for row in text.replace("\ufffe", "").splitlines())
    return [row for row in rows if row and not _PAGE_NUMBER.match(row)]
