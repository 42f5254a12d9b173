"""Messages: once per matter, nothing real leaves a drill."""

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor, verb
from shudao.notify.actions import confirm_message, deliver_due, put_message
from shudao.notify.channels import add_channel
from shudao.notify.models import Message
from shudao.notify.queries import inbox

pytestmark = pytest.mark.django_db


@verb(zh="喊人", en="shout")
def shout(act, post, text, channel="inbox"):
    act.note(post=post)
    return put_message(act, post, text, kind="call", matter="incident/1", channel=channel)


def test_a_second_message_of_the_same_matter_updates_the_first(duty):
    shout(duty, "head", "一")
    shout(duty, "head", "二")
    assert [m.text for m in inbox(LIVE, ["head"])] == ["二"]


def test_a_confirmed_message_leaves_the_inbox(duty):
    confirm_message(duty, shout(duty, "head", "一"))
    assert not inbox(LIVE, ["head"])


def test_a_drill_reaches_no_real_channel(standing, run_scene):
    sent = []
    add_channel("mail", sent.append)
    actor = Actor(run_scene, "duty_officer")
    with pytest.raises(Refused):
        shout(actor, "head", "演练", channel="mail")
    Message.objects.create(
        scene=run_scene.key, post="head", channel="mail", kind="call", matter="x", text="t",
        made_at=standing.now(), due_at=standing.now(),
    )  # fmt: skip
    deliver_due(run_scene, standing.now(), holder="w")
    assert sent == [] and "演练" in Message.objects.get(channel="mail").fault


def test_what_fails_to_leave_is_tried_again(duty, standing):
    tries = []

    def send(message):
        tries.append(message.text)
        if len(tries) == 1:
            raise ConnectionError("down")

    add_channel("im", send)
    shout(duty, "head", "一", channel="im")
    assert deliver_due(LIVE, standing.now(), holder="w") == 0
    assert deliver_due(LIVE, standing.now(), holder="w") == 0
    standing.advance(seconds=61)
    assert deliver_due(LIVE, standing.now(), holder="w") == 1
    assert tries == ["一", "一"]
