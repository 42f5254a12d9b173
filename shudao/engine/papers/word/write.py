"""成文 (write): the order of an official paper, from the header mark to the 版记."""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from shudao.engine.papers.model import Block, Heading, Note, Paper, Para, Picture, Quote, Table
from shudao.engine.papers.phrases import stamp_lines
from shudao.engine.papers.word import furniture, tables
from shudao.engine.papers.word.looks import LOOKS, Face, Look
from shudao.engine.papers.word.pack import repack
from shudao.engine.papers.word.pictures import add_picture
from shudao.engine.papers.word.xml import add_run, clean, indent_chars, rule_under, set_page

_DIGITS = "〇一二三四五六七八九"


def write_word(paper: Paper, at: datetime) -> bytes:
    """The paper as .docx, made at `at`. Equal arguments give equal bytes. Errors: ValueError for a naive `at`."""
    if at.tzinfo is None:
        raise ValueError("a paper needs an aware moment")
    document = docx.Document()
    writer = _Writer(document, paper, LOOKS[paper.layout])
    writer.write()
    _date(document, paper, at)
    out = io.BytesIO()
    document.save(out)
    return repack(out.getvalue(), at)


def number_of(counts: Sequence[int], layout: str) -> str:
    """The number before a heading at the depth of `counts`: 一、 （二） 3. in the official layout, 1 1.2 1.2.3 else."""
    if layout == "plain":
        return ".".join(str(count) for count in counts) + "  "
    last = counts[-1]
    return (f"{chinese_number(last)}、", f"（{chinese_number(last)}）", f"{last}. ")[len(counts) - 1]


