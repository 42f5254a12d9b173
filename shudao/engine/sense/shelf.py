"""书架 (shelf): the texts that copies are told by, as arrays: one generation of them, with its table of band keys.

Only texts that are not exactly one held already take room: about forty bytes, two bytes a character, and their keys.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shudao.engine.sense.bandtable import BandTable
from shudao.engine.text.fingerprint import I64
from shudao.engine.text.overlap import U16, Texts

NUMBERS, NEGATION, CUT = 1, 2, 4
"""Flags of a row: what it changes of its leader; whether its text was cut."""

FIELDS: dict[str, type] = {
    "row": np.int32,
    "leader": np.int32,
    "flags": np.uint8,
    "hash": np.uint64,
    "numbers": np.uint32,
    "polarity": np.uint32,
    "size": np.uint16,
    "framed": np.uint16,
    "kept": np.uint16,
    "begin": np.int64,
}
Rows: TypeAlias = dict[str, NDArray[Any]]
"""Arrays of equal length, by field."""
U8 = NDArray[np.uint8]


class Shelf:
    """One generation: rows of `FIELDS` in order, their characters (none where a text is too long to keep)."""

    def __init__(self, first: int, opened_at: float) -> None:
        self.first, self.opened_at = first, opened_at
        self.table = BandTable()
        self.count = self.characters = 0
        self.signed: dict[int, U8] = {}
        self._rows: Rows = {name: np.zeros(256, kind) for name, kind in FIELDS.items()}
        self._chars: U16 = np.zeros(4096, np.uint16)

    def field(self, name: str) -> NDArray[Any]:
        """A field of the rows held; to be written into."""
        return self._rows[name][: self.count]

    @property
    def nbytes(self) -> int:
        """Bytes taken, room for growth included."""
        signed = sum(one.nbytes + 100 for one in self.signed.values())
        return int(
            sum(column.nbytes for column in self._rows.values()) + self._chars.nbytes + self.table.nbytes + signed
        )

    def add(self, rows: Rows, texts: Texts, signed: dict[int, U8]) -> None:
        """Put rows behind those held; `signed`: for texts too long to keep (given empty), by their place in `rows`."""
        points, starts = texts
        rows["begin"], rows["kept"] = self.characters + starts[:-1], np.diff(starts).astype(np.uint16)
        count = len(rows["begin"])
        for name, column in self._rows.items():
            self._rows[name] = _room(column, self.count, count)
            self._rows[name][self.count : self.count + count] = rows[name]
        self._chars = _room(self._chars, self.characters, len(points))
        self._chars[self.characters : self.characters + len(points)] = points
        self.signed.update({self.count + place: one for place, one in signed.items()})
        self.count += count
        self.characters += len(points)

    def characters_at(self, places: I64) -> U16:
        """Characters by place."""
        return self._chars[places]


def _room(held: NDArray[Any], used: int, more: int) -> NDArray[Any]:
    """The array, larger where `more` would not fit."""
    if used + more <= len(held):
        return held
    larger = np.zeros(max(used + more, len(held) * 3 // 2), held.dtype)
    larger[:used] = held[:used]
    return larger
