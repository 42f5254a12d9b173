"""态势 (situation board): how many matters move, what waits for the reader, and where every clock stands.

Read in a fixed number of questions to the database, however many rows there are. Who may not watch sees what is his own.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F, Min, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext

from shudao.base import clock
from shudao.base.scene import Scene
from shudao.board.screens import outlook
from shudao.board.screens.matters import Matter, Waiting, matters_of, waiting_of
from shudao.drill.models import Run
from shudao.engine.charts.model import VolumeChart
from shudao.engine.respond.state import OPEN
from shudao.listen.models import Item
from shudao.notify.models import Message
from shudao.notify.queries import inbox
from shudao.org.models import HandOver, Right, Staff
from shudao.respond import queries as respond
from shudao.respond.models import Incident
from shudao.respond.screens.mine import MineScreen, TodoRow
from shudao.sense import queries as sense
from shudao.sense.beside import taken_up
from shudao.sense.models import Alert, AlertItem
from shudao.sense.screens.alerts import title_of

PER_PAGE = 10
SHOWN_ALERTS, SHOWN_ITEMS, SHOWN_MINE, SHOWN_MESSAGES = 5, 5, 6, 3
NUMBERS = {
    "zh": ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}


def in_words(count: int) -> str:
    """A small number as people say it before a noun; a larger one in figures."""
    chinese = (get_language() or "zh").startswith("zh")
    names = NUMBERS["zh" if chinese else "en"]
    return names[count] if count < len(names) else f"{count} " if chinese else str(count)


@dataclass(frozen=True)
class AlertCard:
    """预警 (alert) on the board with the posts behind it."""

    alert: Alert
    items: list[Item]
    more: int

    @property
    def title(self) -> str:
        """What an incident opened from it would be called."""
        return title_of(self.alert)


class BoardScreen:
    """The board of a scene for one reader. `posts`: the posts the reader acts in, by code; `rights`: what he may do."""

    def __init__(
        self, scene: Scene, posts: Mapping[str, str], rights: Set[str] = frozenset(), *, staff: Staff | None = None,
        page: str = "1", ended: str = "1",
    ) -> None:  # fmt: skip
        self.scene, self.posts, self.staff = scene, posts, staff
        self.can_watch, self.can_receive = Right.WATCH in rights, Right.RECEIVE in rights
        self.now = clock.now(scene)
        self._page, self._ended = page, ended

    @property
    def key(self) -> str:
        """What the live page watches: all that moves in its scene."""
        return "live" if self.scene.is_live else self.scene.stream

    @cached_property
    def matters(self) -> Page[Incident]:
        """A page of the open incidents, the one with the most urgent task first."""
        due = Min("task__due_at", filter=Q(task__status__in=OPEN))
        rows = respond.open_incidents(self.scene).select_related("plan_copy").annotate(next_due=due)
        return Paginator(rows.order_by(F("next_due").asc(nulls_last=True), "-pk"), PER_PAGE).get_page(self._page)

    @cached_property
    def cards(self) -> list[Matter]:
        """They as cards."""
        return matters_of(list(self.matters), self.now)

    @cached_property
    def pending(self) -> Page[int]:
        """Keys of the alerts nobody has dealt with: not taken up, or not yet opened; the most urgent first."""
        taken = {int(code) for code in taken_up(self.scene) if code.isdecimal()}
        rows = sense.alerts(self.scene).filter(dismissed_at=None).exclude(number__in=taken)
        return Paginator(sense.by_urgency(rows).values_list("pk", flat=True), SHOWN_ALERTS).get_page(1)

    @cached_property
    def alert_cards(self) -> list[AlertCard]:
        """They with the posts behind them."""
        found = sense.alerts(self.scene).in_bulk(list(self.pending))
        shown = [found[key] for key in self.pending if key in found]
        rows = AlertItem.objects.filter(alert__in=shown).select_related("item__source").order_by("alert", "place")
        behind: dict[int, list[Item]] = defaultdict(list)
        for row in rows:
            behind[row.alert_id].append(row.item)
        return [
            AlertCard(row, behind[row.pk][:SHOWN_ITEMS], max(len(behind[row.pk]) - SHOWN_ITEMS, 0)) for row in shown
        ]

    @property
    def more_alerts(self) -> int:
        """Alerts that are not shown."""
        return self.pending.paginator.count - len(self.pending)

    @cached_property
    def unseen(self) -> int:
        """Alerts that nobody has acknowledged."""
        return sense.open_alerts(self.scene).count()

    @cached_property
    def _mine(self) -> MineScreen:
        return MineScreen(self.posts, {}, scene=self.scene)

    @cached_property
    def mine(self) -> list[TodoRow]:
        """What waits for the reader, the most urgent first."""
        return self._mine.rows[:SHOWN_MINE]

    @property
    def mine_count(self) -> int:
        """How much does."""
        return len(self._mine.here)

    @cached_property
    def inbox(self) -> Page[Message]:
        """The latest unconfirmed messages."""
        return Paginator(inbox(self.scene, self.posts, self.staff), SHOWN_MESSAGES).get_page(1)

    @cached_property
    def waiting(self) -> list[Waiting]:
        """What waits for which post, the latest first."""
        return waiting_of(self.scene, self.now, self.matters)

    @cached_property
    def ended(self) -> Page[Incident]:
        """A page of the closed incidents."""
        rows = respond.incidents_of(self.scene).exclude(closed_at=None).order_by("-closed_at", "-pk")
        return Paginator(rows, PER_PAGE).get_page(self._ended)

    @cached_property
    def volume(self) -> VolumeChart | None:
        """What was published in the last day."""
        return outlook.volume(self.scene, self.now)

    @cached_property
    def trouble(self) -> outlook.Trouble:
        """How the sources are."""
        return outlook.trouble(self.scene)

    @cached_property
    def drills(self) -> list[Run]:
        """Runs under way, on the board of the real world."""
        return outlook.drills() if self.scene.is_live else []

    @cached_property
    def notes(self) -> list[HandOver]:
        """What the shift before has left to the reader's posts."""
        return outlook.notes(list(self.posts), self.now) if self.scene.is_live and self.posts else []

    @cached_property
    def sentence(self) -> str:
        """The one sentence on top."""
        parts = [self._moving()] if self.can_watch else []
        joined = gettext("，").join([*parts, *self._waits()])
        return joined[:1].upper() + joined[1:]

    def _moving(self) -> str:
        count = self.matters.paginator.count
        if not count:
            return gettext("没有事件在发展")
        return ngettext("%(n)s件事在发展", "%(n)s件事在发展", count) % {"n": in_words(count)}

    def _waits(self) -> list[str]:
        """What waits for the reader: to sign, to do, and what nobody has taken up yet."""
        signing = sum(row.kind in ("approval", "writing") for row in self._mine.here)
        doing = self.mine_count - signing
        unseen = self.unseen if self.can_watch else 0
        told = [
            text % {"n": in_words(count)}
            for count, text in (
                (signing, ngettext("%(n)s件等您签字", "%(n)s件等您签字", signing)),
                (doing, ngettext("%(n)s件等您办", "%(n)s件等您办", doing)),
                (unseen, ngettext("%(n)s条预警等签收", "%(n)s条预警等签收", unseen)),
            )
            if count
        ]
        return told or [gettext("没有事等您")]
