"""Imports on their pages: the list, the columns to confirm, how far it is, what came of it."""

from datetime import timedelta

import msgspec
from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.intake.headings import fingerprint, guess_layout
from shudao.engine.intake.setting import Layout
from shudao.engine.intake.sniff import SheetLook, Sniffed, headings_at
from shudao.engine.words import Words
from shudao.listen.models import ColumnMemory, ImportReject, ImportRun, Source
from shudao.listen.queries.imports import imports, layout_in, look_of, memory_of, rejects_of, sensed_upto

PER_PAGE = 20
FORMS = {
    "table": Words("表格", "spreadsheet"), "jsonl": Words("JSONL", "JSONL"), "json": Words("JSON", "JSON"), "chat": Words("群聊记录", "chat record"),
    "mail": Words("邮件", "mail"), "mailbox": Words("邮箱文件", "mailbox"), "pdf": Words("PDF 版面", "PDF pages"), "picture": Words("图片版面", "picture of a page"),
    "srt": Words("字幕", "subtitles"), "vtt": Words("字幕", "subtitles"), "ass": Words("字幕", "subtitles"), "ssa": Words("字幕", "subtitles"),
}  # fmt: skip
STATES = {
    ImportRun.State.MAPPING: Words("待核对", "to be checked"), ImportRun.State.WAITING: Words("排队中", "in the queue"),
    ImportRun.State.RUNNING: Words("导入中", "being read"), ImportRun.State.DONE: Words("已完成", "done"),
    ImportRun.State.FAILED: Words("未完成", "not finished"), ImportRun.State.STOPPED: Words("已停止", "stopped"),
}  # fmt: skip


class ImportsScreen:
    """All imports, newest first, and the sources a file may belong to."""

    def __init__(self, page: str = "1") -> None:
        self.now = clock.now(LIVE)
        self.pages: Page[ImportRun] = Paginator(imports(LIVE), PER_PAGE).get_page(page)

    @property
    def rows(self) -> list[tuple[ImportRun, Words]]:
        """Each with its state in words."""
        return [(run, STATES[ImportRun.State(run.state)]) for run in self.pages]

    @cached_property
    def sources(self) -> list[str]:
        """Names of sources, those lately heard first."""
        rows = Source.objects.in_scene(LIVE).exclude(state=Source.State.RETIRED).order_by("-last_item_at", "name")
        return list(rows.values_list("name", flat=True)[:200])


class ImportScreen:
    """One import."""

    def __init__(self, run: ImportRun, *, sheet: str = "", heading: str = "") -> None:
        self.run, self._sheet, self._heading = run, sheet, heading
        self.now = clock.now(LIVE)
        self.form = FORMS.get(run.form, Words(run.form, run.form))
        self.state = STATES[ImportRun.State(run.state)]

    @cached_property
    def seen(self) -> Sniffed | None:
        """What was seen of the file; None once it is gone."""
        return look_of(self.run)

    @cached_property
    def look(self) -> SheetLook | None:
        """The sheet whose columns are shown, with the heading row that was asked for."""
        if self.seen is None or not self.seen.sheets:
            return None
        name = self._sheet or self.seen.main
        look = next((one for one in self.seen.sheets if one.name == name), self.seen.sheets[0])
        if self._heading.isdigit() and 1 <= int(self._heading) <= len(look.rows):
            place = int(self._heading) - 1
            if place == look.layout.heading_row:
                return look
            guess = guess_layout(look.rows[place:])
            columns = guess.columns if guess.heading_row == 0 else {}
            print_ = fingerprint(headings_at(look, place))
            return msgspec.structs.replace(
                look, layout=Layout(heading_row=place, columns=columns), fingerprint=print_, alike=0
            )
        return look

    @cached_property
    def memory(self) -> ColumnMemory | None:
        """How such a sheet was understood the last time."""
        return memory_of(self.run.source, self.look.fingerprint) if self.look else None

    @property
    def initial(self) -> dict[str, object]:
        """What the selects say before anybody touched them: as the last time, else as guessed."""
        if self.look is None:
            return {"kind": self.run.kind}
        kept = layout_in(self.memory.layout) if self.memory else None
        layout = kept or self.look.layout
        columns = {f"c{place}": field for field, places in layout.columns.items() for place in places}
        kind = self.memory.kind if self.memory else ""
        return {"sheet": self.look.name, "heading_row": self.look.layout.heading_row, "kind": kind, **columns}

    @property
    def above(self) -> list[tuple[int, str]]:
        """The first rows, to choose another heading row from: number and a few of the cells."""
        rows = self.look.rows[:10] if self.look else ()
        return [(at, " | ".join(cell for cell in row if cell)[:80]) for at, row in enumerate(rows, 1)]

    @property
    def share(self) -> int:
        """How far it is, in hundredths."""
        return min(100, round(100 * self.run.place / self.run.total)) if self.run.total else 0

    @cached_property
    def left(self) -> timedelta | None:
        """How long it will take still, at the pace so far; None before there is a pace."""
        run = self.run
        if not run.started_at or run.place < 500 or run.total <= run.place:
            return None
        return (self.now - run.started_at) / run.place * (run.total - run.place)

    @property
    def took(self) -> timedelta | None:
        """How long it took."""
        return self.run.ended_at - self.run.started_at if self.run.ended_at and self.run.started_at else None

    @cached_property
    def is_sensed(self) -> bool:
        """Whether sensing has taken in the last of its items."""
        return not self.run.last_item or sensed_upto(LIVE) >= self.run.last_item

    @cached_property
    def first_rejects(self) -> list[ImportReject]:
        """The first few rows that were turned away."""
        return list(rejects_of(self.run)[:10])
