"""Who is who: units, posts and their rights, deputies, staff, shifts, and the registers the written plan asks for."""

from shudao.org.models.people import EntryLink, Holding, SheetUpload, Staff
from shudao.org.models.registers import Activity, Correction, Observer, Outlet, OwnAccount
from shudao.org.models.shifts import HandOver, Holiday, Shift, ShiftRule, ShiftSwap
from shudao.org.models.sign_in import Device, SignInRules
from shudao.org.models.structure import SETTING_UP, Deputy, Organisation, Post, PostRight, Right, Unit

__all__ = [
    "SETTING_UP",
    "Activity",
    "Correction",
    "Deputy",
    "Device",
    "EntryLink",
    "HandOver",
    "Holding",
    "Holiday",
    "Observer",
    "Organisation",
    "Outlet",
    "OwnAccount",
    "Post",
    "PostRight",
    "Right",
    "SheetUpload",
    "Shift",
    "ShiftRule",
    "ShiftSwap",
    "SignInRules",
    "Staff",
    "Unit",
]
