"""Handing parcels over: begin a try, send, keep the answer. Three steps, since nothing slow happens inside a write.

A crash after the sending and before the keeping leaves a try that was begun and never ended. The part is sent again then:
a call that comes twice does less harm than one that never comes. See docs/decisions/0009.
"""

import random
from datetime import datetime, timedelta

from django.conf import settings as site
from django.db.models import Case, Value, When
from django.utils.translation import gettext, override

from shudao.base import clock
from shudao.base.deadlines import LEASE
from shudao.base.scene import LIVE
from shudao.base.write import short_write
from shudao.ledger.verbs import Act, Actor, verb
from shudao.notify.actions.channels import end_attempt
from shudao.notify.actions.messages import put_message
from shudao.notify.channels import KINDS, Answer, Letter
from shudao.notify.models import Attempt, Channel, Parcel
from shudao.notify.queries.channels import free_at, settings_of
from shudao.notify.queries.people import looking_after_channels
from shudao.notify.queries.wishes import address_of, contacts_of
from shudao.org.queries import organisation

BACK_OFF = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600)  # seconds
JITTER = 0.2
LOST_AFTER = timedelta(hours=24)
_ORDER = (Case(When(sent__gt=0, then=Value(0)), default=Value(1)), "-is_urgent", "due_at", "pk")
"""What was begun is finished first, then what is urgent, then what has waited longest."""
TELL_AFTER = 3
"""Failures of a channel in a row before those who look after it are told; at once when only a person can mend it."""
BY_HAND = frozenset({"address", "certificate", "535", "530", "310000", "93000", "19021", "19022", "19024", "300001"})


def send_due(channel: Channel, *, holder: str, most: int = 50) -> int:
    """Send what is due in a channel until nothing is, a pause is due, or something fails; returns parts taken."""
    taken = 0
    for _turn in range(most):
        now = clock.now(LIVE)
        channel.refresh_from_db()
        if not channel.is_on or free_at(channel, now) > now:
            break
        begun = _begin(channel, now, holder)
        if begun is None:
            break
        parcel, attempt = begun
        answer = KINDS[channel.kind].send(settings_of(channel), _letter(channel, parcel, attempt))
        _keep(channel, parcel, attempt, answer)
        taken += answer.ok
        if not answer.ok and answer.is_whole:
            break
    return taken


def _begin(channel: Channel, now: datetime, holder: str) -> tuple[Parcel, Attempt] | None:
    """Lease the next parcel and note that a part of it is about to be sent. A drill's parcel, however it came to be, is
    never sent.
    """
    with short_write():
        due = Parcel.objects.select_for_update().filter(channel=channel, done_at=None, lost_at=None, due_at__lte=now)
        free = due.filter(scene=LIVE.key).exclude(lease_until__gte=now)
        parcel = next((row for row in free.order_by(*_ORDER)[:20] if not _is_moot(row, now)), None)
        if parcel is None:
            return None
        parcel.lease_until, parcel.claimed_by = now + LEASE, holder
        parcel.save(update_fields=["lease_until", "claimed_by"])
        return parcel, Attempt.objects.create(channel=channel, parcel=parcel, part=parcel.sent, began_at=now)


def _is_moot(parcel: Parcel, now: datetime) -> bool:
    """Everything in it was confirmed in the inbox before it began to leave: it leaves no more."""
    if parcel.sent or parcel.deliveries.filter(message__confirmed_at=None).exists():
        return False
    _set(parcel, done_at=now)
    parcel.deliveries.update(why="confirmed")
    return True


def _letter(channel: Channel, parcel: Parcel, attempt: Attempt) -> Letter:
    """One part on its way. Its key never changes, whenever it is tried again."""
    place = organisation()
    facts = {
        "thread": parcel.thread, "urgent": "yes" if parcel.is_urgent else "",
        "from": (place.short_name or place.name) if place else "",
    }  # fmt: skip
    return Letter(
        key=key_of(parcel, parcel.sent), subject=_subject(parcel), text=parcel.parts[parcel.sent], at=attempt.began_at,
        address=_address(parcel), mentions=tuple(parcel.mentions) if parcel.sent == 0 else (),
        before=_before(parcel), facts=facts,
    )  # fmt: skip


