"""Verbs of messages, channels, people's wishes and reachability tests; and the way out."""

from shudao.notify.actions.messages import confirm_message, deliver_due, put_message

__all__ = ["confirm_message", "deliver_due", "put_message"]
