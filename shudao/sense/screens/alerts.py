"""预警 (alert) on a page of its own: the reasons, and every post behind it with what it copies and its tone."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator

from shudao.base import clock
from shudao.engine.words import Words
from shudao.listen.models import Item
from shudao.sense.models import Alert, AlertItem, Placement
from shudao.sense.queries import placements_of

PER_PAGE = 20
KINDS = {
    "burst": Words("突增", "burst"),
    "second_wave": Words("再起", "second wave"),
    "new_story": Words("新话题", "new story"),
}
TONES = {
    "negative": Words("偏负面", "negative"),
    "positive": Words("偏正面", "positive"),
    "neutral": Words("中性", "neutral"),
}


@dataclass(frozen=True)
class Behind:
    """信息条 (item) behind an alert and where it stands."""

    item: Item
    placement: Placement | None

    @property
    def tone(self) -> Words | None:
        """Its tone in words."""
        return TONES.get(self.placement.tone) if self.placement else None


class AlertScreen:
    """One alert."""

    def __init__(self, alert: Alert, page: str = "1") -> None:
        self.alert, self._page = alert, page
        self.now = clock.now(alert.scene_value)
        self.kind = KINDS.get(alert.kind, Words(alert.kind, alert.kind))

    @cached_property
    def items(self) -> Page[AlertItem]:
        """A page of the posts behind it."""
        rows = AlertItem.objects.filter(alert=self.alert).select_related("item__source").order_by("place")
        return Paginator(rows, PER_PAGE).get_page(self._page)

    @cached_property
    def behind(self) -> list[Behind]:
        """They with their placements."""
        items = [row.item for row in self.items]
        placed = placements_of(items)
        return [Behind(item, placed.get(item.pk)) for item in items]
