"""After handling: how an incident ended, the watch over it, what came back, where it is sealed."""

from shudao.follow.models.care import CareReferral
from shudao.follow.models.ending import Archive, Closure, Recurrence, RecurrenceItem, Watch
from shudao.follow.models.search import ArchiveText

__all__ = ["Archive", "ArchiveText", "CareReferral", "Closure", "Recurrence", "RecurrenceItem", "Watch"]
