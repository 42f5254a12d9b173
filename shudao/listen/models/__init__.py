"""What was heard: sources, items without names, the keys at the door, and what was turned away."""

from shudao.listen.models.heard import DoorKey, Item, ItemQuerySet, Rejection, Source

__all__ = ["DoorKey", "Item", "ItemQuerySet", "Rejection", "Source"]
