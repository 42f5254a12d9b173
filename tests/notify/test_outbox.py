"""Messages: once per matter, nothing real leaves a drill."""

import pytest

from shudao.base.scene import LIVE
from shudao.ledger.verbs import verb
from shudao.notify.actions import confirm_message, put_message
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
