"""比对形 (frames): a batch of folded texts as arrays made ready to be compared, all texts at once.

`plain` keeps letters, digits and Han characters (and a sign between two digits: 3.5 is not 35). `frame` is `plain` with
every number one sign and every word of polarity (属实, 不实, 没有 …) another, so that a copy that changes them is still
found. What was hidden is kept as two hashes a text, in the order of the text, so that the change is told. Words that begin
like one of polarity and say nothing of the matter (给您带来不便) stay as they are.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shudao.engine.text.fingerprint import I64, U32, U64, joined, mix

VERSION = "frames-2"
READ = 4_000
"""Characters read of a text: what comes later does not decide what it is a copy of."""

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
Bools = NDArray[np.bool_]

KEPT, _DIGIT, _NUMERAL, _COUNTED, _POLAR = 1, 2, 4, 8, 16
_NUMERALS = "零一二三四五六七八九十百千万亿两〇"
_COUNTS = "人名例起个家户条元岁死伤位日月号点时辆台间次吨级栋层米天多余度倍批"
_HAN_RARE = 0x20000  # from here on Han characters again; they are folded into the private area below
_PRIVATE = 0xE000
_ZERO, _NOT, _NO = ord("0"), ord("否"), ord("不")
_DENIED, _AFFIRMED, _NEGATED, _PLAIN = 1, 2, 3, 4
_PAIRS = {
    **dict.fromkeys(("不实", "失实", "否认", "辟谣", "谣言", "造谣", "虚假", "假的"), _DENIED),
    **dict.fromkeys(("属实", "真的"), _AFFIRMED),
    **dict.fromkeys(("并非", "没有", "并未", "尚未"), _NEGATED),
    **dict.fromkeys(
        ("不便", "不少", "不断", "不仅", "不但", "不过", "不久", "不要", "不得", "无论", "未来", "未经"), _PLAIN
    ),
}
_SINGLES = "未没不无"  # each negates; 不属实 and 并不属实 deny
_PAIR_CODES = np.array(sorted((ord(pair[0]) << 16) | ord(pair[1]) for pair in _PAIRS), np.uint32)
_PAIR_KINDS = np.array([_PAIRS[chr(code >> 16) + chr(code & 0xFFFF)] for code in _PAIR_CODES.tolist()], np.uint64)
_ENGLISH = ("not", "no", "never")
_LONGEST = 4
_rng = np.random.Generator(np.random.PCG64(20_261_124))
_BY_PLACE: U64 = _rng.integers(1, 2**63, READ + 1, dtype=np.uint64) | np.uint64(1)


class Frames(NamedTuple):
    """比对形 (frames): texts side by side; text i is `plain[starts[i]:starts[i + 1]]`, `denied` how often English denies."""

    plain: U16
    starts: I64
    hashes: U64
    denied: U32


class Masked(NamedTuple):
    """遮后 (masked): frames; where numbers begin and which characters are theirs; where words of polarity stand and their
    kinds."""

    frame: U16
    starts: I64
    numbers: tuple[I64, Bools]
    polarity: tuple[I64, U64]


@cache
def _classes() -> U8:
    table = np.zeros(1 << 16, np.uint8)
    for code in range(1 << 16):
        table[code] = chr(code).isalnum() * KEPT + chr(code).isdecimal() * _DIGIT
    table[_PRIVATE : _PRIVATE + 0x1000] = KEPT
    for chars, flag in (
        (_NUMERALS, _NUMERAL),
        (_COUNTS, _COUNTED),
        ({*_SINGLES, *(pair[0] for pair in _PAIRS)}, _POLAR),
    ):
        for char in chars:
            table[ord(char)] |= flag
    return table


def frames(folded: Sequence[str]) -> Frames:
    """Folded texts made ready."""
    points, starts = narrowed(folded)
    return frames_of(points, starts, np.ones(len(points), bool))


def narrowed(folded: Sequence[str]) -> tuple[U16, I64]:
    """The characters of texts side by side in two bytes each, and where each text begins."""
    lengths = np.fromiter(map(len, folded), np.int64, len(folded))
    if lengths.max(initial=0) > READ:
        folded = [text[:READ] for text in folded]
        lengths = np.minimum(lengths, READ)
    starts = np.zeros(len(folded) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    written = "".join(folded).encode("utf-16-le", "surrogatepass")
    if len(written) == 2 * starts[-1]:  # no character beyond the first 65,536
        return np.frombuffer(written, np.uint16), starts
    points, _ = joined(folded)
    wide = points > 0xFFFF
    rare = np.where(points >= _HAN_RARE, _PRIVATE + (points & 0xFFF), 0xF8FF)
    return np.where(wide, rare, points).astype(np.uint16), starts


def frames_of(points: U16, starts: I64, inside: Bools) -> Frames:
    """Texts side by side made ready, of each only what is `inside`."""
    classes = classes_of(points)
    keep = (classes & KEPT).astype(bool)
    _keep_between_digits(keep, classes, starts)
    keep &= inside
    plain, plain_starts = compact(points, keep, starts)
    return Frames(plain, plain_starts, text_hashes(plain, plain_starts), _english(points, classes, starts, inside))


def facts(plain: U16, masked: Masked, starts: I64) -> tuple[U32, U32]:
    """The hashes of what was masked of each text: numbers, words of polarity."""
    heads, hidden = masked.numbers
    return _in_order(heads, _values(plain, hidden, heads), starts), _in_order(*masked.polarity, starts)


def classes_of(points: U16) -> U8:
    """What kind of character each is."""
    return _classes()[points]


def compact(points: U16, keep: Bools, starts: I64) -> tuple[U16, I64]:
    """The kept points, and where each text begins among them."""
    places = np.flatnonzero(keep)
    return points[places], np.searchsorted(places, starts)


def text_hashes(points: U16, starts: I64) -> U64:
    """A 64-bit hash of each text's characters in their order; 0 for an empty one."""
    found = np.zeros(len(starts) - 1, np.uint64)
    lengths = np.diff(starts)
    full = np.flatnonzero(lengths)
    if full.size:
        places = np.arange(len(points)) - np.repeat(starts[:-1], lengths)
        found[full] = mix(np.add.reduceat((points + np.uint64(1)) * _BY_PLACE[places], starts[full]))
    return found


