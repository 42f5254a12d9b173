"""带表 (band table): an open-addressing hash table from band keys to the row that first had them, in plain arrays.

Eight bytes a slot. The first row to bring a key owns it; batches give the same owners as one row after another.
"""

import numpy as np
from numpy.typing import NDArray

from shudao.engine.text.fingerprint import U32

I32 = NDArray[np.int32]
_MAX_LOAD = 0.6


class BandTable:
    """Keys are uint32 and never 0 (0 marks a free slot)."""

    def __init__(self, slots: int = 1 << 12) -> None:
        self._keys: U32 = np.zeros(slots, np.uint32)
        self._rows: I32 = np.full(slots, -1, np.int32)
        self._used = 0

    @property
    def nbytes(self) -> int:
        return self._keys.nbytes + self._rows.nbytes

    def find(self, keys: U32) -> I32:
        """The owner of each key, -1 where there is none."""
        owners = np.full(keys.size, -1, np.int32)
        flat = keys.ravel()
        open_ = np.arange(flat.size)
        slots = self._start(flat)
        while open_.size:
            held = self._keys[slots]
            hit = held == flat[open_]
            owners[open_[hit]] = self._rows[slots[hit]]
            going = ~hit & (held != 0)
            open_, slots = open_[going], (slots[going] + 1) & (self._keys.size - 1)
        return owners.reshape(keys.shape)

    def claim(self, keys: U32, rows: I32) -> I32:
        """The owner of each key after `rows` (ascending along the first axis) claimed what was free."""
        flat, first, back = np.unique(keys.ravel(), return_index=True, return_inverse=True)
        wide = np.repeat(rows, keys.size // max(1, len(rows)))
        owners = self._claim_unique(flat, wide[first])
        return owners[back].reshape(keys.shape)

    def _claim_unique(self, keys: U32, rows: I32) -> I32:
        while self._used + keys.size > self._keys.size * _MAX_LOAD:
            self._grow()
        owners = np.empty(keys.size, np.int32)
        open_ = np.arange(keys.size)
        slots = self._start(keys)
        while open_.size:
            free = self._keys[slots] == 0
            self._keys[slots[free]] = keys[
                open_[free]
            ]  # several may want one slot: the last write wins, the rest go on
            hit = self._keys[slots] == keys[open_]
            won = hit & free
            self._rows[slots[won]] = rows[open_[won]]
            self._used += int(won.sum())
            owners[open_[hit]] = self._rows[slots[hit]]
            open_, slots = open_[~hit], (slots[~hit] + 1) & (self._keys.size - 1)
        return owners

    def _start(self, keys: U32) -> NDArray[np.int64]:
        return keys.astype(np.int64) & (self._keys.size - 1)

    def _grow(self) -> None:
        keys, rows = self._keys, self._rows
        full = keys != 0
        self._keys = np.zeros(keys.size * 2, np.uint32)
        self._rows = np.full(keys.size * 2, -1, np.int32)
        self._used = 0
        self._claim_unique(keys[full], rows[full])
