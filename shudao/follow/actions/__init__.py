"""Verbs of following."""

from shudao.follow.actions.ending import (
    NotYet,
    close_incident,
    end_watch,
    follow_up,
    raise_recurrence,
    seal,
    seal_incident,
    settle_incident,
    watch_incident,
)
from shudao.follow.actions.search import index_archive

__all__ = [
    "NotYet",
    "close_incident",
    "end_watch",
    "follow_up",
    "index_archive",
    "raise_recurrence",
    "seal",
    "seal_incident",
    "settle_incident",
    "watch_incident",
]
