"""比对文 (compared): what of each text of a batch is compared, `reposts.original` for all at once.

Most texts are compared as they stand, and of most reposts what stands behind the last //@name: in arrays both are ranges of
characters. Only a text with boilerplate, links or a cut is taken apart by itself.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from shudao.engine.text.fingerprint import I64
from shudao.engine.text.frames import KEPT, U8, U16, classes_of, find_pairs, narrowed
from shudao.engine.text.reposts import CUT_ENDS, LEAST, MARKS, is_cut, original

Bools = NDArray[np.bool_]

_ANCHORS = sorted({mark[:2] for mark in MARKS if len(mark) > 1})
_ANCHOR_CODES = np.array([(ord(anchor[0]) << 16) | ord(anchor[1]) for anchor in _ANCHORS], np.uint32)
_AT, _WIDE_AT, _SLASH, _COLON, _SPACE = (ord(char) for char in "@＠/: ")
_TAIL = np.array([ord(char) for char in "...全文"], np.uint16)
_HANDLE = 30
"""Characters of a handle at most, as in `reposts`."""


@cache
def _flags() -> U8:
    """1: a mark may begin here; 2: a text that ends here may be cut."""
    table = np.zeros(1 << 16, np.uint8)
    for char in {"@", "＠", *(anchor[0] for anchor in _ANCHORS)}:
        table[ord(char)] |= 1
    for char in CUT_ENDS:
        table[ord(char)] |= 2
    return table


def compared(folded: Sequence[str]) -> tuple[U16, I64, Bools, Bools]:
    """The characters of texts side by side, where each text begins, which characters are compared, which texts were cut."""
    points, starts = narrowed(folded)
    begins, ends = starts[:-1].copy(), starts[1:].copy()
    asked = _ranges(points, starts, begins, ends)
    cut = ends < starts[1:]
    if asked.size:
        texts = list(folded)
        for place in asked.tolist():
            cut[place] = is_cut(texts[place])
            texts[place] = original(texts[place])
        moved = starts
        points, starts = narrowed(texts)
        begins += starts[:-1] - moved[:-1]
        ends += starts[:-1] - moved[:-1]
        ends[asked] = starts[asked + 1]
    turns = np.zeros(len(points) + 1, np.int8)
    full = begins < ends
    turns[begins[full]] = 1
    turns[ends[full]] -= 1
    return points, starts, np.cumsum(turns[:-1], dtype=np.int8).astype(bool), cut


def _ranges(points: U16, starts: I64, begins: I64, ends: I64) -> I64:
    """Moves the begins of plain reposts behind their last //@name: and the ends of plainly cut texts before ...全文;
    returns the texts that must be taken apart by themselves."""
    full = np.flatnonzero(np.diff(starts))
    flags = _flags()[points]
    asked = np.zeros(len(starts) - 1, bool)
    asked[full] = (flags[starts[full + 1] - 1] & 2) > 0
    closing = np.flatnonzero(asked & (np.diff(starts) >= 2 * len(_TAIL)))
    tail = points[starts[closing + 1, None] - np.arange(len(_TAIL) + 1, 0, -1)]
    closing = closing[(tail[:, 1:] == _TAIL).all(axis=1) & ((_flags()[tail[:, 0]] & 2) == 0)]
    ends[closing] -= len(_TAIL)
    asked[closing] = False
    marks, texts = _marks(points, starts, flags)
    inside = marks < ends[texts]
    marks, texts = marks[inside], texts[inside]
    if texts.size:
        last = np.concatenate((texts[1:] != texts[:-1], np.ones(1, bool)))
        marked, place = texts[last], marks[last]
        behind, plain = _chains(points, begins[marked], ends[marked], place)
        plain &= ~asked[marked]
        begins[marked[plain]] = behind[plain]
        asked[marked[~plain]] = True
    return np.flatnonzero(asked)


def _marks(points: U16, starts: I64, flags: U8) -> tuple[I64, I64]:
    """Where marks stand, in order, and in which text."""
    places = np.flatnonzero(flags & 1)
    if not places.size:
        return places, places
    here = points[places]
    after = points[np.minimum(places + 1, len(points) - 1)]
    is_mark = (here == _AT) | (here == _WIDE_AT) | find_pairs(here, after, _ANCHOR_CODES)[1]
    places = places[is_mark]
    return places, np.searchsorted(starts, places, "right") - 1


def _chains(points: U16, begins: I64, ends: I64, marks: I64) -> tuple[I64, Bools]:
    """Where the text behind a mark begins, and whether the mark is the @ of a plain //@name: with enough behind it."""
    room = np.concatenate((points, np.zeros(_HANDLE + 4, np.uint16)))
    plain = (points[marks] == _AT) & (marks - begins >= 2)
    plain &= (room[marks - 1] == _SLASH) & (room[marks - 2] == _SLASH)
    chosen = np.flatnonzero(plain)
    behind = marks + 1
    name = room[marks[chosen, None] + np.arange(1, _HANDLE + 2)]
    named = np.cumprod((classes_of(name) & KEPT) > 0, axis=1).sum(axis=1)
    colon = marks[chosen] + 1 + named
    good = (named > 0) & (named <= _HANDLE) & (room[colon] == _COLON)
    good &= (ends[chosen] - colon - 1 >= LEAST) & (room[colon + 1] != _SPACE)
    behind[chosen] = colon + 1
    plain[chosen] = good
    return behind, plain
