"""像 (alike): which of the candidates of new texts are near-copies of them, and who leads each copy's group.

A text is known here by its address: its place in the older generation, or behind all of those its place in the younger.
"""

import numpy as np
from numpy.typing import NDArray

from shudao.engine.sense.bandtable import I32
from shudao.engine.sense.shelf import CUT, NEGATION, NUMBERS, U8, Shelf
from shudao.engine.text.fingerprint import I64, PERMUTATIONS, minima, windows
from shudao.engine.text.frames import mask
from shudao.engine.text.overlap import U16, Texts, overlaps, pick

SAME = 0.70  # exact Jaccard of 3-grams from which two texts are near-copies
SAME_FRAME = 0.85  # the same with numbers and polarity masked
SAME_LEAST = 0.25  # what must be shared even then
SIZES, FRAME_SIZES = 0.65, 0.78  # of the longer length the shorter must have: plain, masked
FRAME_KEYS = 3  # keys at least that two texts share whose frames are near: fewer once in 1,500 times
SAME_SIGNED = 0.66  # share of equal signature rows where a text is too long to keep
CUT_LEAST = 16  # characters that a cut text must still have to be known by its beginning

Bools = NDArray[np.bool_]


class Alike:
    """The candidates of the texts that stand from place `base` of the young generation on."""

    def __init__(self, old: Shelf | None, young: Shelf, base: int) -> None:
        self._old, self._young = old, young
        self._before = old.count if old else 0
        self._base = self._before + base

    def settle(self, seen: I32) -> None:
        """Write leader and flags of the new texts; `seen` are the addresses of each one's candidates (-1: none)."""
        own = self._base + np.arange(len(seen))
        chosen = self._earliest(own, seen)
        copies = np.flatnonzero(chosen >= 0)
        waiting = np.zeros(len(seen), bool)
        waiting[copies] = True
        while copies.size:
            nearer = chosen[copies] - self._base
            ready = (nearer < 0) | ~waiting[np.maximum(nearer, 0)]
            self._lead(own[copies[ready]], chosen[copies[ready]])
            waiting[copies[ready]] = False
            copies = copies[~ready]

    def _earliest(self, own: I64, seen: I32) -> I64:
        """The earliest candidate that is a near-copy, -1 where none is."""
        chosen = np.full(len(own), -1, np.int64)
        seen = np.where(seen < own[:, None].astype(np.int32), seen, np.int32(-1))
        some = np.flatnonzero(seen.max(axis=1, initial=-1) >= 0)
        seen = np.sort(seen[some], axis=1)
        new = seen >= 0
        new[:, 1:] &= seen[:, 1:] != seen[:, :-1]
        rows, columns = np.nonzero(new)
        texts, addresses = some[rows], seen[rows, columns].astype(np.int64)
        places = np.append(rows * seen.shape[1] + columns, seen.size)
        ends = np.minimum(places[1:], (rows + 1) * seen.shape[1])
        often = ends - places[:-1] >= FRAME_KEYS
        found = np.flatnonzero(self._same(own[texts], addresses, often))[::-1]
        chosen[texts[found]] = addresses[found]  # of one text's several the last write stands: the earliest
        return chosen

    def _lead(self, own: I64, candidates: I64) -> None:
        """The earliest text of the candidate's group that the text is near enough to leads it.

        A leader that has aged out goes on leading under its name, and changes are told against the candidate.
        """
        rows = self._get("leader", candidates)
        against = candidates.copy()
        held = self._old.first if self._old else self._young.first
        others = np.flatnonzero((rows != self._get("row", candidates)) & (rows >= held))
        if others.size:
            leaders = self._addresses(rows[others])
            same = self._same(own[others], leaders, np.ones(len(others), bool))
            against[others[same]] = leaders[same]
            rows[others[~same]] = self._get("row", candidates[others[~same]])
        changed = np.where(self._get("numbers", own) != self._get("numbers", against), NUMBERS, 0)
        changed |= np.where(self._get("polarity", own) != self._get("polarity", against), NEGATION, 0)
        cut = np.flatnonzero((changed > 0) & self._is_cut(own, against))
        changed[cut[self._begin_alike(own[cut], against[cut])]] = 0
        places = own - self._before
        self._young.field("leader")[places] = rows
        self._young.field("flags")[places] |= changed.astype(np.uint8)

    def _same(self, ones: I64, others: I64, often: Bools) -> Bools:
        """Whether the texts of each pair are near-copies; `often`: masked they may be, by the keys they share."""
        same = self._get("hash", ones) == self._get("hash", others)
        open_ = np.flatnonzero(~same)
        if not open_.size:
            return np.asarray(same, bool)
        plain = self._near("size", SIZES, ones[open_], others[open_])
        frame = often[open_] & self._near("framed", FRAME_SIZES, ones[open_], others[open_])
        frame &= (self._facts(ones[open_]) != self._facts(others[open_])).any(axis=0)
        kept = (self._lengths(ones[open_]) > 0) & (self._lengths(others[open_]) > 0)
        short = np.flatnonzero(kept & (plain | frame))
        same[open_[short]] = self._likeness(ones[open_[short]], others[open_[short]], frame[short])
        for place in open_[~kept & plain].tolist():
            same[place] = self._signed_alike(int(ones[place]), int(others[place]))
        rest = np.flatnonzero(~same & self._is_cut(ones, others))
        same[rest] = self._begin_alike(ones[rest], others[rest])
        return np.asarray(same, bool)

    def _near(self, field: str, least: float, ones: I64, others: I64) -> Bools:
        """Whether the lengths of each pair are near enough for the likeness that is asked for, with room for repeated grams."""
        sizes = self._get(field, ones).astype(np.int64), self._get(field, others).astype(np.int64)
        return np.asarray(np.minimum(*sizes) >= least * np.maximum(*sizes), bool)

    def _facts(self, addresses: I64) -> NDArray[np.int64]:
        return np.stack((self._get("numbers", addresses), self._get("polarity", addresses)))

    def _likeness(self, ones: I64, others: I64, frame: Bools) -> Bools:
        """By exact Jaccard; where `frame` says so also with numbers and polarity masked."""
        if not ones.size:
            return np.zeros(0, bool)
        plain, starts = self._texts(np.concatenate((ones, others)))
        shared = overlaps((plain, starts))
        same = shared >= SAME
        open_ = np.flatnonzero(~same & frame & (shared >= SAME_LEAST))
        if open_.size:
            masked = mask(*pick((plain, starts), np.concatenate((open_, len(ones) + open_))))
            same[open_] = overlaps((masked.frame, masked.starts)) >= SAME_FRAME
        return same

    def _is_cut(self, ones: I64, others: I64) -> Bools:
        """Whether the shorter of each pair was cut, and enough of it is left."""
        sizes = self._get("size", ones), self._get("size", others)
        flags = np.where(sizes[0] <= sizes[1], self._get("flags", ones), self._get("flags", others))
        return np.asarray(((flags & CUT) > 0) & (np.minimum(*sizes) >= CUT_LEAST), bool)

    def _begin_alike(self, ones: I64, others: I64) -> Bools:
        """Whether the longer text of each pair begins with the shorter; False where a text is not kept."""
        shorter = np.minimum(self._lengths(ones), self._lengths(others))
        found = shorter > 0
        asked = np.flatnonzero(found)
        if asked.size:
            begins = np.concatenate((np.zeros(1, np.int64), np.cumsum(shorter[asked])))
            first, second = (self._characters(some[asked], begins) for some in (ones, others))
            found[asked] = np.logical_and.reduceat(first == second, begins[:-1])
        return found

    def _signed_alike(self, one: int, other: int) -> bool:
        """By share of equal signature rows; chance agreement of one byte (1 in 256) is left in, it is small."""
        return int((self._signed(one) == self._signed(other)).sum()) >= SAME_SIGNED * PERMUTATIONS

    def _signed(self, address: int) -> U8:
        shelf, place = self._shelf(address)
        if place in shelf.signed:
            return shelf.signed[place]
        masked = mask(*self._texts(np.array((address,), np.int64)))
        found = minima(*windows(masked.frame, masked.starts))
        return (found & np.uint32(0xFF)).astype(np.uint8)[:, 0]

    def _shelf(self, address: int) -> tuple[Shelf, int]:
        if self._old is not None and address < self._before:
            return self._old, address
        return self._young, address - self._before

    def _get(self, field: str, addresses: I64) -> NDArray[np.int64]:
        """A field of the rows at these addresses."""
        if self._old is None:
            return np.asarray(self._young.field(field)[addresses])
        young = addresses >= self._before
        found = self._young.field(field)[np.where(young, addresses - self._before, 0)]
        older = np.flatnonzero(~young)
        found[older] = self._old.field(field)[addresses[older]]
        return np.asarray(found)

    def _addresses(self, rows: NDArray[np.int64]) -> I64:
        """The addresses of row numbers that are held."""
        found = self._before + np.searchsorted(self._young.field("row"), rows)
        if self._old is not None:
            older = rows < self._young.first
            found[older] = np.searchsorted(self._old.field("row"), rows[older])
        return np.asarray(found, np.int64)

    def _lengths(self, addresses: I64) -> I64:
        """Characters kept of each; 0 where the text was too long."""
        return self._get("kept", addresses).astype(np.int64)

    def _texts(self, addresses: I64) -> Texts:
        """The characters of these texts, side by side."""
        starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(self._lengths(addresses))))
        return self._characters(addresses, starts), starts

    def _characters(self, addresses: I64, starts: I64) -> U16:
        """The first characters of texts, as many of each as stand between two of `starts`."""
        lengths = np.diff(starts)
        places = np.arange(starts[-1]) + np.repeat(self._get("begin", addresses) - starts[:-1], lengths)
        if self._old is None:
            return self._young.characters_at(places)
        young = np.repeat(addresses >= self._before, lengths)
        found = self._young.characters_at(np.where(young, places, 0))
        found[~young] = self._old.characters_at(places[~young])
        return found