def mask(plain: U16, starts: I64) -> Masked:
    """The frames of plain texts."""
    classes = classes_of(plain)
    first = np.zeros(len(plain) + 1, bool)
    first[starts] = True
    hidden, heads = _numbers(plain, classes, first)
    frame = plain.copy()
    frame[hidden] = _ZERO
    places, lengths, kinds = _polar(plain, classes, first)
    frame[places] = _NOT
    keep = ~hidden
    keep[heads] = True
    for step in range(1, _LONGEST):
        keep[places[lengths > step] + step] = False
    frame, frame_starts = compact(frame, keep, starts)
    return Masked(frame, frame_starts, (heads, hidden), (places, kinds))


def _keep_between_digits(keep: Bools, classes: U8, starts: I64) -> None:
    """One sign between two digits of a text stays."""
    if len(keep) > 2:
        digit = (classes & _DIGIT).astype(bool)
        within = np.ones(len(keep) + 1, bool)
        within[starts] = False
        keep[1:-1] |= digit[:-2] & digit[2:] & within[1:-2] & within[2:-1]


def _numbers(plain: U16, classes: U8, first: Bools) -> tuple[Bools, I64]:
    """Where numbers stand, and where each begins: digits with the signs between them, and counting numerals."""
    digits = (classes & _DIGIT).astype(bool) | ((classes & KEPT) == 0)
    heads = digits & first[:-1]
    heads[1:] |= digits[1:] & ~digits[:-1]
    places = np.flatnonzero(classes & _NUMERAL)
    if places.size:
        new = np.ones(len(places), bool)
        new[1:] = (np.diff(places) != 1) | first[places[1:]]
        begin = places[new]
        end = places[np.concatenate((new[1:], np.ones(1, bool)))] + 1
        after = np.where(first[end], 0, classes[np.minimum(end, len(plain) - 1)])
        before = np.where(first[begin], 0, classes[np.maximum(begin - 1, 0)])
        ordinal = ~first[begin] & (plain[np.maximum(begin - 1, 0)] == ord("第"))
        counts = ((after & _COUNTED) > 0) | ((before & _DIGIT) > 0) | ordinal
        digits[places[counts[np.cumsum(new) - 1]]] = True
        heads[begin[counts]] = True
    return digits, np.flatnonzero(heads)


def _values(plain: U16, hidden: Bools, heads: I64) -> U64:
    """A number for each number as it is written; numerals count as the digits they mean."""
    if not len(heads):
        return np.zeros(0, np.uint64)
    places = np.flatnonzero(hidden)
    runs = np.searchsorted(heads, places, "right") - 1
    weights = _BY_PLACE[np.minimum(places - heads[runs], READ)]
    found = np.add.reduceat(plain[places] * weights, np.searchsorted(places, heads))
    ends = places[np.append(np.searchsorted(places, heads[1:]), len(places)) - 1] + 1
    numerals = np.flatnonzero(_classes()[plain[heads]] & _NUMERAL)
    for run, begin, end in zip(numerals.tolist(), heads[numerals].tolist(), ends[numerals].tolist(), strict=True):
        found[run] = _written(plain[begin:end].tobytes())
    return found


