"""Putting messages into the inbox, confirming them, and telling each person's other channels of them."""

from datetime import datetime, timedelta

from django.db.models import F

from shudao.base.deadlines import claim_due
from shudao.base.refusal import refuse
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.ledger.verbs import Act, verb
from shudao.notify.channels import INBOX
from shudao.notify.models import Delivery, Message
from shudao.notify.queries.wishes import Way, ways_of
from shudao.org.models import Staff


def put_message(
    act: Act,
    post: str,
    text: str,
    *,
    kind: str,
    matter: str,
    channel: str = INBOX,
    thread: str = "",
    colour: str = "",
    staff: Staff | None = None,
) -> Message:
    """Put a message into the inbox of a post (of one person, with `staff`), within the verb that causes it.

    One row a matter and post: saying it again updates the text, so that a restart repeats nothing. It goes on to each
    person's other channels by itself; naming one here is refused, and so is any but the inbox in a drill. `thread`: the
    matter it belongs to, by default what stands before the first stroke of `matter`. `colour`: of its level.
    """
    if channel != INBOX:
        raise _no_way(act.scene, channel)
    fresh = {
        "text": text, "made_at": act.now, "due_at": act.now, "done_at": None, "confirmed_at": None, "staff": staff,
        "confirmed_by": "", "lease_until": None, "claimed_by": "", "thread": thread or thread_of(matter), "colour": colour,
    }  # fmt: skip
    row, is_new = Message.objects.get_or_create(
        scene=act.scene.key, post=post, channel=channel, kind=kind, matter=matter, defaults=fresh
    )
    if not is_new:
        Message.objects.filter(pk=row.pk).update(**fresh, times=F("times") + 1)
        row.refresh_from_db()
    return row


def thread_of(matter: str) -> str:
    """The matter as a whole that a message is about: an incident, not its task."""
    head, _stroke, rest = matter.partition("/")
    return matter if head == "alert" or not rest else head


def _no_way(scene: Scene, channel: str) -> Exception:
    if not scene.is_live:
        return _sandbox()
    return refuse(
        f"消息先进收件箱，再按各人设置走其他渠道，不能直接指定“{channel}”",
        f"messages enter the inbox and leave by each person's own channels; {channel} cannot be named",
        code="channel",
    )


def only_live(scene: Scene) -> None:
    """Refused in a drill: nothing of it may reach the outside."""
    if not scene.is_live:
        raise _sandbox()


def _sandbox() -> Exception:
    return refuse("演练不得使用真实渠道", "a drill may not use a real channel", code="sandbox")


@verb(zh="确认收到消息", en="confirm message")
def confirm_message(act: Act, message: Message) -> Message:
    """A person says he has read it."""
    message.confirmed_at, message.confirmed_by = act.now, act.post
    message.save()
    act.note(kind=message.kind, matter=message.matter, post=message.post)
    return message


LEAVE_ALONE = timedelta(days=2)
"""A message nobody handed on for so long (the site stood still) stays in the inbox alone."""


def deliver_due(scene: Scene, now: datetime, *, holder: str) -> int:
    """Hand on what is due: for each person who holds the post now, one delivery for each of his channels.

    A drill hands nothing on: its inbox is all there is. Whoever repeats this repeats nothing.
    """
    handed = 0
    for row in claim_due(Message, scene, now, holder=holder):
        ways = ways_of(row, now) if scene.is_live and now - row.made_at < LEAVE_ALONE else []
        with short_write():
            for way in ways:
                _deliver(row, way, now)
            Message.objects.filter(pk=row.pk, times=row.times).update(done_at=now, fault="")
        handed += 1
    return handed


def _deliver(row: Message, way: Way, now: datetime) -> None:
    """One delivery under way at a time: a message said again before it left takes the new words along."""
    fresh = {
        "scene": row.scene, "thread": row.thread or row.matter, "text": row.text, "is_urgent": row.is_urgent,
        "due_at": way.at,
    }  # fmt: skip
    Delivery.objects.update_or_create(
        message=row, channel=way.channel, staff=way.staff, done_at=None,
        defaults=fresh, create_defaults={**fresh, "made_at": now},
    )  # fmt: skip
