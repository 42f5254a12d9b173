"""指纹 (fingerprint): numbers that stand for texts, computed for many texts at once.

Hashes are fixed functions of the characters (no per-process salt), so every run gives the same groups and stories.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

VERSION = "minhash-64x4-1"
PERMUTATIONS = 64
BAND_ROWS = 4
BANDS = PERMUTATIONS // BAND_ROWS
SHINGLE = 3  # characters

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

_MIX = np.uint64(0x9E3779B97F4A7C15)
_rng = np.random.Generator(np.random.PCG64(20_240_917))
_FACTORS: U64 = _rng.integers(1, 2**63, PERMUTATIONS, dtype=np.uint64) | np.uint64(1)
_SHIFTS: U64 = _rng.integers(0, 2**63, PERMUTATIONS, dtype=np.uint64)


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


def signatures(texts: Sequence[str]) -> U32:
    """MinHash signatures over character 3-grams: shape (texts, 64)."""
    if not texts:
        return np.zeros((0, PERMUTATIONS), np.uint32)
    hashes, begins = grams(texts, SHINGLE)
    found = np.empty((len(texts), PERMUTATIONS), np.uint32)
    for number in range(PERMUTATIONS):
        permuted = ((hashes * _FACTORS[number] + _SHIFTS[number]) >> np.uint64(32)).astype(np.uint32)
        found[:, number] = np.minimum.reduceat(permuted, begins[:-1])
    return found


def bands(found: U32) -> U32:
    """Band keys of signatures, shape (texts, 16), never 0; equal keys in a column mean four equal rows."""
    wide = found.astype(np.uint64).reshape(len(found), BANDS, BAND_ROWS)
    key = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64) * _MIX, wide.shape[:2])
    for row in range(BAND_ROWS):
        key = mix(key * _MIX + wide[:, :, row])
    folded = (key >> np.uint64(32)).astype(np.uint32)
    return np.where(folded == 0, np.uint32(1), folded)


def exact_keys(texts: Sequence[str]) -> U32:
    """One 32-bit key a text, never 0; equal texts have equal keys, and the converse must be checked."""
    keys = (
        int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little")
        for text in texts
    )
    found = np.fromiter(keys, dtype=np.uint32, count=len(texts))
    return np.where(found == 0, np.uint32(1), found)
