"""近似重复 (near-copies): which earlier post says the same in nearly the same words.

A repost counts as what it passes on. Texts are compared on letters, digits and Han characters only, with numbers and words
of polarity (属实, 不实 and the like) masked for finding and unmasked for telling: a copy that says 13 where the first said
3 is a `variant` of it, never simply the same. A text said before word for word is known by its hash; others get candidates
from MinHash bands and from how they begin, and each candidate is held against the exact Jaccard likeness of their 3-grams.
Everything is done for a batch at once, in arrays; the answers are those of one text after another. Memory is bounded by two
generations of rows: the older is dropped when the younger is full or spans `window`.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from shudao.engine.sense.alike import Alike
from shudao.engine.sense.bandtable import I32
from shudao.engine.sense.shelf import CUT, FIELDS, NEGATION, NUMBERS, Rows, Shelf
from shudao.engine.text.compared import compared
from shudao.engine.text.fingerprint import I64, U32, bands, minima, windows
from shudao.engine.text.frames import U16, Frames, facts, frames, frames_of, mask
from shudao.engine.text.overlap import Texts, choose
from shudao.engine.text.reposts import original

VERSION = "copies-4"
KEPT_TEXT = 480  # characters up to which a text is kept for the exact check; of longer ones the signature
LEAD = 24  # characters from which the same beginning makes a candidate

_LEAD_FACTORS: U32 = np.random.Generator(np.random.PCG64(24)).integers(1, 2**32, LEAD, dtype=np.uint32) | np.uint32(1)
_VARIANTS: dict[int, tuple[str, ...]] = {
    0: (),
    NUMBERS: ("numbers",),
    NEGATION: ("negation",),
    NUMBERS | NEGATION: ("numbers", "negation"),
}


class CopySettings(msgspec.Struct, frozen=True, kw_only=True):
    """设置: `window` seconds and `rows` at most per generation; two generations are held."""

    window: float = 7 * 86_400.0
    rows: int = 250_000


class Copy(msgspec.Struct, frozen=True, gc=False):
    """复本 (copy): the row number of the earliest near-copy, and what the copy changes ("numbers", "negation")."""

    row: int
    variant: tuple[str, ...] = ()


def plain_of(folded: str) -> str:
    """What of a folded text is compared: without links, handles, boilerplate and signs."""
    return "".join(map(chr, frames([original(folded)]).plain.tolist()))


class Copies:
    """近似重复组 (near-copies): feed texts in order; each gets the earliest near-copy among all fed before it."""

    def __init__(self, settings: CopySettings | None = None) -> None:
        self.settings = settings or CopySettings()
        self._fed = 0
        self._now = float("-inf")
        self._young = Shelf(0, 0.0)
        self._old: Shelf | None = None

    @property
    def nbytes(self) -> int:
        """Bytes that the generations take."""
        return self._young.nbytes + (self._old.nbytes if self._old else 0)

    def feed(self, folded: Sequence[str], at: Sequence[float]) -> list[Copy | None]:
        """For each text (epoch seconds `at`) its earliest near-copy; row numbers count all texts ever fed, from 0."""
        if not folded:
            return []
        moments = np.maximum.accumulate(np.concatenate(([self._now], np.asarray(at, np.float64))))[1:]
        found: list[Copy | None] = []
        start = 0
        while start < len(folded):
            end = start + self._stretch(moments[start:])
            found += self._feed(folded[start:end])
            self._now = float(moments[end - 1])
            start = end
        return found

    def _stretch(self, moments: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
        """How many of the next texts fit the young generation; a new one is begun when not even the first does."""
        held = self._fed - self._young.first
        if not held:
            self._young.opened_at = float(moments[0])
        late = int(np.searchsorted(moments - self._young.opened_at, self.settings.window, "right"))
        fits = min(late, max(0, self.settings.rows - held), len(moments))
        if fits:
            return fits
        self._old, self._young = self._young, Shelf(self._fed, float(moments[0]))
        return self._stretch(moments)

    def _feed(self, folded: Sequence[str]) -> list[Copy | None]:
        points, starts, inside, cut = compared(folded)
        held = frames_of(points, starts, inside)
        owners, fresh = self._said_before(held)
        young = self._young
        self._hold(held, fresh, cut)
        self._fed += len(folded)
        found: list[Copy | None] = [None] * len(folded)
        if not young.count:  # none says anything
            return found
        leaders, flags = young.field("leader")[owners], young.field("flags")[owners] & (NUMBERS | NEGATION)
        is_copy = owners >= 0
        is_copy[fresh] = leaders[fresh] != young.field("row")[owners[fresh]]
        copies = np.flatnonzero(is_copy)
        for place, leader, flag in zip(copies.tolist(), leaders[copies].tolist(), flags[copies].tolist(), strict=True):
            found[place] = Copy(leader, _VARIANTS[flag])
        return found

    def _said_before(self, held: Frames) -> tuple[I64, I64]:
        """Where each text is held word for word in the young generation (-1: it says nothing), and the texts that are
        new there; these are held from the present end on, in order."""
        young = self._young
        owners = young.table.find(_exact(held)).astype(np.int64)
        rows = young.field("hash")
        known = owners >= 0
        known[known] = rows[owners[known]] == held.hashes[known]
        owners[~known] = -1
        open_ = np.flatnonzero(~known & (np.diff(held.starts) > 0))
        _, first, back = np.unique(held.hashes[open_], return_index=True, return_inverse=True)
        order = np.argsort(np.argsort(first))
        owners[open_] = young.count + order[back]
        return owners, open_[np.sort(first)]

    def _hold(self, held: Frames, fresh: I64, cut: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        """Put the new texts on the shelf, each with its leader and what it changes of it."""
        if not len(fresh):
            return
        young, base = self._young, self._young.count
        plain, starts = choose((held.plain, held.starts), fresh)
        masked = mask(plain, starts)
        frame = (masked.frame, masked.starts)
        rows, texts = _rows_of((plain, starts), frame, self._fed + fresh)
        rows["hash"] = held.hashes[fresh]
        rows["numbers"], rows["polarity"] = facts(plain, masked, starts)
        rows["polarity"] += held.denied[fresh]
        rows["flags"] = np.where(cut[fresh], CUT, 0)
        signatures = minima(*windows(*frame))
        keys = np.concatenate((_exact(held)[fresh, None], bands(signatures)), axis=1)
        low = (signatures & np.uint32(0xFF)).astype(np.uint8).T
        young.add(rows, texts, {place: low[place] for place in np.flatnonzero(rows["size"] > KEPT_TEXT).tolist()})
        holders = np.arange(base, base + len(fresh), dtype=np.int32)
        lead, long = _leads(*frame)
        young_seen = [
            young.table.claim(keys, holders),
            _spread(young.table.claim(lead, holders[long]), len(fresh), long),
        ]
        seen = np.concatenate(young_seen, axis=1)
        if self._old:
            table = self._old.table
            older = [table.find(keys), _spread(table.find(lead), len(fresh), long)]
            seen = np.concatenate((*older, np.where(seen < 0, seen, seen + np.int32(self._old.count))), axis=1)
        Alike(self._old, young, base).settle(seen)


def _spread(found: I32, count: int, places: I64) -> I32:
    """A column of what was found for some, -1 for the others."""
    column = np.full((count, 1), -1, np.int32)
    column[places, 0] = found
    return column


def _exact(held: Frames) -> U32:
    return np.maximum((held.hashes >> np.uint64(32)).astype(np.uint32), np.uint32(1))


def _leads(frame: U16, begins: I64) -> tuple[U32, I64]:
    """Keys of how the longer texts begin, and which these are."""
    starts, ends = begins[:-1], begins[1:]
    long = np.flatnonzero(ends - starts >= LEAD)
    heads = frame[starts[long, None] + np.arange(LEAD)] * _LEAD_FACTORS
    key = heads.sum(axis=1, dtype=np.uint32)
    key ^= key >> np.uint32(15)
    return np.maximum(key * np.uint32(0x9E3779B1), np.uint32(1)), long


def _rows_of(plain: Texts, frame: Texts, numbers: I64) -> tuple[Rows, Texts]:
    """The rows of new texts, each its own leader yet, and the characters that are kept of them."""
    rows: Rows = {name: np.zeros(len(numbers), kind) for name, kind in FIELDS.items()}
    rows["row"], rows["leader"] = numbers.astype(np.int32), numbers.astype(np.int32)
    sizes = np.diff(plain[1])
    rows["size"], rows["framed"] = sizes.astype(np.uint16), np.diff(frame[1]).astype(np.uint16)
    kept = np.flatnonzero(sizes <= KEPT_TEXT)
    points, _begins = choose(plain, kept)
    return rows, (points, np.concatenate((np.zeros(1, np.int64), np.cumsum(np.where(sizes <= KEPT_TEXT, sizes, 0)))))
