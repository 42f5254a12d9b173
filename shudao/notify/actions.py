"""Putting messages into the outbox, handing them on, confirming them."""

from datetime import datetime

from shudao.base.deadlines import claim_due
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.ledger.verbs import Act, verb
from shudao.notify.channels import sender
from shudao.notify.models import Message


def put_message(act: Act, post: str, text: str, *, kind: str, matter: str, channel: str = "inbox") -> Message:
    """Put a message into the outbox, within the verb that causes it. One per matter, post and channel: a second
    one with the same matter updates the text, so that a restart repeats nothing. Refused for a real channel in a drill.
    """
    sender(act.scene, channel)
    fresh = {"text": text, "made_at": act.now, "due_at": act.now, "done_at": None, "confirmed_at": None}
    row, _ = Message.objects.update_or_create(
        scene=act.scene.key, post=post, channel=channel, kind=kind, matter=matter, defaults=fresh
    )
    return row


@verb(zh="确认收到消息", en="confirm message")
def confirm_message(act: Act, message: Message) -> Message:
    """A person says he has read it."""
    message.confirmed_at, message.confirmed_by = act.now, act.post
    message.save()
    act.note(kind=message.kind, matter=message.matter, post=message.post)
    return message


def deliver_due(scene: Scene, now: datetime, *, holder: str) -> int:
    """Send what is due and mark it sent; what fails keeps its row and is tried again when the lease ends."""
    sent = 0
    for row in claim_due(Message, scene, now, holder=holder):
        fault = ""
        try:
            sender(scene, row.channel)(row)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"[:200]
        with short_write():
            Message.objects.filter(pk=row.pk).update(done_at=None if fault else now, fault=fault)
        sent += not fault
    return sent
