"""特征 (features): the hashed terms of a folded text: character bigrams of Han runs, whole Latin words and numbers."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from shudao.engine.text.fingerprint import mix

VERSION = "features-2"
BUCKETS = 1 << 20  # term numbers lie in [0, BUCKETS)
READ_CHARACTERS = 400  # of a text; what comes later says little about which matter it belongs to
MAX_TERMS = 160

_LINK = re.compile(r"https?://\S+|@[^\s:，。、！？!?,]{1,30}(?=[\s:]|$)")
_WORD = re.compile(r"[a-zß-ɏ]+|\d+(?:\.\d+)?")
_HAN = re.compile(r"[^\W\d_a-zß-ɏ]")
_ENDINGS = ("ings", "ing", "edly", "ies", "ied", "ed", "s")
_BREAK, _SIGN, _LETTER, _UNKNOWN = 0, 1, 2, 255

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]


class Terms:
    """词项 (terms): distinct term numbers of one text, ascending, and 1 + ln(count) of each."""

    __slots__ = ("damped", "numbers")

    def __init__(self, numbers: I64, damped: F64) -> None:
        self.numbers, self.damped = numbers, damped


def terms(folded: str) -> Terms:
    """The terms of a folded text; an empty one has none."""
    return terms_all([folded])[0]


def terms_all(folded: Sequence[str]) -> list[Terms]:
    """The terms of each text, worked out for all at once; a text has the same in any company."""
    texts = [_read(text) for text in folded]
    points = np.frombuffer("\n".join(["", *texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds(points)
    begins = np.cumsum([1, *(len(text) + 1 for text in texts)])
    places, numbers = _signs(points.astype(np.uint64), kinds)
    lettered = np.unique(np.searchsorted(begins, np.flatnonzero(kinds == _LETTER), "right") - 1)
    words = [
        (int(begins[row]) + found.start(), _number(found[0]))
        for row in lettered.tolist()
        for found in _WORD.finditer(texts[row])
    ]
    if words:
        places = np.concatenate((places, np.array([place for place, _ in words])))
        numbers = np.concatenate((numbers, np.array([number for _, number in words])))
    rows = np.searchsorted(begins, places, "right") - 1
    keys, first, counts = np.unique(rows * BUCKETS + numbers, return_index=True, return_counts=True)
    damped = 1.0 + np.log(counts)
    cuts = np.searchsorted(keys, np.arange(len(texts) + 1) * BUCKETS).tolist()
    numbers = keys % BUCKETS
    found = []
    for start, end in pairwise(cuts):
        if end - start > MAX_TERMS:
            kept = start + np.sort(np.argsort(places[first[start:end]], kind="stable")[:MAX_TERMS])
            found.append(Terms(numbers[kept], damped[kept]))
        else:
            found.append(Terms(numbers[start:end], damped[start:end]))
    return found


def _read(folded: str) -> str:
    """What is read of a text: its beginning without links and names."""
    text = folded[: READ_CHARACTERS * 2]
    if "http" in text or "@" in text:
        text = _LINK.sub(" ", text)
    return text[:READ_CHARACTERS]


def _signs(points: NDArray[np.uint64], kinds: U8) -> tuple[I64, I64]:
    """Places and term numbers of the character pairs of runs, and of characters that stand alone."""
    sign = kinds == _SIGN
    pairs = sign[:-1] & sign[1:]
    alone = sign[1:-1] & ~pairs[:-1] & ~pairs[1:]
    here, single = np.flatnonzero(pairs), np.flatnonzero(alone) + 1
    shift = np.uint64(21)
    values = np.concatenate((points[here] << shift | points[here + 1], points[single] << shift))
    return np.concatenate((here, single)), (mix(values) & np.uint64(BUCKETS - 1)).astype(np.int64)


def _number(word: str) -> int:
    stem = word if word[0].isdigit() else _stem(word)
    return crc32(stem.encode()) & (BUCKETS - 1)


@cache
def _table() -> U8:
    """Code point -> break, sign of a run, or letter or digit; filled in as characters are met."""
    return np.full(0x110000, _UNKNOWN, np.uint8)


def _kinds(points: NDArray[np.uint32]) -> U8:
    table = _table()
    kinds = table[points]
    if (unknown := kinds == _UNKNOWN).any():
        for code in np.unique(points[unknown]).tolist():
            char = chr(code)
            table[code] = _LETTER if _WORD.fullmatch(char) else _SIGN if _HAN.fullmatch(char) else _BREAK
        kinds = table[points]
    return kinds


def _stem(word: str) -> str:
    """A Latin word without its commonest endings; short words stay whole."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