@lru_cache(maxsize=4096)
def _written(numerals: bytes) -> np.uint64:
    meant = str(numeral(numerals.decode("utf-16-le")))
    codes = np.array([ord(char) for char in meant], np.uint64)
    return np.uint64(int((codes * _BY_PLACE[: len(codes)]).sum()))


def numeral(text: str) -> int:
    """What Chinese numerals mean: 十三 13, 两千零五 2005, 三万 30000, 二〇二六 2026."""
    digits = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
    units = {"十": 10, "百": 100, "千": 1000}
    if all(char in digits for char in text):
        return int("".join(str(digits[char]) for char in text))
    total = part = digit = 0
    for char in text:
        if char in digits:
            digit = digits[char]
        elif char in units:
            part, digit = part + (digit or 1) * units[char], 0
        else:
            total, part, digit = (total + part + digit or 1) * (10_000 if char == "万" else 10**8), 0, 0
    return total + part + digit


def _polar(plain: U16, classes: U8, first: Bools) -> tuple[I64, I64, U64]:
    """Words of polarity: where, how long, of which kind; the longest at a place, none inside another."""
    places = np.flatnonzero(classes & _POLAR)
    if not places.size:
        return places, places, np.zeros(0, np.uint64)
    room = np.concatenate((plain, np.zeros(_LONGEST, np.uint16)))
    apart = np.concatenate((first, np.ones(_LONGEST, bool)))
    here = room[places]
    pair, found = find_pairs(here, np.where(apart[places + 1], 0, room[places + 1]), _PAIR_CODES)
    kinds = np.where(found, _PAIR_KINDS[pair], np.uint64(_NEGATED))
    single = (here == _NO) | (here == ord("未")) | (here == ord("没")) | (here == ord("无"))
    lengths = np.where(found, 2, single.astype(np.int64))
    true = places[found & (here == ord("属"))]
    denied = np.isin(places, true[(true > 0) & ~apart[true] & (room[true - 1] == _NO)] - 1)
    lengths[denied], kinds[denied] = 3, _DENIED
    no = places[denied]
    stressed = np.isin(places, no[(no > 0) & ~apart[no] & (room[no - 1] == ord("并"))] - 1)
    lengths[stressed], kinds[stressed] = 4, _DENIED
    free = lengths > 0
    free[1:] &= places[1:] >= np.maximum.accumulate(places + lengths)[:-1]
    free &= kinds != _PLAIN
    return places[free], lengths[free], kinds[free]


def find_pairs(first: U16, second: U16, codes: U32) -> tuple[I64, Bools]:
    """For each pair of characters its place among the sorted `codes` (first << 16 | second), and whether it is there."""
    wanted = (first.astype(np.uint32) << np.uint32(16)) | second
    place = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return place, codes[place] == wanted


def _english(points: U16, classes: U8, starts: I64, inside: Bools) -> U32:
    """For each text how often English denies in it (words need the spaces that `plain` has not)."""
    found = np.zeros(len(starts) - 1, np.uint32)
    places = np.flatnonzero((points == ord("n")) & inside)
    if not places.size:
        return found
    room = np.concatenate((np.zeros(1, np.uint16), points, np.zeros(8, np.uint16)))
    kept = np.concatenate((np.zeros(1, np.uint8), classes & KEPT, np.zeros(8, np.uint8)))
    first = np.zeros(len(points) + 9, bool)
    first[starts] = True
    at = places[(kept[places] == 0) | first[places]]
    for word in _ENGLISH:
        hit = kept[at + 1 + len(word)] == 0
        hit |= first[at + len(word)]
        for step, char in enumerate(word[1:], 1):
            hit &= (room[at + 1 + step] == ord(char)) & ~first[at + step]
        texts = np.searchsorted(starts, at[hit], "right") - 1
        found += np.bincount(texts, minlength=len(found)).astype(np.uint32) * np.uint32(0x9E3779B1)
    return found


def _in_order(places: I64, values: U64, starts: I64) -> U32:
    """One hash a text of the values that stand in it, in their order; 0 where there are none."""
    found = np.zeros(len(starts) - 1, np.uint32)
    if len(places):
        texts = np.searchsorted(starts, places, "right") - 1
        new = np.flatnonzero(np.concatenate((np.ones(1, bool), texts[1:] != texts[:-1])))
        order = np.arange(len(places)) - np.repeat(new, np.diff(np.append(new, len(places))))
        mixed = mix(values * np.uint64(0x9E3779B97F4A7C15) + order.astype(np.uint64))
        found[texts[new]] = (np.add.reduceat(mixed, new) >> np.uint64(32)).astype(np.uint32)
    return found
