"""Who is who: units, posts and their rights, deputies, staff, shifts, and the registers the written plan asks for."""

from shudao.org.models.people import EntryLink, Holding, Shift, Staff
from shudao.org.models.registers import Correction, Observer, Outlet, OwnAccount
from shudao.org.models.structure import SETTING_UP, Deputy, Organisation, Post, PostRight, Right, Unit

__all__ = [
    "SETTING_UP",
    "Correction",
    "Deputy",
    "EntryLink",
    "Holding",
    "Observer",
    "Organisation",
    "Outlet",
    "OwnAccount",
    "Post",
    "PostRight",
    "Right",
    "Shift",
    "Staff",
    "Unit",
]
