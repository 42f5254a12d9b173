"""Messages and how they leave: what is said to whom, the channels, people's wishes, and tests of who can be reached."""

from shudao.notify.models.channels import COLOURS, KINDS, Channel, Outside
from shudao.notify.models.letters import Attempt, Delivery, Parcel
from shudao.notify.models.messages import URGENT, Message
from shudao.notify.models.people import Contact, Habit
from shudao.notify.models.reach import ReachCall, ReachTest

__all__ = [
    "COLOURS", "KINDS", "URGENT", "Attempt", "Channel", "Contact", "Delivery", "Habit", "Message", "Outside", "Parcel",
    "ReachCall", "ReachTest",
]  # fmt: skip
