"""送达情况 (delivery log): where a message went besides the inbox, every try and its answer."""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.engine.words import Words
from shudao.notify.channels.hints import mend_of
from shudao.notify.models import Attempt, Delivery, Message
from shudao.notify.queries.outbox import attempts_of_parcels, deliveries_of
from shudao.notify.screens.inbox import kind_words

AT_MOST = 100


@dataclass(frozen=True)
class Way:
    """One delivery with its tries."""

    delivery: Delivery
    attempts: list[tuple[Attempt, Words | None]]

    @property
    def state(self) -> str:
        """waiting, under_way, lost, left_out, done."""
        row = self.delivery
        if row.why:
            return "left_out"
        if row.parcel is None:
            return "waiting"
        if row.parcel.lost_at:
            return "lost"
        return "done" if row.parcel.done_at else "under_way"


class MessageScreen:
    """What became of one message."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.now = clock.now(message.scene_value)
        self.kind = kind_words(message.kind)

    @cached_property
    def ways(self) -> list[Way]:
        """Every delivery, the latest first."""
        rows = list(deliveries_of(self.message)[:AT_MOST])
        tried: dict[int | None, list[Attempt]] = {}
        for attempt in attempts_of_parcels([row.parcel_id for row in rows if row.parcel_id]):
            tried.setdefault(attempt.parcel_id, []).append(attempt)
        return [Way(row, [self._line(row, one) for one in tried.get(row.parcel_id, [])]) for row in rows]

    def _line(self, row: Delivery, attempt: Attempt) -> tuple[Attempt, Words | None]:
        bad = attempt.ended_at is not None and not attempt.ok
        return attempt, mend_of(row.channel.kind, attempt.code, attempt.said) if bad else None

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        done = sum(way.state == "done" for way in self.ways)
        if done:
            return ngettext("站外送达 %(n)d 处", "站外送达 %(n)d 处", done) % {"n": done}
        return gettext("还没有站外送达") if self.ways else gettext("只在收件箱里")
