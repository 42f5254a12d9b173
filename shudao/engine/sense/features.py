"""特征 (features): the hashed terms of a folded text: character bigrams of Han runs, whole Latin words and numbers."""

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

VERSION = "features-1"
BUCKETS = 1 << 20  # term numbers lie in [0, BUCKETS)
READ_CHARACTERS = 400  # of a text; what comes later says little about which matter it belongs to
MAX_TERMS = 160

_LINK = re.compile(r"https?://\S+|@[^\s:，。、！？!?,]{1,30}(?=[\s:]|$)")
_RUN = re.compile(r"[a-zß-ɏ]+|\d+(?:\.\d+)?|[^\W\d_a-zß-ɏ]+")
_ENDINGS = ("ings", "ing", "edly", "ies", "ied", "ed", "s")

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


class Terms:
    """词项 (terms): distinct term numbers of one text in order of first use, and 1 + ln(count) of each."""

    __slots__ = ("damped", "numbers")

    def __init__(self, numbers: I64, damped: F64) -> None:
        self.numbers, self.damped = numbers, damped


def terms(folded: str) -> Terms:
    """The terms of a folded text; an empty one has none."""
    counts: dict[int, int] = {}
    for run in _RUN.findall(_LINK.sub(" ", folded[: READ_CHARACTERS * 2])[:READ_CHARACTERS]):
        for term in _parts(run):
            number = crc32(term.encode()) & (BUCKETS - 1)
            counts[number] = counts.get(number, 0) + 1
        if len(counts) >= MAX_TERMS:
            break
    numbers = np.fromiter(counts.keys(), np.int64, len(counts))
    return Terms(numbers, 1.0 + np.log(np.fromiter(counts.values(), np.float64, len(counts))))


def _parts(run: str) -> list[str]:
    first = run[0]
    if first.isdigit():
        return [run]
    if first < "\u0250":
        return [_stem(run)]
    if len(run) == 1:
        return [run]
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _stem(word: str) -> str:
    """A Latin word without its commonest endings; short words stay whole."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
