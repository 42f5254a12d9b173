"""带表 (band table): an open-addressing hash table from band keys to the text that first had them, in one plain array.

Eight bytes a slot: the key above, the holder below. The first to bring a key owns it; batches give the same owners as one
text after another.
"""

import numpy as np
from numpy.typing import NDArray

from shudao.engine.text.fingerprint import U32, U64

I32 = NDArray[np.int32]
_MOST_FULL = 0.4  # few steps to a free slot: each is a pass over all that still look for one
_KEY, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_FREE = np.uint64(0)


class BandTable:
    """Keys are uint32 and never 0; holders are numbers from 0 on."""

    def __init__(self, slots: int = 1 << 12) -> None:
        self._slots: U64 = np.zeros(slots, np.uint64)
        self._used = 0

    @property
    def nbytes(self) -> int:
        return self._slots.nbytes

    def find(self, keys: U32) -> I32:
        """The owner of each key, -1 where there is none."""
        flat = keys.ravel().astype(np.uint64)
        owners = np.full(flat.size, -1, np.int32)
        if not self._used:
            return owners.reshape(keys.shape)
        slots = self._start(flat)
        held = self._slots[slots]
        hit = (held >> _KEY) == flat
        owners[hit] = (held[hit] & _LOW).astype(np.int32)
        going = np.flatnonzero(~hit & (held != _FREE))
        slots = slots[going]
        while going.size:
            slots = self._next(slots)
            held = self._slots[slots]
            hit = (held >> _KEY) == flat[going]
            owners[going[hit]] = (held[hit] & _LOW).astype(np.int32)
            on = ~hit & (held != _FREE)
            going, slots = going[on], slots[on]
        return owners.reshape(keys.shape)

    def claim(self, keys: U32, holders: I32) -> I32:
        """The owner of each key after `holders` (ascending along the first axis) claimed what was free."""
        flat = keys.ravel().astype(np.uint64)
        while self._used + flat.size > self._slots.size * _MOST_FULL:
            self._grow()
        wide = np.repeat(holders.astype(np.uint64), keys.size // max(1, len(holders)))
        flat <<= _KEY
        flat |= wide
        owners = self._claim(flat)
        owners &= _LOW
        return owners.astype(np.int32).reshape(keys.shape)

    def _claim(self, entries: U64) -> U64:
        """The entry that stands for each of `entries`, which come in the order of their rights."""
        slots = self._start(entries >> _KEY)
        owners = self._take(entries, slots)
        going = np.flatnonzero((owners ^ entries) > _LOW)
        while going.size:
            slots = self._next(slots if slots.size == going.size else slots[going])
            wanted = entries[going]
            found = self._take(wanted, slots)
            hit = (found ^ wanted) <= _LOW
            owners[going[hit]] = found[hit]
            on = np.flatnonzero(~hit)
            going, slots = going[on], slots[on]
        return owners

    def _take(self, entries: U64, slots: NDArray[np.int64]) -> U64:
        """What stands in the slots after the entries took the free ones."""
        held = self._slots[slots]
        free = np.flatnonzero(held == _FREE)
        if free.size:
            places, wanted = slots[free], entries[free]
            # several may want one slot: of one assignment the last write stands, so the first comes last
            self._slots[places[::-1]] = wanted[::-1]
            held[free] = taken = self._slots[places]
            self._used += int(np.count_nonzero(taken == wanted))
        return held

    def _start(self, keys: U64) -> NDArray[np.int64]:
        return ((keys * np.uint64(self._slots.size)) >> _KEY).astype(np.int64)

    def _next(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        slots = slots + 1
        slots[slots == self._slots.size] = 0
        return slots

    def _grow(self) -> None:
        entries = self._slots[self._slots != _FREE]
        self._slots = np.zeros(self._slots.size * 2, np.uint64)
        self._used = 0
        self._claim(entries)
