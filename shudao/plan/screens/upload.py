"""文字预案 (written plan) beside what was understood of it, paragraph by paragraph."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.base.templatetags.words import within
from shudao.engine.plan.read.reading import Paragraph, Reading
from shudao.engine.words import Words
from shudao.plan.models import Edition, Upload

PER_PAGE = 60
PARTS = {
    "units": Words("单位", "units"), "posts": Words("岗位", "posts"), "duties": Words("职责", "duties"),
    "limits": Words("时限", "time limits"), "levels": Words("级别", "levels"), "steps": Words("步骤", "steps"),
    "reports": Words("报告", "reports"), "sign_offs": Words("审签", "sign-offs"), "channels": Words("渠道", "channels"),
    "vague": Words("含糊", "vague"), "not_executable": Words("界外", "not executable here"),
}  # fmt: skip
EXPLAINED = {
    "vague": Words("要求快，却没有写多快", "asks for speed and sets no limit"),
    "not_executable": Words("不执行，只作原文留存", "kept as text, never carried out"),
}


@dataclass(frozen=True)
class Told:
    """读数 (what was understood) of a paragraph: which part it is, and its words."""

    part: str
    words: Words
    text: str
    note: str = ""


@dataclass(frozen=True)
class Row:
    """段落 (paragraph) and what was understood of it."""

    paragraph: Paragraph
    told: list[Told]

    @property
    def is_unread(self) -> bool:
        """It says something and nothing was taken from it."""
        return not self.told and not self.paragraph.is_heading and len(self.paragraph.text) > 1


class UploadScreen:
    """One written plan. `part`: only paragraphs that gave such a part; "unread": only those that gave nothing."""

    part_names, explained = PARTS, EXPLAINED

    def __init__(self, upload: Upload, *, part: str = "", page: str = "1") -> None:
        self.upload, self._page = upload, page
        self.now = clock.now(LIVE)
        self.part = part if part in PARTS or part == "unread" else ""

    @cached_property
    def reading(self) -> Reading:
        """What was understood."""
        return self.upload.reading

    @cached_property
    def counts(self) -> list[tuple[str, Words, int]]:
        """Part, its words, how many."""
        return [(part, words, self.upload.counts.get(part, 0)) for part, words in PARTS.items()]

    @cached_property
    def rows(self) -> Page[Row]:
        """A page of paragraphs."""
        told = self._told()
        rows = [Row(paragraph, told.get(paragraph.src, [])) for paragraph in self.reading.paragraphs]
        if self.part == "unread":
            rows = [row for row in rows if row.is_unread]
        elif self.part:
            rows = [row for row in rows if any(one.part == self.part for one in row.told)]
        return Paginator(rows, PER_PAGE).get_page(self._page)

    def _told(self) -> dict[int, list[Told]]:
        found: dict[int, list[Told]] = {}
        for part in PARTS:
            for row in getattr(self.reading, part):
                found.setdefault(row.src, []).append(_told(part, row))
        for level in self.reading.levels:
            for criterion in level.criteria:
                if criterion.src != level.src:
                    found.setdefault(criterion.src, []).append(
                        Told("levels", PARTS["levels"], criterion.text, level.name)
                    )
        return found

    @cached_property
    def editions(self) -> list[Edition]:
        """Drafts made from it."""
        return list(self.upload.editions.order_by("-pk"))

    @cached_property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.upload.state == Upload.State.WAITING:
            return gettext("正在读这份预案，读完会自动显示")
        if not self.upload.is_read:
            return gettext("这份文件读不出")
        counts = self.upload.counts
        told = gettext("读出 %(steps)d 个步骤、%(limits)d 个时限、%(posts)d 个岗位") % counts
        holes = counts.get("vague", 0)
        if holes:
            told += gettext("，") + ngettext("一处说得含糊", "%(n)d 处说得含糊", holes) % {"n": holes}
        outside = counts.get("not_executable", 0)
        if outside:
            told += gettext("，") + ngettext("一条不执行", "%(n)d 条不执行", outside) % {"n": outside}
        return told


def _told(part: str, row: Any) -> Told:
    text, note = _DETAILS[part](row)
    return Told(part, PARTS[part], text, note or "")


def _limit(row: Any) -> tuple[str, str]:
    start = gettext("，自“%(of)s”起") % {"of": row.of} if row.of else ""
    return f"{row.text}（{within(row.minutes)}{start}）", ""


_DETAILS: dict[str, Any] = {
    "units": lambda row: (row.name, ""),
    "posts": lambda row: (row.name, row.unit),
    "duties": lambda row: (row.text, row.owner),
    "limits": _limit,
    "levels": lambda row: (row.text or row.name, row.name if row.text else ""),
    "steps": lambda row: (row.text, gettext("、").join(part for part in (row.owner, row.trigger) if part)),
    "reports": lambda row: (row.to, row.form),
    "sign_offs": lambda row: (row.by, row.what),
    "channels": lambda row: (row.name, ""),
    "vague": lambda row: (row.text, row.word),
    "not_executable": lambda row: (row.text, row.why.say(get_language() or "zh")),
}
