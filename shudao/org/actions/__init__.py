"""Verbs of the organisation: setting it up, letting people in, what they may do."""

from shudao.org.actions.entry import make_entry_link, switch_person, use_entry_link
from shudao.org.actions.rights import grant_right, withdraw_right
from shudao.org.actions.set_up import set_up_organisation
from shudao.org.actions.sign_in import (
    add_second_factor,
    admit_staff,
    connect_account,
    disconnect_account,
    end_sessions,
    remove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
    set_password,
    set_sign_in_rules,
    sign_in,
)

__all__ = [
    "add_second_factor",
    "admit_staff",
    "connect_account",
    "disconnect_account",
    "end_sessions",
    "grant_right",
    "make_entry_link",
    "remove_second_factor",
    "renew_recovery_codes",
    "reset_second_factor",
    "set_password",
    "set_sign_in_rules",
    "set_up_organisation",
    "sign_in",
    "switch_person",
    "use_entry_link",
    "withdraw_right",
]
