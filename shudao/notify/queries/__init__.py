"""Reading messages, channels and what people wish."""

from shudao.notify.queries.messages import addressed, inbox
from shudao.notify.queries.wishes import ways_of

__all__ = ["addressed", "inbox", "ways_of"]
