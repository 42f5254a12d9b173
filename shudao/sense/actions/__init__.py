"""The writes of sensing."""

from shudao.sense.actions.alerts import acknowledge_alert, dismiss_alert, raise_alert
from shudao.sense.actions.pull import pull_items, pull_scene
from shudao.sense.actions.topics import add_topic, add_topics, retire_topic

__all__ = [
    "acknowledge_alert",
    "add_topic",
    "add_topics",
    "dismiss_alert",
    "pull_items",
    "pull_scene",
    "raise_alert",
    "retire_topic",
]
