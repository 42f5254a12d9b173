"""The writes of sensing."""

from shudao.sense.actions.alerts import acknowledge_alert, dismiss_alert, raise_alert
from shudao.sense.actions.departments import (
    acknowledge_warning,
    add_warning_rule,
    answer_warning,
    end_warning_rule,
    pass_alert,
    tell_warning_late,
    warn_department,
    warn_due,
)
from shudao.sense.actions.holds import merge_stories, split_story
from shudao.sense.actions.pull import pull_items, pull_scene
from shudao.sense.actions.tone import correct_tone, enough_to_learn, learn_from_corrections, learn_tone
from shudao.sense.actions.topics import add_topic, add_topics, retire_topic

__all__ = [
    "acknowledge_alert",
    "acknowledge_warning",
    "add_topic",
    "add_topics",
    "add_warning_rule",
    "answer_warning",
    "correct_tone",
    "dismiss_alert",
    "end_warning_rule",
    "enough_to_learn",
    "learn_from_corrections",
    "learn_tone",
    "merge_stories",
    "pass_alert",
    "pull_items",
    "pull_scene",
    "raise_alert",
    "retire_topic",
    "split_story",
    "tell_warning_late",
    "warn_department",
    "warn_due",
]
