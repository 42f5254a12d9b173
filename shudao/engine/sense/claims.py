"""说法检索 (claim retrieval): which claims that were answered before a text repeats, the nearest first.

The caller gives the index: claims with whatever names their earlier answer. Texts are compared on their characters and pairs of
characters (Latin words and numbers whole), rare ones weighing more, and by meaning too where an encoder is
given. It says what is near, never what is true: a person reads the earlier answer and decides whether it fits.
"""

import re
from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from shudao.engine.text.normalise import fold

VERSION = "claims-1"
READ = 600  # characters of a text
NEAR = 0.22  # likeness from which an earlier answer is worth showing: above it one foreign text in twenty
COVERED = 0.7  # weight of the share of the claim that the text holds, against the cosine of both
PRIOR = 20.0  # claims supposed beside those held, so that in a small index a piece that all share still weighs
MEANING = 0.5  # weight of meaning where there are vectors

_LINK = re.compile(r"https?://\S+|@[^\s:，。、！？!?,]{1,30}(?=[\s:]|$)")
_RUN = re.compile(r"[a-z0-9ß-ɏ]+(?:\.\d+)?|[^\W\d_a-zß-ɏ]+")

F64 = NDArray[np.float64]
Vectors = Callable[[Sequence[str]], NDArray[np.float32]]


class Claim(msgspec.Struct, frozen=True):
    """说法 (claim): `id` leads the caller to the earlier answer."""

    id: str
    text: str


class NearClaim(msgspec.Struct, frozen=True):
    """相近说法 (near claim): how alike it is, 0 to 1; no measure of truth."""

    id: str
    likeness: float


class ClaimIndex:
    """说法索引 (claim index): built once over what was answered; `vectors` reads meaning where the caller has an encoder."""

    def __init__(self, claims: Sequence[Claim], vectors: Vectors | None = None) -> None:
        self.ids = [claim.id for claim in claims]
        self._terms: dict[str, int] = {}
        held = [pieces(claim.text) for claim in claims]
        for found in held:
            for piece in found:
                self._terms.setdefault(piece, len(self._terms))
        counts = np.zeros(len(self._terms))
        for found in held:
            counts[[self._terms[piece] for piece in found]] += 1
        self._unknown = float(np.log((PRIOR + len(claims)) / 0.5))
        self._rare = np.log((PRIOR + len(claims)) / (0.5 + counts))
        self._table = self._rows(held)
        self._lengths = np.sqrt(np.asarray(self._table.multiply(self._table).sum(axis=1)).ravel())
        self._read = vectors
        self._mean, self._meant = (
            _centred(vectors([_plain(claim.text) for claim in claims])) if vectors and claims else _NONE
        )

    def __len__(self) -> int:
        return len(self.ids)

    def likeness(self, text: str) -> F64:
        """How alike the text is to every claim, in the order given."""
        found = pieces(text)
        row = self._rows([found])
        # pieces that no claim has lengthen the text as a piece does that one claim has
        unknown = len(found) - row.nnz
        length = np.sqrt(float(row.multiply(row).sum()) + unknown * self._unknown**2)
        shared = np.asarray((self._table @ row.T).todense()).ravel()
        cosine = shared / np.maximum(self._lengths * length, 1e-12)
        covered = shared / np.maximum(self._lengths**2, 1e-12)
        words = (1 - COVERED) * cosine + COVERED * np.minimum(covered, 1.0)
        if self._read is None or self._meant is None:
            return np.asarray(words, np.float64)
        meant = _unit(self._read([_plain(text)]) - self._mean)[0]
        return np.asarray((1 - MEANING) * words + MEANING * np.maximum(self._meant @ meant, 0.0), np.float64)

    def _rows(self, held: Sequence[frozenset[str]]) -> csr_matrix:
        places = [sorted(self._terms[piece] for piece in found if piece in self._terms) for found in held]
        ends = np.cumsum([0, *map(len, places)])
        flat = np.array([place for row in places for place in row], np.int64)
        return csr_matrix((self._rare[flat], flat, ends), shape=(len(held), max(len(self._terms), 1)))


def nearest_claims(text: str, index: ClaimIndex, n: int = 5, least: float = 0.0) -> list[NearClaim]:
    """At most `n` claims of the index that are nearest to the text and alike by `least` or more; ties in index order."""
    if not len(index) or not pieces(text):
        return []
    alike = index.likeness(text)
    order = np.argsort(-alike, kind="stable")[:n]
    return [
        NearClaim(index.ids[place], round(float(alike[place]), 3))
        for place in order.tolist()
        if alike[place] > 0 and alike[place] >= least
    ]


def pieces(text: str) -> frozenset[str]:
    """Characters and pairs of neighbouring characters of Chinese, whole words of Latin letters and figures."""
    found: set[str] = set()
    for run in _RUN.findall(_plain(text)):
        if run[0] < "\u0250":
            found.add(run)
            continue
        found.update(run)
        found.update(run[place : place + 2] for place in range(len(run) - 1))
    return frozenset(found)


def _plain(text: str) -> str:
    return _LINK.sub(" ", fold(text))[:READ]


def _centred(vectors: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    mean = vectors.mean(axis=0)
    return mean, _unit(vectors - mean)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


_NONE: tuple[NDArray[np.float32], NDArray[np.float32] | None] = (np.zeros(0, np.float32), None)
