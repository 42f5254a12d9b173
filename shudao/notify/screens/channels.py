"""渠道 (channels): how each of them fares, in words; and one of them with its log."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.words import Words
from shudao.notify.channels import KINDS, Field, Kind
from shudao.notify.channels.hints import mend_of
from shudao.notify.models import COLOURS, Attempt, Channel, Outside
from shudao.notify.models import KINDS as MESSAGE_KINDS
from shudao.notify.queries.channels import (
    attempts_of,
    beat_address,
    channels,
    last_attempts,
    outside,
    settings_of,
    waiting_parcels,
    with_last_attempt,
    with_waiting,
)

PER_PAGE = 20


@dataclass(frozen=True)
class Card:
    """A channel and how it fares."""

    channel: Channel
    kind: Kind
    last: Attempt | None

    @property
    def state(self) -> str:
        """paused, untried, works, fails."""
        if self.channel.paused_at:
            return "paused"
        if self.last is None:
            return "untried"
        return "works" if self.last.ok else "fails"

    @property
    def mend(self) -> Words | None:
        """What to do about its last failure."""
        if self.last is None or self.last.ok:
            return None
        return mend_of(self.channel.kind, self.last.code, self.last.said)

    @property
    def carries(self) -> str:
        """What it carries, in words; empty when it carries everything."""
        left = [str(name) for code, name in MESSAGE_KINDS if code in self.channel.kinds]
        levels = [str(name) for code, name in COLOURS if code in self.channel.colours]
        parts = []
        if len(levels) < len(COLOURS):
            parts.append(gettext("、").join(levels) or gettext("没有任何级别"))
        if len(left) < len(MESSAGE_KINDS):
            parts.append(gettext("、").join(left) or gettext("没有任何消息"))
        return gettext("；").join(parts)


class ChannelsScreen:
    """All channels of the office, and what the site says of itself to the outside."""

    def __init__(self) -> None:
        self.now = clock.now(LIVE)

    @cached_property
    def cards(self) -> list[Card]:
        """Each channel."""
        rows = list(with_waiting(with_last_attempt(channels())).order_by("pk"))
        last = last_attempts(rows)
        return [Card(row, KINDS[row.kind], last.get(row.pk)) for row in rows if row.kind in KINDS]

    @cached_property
    def outside(self) -> Outside:
        """What the site says of itself to the outside."""
        return outside()

    @property
    def has_beat(self) -> bool:
        """Somebody outside is told that the site lives."""
        return bool(beat_address(self.outside))

    @property
    def kinds(self) -> list[Kind]:
        """What may be added."""
        return list(KINDS.values())

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        failing = sum(card.state == "fails" for card in self.cards)
        working = sum(card.state == "works" for card in self.cards)
        if failing:
            return ngettext("%(n)d 个渠道发不出消息", "%(n)d 个渠道发不出消息", failing) % {"n": failing}
        if working:
            return ngettext("%(n)d 个渠道能发消息", "%(n)d 个渠道能发消息", working) % {"n": working}
        return gettext("消息现在只进收件箱")


class ChannelScreen:
    """One channel: how it fares, what waits in it, every try."""

    def __init__(self, channel: Channel, page: str = "1") -> None:
        self.channel, self.kind, self._page = channel, KINDS[channel.kind], page
        self.now = clock.now(LIVE)

    @cached_property
    def card(self) -> Card:
        """How it fares."""
        return Card(self.channel, self.kind, attempts_of(self.channel).exclude(ended_at=None).first())

    @property
    def set_up(self) -> list[tuple[str | Promise, str | Promise]]:
        """What is set; of a secret only that it is there."""
        shown: list[tuple[str | Promise, str | Promise]] = []
        for field in self.kind.fields:
            value = self._kept(field) if field.is_secret else self.channel.settings.get(field.name, "")
            said = dict(field.choices).get(value, value)
            shown += [(field.label, said)] if said else []
        return shown

    def _kept(self, field: Field) -> str:
        """Of a secret address where it leads to, of any other that it is there."""
        opened = settings_of(self.channel)
        if not opened[field.name]:
            return gettext("没有填写")
        hosts = self.kind.hosts(opened) if field.form == "address" else []
        return f"{hosts[0].removesuffix(':443')}/…" if hosts else gettext("已保存")

    @cached_property
    def waiting(self) -> int:
        """How many parcels have not left."""
        return waiting_parcels(self.channel).count()

    @cached_property
    def attempts(self) -> Page[Attempt]:
        """A page of tries."""
        return Paginator(attempts_of(self.channel), PER_PAGE).get_page(self._page)

    @property
    def lines(self) -> list[tuple[Attempt, Words | None]]:
        """They with what to do."""
        return [(row, None if row.ok else mend_of(self.channel.kind, row.code, row.said)) for row in self.attempts]
