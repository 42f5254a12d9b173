"""切分 (cutting): a line into sentences, clauses and parts, always as offsets, so that every text is an exact cut."""

import re
from collections.abc import Iterator

import msgspec

_SENTENCE = re.compile(r"[。！!？?\n]+|\.(?=\s|$)")
_CLAUSE = re.compile(r"[。！!？?；;\n]+|\.(?=\s|$)")
_PART = re.compile(r"[。！!？?；;\n：，]+|(?<!\d)[,:]|[,:](?!\d)|\.(?=\s|$)")
_ITEM = re.compile(r"、")
_TRIM = " \t\u3000\u00a0“”\"'"


class Span(msgspec.Struct, frozen=True):
    """片段 (span) of a line: `text` is exactly the line's text from `start` to `end`."""

    start: int
    end: int
    text: str


def span(text: str, start: int, end: int) -> Span:
    """The span from `start` to `end` without blanks and quotation marks at its ends."""
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return Span(start, end, text[start:end])


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Spans between full stops."""
    return _cut(_SENTENCE, text, start, end)


def clauses(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Spans between full stops and semicolons."""
    return _cut(_CLAUSE, text, start, end)


def parts(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The smallest spans: between commas, colons and stops (a comma or colon inside a number does not cut)."""
    return _cut(_PART, text, start, end)


def items(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Spans between enumeration commas (顿号)."""
    return _cut(_ITEM, text, start, end)


def without(text: str, whole: Span, holes: list[Span]) -> list[Span]:
    """What is left of `whole` when `holes` are taken out, as spans; leftovers without a word of two letters go."""
    left: list[Span] = []
    at = whole.start
    for hole in sorted(holes, key=lambda one: one.start):
        if hole.end <= at or hole.start >= whole.end:
            continue
        left.append(_tidy(text, at, max(at, hole.start)))
        at = hole.end
    left.append(_tidy(text, at, whole.end))
    return [rest for rest in left if len(rest.text) >= 2]


_EDGES = "，,、；;：:。 \t\u3000"


def _tidy(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return span(text, start, end)


def _cut(pattern: re.Pattern[str], text: str, start: int, end: int | None) -> Iterator[Span]:
    stop = len(text) if end is None else end
    at = start
    for mark in pattern.finditer(text, start, stop):
        piece = span(text, at, mark.start())
        if piece.text:
            yield piece
        at = mark.end()
    piece = span(text, at, stop)
    if piece.text:
        yield piece
