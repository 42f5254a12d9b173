"""行 (line): the written plan as numbered lines, before anything is understood."""

import msgspec

from shudao.engine.words import BadInput, Words

MOST_PARAGRAPHS = 10_000
MOST_CHARACTERS = 200_000
LONGEST = 2_000
"""A paragraph beyond this many characters is kept as text only; no plan has one, and rules stay quick."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """行 (line): one paragraph or table cell.

    `src` is the number of the non-empty paragraph, from 1; several lines share it when a soft break or a Markdown
    table row made them. `indent` = blanks before the bullet of a list item, None for other lines. `number` is the automatic number that Word would print, `heading` the outline level of a
    heading style (1 = highest) or None, `cell` = (table, row, column) for a table cell.
    """

    src: int
    text: str
    number: str = ""
    heading: int | None = None
    cell: tuple[int, int, int] | None = None
    indent: int | None = None


def bounded(lines: list[Line], where: str) -> list[Line]:
    """The same lines when there are some and not absurdly many; BadInput otherwise."""
    if not lines:
        raise BadInput(
            Words("文件里没有可读的文字", "the file holds no readable text"),
            where=where,
            mend=Words("若是扫描件，请先识别文字，另存为 .docx", "if it is a scan, recognise its text, save as .docx"),
        )
    if len(lines) > MOST_PARAGRAPHS or sum(len(line.text) for line in lines) > MOST_CHARACTERS:
        raise BadInput(
            Words("文件过长，不像一份预案", "far too long for a plan"),
            where=where,
            mend=Words("请只保留预案正文", "keep only the text of the plan"),
        )
    return lines
