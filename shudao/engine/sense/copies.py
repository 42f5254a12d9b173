"""近似重复 (near-copies): which earlier post says the same in nearly the same words.

Texts are compared on their letters, digits and Han characters only, with numbers and polarity words (属实, 不实 and
the like) masked for finding and unmasked for telling: a copy that says 13 where the first said 3 is a `variant` of it,
never simply the same. Candidates come from MinHash bands; short texts are then checked by exact Jaccard on 3-grams.
Memory is bounded by two generations of rows: the older is dropped when the younger is full or spans `window`.
"""

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from shudao.engine.sense.bandtable import I32, BandTable
from shudao.engine.text.fingerprint import PERMUTATIONS, SHINGLE, bands, exact_keys, signatures

VERSION = "copies-1"
SAME = 0.70  # exact Jaccard of 3-grams from which two texts are near-copies
SAME_FRAME = 0.85  # the same with numbers and polarity masked
SAME_LEAST = 0.25  # what must be shared even then
SAME_SIGNED = 0.66  # share of equal signature rows for texts too long to keep
KEPT_TEXT = 240  # characters up to which a text is kept for the exact check

_LINK = re.compile(r"https?://\S+|@[^\s:，。、！？!?,]{1,30}(?=[\s:]|$)")
_KEPT = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[零一二三四五六七八九十百千万亿两]+(?=[人名例起个家户条元岁死伤])")
_POLARITY = re.compile(
    r"并不属实|不属实|不实|属实|并非|没有|并未|尚未|未|不|无|否认|辟谣|谣言|假的|真的|\bnot?\b|\bnever\b"
)


class CopySettings(msgspec.Struct, frozen=True, kw_only=True):
    """设置: `window` seconds and `rows` at most per generation; two generations are held."""

    window: float = 7 * 86_400.0
    rows: int = 250_000


class Copy(msgspec.Struct, frozen=True):
    """复本 (copy): the row number of the earliest near-copy, and what the copy changes ("numbers", "negation")."""

    row: int
    variant: tuple[str, ...] = ()


class _Text(msgspec.Struct, frozen=True):
    """A text made ready: `plain` for telling, `frame` for finding, and what was masked between the two."""

    plain: str
    frame: str
    numbers: str
    polarity: str


def prepare(folded: str) -> _Text:
    """The comparable form of a folded text."""
    bare = _LINK.sub(" ", folded)
    numbers = "|".join(_NUMBER.findall(bare))
    polarity = "|".join(_POLARITY.findall(bare))
    frame = _POLARITY.sub("否", _NUMBER.sub("0", bare))
    return _Text("".join(_KEPT.findall(bare)), "".join(_KEPT.findall(frame)), numbers, polarity)


def jaccard(one: str, other: str) -> float:
    """Exact Jaccard similarity of the sets of character 3-grams."""
    ours, theirs = _shingles(one), _shingles(other)
    shared = len(ours & theirs)
    return shared / (len(ours) + len(theirs) - shared)


def _shingles(text: str) -> set[str]:
    if len(text) < SHINGLE:
        return {text}
    return {text[place : place + SHINGLE] for place in range(len(text) - SHINGLE + 1)}


class _Generation:
    """Rows from `first` on, with their signatures (one byte a row of the signature), texts and leaders."""

    def __init__(self, first: int, opened_at: float) -> None:
        self.first, self.opened_at = first, opened_at
        self.table = BandTable()
        self.signed: list[bytes] = []
        self.texts: list[_Text | None] = []
        self.facts: list[tuple[str, str]] = []
        self.leaders: list[int] = []


_UNCHANGED: tuple[str, ...] = ()