def _address(parcel: Parcel) -> str:
    """Where it goes: as the person is reached now, unless it has begun to arrive elsewhere."""
    if parcel.staff is None or parcel.sent:
        return parcel.address
    contact = contacts_of([parcel.staff], parcel.channel).get(parcel.staff.pk)
    return address_of(parcel.staff, contact) or parcel.address


def key_of(parcel: Parcel, part: int) -> str:
    """The name of one part, the same at every try and unlike any other's."""
    return f"shudao.{parcel.made_at:%Y%m%d%H%M%S%f}.{parcel.pk}.{part + 1}"


def _subject(parcel: Parcel) -> str:
    again = parcel.place > 0 or parcel.sent > 0
    return f"Re: {parcel.subject}" if again else parcel.subject


def _before(parcel: Parcel) -> tuple[str, ...]:
    """What was sent earlier in the thread, the first one first."""
    rows = Parcel.objects.filter(channel=parcel.channel_id, staff=parcel.staff_id, thread=parcel.thread)
    earlier = rows.filter(place__lt=parcel.place, sent__gt=0).order_by("place")
    keys = [key_of(row, 0) for row in earlier]
    return (*keys, *(key_of(parcel, part) for part in range(parcel.sent)))


def _keep(channel: Channel, parcel: Parcel, attempt: Attempt, answer: Answer) -> None:
    """Keep the answer and how far the parcel is in one write: what was kept as taken is never sent again."""
    now = clock.now(LIVE)
    with short_write():
        end_attempt(attempt, answer, now)
        if answer.ok:
            sent = parcel.sent + 1
            done = now if sent >= len(parcel.parts) else None
            _set(parcel, sent=sent, tries=0, done_at=done, due_at=now)
            return
        tries = parcel.tries + 1
        again = now + max(answer.retry_after or timedelta(), back_off(parcel.pk, tries))
        if answer.is_whole:
            Channel.objects.filter(pk=channel.pk).update(hold_until=again)
        _set(parcel, tries=tries, due_at=again)
    if now - parcel.made_at >= LOST_AFTER:
        give_up_parcel(Actor(LIVE, "system"), parcel)
    elif channel.fault_told_at is None and (tries >= TELL_AFTER or answer.code in BY_HAND):
        report_channel_fault(Actor(LIVE, "system"), channel, attempt)


def _set(parcel: Parcel, **fresh: object) -> None:
    Parcel.objects.filter(pk=parcel.pk).update(lease_until=None, claimed_by="", **fresh)


def back_off(seed: int, tries: int) -> timedelta:
    """How long to wait after so many failures, a little more or less so that not all come at once."""
    base = BACK_OFF[min(tries, len(BACK_OFF)) - 1]
    share = random.Random(f"{seed}/{tries}").uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    return timedelta(seconds=base * share)


@verb(zh="告知渠道故障", en="report channel fault")
def report_channel_fault(act: Act, channel: Channel, attempt: Attempt) -> Channel:
    """Tell those who look after channels that one fails, once until it works again."""
    channel.fault_told_at = act.now
    channel.save(update_fields=["fault_told_at"])
    with override(site.LANGUAGE_CODE):
        said = {"name": channel.name, "said": attempt.said[:200]}
        text = gettext("通知渠道“%(name)s”发不出消息，对方应答：%(said)s") % said
    for post in looking_after_channels():
        put_message(act, post, text, kind="channel", matter=f"channel/{channel.code}", thread=f"channel/{channel.code}")
    act.note(channel=channel.code, code=attempt.code)
    return channel


@verb(zh="放弃投递", en="give up parcel")
def give_up_parcel(act: Act, parcel: Parcel) -> Parcel:
    """Stop trying after a day; the message stays in the inbox, and those who look after channels hear of it."""
    parcel.lost_at, parcel.lease_until = act.now, None
    parcel.save(update_fields=["lost_at", "lease_until"])
    with override(site.LANGUAGE_CODE):
        said = {"name": parcel.channel.name, "subject": parcel.subject}
        text = gettext("一条消息经“%(name)s”一天内未能送达，已不再重试：%(subject)s") % said
    for post in looking_after_channels():
        matter = f"channel/{parcel.channel.code}"
        put_message(act, post, text, kind="channel", matter=f"{matter}/{parcel.pk}", thread=matter)
    act.note(channel=parcel.channel.code, thread=parcel.thread, sent=parcel.sent, parts=len(parcel.parts))
    return parcel
