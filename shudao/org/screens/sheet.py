"""Screen of a sheet's preview."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shudao.engine.words import Words
from shudao.org.models import SheetUpload
from shudao.org.sheet.compare import Preview
from shudao.org.sheet.compare.preview import ACTS
from shudao.org.sheet.compare.world import ADD, CHANGE, END, REFUSED, SAME, Change
from shudao.org.sheet.fields import TABLES

PER_PAGE = 50
LABELS = {REFUSED: _("不写入"), ADD: _("新增"), CHANGE: _("有改动"), END: _("结束或停用"), SAME: _("不变")}


class SheetScreen:
    """One question: what would this sheet change?"""

    def __init__(
        self, upload: SheetUpload, preview: Preview, given: Mapping[str, str], why: Words | None = None
    ) -> None:
        self.upload, self.preview, self.why = upload, preview, why
        wanted = given.get("act", "")
        self.act = wanted if wanted in ACTS else next((act for act in ACTS if preview.count(act)), SAME)
        self.page = given.get("page", "1")

    @property
    def sentence(self) -> str:
        """On top."""
        refused = self.preview.count(REFUSED)
        if not self.preview.to_do:
            return gettext("这张表不改动什么") if not refused else gettext("这张表没有能写入的改动")
        said = ngettext("将写入 %(n)d 项改动", "将写入 %(n)d 项改动", self.preview.to_do) % {"n": self.preview.to_do}
        if not refused:
            return said
        return ngettext("%(said)s，%(n)d 处写不进去", "%(said)s，%(n)d 处写不进去", refused) % {
            "said": said,
            "n": refused,
        }

    @property
    def tabs(self) -> list[tuple[str, Any, int]]:
        """What came of the rows, how many of each."""
        return [(act, LABELS[act], self.preview.count(act)) for act in ACTS]

    @property
    def counts(self) -> list[tuple[Words, list[int]]]:
        """Table, and how many rows come to each."""
        rows = [(table.name, [self.preview.count(act, table.key) for act in ACTS]) for table in TABLES]
        return [(name, found) for name, found in rows if any(found)]

    @property
    def heads(self) -> list[Any]:
        """Heads of the counts."""
        return [LABELS[act] for act in ACTS]

    @property
    def rows(self) -> list[Change]:
        """The rows of the chosen kind."""
        return [row for row in self.preview.changes if row.act == self.act]

    @property
    def pages(self) -> Page:
        """A page of them."""
        return Paginator(self.rows, PER_PAGE).get_page(self.page)

    @property
    def names(self) -> dict[str, Words]:
        """Table by key."""
        return {table.key: table.name for table in TABLES}

    @property
    def is_held_back(self) -> bool:
        """A complete list of which some rows were refused ends nothing in those tables."""
        return self.upload.is_whole and bool(self.preview.count(REFUSED))
