"""Putting parcels together: what a person is to hear of one matter by one channel leaves as one message.

The first message of a quiet thread leaves at once. What follows while it is busy is gathered and leaves as one update.
"""

from collections import defaultdict
from datetime import datetime

from django.conf import settings as site
from django.utils.translation import gettext, ngettext, override

from shudao.base.write import short_write
from shudao.engine.text.parts import numbered
from shudao.notify.channels import KINDS
from shudao.notify.models import Channel, Delivery, Parcel
from shudao.notify.queries.channels import outside
from shudao.notify.queries.outbox import due_in_lane, due_lanes, latest_parcels, may_leave_at, under_way
from shudao.notify.queries.reach import personal_lines
from shudao.notify.queries.wishes import address_of, channels_on, contacts_of, mention_by

Key = tuple[int, int | None, str]
SUBJECT_AT_MOST = 60


def pack_due(now: datetime) -> int:
    """Put together what may leave by now; returns how many parcels. Whoever repeats this repeats nothing."""
    channels = {row.pk: row for row in channels_on()}
    lanes: dict[Key, list[int]] = defaultdict(list)
    for code, staff, thread in due_lanes(now):
        lanes[code, None if KINDS[channels[code].kind].is_group else staff, thread].append(staff)
    return sum(_pack_lane(channels[key[0]], key[1], key[2], people, now) for key, people in lanes.items())


def _pack_lane(channel: Channel, person: int | None, thread: str, people: list[int], now: datetime) -> int:
    """A parcel of what may leave in a lane, unless an earlier one is still on its way or the lane is to be quiet."""
    if under_way(channel, person, thread):
        return 0
    rows = due_in_lane(channel.pk, people, thread, now)
    urgent = any(row.is_urgent for row in rows)
    if not rows or may_leave_at(channel, person, thread, now, urgent=urgent) > now:
        return 0
    return _pack(channel, person, thread, rows, now)


def _pack(channel: Channel, person: int | None, thread: str, rows: list[Delivery], now: datetime) -> int:
    """One parcel of these deliveries; those confirmed meanwhile are left out. Returns 1, or 0 when none is left."""
    with short_write():
        rows = list(
            Delivery.objects.select_for_update(of=("self",))
            .select_related("message", "channel", "staff__user")
            .filter(pk__in=[row.pk for row in rows], done_at=None)
            .order_by("due_at", "pk")
        )
        wanted = [row for row in rows if row.message.confirmed_at is None]
        known = [row.pk for row in rows if row.message.confirmed_at is not None]
        Delivery.objects.filter(pk__in=known).update(done_at=now, why="confirmed")
        if not wanted:
            return 0
        parcel = _made(channel, person, thread, wanted, now)
        Delivery.objects.filter(pk__in=[row.pk for row in wanted]).update(done_at=now, parcel=parcel)
    return 1


def _made(channel: Channel, person: int | None, thread: str, rows: list[Delivery], now: datetime) -> Parcel:
    kind = KINDS[channel.kind]
    contacts = contacts_of({row.staff for row in rows}, channel)
    before = latest_parcels(channel, person, thread).first()
    with override(site.LANGUAGE_CODE):
        texts = list(dict.fromkeys(row.text for row in rows))
        items = _items(texts, is_update=before is not None, links=_links(rows, personal=person is not None))
        subject = before.subject if before else _subject(texts[0])
    mentions = [mention_by(row.staff, channel, contacts.get(row.staff_id)) for row in rows]
    return Parcel.objects.create(
        scene=rows[0].scene, channel=channel, staff_id=person, thread=thread, subject=subject, made_at=now, due_at=now,
        place=before.place + 1 if before else 0, parts=numbered(items, kind.room, kind.size),
        address=address_of(rows[0].staff, contacts.get(person)) if person else "",
        mentions=list(dict.fromkeys(one for one in mentions if one)) if person is None else [],
        is_urgent=any(row.is_urgent for row in rows),
    )  # fmt: skip


def _items(texts: list[str], *, is_update: bool, links: list[str]) -> list[str]:
    """What is said, item by item: a head when it is an update or several, each message whole, the way back.

    The head belongs to the first message: a long one is cut, and a part with nothing but the head would say nothing.
    """
    lines = list(texts) if len(texts) == 1 else [f"{place}. {text}" for place, text in enumerate(texts, 1)]
    if is_update:
        lines[0] = gettext("【更新】") + f"\n{lines[0]}"
    elif len(texts) > 1:
        lines[0] = ngettext("共 %(n)d 条：", "共 %(n)d 条：", len(texts)) % {"n": len(texts)} + f"\n{lines[0]}"
    return [*lines, *links]


def _links(rows: list[Delivery], *, personal: bool) -> list[str]:
    """The way back to the site; to one person alone also his own link of a reachability test."""
    own = personal_lines([row.message for row in rows]) if personal else []
    address = outside().address.rstrip("/")
    return own or ([gettext("打开：%(address)s") % {"address": f"{address}/notify/inbox/"}] if address else [])


def _subject(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "").strip()
    return line if len(line) <= SUBJECT_AT_MOST else line[: SUBJECT_AT_MOST - 1] + "…"
