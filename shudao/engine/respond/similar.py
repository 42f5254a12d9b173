"""相似诉求 (similar demands): earlier ones that ask nearly the same, found by shared two-character pieces of their words.

Rare pieces weigh more than common ones (停电 in a power company's list says little). Pure: the caller gives the texts.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping

import msgspec

from shudao.engine.text.normalise import fold

ENOUGH = 0.2
"""Share of a demand's weight that another must hold to be shown: assumed."""

LEAST = 3
"""Pieces that both must hold, where the new one has as many: one chance word in common is no likeness."""

_SPLIT = re.compile(r"[^\w]+")
_LATIN = re.compile(r"[a-z0-9_]+")


class Likeness(msgspec.Struct, frozen=True):
    """相似 (likeness): which earlier text, how much of the new one's weight it shares (0 to 1)."""

    id: int
    share: float


def similar(text: str, earlier: Mapping[int, str], most: int = 3) -> list[Likeness]:
    """The earlier texts most like this one, the likest first; none when nothing is like enough."""
    wanted = pieces(text)
    if not wanted or not earlier:
        return []
    held = {key: pieces(other) for key, other in earlier.items()}
    often = Counter(piece for found in held.values() for piece in found)
    weight = {piece: math.log(1 + len(held) / max(often[piece], 1)) for piece in wanted}
    whole = sum(weight.values())
    if not whole:
        return []
    both = {key: wanted & found for key, found in held.items()}
    needed = min(LEAST, len(wanted))
    shares = [(sum(map(weight.__getitem__, same)) / whole, key) for key, same in both.items() if len(same) >= needed]
    best = sorted((pair for pair in shares if pair[0] >= ENOUGH), key=lambda pair: (-pair[0], pair[1]))
    return [Likeness(key, round(share, 3)) for share, key in best[:most]]


def pieces(text: str) -> frozenset[str]:
    """Two-character pieces of Chinese, whole words of Latin letters and figures."""
    found: set[str] = set()
    for part in _SPLIT.split(fold(text)):
        found.update(_LATIN.findall(part))
        rest = _LATIN.sub("", part)
        found.update(rest[place : place + 2] for place in range(len(rest) - 1))
    return frozenset(found)
