"""Reports on their pages: what one sent and what became of it; the duty officer's queue."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.words import Words
from shudao.listen.actions.reports import Reporter
from shudao.listen.models import Evidence, ObserverLink, Report
from shudao.listen.queries.reports import fate_of, links_of, observers_with_links, reports, reports_by, waiting_count
from shudao.org.models import Observer

PER_PAGE = 20
MINE = 10
STATES = {
    Report.State.WAITING: Words("值班员还没有看", "the duty officer has not read it yet"),
    Report.State.SEEN: Words("值班员已阅", "read by the duty officer"),
    Report.State.TAKEN: Words("值班员已受理", "taken up by the duty officer"),
}
SHORT = {
    Report.State.WAITING: Words("待处理", "waiting"),
    Report.State.SEEN: Words("已阅", "read"),
    Report.State.TAKEN: Words("已受理", "taken up"),
}
JOINED = Words("与更早的一条说的是同一件事，已并在一起", "it tells the same as an earlier one and was joined to it")


@dataclass(frozen=True)
class Mine:
    """我报的一条 (one of mine): when, a few words of it, and what became of it."""

    report: Report
    further: Words | None

    @property
    def about(self) -> str:
        """A few words to know it by."""
        item = self.report.item
        words = " ".join(f"{item.title} {item.text}".split()) if item else self.report.link
        return words[:60]

    @property
    def fate(self) -> list[Words]:
        """What became of it, the furthest last."""
        first = self.report.joined_to or self.report
        said = [JOINED] if self.report.joined_to else []
        return [*said, STATES[Report.State(first.state)], *([self.further] if self.further else [])]


class ReportScreen:
    """The form's page: earlier reports of the one who sends."""

    def __init__(self, reporter: Reporter, page: str = "1") -> None:
        self.reporter, self._page = reporter, page
        self.now = clock.now(LIVE)

    @cached_property
    def pages(self) -> Page[Report]:
        """His reports, newest first."""
        return Paginator(reports_by(self.reporter.staff, self.reporter.observer), MINE).get_page(self._page)

    @property
    def mine(self) -> list[Mine]:
        """The same with what became of each."""
        return with_fates(list(self.pages))


def with_fates(rows: list[Report]) -> list[Mine]:
    """Reports with what later stages did with their items, or with those of the reports they were joined to."""
    first = {row.pk: (row.joined_to or row) for row in rows}
    keys = {row.item_id for pair in zip(rows, first.values(), strict=True) for row in pair if row.item_id}
    found = fate_of(keys)
    return [Mine(row, found.get(first[row.pk].item_id or 0) or found.get(row.item_id or 0)) for row in rows]


class QueueScreen:
    """The duty officer's short queue: what waits, or everything."""

    def __init__(self, shown: str = "", page: str = "1") -> None:
        self.is_all, self._page = shown == "all", page
        self.now = clock.now(LIVE)

    @cached_property
    def waiting(self) -> int:
        """How many wait."""
        return waiting_count(LIVE)

    @cached_property
    def pages(self) -> Page[Report]:
        """The reports of the page."""
        rows = reports(LIVE)
        return Paginator(rows if self.is_all else rows.filter(state=Report.State.WAITING), PER_PAGE).get_page(
            self._page
        )

    @property
    def rows(self) -> list["Queued"]:
        """Each with what became of it."""
        return [Queued(mine.report, mine.further) for mine in with_fates(list(self.pages))]


@dataclass(frozen=True)
class Queued:
    """队列中的一条 (queued): a report as the duty officer sees it."""

    report: Report
    further: Words | None

    @property
    def state(self) -> Words:
        """Its state in a word."""
        return SHORT[Report.State(self.report.state)]

    @property
    def who(self) -> str:
        """Who of us sent it."""
        if self.report.staff:
            return self.report.staff.name
        return f"{self.report.observer.name}（{self.report.observer.unit.name}）" if self.report.observer else ""

    @property
    def pictures(self) -> list[Evidence]:
        """Its pictures, the erased ones too: that they were there is known."""
        return list(self.report.evidence.all())


class OneReportScreen:
    """One report: everything about it, and those that were joined to it."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.now = clock.now(LIVE)
        self.queued = Queued(report, with_fates([report])[0].further)

    @cached_property
    def joined(self) -> list[Queued]:
        """Reports of the same thing, in the order they came; at most fifty are shown."""
        rows = self.report.joined.select_related("item", "staff", "observer__unit").prefetch_related("evidence")
        return [Queued(row, None) for row in rows.order_by("sent_at", "pk")[:50]]


class ObserversScreen:
    """Observers of the register and their links."""

    def __init__(self, page: str = "1") -> None:
        self.now = clock.now(LIVE)
        self.pages: Page[Observer] = Paginator(observers_with_links(), PER_PAGE).get_page(page)

    @cached_property
    def rows(self) -> list[tuple[Observer, ObserverLink | None]]:
        """Each observer with the link in force."""
        links = links_of(self.pages)
        return [(observer, links.get(observer.pk)) for observer in self.pages]
