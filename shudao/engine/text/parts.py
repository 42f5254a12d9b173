"""分条 (parts): a long text cut into messages that fit, at the borders of its items, and not one character lost.

Items stay whole where they fit; one that alone is too long is cut at a line, a sentence, a comma or a space, and only
then between what a reader sees as single signs (an emoji with its parts, a letter with its accents).
"""

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence

Size = Callable[[str], int]
"""How much room a text takes; must grow by what is added (characters, bytes)."""

_BORDERS = ("\n", "。！？!?；;", "，、,：:", " \t　")
_EARLIEST = 0.5
"""A border before this share of the room is not worth a short message."""


def in_bytes(text: str) -> int:
    """Room in UTF-8 bytes."""
    return len(text.encode())


def numbered(items: Sequence[str], room: int, size: Size = len) -> list[str]:
    """The items as messages of at most `room`, numbered (1/3) when there are several.

    Without the numbers the messages one after the other are exactly the items joined by line ends. ValueError when the
    room is too small to hold anything.
    """
    text = "\n".join(items)
    if size(text) <= room:
        return [text]
    for digits in range(1, 8):
        widest = _number(10**digits - 1, 10**digits - 1)
        parts = cut(items, room - size(widest), size)
        if len(parts) < 10**digits:
            return [_number(place, len(parts)) + part for place, part in enumerate(parts, 1)]
    raise ValueError("too many parts")


def cut(items: Sequence[str], room: int, size: Size = len) -> list[str]:
    """The items in pieces of at most `room`; joined without anything between, they are the items joined by line ends."""
    parts: list[str] = []
    part: list[str] = []
    used = 0
    for piece in _pieces(items, room, size):
        length = size(piece)
        if part and used + length > room:
            parts.append("".join(part))
            part, used = [], 0
        part.append(piece)
        used += length
    return [*parts, "".join(part)]


def _number(place: int, count: int) -> str:
    return f"({place}/{count})\n"


def _pieces(items: Sequence[str], room: int, size: Size) -> Iterator[str]:
    for place, item in enumerate(items, 1):
        whole = item if place == len(items) else item + "\n"
        yield from [whole] if size(whole) <= room else _shorter(whole, room, size)


def _shorter(text: str, room: int, size: Size) -> Iterator[str]:
    """A text that is too long, cut at the best border within the room, again and again."""
    signs = list(_signs(text, room, size))
    sizes = {sign: size(sign) for sign in set(signs)}
    start = 0
    while start < len(signs):
        end, used = start, 0
        while end < len(signs) and used + sizes[signs[end]] <= room:
            used += sizes[signs[end]]
            end += 1
        if end < len(signs):
            end = _border(signs, start, end)
        yield "".join(signs[start:end])
        start = end


def _border(signs: Sequence[str], start: int, end: int) -> int:
    """Behind the last good border before `end`; `end` itself when there is none worth it."""
    earliest = start + math.ceil((end - start) * _EARLIEST)
    for kind in _BORDERS:
        for place in range(end, earliest, -1):
            if signs[place - 1] in kind:
                return place
    return end


def _signs(text: str, room: int, size: Size) -> Iterator[str]:
    """What a reader sees as single signs; one that is larger than the room falls into its characters."""
    fits: dict[str, bool] = {}
    for sign in graphemes(text):
        if sign not in fits:
            fits[sign] = size(sign) <= room
        if fits[sign]:
            yield sign
            continue
        for character in sign:
            if size(character) > room:
                raise ValueError("not even one character fits")
            yield character


def graphemes(text: str) -> Iterator[str]:
    """Single signs as a reader sees them: letters with their accents, emoji with skin, sex and family, flags."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or _parts_before(text, start, place):
            yield text[start:place]
            start = place


def _parts_before(text: str, start: int, place: int) -> bool:
    """Whether a new sign begins at `place`; the present one began at `start`."""
    last, this = text[place - 1], text[place]
    if last == "\r" and this == "\n":
        return False
    if _is_bound(this) or last == "\u200d" or this == "\u200d":
        return last in "\r\n"
    if _is_flag(last) and _is_flag(this):
        return (place - start) % 2 == 0
    return not _is_syllable(last, this)


def _is_bound(character: str) -> bool:
    """Belongs to the character before it."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_syllable(last: str, this: str) -> bool:
    """Parts of one Korean syllable written in letters."""
    begins, vowels, ends = "\u1100" <= last <= "\u115f", "\u1160" <= this <= "\u11a7", "\u11a8" <= this <= "\u11ff"
    if begins:
        return "\u1100" <= this <= "\u11a7" or "\uac00" <= this <= "\ud7a3"
    return ("\uac00" <= last <= "\ud7a3" or "\u1160" <= last <= "\u11ff") and (vowels or ends)
