"""保存期限 (retention): what each class is kept for, what is due, and what went, with its signed record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.retention import Due, Kind, due, kinds
from shudao.base.scene import LIVE
from shudao.engine.deletion import holds
from shudao.engine.words import Words
from shudao.ledger.models import Entry
from shudao.ledger.queries import Period, deletion_records, periods
from shudao.org.models import Post

PER_PAGE = 20
AS_SYSTEM = Words("后台按期", "the daily job")


@dataclass(frozen=True)
class Record:
    """One erasing as people read it."""

    seq: int
    words: Words
    count: int
    oldest: datetime
    newest: datetime
    before: datetime
    at: datetime
    post: str | Words
    digest: str
    holds: bool
    entry: dict[str, Any]


class RetentionScreen:
    """All classes with their periods, and the records."""

    def __init__(self, page: str = "1") -> None:
        self.now = clock.now(LIVE)
        self._page = page

    @cached_property
    def periods(self) -> list[Period]:
        """Every class and its period."""
        return periods()

    @property
    def sentence(self) -> str:
        """How much of it is looked after by itself."""
        applied, asked = sum(one.is_applied for one in self.periods), sum(one.days is not None for one in self.periods)
        if applied == asked:
            return gettext("有期限的类别都会到期自动清除")
        left = asked - applied
        return ngettext("%(n)d 类有期限，但到期不会自动清除", "%(n)d 类有期限，但到期不会自动清除", left) % {"n": left}

    @cached_property
    def records(self) -> Page[Any]:
        """The erasings, newest first."""
        page = Paginator(deletion_records(), PER_PAGE).get_page(self._page)
        names = dict(Post.objects.values_list("code", "name"))
        words = {kind.code: kind.words for kind in kinds()}
        page.object_list = [record_of(row, words, names) for row in page.object_list]
        return page


class DryRunScreen:
    """What a day would take, class by class; nothing is written."""

    def __init__(self, chosen: list[Kind], before: datetime) -> None:
        self.before = before
        self.rows: list[tuple[Kind, Due]] = [(kind, due(kind, before)) for kind in chosen]

    @property
    def total(self) -> int:
        """Rows of all classes."""
        return sum(found.count for _, found in self.rows)

    @property
    def sentence(self) -> str:
        """What would go, in one sentence."""
        if not self.total:
            return gettext("没有到期的内容")
        return ngettext("将清除 %(n)d 条，不能恢复", "将清除 %(n)d 条，不能恢复", self.total) % {"n": self.total}


def record_of(row: Entry, words: dict[str, Words], names: dict[str, str]) -> Record:
    """An entry `erase_old` in words; `holds`: whether the signature in it is good."""
    value = row.as_value()
    data = value["data"]
    return Record(
        seq=row.seq,
        words=words.get(data["kind"], Words(data["kind"], data["kind"])),
        count=data["count"],
        oldest=datetime.fromisoformat(data["oldest"]),
        newest=datetime.fromisoformat(data["newest"]),
        before=datetime.fromisoformat(data["before"]),
        at=row.at,
        post=AS_SYSTEM if row.post == "system" else names.get(row.post, row.post),
        digest=data["digest"],
        holds=holds(value),
        entry=value,
    )
