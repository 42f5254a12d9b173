"""By which channels a message reaches whom, and when: what the channels carry and what each person wishes."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from shudao.notify.channels import KINDS
from shudao.notify.models import Channel, Contact, Habit, Message
from shudao.org.models import Shift, Staff
from shudao.org.queries import who_holds


class Way(NamedTuple):
    """去路 (way): by which channel whom, and not before when."""

    channel: Channel
    staff: Staff
    at: datetime


def channels_on() -> list[Channel]:
    """The channels that carry messages now."""
    rows = Channel.objects.filter(paused_at=None, removed_at=None, kind__in=KINDS)
    return list(rows.order_by("pk"))


def ways_of(message: Message, now: datetime) -> list[Way]:
    """Every way for a message: to whoever holds its post now, by each channel that carries it and he uses."""
    channels = [row for row in channels_on() if _carries(row, message)]
    people = [message.staff] if message.staff else who_holds(message.post, now)
    if not channels or not people:
        return []
    habits = {row.staff_id: row for row in Habit.objects.filter(staff__in=people)}
    contacts = {(row.staff_id, row.channel_id): row for row in Contact.objects.filter(staff__in=people)}
    found = []
    for staff in people:
        habit = habits.get(staff.pk)
        if habit and message.colour not in habit.colours and not message.is_urgent:
            continue
        at = _when(message, staff, habit, now)
        uses = [row for row in channels if _uses(staff, row, contacts.get((staff.pk, row.pk)))]
        found += [Way(row, staff, at) for row in uses]
    return found


def _carries(channel: Channel, message: Message) -> bool:
    """A channel does not carry the news of its own failure."""
    own_fault = message.kind == "channel" and message.thread == f"channel/{channel.code}"
    return channel.carries(message.kind, message.colour) and not own_fault


def _uses(staff: Staff, channel: Channel, contact: Contact | None) -> bool:
    if contact and not contact.is_on:
        return False
    return KINDS[channel.kind].is_group or bool(address_of(staff, contact))


def address_of(staff: Staff, contact: Contact | None) -> str:
    """Where a person gets mail: as he said for this channel, else as he is registered."""
    return (contact.address if contact else "") or staff.mail or staff.user.email


def usual_address(staff: Staff, channel: Channel) -> str:
    """What a channel uses for a person who said nothing; "" when there is nothing it could use."""
    kind = KINDS[channel.kind]
    if not kind.is_group:
        return address_of(staff, None)
    return _mobile(staff) if kind.by_phone else ""


def mention_by(staff: Staff, channel: Channel, contact: Contact | None) -> str:
    """How a robot mentions a person: as he said for this channel, else by his mobile number where that works."""
    return (contact.address if contact else "") or usual_address(staff, channel)


def _mobile(staff: Staff) -> str:
    digits = "".join(character for character in staff.phone if character.isdecimal())
    digits = digits.removeprefix("86") if len(digits) == 13 else digits
    return digits if len(digits) == 11 and digits.startswith("1") else ""


def contacts_of(people: Iterable[Staff], channel: Channel) -> dict[int, Contact]:
    """Staff id -> how he is reached in a channel, for those who said so."""
    return {row.staff_id: row for row in Contact.objects.filter(staff__in=people, channel=channel)}


def _when(message: Message, staff: Staff, habit: Habit | None, now: datetime) -> datetime:
    """Now, or the end of the person's quiet hours. Who is on shift is on duty, whatever his usual hours."""
    if message.is_urgent or habit is None:
        return now
    until = quiet_until(habit, now)
    if until is None or Shift.objects.filter(staff=staff, start_at__lte=now, end_at__gt=now).exists():
        return now
    return until


def quiet_until(habit: Habit, now: datetime) -> datetime | None:
    """The end of the quiet hours under way; None when none are. Hours may pass midnight."""
    start, end = habit.quiet_from, habit.quiet_to
    if start is None or end is None or start == end:
        return None
    local = timezone.localtime(now)
    clock: time = local.time()
    if not (start <= clock < end if start < end else clock >= start or clock < end):
        return None
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, local.tzinfo)
