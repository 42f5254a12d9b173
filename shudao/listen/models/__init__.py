"""What was heard and how it came in: sources, items without names, keys at the door, reports, evidence, imports, hooks."""

from shudao.listen.models.erased import ErasedItem, erased_digest
from shudao.listen.models.evidence import Evidence
from shudao.listen.models.heard import DoorKey, Item, ItemQuerySet, Rejection, Source
from shudao.listen.models.hooks import Hook, HookCall, HookSecret
from shudao.listen.models.imports import ColumnMemory, ImportReject, ImportRun
from shudao.listen.models.reports import ObserverLink, Report

__all__ = [
    "ColumnMemory",
    "DoorKey",
    "ErasedItem",
    "Evidence",
    "Hook",
    "HookCall",
    "HookSecret",
    "ImportReject",
    "ImportRun",
    "Item",
    "ItemQuerySet",
    "ObserverLink",
    "Rejection",
    "Report",
    "Source",
    "erased_digest",
]
