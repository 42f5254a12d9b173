"""标出 (marked): a text cut into pieces, those that a clause found being named, with the far parts of a long text left out."""

from collections.abc import Iterable, Sequence

import msgspec

AROUND = 60
"""Characters kept on either side of what was found."""

LONGEST = 320
"""A text no longer than this is shown whole."""


class Piece(msgspec.Struct, frozen=True):
    """片段 (piece) of a text; `clause` is what found it, empty for what stands between."""

    text: str
    clause: str = ""


def marked(text: str, spans: Iterable[tuple[str, int, int]]) -> tuple[Piece, ...]:
    """The pieces of a text by the places `(clause, start, end)` found in it. Places that overlap become one."""
    places = _joined(sorted((start, end, clause) for clause, start, end in spans if 0 <= start < end <= len(text)))
    pieces: list[Piece] = []
    at = 0
    for start, end, clause in places:
        pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], clause))
        at = end
    pieces.append(Piece(text[at:]))
    kept = [piece for piece in pieces if piece.text]
    return tuple(_shortened(kept) if len(text) > LONGEST else kept)


def _joined(places: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for start, end, clause in places:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]), found[-1][2])
        else:
            found.append((start, end, clause))
    return found


def _shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """Between what was found only the nearest characters; nothing found: the beginning."""
    if not any(piece.clause for piece in pieces):
        whole = "".join(piece.text for piece in pieces)
        return [Piece(f"{whole[:LONGEST]}…")]
    short: list[Piece] = []
    for place, piece in enumerate(pieces):
        is_first, is_last = place == 0, place == len(pieces) - 1
        short.append(piece if piece.clause else Piece(_near(piece.text, is_first=is_first, is_last=is_last)))
    return short


def _near(text: str, *, is_first: bool, is_last: bool) -> str:
    if is_first:
        return text if len(text) <= AROUND else f"…{text[-AROUND:]}"
    if is_last:
        return text if len(text) <= AROUND else f"{text[:AROUND]}…"
    return text if len(text) <= 2 * AROUND else f"{text[:AROUND]}…{text[-AROUND:]}"
