"""试读 (sniff): what a file holds, before anything is kept: its kind, its sheets, the first rows and what columns may mean."""

from itertools import islice

import msgspec

from shudao.engine.intake.files import form_of, read_file
from shudao.engine.intake.grid import main_sheet, open_sheets
from shudao.engine.intake.headings import cell_text, fingerprint, guess_layout
from shudao.engine.intake.setting import Layout, Setting
from shudao.engine.post import Post
from shudao.engine.words import BadInput, Words

SHOWN_ROWS = 40  # of a sheet, headings and what stands above them included
SHOWN_COLUMNS = 60
SHOWN_POSTS = 5
CELL = 120  # characters shown of a cell


class SheetLook(msgspec.Struct, frozen=True, kw_only=True):
    """工作表一览 (look at a sheet): its first rows as text, how many it has, the likely layout, and its fingerprint."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    count: int
    layout: Layout
    fingerprint: str
    alike: int = 0

    @property
    def headings(self) -> tuple[str, ...]:
        """The row that names the columns; empty when the table has none."""
        return headings_at(self, self.layout.heading_row)


class PostLook(msgspec.Struct, frozen=True, kw_only=True):
    """一条一览 (look at a post): what it would be kept as; its author is not among it."""

    title: str
    text: str
    when: str


class Sniffed(msgspec.Struct, frozen=True, kw_only=True):
    """试读结果 (sniffed): the kind of file; for tables its sheets and which is the main one, for others the first posts."""

    form: str
    sheets: tuple[SheetLook, ...] = ()
    main: str = ""
    posts: tuple[PostLook, ...] = ()
    count: int = 0
    faults: int = 0


def sniff(name: str, data: bytes, setting: Setting) -> Sniffed:
    """A look at the whole file. BadInput when it cannot be opened or holds nothing."""
    form = form_of(name, data)
    if form == "picture":
        return Sniffed(form=form, count=1)
    if form != "table":
        return _sniff_posts(form, name, data, setting)
    sheets = open_sheets(data, where=name)
    main = main_sheet(sheets, where=name)
    looks = tuple(_look(sheet.name, sheet.rows) for sheet in sheets)
    chosen = looks[next(at for at, sheet in enumerate(sheets) if sheet is main)]
    if not any(any(row) for row in chosen.rows):
        raise BadInput(Words("表格是空的", "the spreadsheet is empty"), where=name)
    prints = [look.fingerprint for look in looks]
    counted = tuple(msgspec.structs.replace(look, alike=prints.count(look.fingerprint) - 1) for look in looks)
    return Sniffed(form=form, sheets=counted, main=chosen.name, count=sum(look.count for look in counted))


def headings_at(look: SheetLook, place: int) -> tuple[str, ...]:
    """The row at that place as headings."""
    return look.rows[place] if 0 <= place < len(look.rows) else ()


def _look(name: str, rows: "object") -> SheetLook:
    table = list(rows)  # type: ignore[call-overload]
    layout = guess_layout(table[:SHOWN_ROWS])
    heads = table[layout.heading_row] if table else []
    shown = tuple(tuple(cell_text(cell)[:CELL] for cell in row[:SHOWN_COLUMNS]) for row in table[:SHOWN_ROWS])
    full = sum(any(cell_text(cell) for cell in row) for row in table[layout.heading_row + 1 :])
    return SheetLook(name=name, rows=shown, count=full, layout=layout, fingerprint=fingerprint(heads))


def _sniff_posts(form: str, name: str, data: bytes, setting: Setting) -> Sniffed:
    if form == "pdf":
        return Sniffed(form=form)  # its pages may need to be recognised, which is the worker's business
    count = faults = 0
    posts: list[PostLook] = []
    results = read_file(name, data, setting)
    for result in islice(results, 200_000):
        count += 1
        if not isinstance(result, Post):
            faults += 1
        elif len(posts) < SHOWN_POSTS:
            when = result.published_at.isoformat()
            posts.append(PostLook(title=(result.title or "")[:CELL], text=(result.text or "")[:CELL], when=when))
    if not count:
        raise BadInput(Words("文件里没有内容", "there is nothing in the file"), where=name)
    return Sniffed(form=form, posts=tuple(posts), count=count, faults=faults)
