"""Verbs of the organisation: setting it up, letting people in."""

from shudao.org.actions.entry import make_entry_link, switch_person, use_entry_link
from shudao.org.actions.set_up import set_up_organisation

__all__ = ["make_entry_link", "set_up_organisation", "switch_person", "use_entry_link"]
