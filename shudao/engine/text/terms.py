"""检索项 (terms): what a search index holds of a folded text, in reading order; each normalised text is cut once.

Pairs of neighbouring characters, not words: a word is found wherever it stands, also across the border that a
segmenter would draw (at the same size of index; `docs/decisions` says by how much). Latin words and numbers are whole.
"""

import re
from collections import OrderedDict
from operator import add

from shudao.engine.text.normalise import is_latin

VERSION = "terms-1"
LONGEST = 40  # characters of a Latin word or a number that count
MOST = 50_000  # characters of one text

_LATIN = "".join(char for char in map(chr, (*range(0x250), *range(0x1E00, 0x1F00))) if is_latin(char))
_RUN = re.compile(rf"[{_LATIN}]+|\d+|[^\W\d_{_LATIN}]+")
_WIDE = "\u2e80"


def runs(folded: str) -> list[str]:
    """Latin words, numbers and stretches of other letters."""
    return _RUN.findall(folded)


def is_whole(run: str) -> bool:
    """Whether a run is a term as it stands, and not in pairs."""
    return run[0] < _WIDE and (is_latin(run[0]) or run[0].isdigit())


def terms(folded: str) -> list[str]:
    """The terms of a text in reading order."""
    found: list[str] = []
    for run in _RUN.findall(folded[:MOST]):
        if is_whole(run):
            found.append(run[:LONGEST])
        else:
            found += map(add, run, run[1:])
    return found


class TermsOnce:
    """切分记忆 (terms once): terms of texts that come again and again, so that a copy is not cut a second time."""

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._known: OrderedDict[str, str] = OrderedDict()

    def of(self, folded: str) -> str:
        """The terms with spaces between them."""
        found = self._known.get(folded)
        if found is None:
            found = self._known[folded] = " ".join(terms(folded))
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return found
