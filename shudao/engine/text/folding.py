"""成批归一 (folding): `fold` for many texts at once, the same to the character.

Most characters become one character whatever stands beside them; a table of code points does those for all texts in one
step. A text with any other character (one that vanishes, unfolds into several, or joins its neighbour) goes through `fold`.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from shudao.engine.text.normalise import fold

_UNKNOWN, _ODD = 0xFFFFFFFF, 0xFFFFFFFE
_SEPARATE = ((0x0, 0x300), (0x2000, 0x20D0), (0x2100, 0x2C00), (0x2E80, 0x302A), (0x3041, 0x3099), (0x309B, 0xA000),
             (0xFF00, 0xFFF0), (0x1F000, 0x1FC00))  # fmt: skip
"""Ranges of code points that never join what stands before them."""
Points = NDArray[np.uint32]


@cache
def _table() -> Points:
    """Code point -> code point of its folded form, filled in as characters are met."""
    return np.full(0x110000, _UNKNOWN, np.uint32)


def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` of each text."""
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    table = _table()
    folded = table[points]
    if (unknown := folded == _UNKNOWN).any():
        for code in np.unique(points[unknown]).tolist():
            table[code] = _single(chr(code))
        folded = table[points]
    odd = folded == _ODD
    if not odd.any():
        return _cut(folded, texts)
    starts = np.cumsum([0, *map(len, texts)])
    strange = np.unique(np.searchsorted(starts, np.flatnonzero(odd), "right") - 1).tolist()
    found = _cut(np.where(odd, np.uint32(0x20), folded), texts)
    for place in strange:
        found[place] = fold(texts[place])
    return found


def _cut(points: Points, texts: Sequence[str]) -> list[str]:
    """One string cut to the lengths of the texts."""
    whole, found, start = points.tobytes().decode("utf-32-le"), [], 0
    for text in texts:
        end = start + len(text)
        found.append(whole[start:end])
        start = end
    return found


def _single(char: str) -> int:
    """The code point a character folds to, or `_ODD` when that is not all there is to say."""
    folded = fold(char)
    if len(folded) != 1 or not any(low <= ord(folded) < high for low, high in _SEPARATE):
        return _ODD
    return ord(folded)
