"""Reading messages, channels and what people wish."""

from shudao.notify.queries.messages import addressed, inbox
from shudao.notify.queries.wishes import ways_of
from shudao.notify.queries.worker import silent_since, worker_is_silent

__all__ = ["addressed", "inbox", "silent_since", "ways_of", "worker_is_silent"]
