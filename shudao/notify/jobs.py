"""Handing messages on. Sending is slow and other jobs must not wait for it: each channel sends in a thread of its own."""

import os
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection

from shudao.base import clock
from shudao.base.deadlines import due_scenes
from shudao.base.jobs import job
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.notify.actions import beat, deliver_due, end_due_tests, pack_due, propose_reach_test, send_due
from shudao.notify.models import Channel, Message
from shudao.notify.proposals import unproposed_test
from shudao.notify.queries.outbox import due_channels, due_lanes
from shudao.notify.queries.reach import overdue_tests

_busy: dict[str, threading.Thread] = {}


def holder() -> str:
    """Who holds what is being sent."""
    return f"{os.getpid()}/{threading.get_ident()}"


def apart(name: str, work: Callable[[], object]) -> None:
    """Do slow work in a thread, one of a name at a time. The process ends only when it is done."""

    def run() -> None:
        close_old_connections()
        try:
            work()
        finally:
            connection.close()

    running = _busy.get(name)
    if running is None or not running.is_alive():
        _busy[name] = threading.Thread(target=run, name=name)
        _busy[name].start()


def something_waits() -> bool:
    """Whether a message is to be handed on, a parcel to be put together, or one to be sent."""
    now = clock.now(LIVE)
    return bool(due_scenes(Message) or due_lanes(now) or due_channels(now))


@job(every=2, waits=something_waits)
def deliver_messages() -> None:
    """Hand on what is due in every scene, put parcels together, and wake the channels that have something to send."""
    for scene in due_scenes(Message):
        deliver_due(scene, clock.now(scene), holder=holder())
    now = clock.now(LIVE)
    pack_due(now)
    for channel in due_channels(now):
        apart(f"channel {channel.pk}", lambda row=channel: _send(row))  # type: ignore[misc]


def _send(channel: Channel) -> None:
    send_due(channel, holder=holder())


@job(every=15, waits=lambda: overdue_tests(clock.now(LIVE)).exists())
def end_reach_tests() -> None:
    """End tests of who can be reached whose limit has passed."""
    end_due_tests()


@job(every=600, waits=lambda: unproposed_test(clock.now(LIVE)) is not None)
def propose_reach_tests() -> None:
    """Before a holiday of the table, say that everybody should be tested."""
    if unproposed_test(clock.now(LIVE)):
        propose_reach_test(Actor(LIVE, "system"))


@job(every=20)
def tell_outside() -> None:
    """Tell the outside that the site lives."""
    apart("heartbeat", lambda: beat(clock.now(LIVE)))
