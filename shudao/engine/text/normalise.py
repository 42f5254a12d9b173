"""归一 (normalise): one folded form for matching, and the way back to the original characters.

Folding works character by character, so that folding a query and folding a text always agree, wherever a word is cut
out of its sentence. Phrase-wise traditional-to-simplified conversion would not (乾 alone and 乾 in a name differ).
Folded are: compatibility forms and width (NFKC), case, traditional characters, odd spaces, hyphens and minus signs.
Dropped are: zero-width characters, direction marks, variation selectors. Nothing else is dropped.
"""

import re
import unicodedata
from functools import cache

import opencc

VERSION = "fold-1"

_DROPPED_MARKS = frozenset("\u034f\u115f\u1160\u3164\u17b4\u17b5")
_HYPHENS = frozenset("\u2010\u2011\u2012\u2013\u2212")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x180B, 0x1810))
_LATIN_LIMIT = 0x0250
_LATIN_EXTRA = range(0x1E00, 0x1F00)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_LATIN = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff]+")


class _Table(dict[int, str]):
    """Folded form of one character, worked out when first seen; `uneven` are those that become none or several."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        if len(folded) != 1:
            self.uneven.add(chr(code))
        return folded


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _table() -> _Table:
    """The folding table; the common Han block is converted at once because single calls are dear."""
    table = _Table()
    block = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    simple = _converter().convert("\n".join(block)).split("\n")
    for before, after in zip(block, simple, strict=True):
        table[ord(before)] = after if len(after) == 1 else before
    return table


def _fold_character(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    return "".join(map(_fold_part, wide))


def _fold_part(char: str) -> str:
    """One character of an already widened form: spaces, hyphens, then traditional to simplified."""
    if char.isspace():
        return " "
    if char in _HYPHENS:
        return "-"
    if _is_dropped(char):
        return ""
    if ord(char) < 0x2E80:
        return char
    simple = _converter().convert(char)
    return simple if len(simple) == 1 else char


def _is_dropped(char: str) -> bool:
    code = ord(char)
    return (
        char in _DROPPED_MARKS
        or unicodedata.category(char) == "Cf"
        or any(code in selectors for selectors in _SELECTORS)
    )


def fold(original: str) -> str:
    """The folded form of `original`; `spans_of` leads back."""
    folded = original.translate(_table())
    return folded if unicodedata.is_normalized("NFC", folded) else "".join(_pieces(original)[0])


def simplified(original: str) -> str:
    """Traditional characters as simplified ones, one for one, so that places stay; nothing else is folded."""
    return original.translate(_simple())


@cache
def _simple() -> dict[int, str]:
    """The characters of the common Han block that differ from their simplified form."""
    table = _table()
    return {code: table[code] for code in range(0x3400, 0xA000) if code in table and table[code] != chr(code)}


Span = tuple[int, int]


def _pieces(original: str) -> tuple[list[str], list[Span]]:
    """Folded pieces and the span each came from; marks that combine join the piece before them."""
    table = _table()
    pieces: list[str] = []
    spans: list[Span] = []
    for at, char in enumerate(original):
        folded = table[ord(char)]
        if not folded:
            continue
        if pieces and folded > "\u02ff":
            joined = unicodedata.normalize("NFC", pieces[-1] + folded)
            if joined != pieces[-1] + folded:
                pieces[-1], spans[-1] = joined, (spans[-1][0], at + 1)
                continue
        pieces.append(folded)
        spans.append((at, at + 1))
    return pieces, spans


def spans_of(original: str) -> list[Span]:
    """For each character of `fold(original)` the span of `original` it came from."""
    pieces, spans = _pieces(original)
    return [span for piece, span in zip(pieces, spans, strict=True) for _ in piece]


def keeps_places(original: str, folded: str) -> bool:
    """Whether every character of `folded` stands where it stood in `original`, so that `spans_of` is not needed."""
    if original == folded:
        return True
    return len(original) == len(folded) and _table().uneven.isdisjoint(original)


def original_span(back: list[Span], start: int, end: int) -> Span:
    """The span of the original text that folded to `[start, end)`, not empty; `back` comes from `spans_of`."""
    return back[start][0], back[end - 1][1]


def is_latin(char: str) -> bool:
    """Whether a folded character is a Latin letter (digits are not)."""
    return char.isalpha() and (ord(char) < _LATIN_LIMIT or ord(char) in _LATIN_EXTRA)


def language_of(folded: str) -> str:
    """The language by script alone: "zh", "ja", "ko", "en" (any Latin script) or "" when there is nothing to judge by.

    A Latin word counts as much as one Han character, so a Chinese sentence with a brand name stays Chinese.
    """
    kana = len(_KANA.findall(folded))
    han = len(_HAN.findall(folded))
    hangul = len(_HANGUL.findall(folded))
    latin = len(_LATIN.findall(folded))
    if kana and kana * 4 >= han:
        return "ja"
    if hangul > han:
        return "ko"
    if han and han >= latin:
        return "zh"
    return "en" if latin else ""
