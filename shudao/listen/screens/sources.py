"""信源 (sources): which are read, which are not and why, in words."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.base.templatetags.words import lasting
from shudao.engine.words import Words
from shudao.listen.forms.sources import KIND_WORDS
from shudao.listen.models import Item, Rejection, Source
from shudao.listen.queries.sources import SILENT, STATES, counts_by_state, latest_items, sources_of
from shudao.listen.screens.faults import Fault, fault_of

PER_PAGE = 20
STATE_WORDS = {
    "all": Words("全部", "all"),
    "ok": Words("正常", "sound"),
    "failing": Words("读不到", "failing"),
    "silent": Words("久无新信息", "silent"),
    "waiting": Words("还没读过", "not read yet"),
    "paused": Words("已暂停", "paused"),
    "retired": Words("已停用", "retired"),
}


@dataclass(frozen=True)
class SourceRow:
    """信源 (source) with its health in words."""

    source: Source
    now: datetime

    @property
    def kind(self) -> object:
        """What kind of medium."""
        return KIND_WORDS.get(self.source.kind, self.source.kind)

    @property
    def site(self) -> str:
        """Its host."""
        try:
            return urlsplit(self.source.address).hostname or ""
        except ValueError:
            return ""

    @property
    def health(self) -> str:
        """A word that the look of its mark follows: good, bad, warn, off."""
        source = self.source
        if not source.is_listened_to:
            return "off"
        if source.state == Source.State.FAILING:
            return "bad"
        if self.is_silent or self.is_waiting:
            return "warn"
        return "good" if source.last_item_at or source.last_read_at else "off"

    @property
    def is_silent(self) -> bool:
        """Read without fault, and nothing new for long."""
        last = self.source.last_item_at
        return bool(self.source.last_read_at and last and self.now - last > SILENT)

    @property
    def is_waiting(self) -> bool:
        """Registered and never read."""
        return self.source.is_polled and self.source.last_read_at is None

    @property
    def said(self) -> str:
        """Its health in one sentence."""
        source = self.source
        if source.state == Source.State.RETIRED:
            return gettext("已停用，带来的信息还在")
        if source.state == Source.State.PAUSED:
            return gettext("已暂停，不读取")
        if source.state == Source.State.FAILING:
            return ngettext("读取失败", "连续 %(n)d 次读取失败", source.failures) % {"n": source.failures}
        if self.is_waiting:
            return gettext("还没有读过，等待第一次读取")
        if not source.is_polled:
            return gettext("由人导入") if source.last_item_at else gettext("由人导入，还没有导入过")
        if source.last_item_at is None:
            return gettext("读得到，还没有带来信息")
        if self.is_silent:
            length = lasting(self.now - source.last_item_at)
            return gettext("读得到，但已 %(length)s没有新信息，看看是否换了地址") % {"length": length}
        return gettext("正常")

    @property
    def fault(self) -> Fault | None:
        """The last fault, as far as it stands."""
        failing = self.source.state == Source.State.FAILING
        return fault_of(self.source.fault_code or "unknown") if failing else None


class SourcesScreen:
    """The register of sources, narrowed by health and words."""

    state_words = STATE_WORDS

    def __init__(self, *, state: str = "all", ask: str = "", page: str = "1") -> None:
        self.now, self._page = clock.now(LIVE), page
        self.state = state if state in STATES else "all"
        self.ask = ask.strip()[:100]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Kind of health -> how many."""
        return counts_by_state(LIVE, self.now)

    @property
    def chips(self) -> list[tuple[str, Words, int]]:
        """The kinds of health there are."""
        return [
            (state, words, self.counts[state])
            for state, words in STATE_WORDS.items()
            if state == "all" or self.counts[state] or state == self.state
        ]

    @cached_property
    def page(self) -> Page[Source]:
        """A page of sources."""
        rows = sources_of(LIVE, state=self.state, ask=self.ask, now=self.now)
        return Paginator(rows, PER_PAGE).get_page(self._page)

    @cached_property
    def rows(self) -> list[SourceRow]:
        """They with their health."""
        return [SourceRow(row, self.now) for row in self.page]

    @property
    def keep(self) -> str:
        """What the other pages are asked with."""
        told = {"state": "" if self.state == "all" else self.state, "ask": self.ask}
        found = urlencode({name: value for name, value in told.items() if value})
        return f"{found}&" if found else ""

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        total, failing = self.counts["all"], self.counts["failing"]
        if not total:
            return gettext("还没有信源：站点什么都听不到")
        if failing:
            told = ngettext("一个信源读不到", "%(n)d 个信源读不到", failing) % {"n": failing}
            return told + gettext("，") + ngettext("共 %(n)d 个", "共 %(n)d 个", total) % {"n": total}
        return ngettext("一个信源，没有读不到的", "%(n)d 个信源，没有读不到的", total) % {"n": total}


class SourceScreen:
    """One source: its health, its next turn, what it brought and what was turned away."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.now = clock.now(LIVE)
        self.row = SourceRow(source, self.now)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        return self.row.said

    @cached_property
    def items(self) -> list[Item]:
        """What it brought last."""
        return latest_items(self.source)

    @cached_property
    def rejections(self) -> list[Rejection]:
        """What was turned away last."""
        return list(Rejection.objects.filter(source=self.source).order_by("-at", "-pk")[:10])

    @property
    def is_due(self) -> bool:
        """Its turn has come."""
        return bool(self.source.next_at and self.source.next_at <= self.now)
