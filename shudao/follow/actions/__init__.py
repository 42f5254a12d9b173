"""Verbs of following."""

from shudao.follow.actions.care import hand_to_care, handing, kept_days, remind_of_care, settle_care
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
    "hand_to_care",
    "handing",
    "index_archive",
    "kept_days",
    "raise_recurrence",
    "remind_of_care",
    "seal",
    "seal_incident",
    "settle_care",
    "settle_incident",
    "watch_incident",
]