def chinese_number(value: int) -> str:
    """1 to 99 in Chinese figures: 一, 十, 十二, 二十, 九十九."""
    tens, ones = divmod(value, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


def title_lines(title: str, look: Look) -> str:
    """The title, broken where it is too long for one line: after 的 or before a bracket, as evenly as may be."""
    room = look.width_twips / 20 / look.title.size
    places = [found.end() if found[0] == "的" else found.start() for found in re.finditer("的|（", title)]
    even = [place for place in places if max(_width(title[:place]), _width(title[place:])) <= room]
    if _width(title) <= room or not even:
        return title
    best = min(even, key=lambda place: abs(_width(title[:place]) - _width(title[place:])))
    return f"{title[:best]}\n{title[best:]}"


def _date(document: Document, paper: Paper, at: datetime) -> None:
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about = document.core_properties
    about.author = clean(paper.signed_by or paper.issuer)[:255]
    about.last_modified_by = about.author
    about.title = clean(paper.title)[:255]
    about.comments, about.keywords, about.subject, about.category = "", "", "", ""
    about.language = "zh-CN" if paper.lang == "zh" else "en"
    about.created = about.modified = moment
    about.revision = 1


class _Writer:
    """Walks one paper into one document; holds the counters of the headings."""

    def __init__(self, document: Document, paper: Paper, look: Look) -> None:
        self.document, self.paper, self.look = document, paper, look
        self.chinese = paper.lang == "zh"
        self.official = paper.layout == "gbt9704"
        self.counts: list[int] = []

    def write(self) -> None:
        section = self.document.sections[0]
        top, bottom, left, right = (Mm(side) for side in self.look.margins)
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = top, bottom
        section.left_margin, section.right_margin = left, right
        section.header_distance, section.footer_distance = Mm(15), Mm(self.look.footer)
        set_page(section, self.look)
        furniture.plain_default(self.document, self.look)
        furniture.drop_thumbnail(self.document)
        furniture.dress(self.document, self.paper, self.look)
        self._head()
        for block in self.paper.blocks:
            self._block(block)
        self._foot()

    def _head(self) -> None:
        paper, look = self.paper, self.look
        if paper.urgency and self.official:
            self.line(paper.urgency, look.heads[0])
        if paper.issuer:
            self._mark()
        self._number_line()
        if self.official and paper.issuer:
            self.blank()
        title = self.line(
            title_lines(paper.title, look), look.title, align=WD_ALIGN_PARAGRAPH.CENTER if self.official else None
        )
        title.paragraph_format.line_spacing = Pt(look.title.size * 1.5)
        title.paragraph_format.keep_with_next = True
        if self.official:
            self.blank()
        else:
            title.paragraph_format.space_after = Pt(10)
        if paper.to:
            stop = "：" if self.chinese else ""
            lead = "" if self.chinese else "To: "
            self.line(f"{lead}{paper.to}{stop}", look.body, after=look.after)

    def _mark(self) -> None:
        """The header mark, its top 35 mm below the type area's; a long name is set smaller to keep to one line."""
        look, paper = self.look, self.paper
        room = look.width_twips / 20 - 4
        wide = sum(1.0 if ord(letter) > 0x2E7F else 0.6 for letter in paper.issuer)
        size = min(look.mark.size, int(room / max(wide, 1)))
        face = Face(east=look.mark.east, latin=look.mark.latin, size=size, bold=look.mark.bold, colour=look.mark.colour)
        mark = self.line(paper.issuer, face, align=WD_ALIGN_PARAGRAPH.CENTER if self.official else None, tighten=0)
        mark.paragraph_format.line_spacing = Pt(size * 1.4)
        if self.official:
            # Space before the first line of a page is kept by Word and by LibreOffice.
            mark.paragraph_format.space_before = Mm(35 if not paper.urgency else 24)
            self.blank()

    def _number_line(self) -> None:
        """文号 (and 签发人), with the red rule 4 mm below; the rule stands even without a number."""
        paper, look = self.paper, self.look
        if not paper.issuer and not paper.doc_no:
            return
        if self.official:
            if paper.signer:
                line = self.line("", look.body)
                signer = f"签发人：{paper.signer}" if self.chinese else f"Signed off: {paper.signer}"
                tables.spread_line(line, look, paper.doc_no, signer)
            else:
                line = self.line(paper.doc_no, look.body, align=WD_ALIGN_PARAGRAPH.CENTER)
            rule_under(line, colour=look.mark.colour, eighths=14)
            return
        parts = [part for part in (paper.doc_no, paper.signer and f"Signed off: {paper.signer}") if part]
        line = self.line("    ".join(parts), look.small, after=12)
        rule_under(line, colour=look.mark.colour, eighths=8)

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Para():
                self._para(block)
            case Quote():
                self._quote(block)
            case Note():
                self.line(block.text, self.look.small, after=self.look.after or 6)
            case Table():
                tables.add_table(self.document, block, self.look, chinese=self.chinese)
            case Picture():
                add_picture(self.document, block, self.look)
                if block.caption:
                    self.line(block.caption, self.look.small, align=WD_ALIGN_PARAGRAPH.CENTER, after=6)

    def _heading(self, block: Heading) -> None:
        depth = block.level
        self.counts = [*self.counts[:depth], *([0] * (depth - len(self.counts)))]
        self.counts[depth - 1] += 1
        face = self.look.heads[depth - 1]
        line = self.line(number_of(self.counts, self.paper.layout) + block.text, face, first=self.look.indent_chars)
        line.paragraph_format.keep_with_next = True
        if not self.official:
            line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(10), Pt(4)

    def _para(self, block: Para) -> None:
        first = self.look.indent_chars if block.indent else 0
        for place, text in enumerate(block.text.split("\n") or [""]):
            line = self.line("", self.look.body, first=first, after=self.look.after)
            if block.lead and place == 0:
                self.run(line, block.lead, self.look.lead)
            self.run(line, text, self.look.body)
            if self.official:
                line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    def _quote(self, block: Quote) -> None:
        marks, comma = ("“", "”"), "，" if self.chinese else ", "
        origin = comma.join(part for part in (block.source, block.at) if part)
        where = origin + comma if origin else ""
        tail = f"（{where}编号 {block.item}）" if self.chinese else f" ({where}item {block.item})"
        line = self.line("", self.look.body, first=self.look.indent_chars, after=self.look.after)
        if not self.official:
            line.paragraph_format.left_indent = Mm(8)
        self.run(line, marks[0] + block.text + marks[1], self.look.lead if self.chinese else self.look.body)
        self.run(line, tail, self.look.small)

    def _foot(self) -> None:
        paper, look = self.paper, self.look
        self._attachments()
        if paper.signed_by or paper.date:
            if self.document.paragraphs:
                # 署名 never stands alone on a page: the last lines of the text go with it.
                self.document.paragraphs[-1].paragraph_format.keep_with_next = True
            if self.official:
                self.line("", look.body).paragraph_format.keep_with_next = True
            self._signature()
        if paper.stamp:
            lines = stamp_lines(paper.stamp, paper.lang)
            caption = "记录核验" if self.chinese else "Verification"
            tables.add_stamp(self.document, caption, lines, look, chinese=self.chinese)
        if paper.cc or paper.issued_by:
            tables.add_imprint(self.document, paper, look)

    def _attachments(self) -> None:
        for place, name in enumerate(self.paper.attachments):
            lead = ("附件：" if self.chinese else "Attached: ") if place == 0 else ("　　　" if self.chinese else "")
            if place == 0 and self.official:
                self.blank()
            number = f"{place + 1}. " if len(self.paper.attachments) > 1 else ""
            self.line(f"{lead}{number}{name}", self.look.body, first=self.look.indent_chars, after=self.look.after)

    def _signature(self) -> None:
        """署名 centred over the date, the date four characters from the right edge."""
        paper, look = self.paper, self.look
        if not self.official:
            self.line(paper.signed_by, look.lead)
            self.line(paper.date, look.body, after=10)
            return
        wide = (_width(paper.signed_by) - _width(paper.date)) / 2
        right = WD_ALIGN_PARAGRAPH.RIGHT
        date_from_right = 4 if wide <= 2 else 2 + round(wide)
        name_from_right = max(2, round(date_from_right - wide))
        name = self.line(paper.signed_by, look.body, align=right, right=name_from_right)
        name.paragraph_format.keep_with_next = True
        self.line(paper.date, look.body, align=right, right=date_from_right)

    def blank(self) -> None:
        self.line("", self.look.body)

    def line(
        self, text: str, face: Face, *, align: WD_ALIGN_PARAGRAPH | None = None, first: int = 0, right: int = 0,
        after: float = 0, tighten: int | None = None,
    ) -> Paragraph:  # fmt: skip
        """One paragraph of one face."""
        line = self.document.add_paragraph()
        line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(0), Pt(after)
        if self.look.line:
            line.paragraph_format.line_spacing = Pt(max(self.look.line, face.size * 1.3))
        if align is not None:
            line.alignment = align
        indent_chars(line, face, first=first, right=right)
        if text:
            self.run(line, text, face, tighten=tighten)
        return line

    def run(self, line: Paragraph, text: str, face: Face, *, tighten: int | None = None) -> None:
        add_run(line, text, face, tighten=self.look.tighten if tighten is None else tighten, chinese=self.chinese)


def _width(text: str) -> float:
    """Width in Chinese characters; a Latin letter or figure is half of one."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.5 for letter in text)
