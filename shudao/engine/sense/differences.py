"""差异 (differences): what a copy changes of the text it copies, told number by number and word by word.

What matters in a copy is the small change: 3 人 becomes 13 人, 属实 becomes 不实. Figures and words of polarity are therefore
compared whole; between them, character by character.
"""

import re
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

import msgspec

MOST = 1_200  # characters compared of each text
AROUND = 12  # characters shown on either side of a change
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*%?|[零一二三四五六七八九十百千万亿两]+(?=[人名例起个家户条元岁死伤])|"
    r"并不属实|不属实|不实|属实|并非|没有|并未|尚未|否认|辟谣|谣言|[A-Za-z]+(?:'[a-z]+)?|\s+|."
)
Mark: TypeAlias = Literal["same", "gone", "new", "cut"]


class Piece(msgspec.Struct, frozen=True):
    """片 (piece) of a comparison: text both share, what is gone from the first, what is new in the copy, or a cut (…)."""

    mark: Mark
    text: str


def differences(first: str, copy: str) -> list[Piece]:
    """The changes from `first` to `copy` with a little of what stands around them; empty when they say the same."""
    before, after = (_TOKEN.findall(" ".join(text[:MOST].split())) for text in (first, copy))
    pieces: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(before[i:j])))
            continue
        gone, new = "".join(before[i:j]), "".join(after[k:m])
        pieces += [Piece("gone", gone)] if gone else []
        pieces += [Piece("new", new)] if new else []
    if all(piece.mark == "same" for piece in pieces):
        return []
    return [
        short for place, piece in enumerate(pieces) for short in _shortened(piece, place == 0, place == len(pieces) - 1)
    ]


def _shortened(piece: Piece, is_first: bool, is_last: bool) -> list[Piece]:
    """Of what both share only what stands next to a change."""
    text = piece.text
    if piece.mark != "same":
        return [piece]
    if is_first:
        return [piece] if len(text) <= AROUND else [Piece("cut", "…"), Piece("same", text[-AROUND:])]
    if is_last:
        return [piece] if len(text) <= AROUND else [Piece("same", text[:AROUND]), Piece("cut", "…")]
    if len(text) <= 2 * AROUND:
        return [piece]
    return [Piece("same", text[:AROUND]), Piece("cut", "…"), Piece("same", text[-AROUND:])]
