"""触发 (fired): what makes a query hold in one post: its clauses, and where. Asked only of topics that may hold."""

from bisect import bisect_left
from collections.abc import Mapping

from shudao.engine.sense.lex import Pattern
from shudao.engine.sense.query import And, Field, Leaf, Near, Node, Not, Or, Regex, Term
from shudao.engine.text.normalise import is_latin

MAX_SPANS = 16  # places kept for one clause of one topic in one post
_FIELDS: tuple[Field, ...] = ("title", "text", "source")
_BODY: tuple[Field, ...] = ("title", "text")

Hit = tuple[Field, int, int]
"""Field and folded span of one occurrence."""

Fired = list[tuple[str, Hit]]
"""Clauses as written, each with one place; empty when nothing but the absence of words made the query hold."""


def edges_hold(term: Term, text: str, start: int, end: int) -> bool:
    """Whether the neighbours let the word stand: Latin letters end at other signs, numbers at other numbers."""
    mixed = any(map(is_latin, term.text))
    if start and runs_on(term.text[0], text[start - 1], mixed=mixed):
        return False
    return term.prefix or end >= len(text) or not runs_on(term.text[-1], text[end], mixed=mixed)


def runs_on(edge: str, neighbour: str, *, mixed: bool) -> bool:
    """Whether the letter or digit `edge` of a word goes on in its neighbour; `mixed`: the word holds Latin letters."""
    if is_latin(edge):
        return is_latin(neighbour)
    if edge.isdigit():
        return neighbour.isdigit() or (mixed and is_latin(neighbour))
    return False


class Hits:
    """找到 (hits): the occurrences of leaves in one post's folded fields, looked up once each."""

    __slots__ = ("_found", "_patterns", "fields")

    def __init__(self, fields: Mapping[Field, str], patterns: Mapping[str, Pattern]) -> None:
        self.fields, self._patterns = fields, patterns
        self._found: dict[int, list[Hit]] = {}

    def of(self, leaf: Leaf) -> list[Hit]:
        """Occurrences of a leaf in the fields it looks at, in reading order."""
        found = self._found.get(id(leaf))
        if found is None:
            found = self._found[id(leaf)] = self._term(leaf) if isinstance(leaf, Term) else self._regex(leaf)
        return found

    def _term(self, term: Term) -> list[Hit]:
        word, size, found = term.text, len(term.text), []
        for field in (term.field,) if term.field else _BODY:
            text = self.fields[field]
            start = text.find(word)
            while start >= 0:
                if edges_hold(term, text, start, start + size):
                    found.append((field, start, start + size))
                start = text.find(word, start + 1)
        return found

    def _regex(self, regex: Regex) -> list[Hit]:
        pattern = self._patterns[regex.pattern]
        return [
            (field, match.start(), match.end())
            for field in ((regex.field,) if regex.field else _BODY)
            for match in pattern.finditer(self.fields[field])
            if match.end() > match.start()
        ]


def fired(node: Node, hits: Hits, *, wanted: bool = True) -> Fired | None:
    """The clauses that make `node` hold (or fail, when `wanted` is false), or None when it does not."""
    kind = type(node)
    if kind is Term or kind is Regex or kind is Near:
        found = _near(node, hits) if isinstance(node, Near) else hits.of(node)  # type: ignore[arg-type]
        if not wanted:
            return None if found else []
        said = node.said  # type: ignore[union-attr]
        return [(said, hit) for hit in found[:MAX_SPANS]] if found else None
    if isinstance(node, Not):
        return fired(node.part, hits, wanted=not wanted)
    assert isinstance(node, And | Or)  # noqa: S101 - there is no other kind
    if (kind is And) == wanted:
        return _fired_all(node, hits, wanted=wanted)
    return _fired_any(node, hits, wanted=wanted)


def _fired_all(node: And | Or, hits: Hits, *, wanted: bool) -> Fired | None:
    every: Fired = []
    for part in node.parts:
        answer = fired(part, hits, wanted=wanted)
        if answer is None:
            return None
        every += answer
    return every


def _fired_any(node: And | Or, hits: Hits, *, wanted: bool) -> Fired | None:
    answers = [answer for part in node.parts if (answer := fired(part, hits, wanted=wanted)) is not None]
    return [pair for answer in answers for pair in answer] if answers else None


def _near(near: Near, hits: Hits) -> list[Hit]:
    """Occurrences that take part in a chain through all groups, each step close enough, in reading order."""
    layers = [[hit for leaf in group for hit in hits.of(leaf)] for group in near.groups]
    for step, gap in enumerate(near.gaps):
        layers[step + 1] = _close(layers[step + 1], layers[step], gap)
    for step in range(len(near.gaps) - 1, -1, -1):
        layers[step] = _close(layers[step], layers[step + 1], near.gaps[step])
    return sorted({hit for layer in layers for hit in layer})


def _close(ones: list[Hit], others: list[Hit], gap: int) -> list[Hit]:
    """Those of `ones` with some other in the same field, not overlapping, at most `gap` characters away."""
    if not ones or not others:
        return []
    starts: dict[str, list[int]] = {}
    ends: dict[str, list[int]] = {}
    for field, start, end in others:
        starts.setdefault(field, []).append(start)
        ends.setdefault(field, []).append(end)
    for places in (*starts.values(), *ends.values()):
        places.sort()
    return [
        hit
        for hit in ones
        if hit[0] in starts
        and (_any_within(ends[hit[0]], hit[1] - gap, hit[1]) or _any_within(starts[hit[0]], hit[2], hit[2] + gap))
    ]


def _any_within(places: list[int], low: int, high: int) -> bool:
    at = bisect_left(places, low)
    return at < len(places) and places[at] <= high
