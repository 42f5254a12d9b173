"""指纹 (fingerprint): numbers that stand for texts, computed for many texts at once.

Hashes are fixed functions of the characters (no per-process salt), so every run gives the same groups and stories.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

VERSION = "minhash-42x3-1"
BANDS, BAND_ROWS = 14, 3
PERMUTATIONS = BANDS * BAND_ROWS
"""At a likeness of 0.7 two texts miss each other in all bands once in 350 times, at 0.8 once in 25,000."""
SHINGLE = 3  # characters

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

_MIX = np.uint64(0x9E3779B97F4A7C15)
_rng = np.random.Generator(np.random.PCG64(20_240_917))
_FACTORS: U32 = _rng.integers(1, 2**32, PERMUTATIONS, dtype=np.uint32) | np.uint32(1)
_GRAM_FACTORS: U32 = np.array((0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D), np.uint32)
_STRETCH = 60_000  # gram hashes whose products stay in the cache


def joined(texts: Sequence[str]) -> tuple[U32, I64]:
    """Code points of all texts in one array, and where each text begins in it (one more entry than texts)."""
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    return points, np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))


def grams(texts: Sequence[str], size: int) -> tuple[U64, I64]:
    """Hashes of the overlapping character n-grams of each text, joined, and where each text's begin.

    A text shorter than `size` gives one gram of all it has (an empty text one gram as well), so no text is without.
    """
    padded = [text if len(text) >= size else text + "\0" * (size - len(text)) for text in texts]
    points, starts = joined(padded)
    hashes = points.astype(np.uint64)
    whole = np.zeros(max(0, len(points) - size + 1), np.uint64)
    for place in range(size):
        whole = mix(whole * _MIX + hashes[place : place + len(whole)])
    counts = np.diff(starts) - size + 1
    begins = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
    index = np.arange(begins[-1]) + np.repeat(starts[:-1] - begins[:-1], counts)
    return whole[index], begins


def mix(values: U64) -> U64:
    """A bijection that spreads nearby values over all bits."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def windows(points: NDArray[np.uint16], starts: I64) -> tuple[U32, I64]:
    """32-bit hashes of the 3-grams of texts side by side, and where each text's begin; every text has a character.

    A text shorter than that gives one gram of all it has.
    """
    ends = starts[1:]
    room = np.concatenate((points, np.zeros(SHINGLE - 1, np.uint16))).astype(np.uint32)
    short = np.flatnonzero(np.diff(starts) < SHINGLE)
    hashes = np.zeros(len(points), np.uint32)
    for place, factor in enumerate(_GRAM_FACTORS):
        hashes += room[place : place + len(points)] * factor
    if short.size:
        hashes[starts[short]] = _short_grams(room, starts, short)
    keep = np.ones(len(points), bool)
    for place in range(1, SHINGLE):
        keep[ends[ends - place > starts[:-1]] - place] = False
    counts = np.maximum(np.diff(starts) - SHINGLE + 1, 1)
    return mix32(hashes[keep]), np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))


def _short_grams(room: U32, starts: I64, short: I64) -> U32:
    """The one gram of texts of one or two characters."""
    second = np.where(starts[short + 1] - starts[short] == SHINGLE - 1, room[starts[short] + 1], 0)
    grams: U32 = room[starts[short]] * _GRAM_FACTORS[0] + second.astype(np.uint32) * _GRAM_FACTORS[1]
    return grams


def mix32(values: U32) -> U32:
    """A bijection that spreads nearby values over all bits."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))


def minima(hashes: U32, begins: I64) -> U32:
    """MinHash signatures by multiply-shift of gram hashes: shape (42, texts). Worked out in stretches the cache holds."""
    found = np.empty((PERMUTATIONS, len(begins) - 1), np.uint32)
    start = 0
    while start < len(begins) - 1:
        end = max(start + 1, int(np.searchsorted(begins, begins[start] + _STRETCH, "right")) - 1)
        part = hashes[begins[start] : begins[end]]
        inside, room = begins[start:end] - begins[start], np.empty_like(part)
        for number in range(PERMUTATIONS):
            np.multiply(part, _FACTORS[number], out=room)
            np.minimum.reduceat(room, inside, out=found[number, start:end])
        start = end
    return found


def bands(found: U32) -> U32:
    """Band keys of signatures (42, texts), shape (texts, 14), never 0; equal keys in a column mean three equal rows."""
    rows = found.reshape(BANDS, BAND_ROWS, -1)
    key = np.broadcast_to((np.arange(1, BANDS + 1, dtype=np.uint32) * _GRAM_FACTORS[2])[:, None], rows[:, 0].shape)
    for row in range(BAND_ROWS):
        key = mix32(key * _GRAM_FACTORS[0] + rows[:, row])
    return np.ascontiguousarray(np.maximum(key, np.uint32(1)).T)
