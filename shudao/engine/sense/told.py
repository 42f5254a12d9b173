"""说法集 (told): the posts of one story as unit vectors of weighted terms, for telling it and for its parts.

Terms that only one post uses say little of the story; those in every post say what it is about.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from shudao.engine.sense.features import terms
from shudao.engine.text.normalise import fold
from shudao.engine.text.reposts import original

F64 = NDArray[np.float64]


class Told(msgspec.Struct, frozen=True):
    """一条 (told): a post of a story that copies none: when (epoch seconds), what it says, and how often it was copied."""

    id: str
    at: float
    title: str = ""
    text: str = ""
    copies: int = 0

    @property
    def body(self) -> str:
        """What it says itself or passes on, folded."""
        return original(fold(f"{self.title}\n{self.text}" if self.title and self.text else self.title or self.text))


def vectors(bodies: Sequence[str], *, common: bool) -> F64:
    """Unit rows over the terms of the texts. `common`: weigh up what many say, else what sets some apart from the others."""
    found = [terms(body) for body in bodies]
    every, back = np.unique(
        np.concatenate([np.zeros(0, np.int64), *(one.numbers for one in found)]), return_inverse=True
    )
    rows = np.repeat(np.arange(len(found)), [len(one.numbers) for one in found])
    table = np.zeros((len(found), len(every)))
    table[rows, back] = np.concatenate([np.zeros(0), *(one.damped for one in found)])
    spread = np.count_nonzero(table, axis=0)
    if common:  # among several what one alone says is no part of the matter
        weight = np.log(np.maximum(spread, 1)) if len(found) > 2 else np.log1p(spread)
    else:
        weight = np.log1p(len(found) / np.maximum(spread, 1))
    table *= weight
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    return np.asarray(table / np.where(lengths > 0, lengths, 1.0), np.float64)
