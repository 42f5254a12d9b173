"""Verbs of messages, channels, people's wishes and reachability tests; and the way out."""

from shudao.notify.actions.channels import (
    add_channel,
    change_channel,
    pause_channel,
    remove_channel,
    resume_channel,
    send_test,
    test_channel,
)
from shudao.notify.actions.messages import confirm_message, deliver_due, put_message
from shudao.notify.actions.outside import beat, set_heartbeat, set_link_address
from shudao.notify.actions.packing import pack_due
from shudao.notify.actions.people import set_my_notifications
from shudao.notify.actions.reach import (
    answer_by_link,
    answer_reach_test,
    end_due_tests,
    end_reach_test,
    propose_reach_test,
    start_reach_test,
)
from shudao.notify.actions.sending import give_up_parcel, report_channel_fault, send_due

__all__ = [
    "add_channel", "answer_by_link", "answer_reach_test", "beat", "change_channel", "confirm_message", "deliver_due",
    "end_due_tests", "end_reach_test", "give_up_parcel", "pack_due", "pause_channel", "propose_reach_test", "put_message", "remove_channel",
    "report_channel_fault", "resume_channel", "send_due", "send_test", "set_heartbeat", "set_link_address",
    "set_my_notifications", "start_reach_test", "test_channel",
]  # fmt: skip