class Copies:
    """近似重复组 (near-copies): feed texts in order; each gets the earliest near-copy among all fed before it."""

    def __init__(self, settings: CopySettings | None = None) -> None:
        self.settings = settings or CopySettings()
        self._fed = 0
        self._now = float("-inf")
        self._young = _Generation(0, 0.0)
        self._old: _Generation | None = None

    def feed(self, folded: Sequence[str], at: Sequence[float]) -> list[Copy | None]:
        """For each text (epoch seconds `at`) its earliest near-copy; row numbers count all texts ever fed, from 0."""
        found: list[Copy | None] = []
        start = 0
        while start < len(folded):
            end = self._turn_over(at, start)
            found += self._feed(folded[start:end])
            start = end
        return found

    def _turn_over(self, at: Sequence[float], start: int) -> int:
        """Begin a new generation when the next text asks for it; the end of the stretch that fits the young one."""
        if not self._young.leaders:
            self._young.opened_at = max(self._now, at[start])
        for place in range(start, len(at)):
            self._now = max(self._now, at[place])
            full = len(self._young.leaders) + place - start >= self.settings.rows
            if full or self._now - self._young.opened_at > self.settings.window:
                if place > start:
                    return place
                self._old, self._young = self._young, _Generation(self._fed, self._now)
        return len(at)

    def _feed(self, folded: Sequence[str]) -> list[Copy | None]:
        texts = [prepare(text) for text in folded]
        signed = signatures([text.frame for text in texts])
        keys = np.concatenate((exact_keys([text.frame for text in texts])[:, None], bands(signed)), axis=1)
        rows = np.arange(self._fed, self._fed + len(texts), dtype=np.int32)
        older = self._old.table.find(keys) if self._old else np.full(keys.shape, -1, np.int32)
        owners = self._young.table.claim(keys, rows)
        low = (signed & np.uint32(0xFF)).astype(np.uint8)
        return [
            self._place(text, low[place].tobytes(), older[place], owners[place]) for place, text in enumerate(texts)
        ]

    def _place(self, text: _Text, signed: bytes, older: I32, owners: I32) -> Copy | None:
        row = self._fed
        self._fed += 1
        leader, variant = row, _UNCHANGED
        for candidate in sorted({*older.tolist(), *owners.tolist()}):
            if 0 <= candidate < row and self._same(text, signed, candidate):
                leader, variant = self._leader(text, signed, candidate)
                break
        self._keep(text, signed, leader)
        return None if leader == row else Copy(leader, variant)

    def _keep(self, text: _Text, signed: bytes, leader: int) -> None:
        young = self._young
        young.signed.append(signed)
        young.texts.append(text if len(text.plain) <= KEPT_TEXT else None)
        young.facts.append((text.numbers, text.polarity))
        young.leaders.append(leader)

    def _at(self, row: int) -> tuple[_Generation, int] | None:
        for generation in (self._young, self._old):
            if generation is not None and row >= generation.first:
                return generation, row - generation.first
        return None

    def _same(self, text: _Text, signed: bytes, candidate: int) -> bool:
        held = self._at(candidate)
        if held is None:
            return False
        generation, place = held
        other = generation.texts[place]
        if other is None or len(text.plain) > KEPT_TEXT:
            return _signed_share(signed, generation.signed[place]) >= SAME_SIGNED
        return similar(text, other, SAME, SAME_FRAME)

    def _leader(self, text: _Text, signed: bytes, candidate: int) -> tuple[int, tuple[str, ...]]:
        """The earliest text of the candidate's group that `text` is near enough to, and what differs from it."""
        place = self._at(candidate)
        if place is None:
            return candidate, ()
        generation, offset = place
        leader = generation.leaders[offset]
        held = self._at(leader)
        if held is None:  # the leader has aged out; its group goes on under its name
            return leader, _variant(text, *generation.facts[offset])
        if leader != candidate and not self._same(text, signed, leader):
            return candidate, _variant(text, *generation.facts[offset])
        return leader, _variant(text, *held[0].facts[held[1]])


def similar(one: _Text, other: _Text, plain: float = SAME, frame: float = SAME_FRAME) -> bool:
    """Whether two short texts are near-copies: as they stand, or with numbers and polarity masked."""
    if one.plain == other.plain:
        return True
    longest = max(len(one.plain), len(other.plain))
    if min(len(one.plain), len(other.plain)) < longest * SAME_LEAST:
        return False
    shared = jaccard(one.plain, other.plain)
    if shared >= plain:
        return True
    masked = one.frame != one.plain or other.frame != other.plain
    return masked and shared >= SAME_LEAST and jaccard(one.frame, other.frame) >= frame


def _variant(text: _Text, numbers: str, polarity: str) -> tuple[str, ...]:
    changed = []
    if text.numbers != numbers:
        changed.append("numbers")
    if text.polarity != polarity:
        changed.append("negation")
    return tuple(changed)


def _signed_share(one: bytes, other: bytes) -> float:
    """Share of equal signature rows; chance agreement of one byte (1 in 256) is left in, it is small."""
    equal = np.frombuffer(one, np.uint8) == np.frombuffer(other, np.uint8)
    return float(equal.sum()) / PERMUTATIONS
