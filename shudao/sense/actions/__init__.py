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
from shudao.sense.actions.trials import adopt_trial, begin_trial, remove_trial, run_trial

__all__ = [
    "acknowledge_alert",
    "acknowledge_warning",
    "add_topic",
    "add_topics",
    "add_warning_rule",
    "adopt_trial",
    "answer_warning",
    "begin_trial",
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
    "remove_trial",
    "retire_topic",
    "run_trial",
    "split_story",
    "tell_warning_late",
    "warn_department",
    "warn_due",
]
