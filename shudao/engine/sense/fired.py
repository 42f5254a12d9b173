"""触发 (fired): what makes a query hold in one post: its clauses, and where. Asked only of topics that may hold.

A tree is turned once into parts that answer for themselves, every NOT carried down to the clauses. Each part adds what
it found to a list and says whether it holds; the absence of something adds nothing.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Protocol

from shudao.engine.sense.lex import Pattern, compile_pattern
from shudao.engine.sense.query import And, Field, Leaf, Near, Node, Not, Or, Regex, Term
from shudao.engine.text.normalise import is_latin

MAX_SPANS = 16  # places kept for one clause of one topic in one post
_BODY: tuple[Field, ...] = ("title", "text")
_PAIRS = 64  # pairs of places compared one by one before it pays to sort them

Hit = tuple[Field, int, int]
"""Field and folded span of one occurrence."""

Found = tuple[str, Field, int, int]
"""A clause as written, and one occurrence."""


class Fields:
    """各栏 (fields): the folded fields of a post by name, and title and text again as far as they say something."""

    __slots__ = ("body", "named")

    def __init__(self, named: Mapping[Field, str]) -> None:
        self.named = named
        self.body = tuple((field, named[field]) for field in _BODY if named[field])

    def looked_at(self, field: Field) -> Iterable[tuple[Field, str]]:
        """The texts a clause of that field is looked for in."""
        return ((field, self.named[field]),) if field else self.body


class Part(Protocol):
    """部分 (part) of a query: adds what it found to `out`; False, and nothing to be relied on in `out`, if it fails."""

    def holds(self, fields: Fields, out: list[Found]) -> bool: ...


def part_of(node: Node, *, wanted: bool = True) -> Part:
    """What answers for `node`, or for its contrary."""
    if isinstance(node, Not):
        return part_of(node.part, wanted=not wanted)
    if isinstance(node, And | Or):
        parts = [part_of(part, wanted=wanted) for part in node.parts]
        if isinstance(node, And) == wanted:
            return _All(parts)
        return _AnyWord(parts) if all(isinstance(part, Word) and part.is_plain for part in parts) else _Any(parts)
    found = _Near(node) if isinstance(node, Near) else _leaf(node)
    return found if wanted else _Absent(found)


def is_edgeless(text: str) -> bool:
    """Whether the neighbours of a word do not matter: it begins and ends neither in a Latin letter nor in a digit."""
    return not any(is_latin(edge) or edge.isdigit() for edge in (text[0], text[-1]))


def runs_on(edge: str, neighbour: str, *, mixed: bool) -> bool:
    """Whether the letter or digit `edge` of a word goes on in its neighbour; `mixed`: the word holds Latin letters."""
    if is_latin(edge):
        return is_latin(neighbour)
    if edge.isdigit():
        return neighbour.isdigit() or (mixed and is_latin(neighbour))
    return False


class _All:
    __slots__ = ("parts",)

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts

    def holds(self, fields: Fields, out: list[Found]) -> bool:
        for part in self.parts:  # noqa: SIM110 - this loop is hot
            if not part.holds(fields, out):
                return False
        return True


class _Any:
    """Every alternative that holds is told."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts

    def holds(self, fields: Fields, out: list[Found]) -> bool:
        any_holds = False
        for part in self.parts:
            before = len(out)
            if part.holds(fields, out):
                any_holds = True
            else:
                del out[before:]
        return any_holds


class _AnyWord:
    """Alternatives all of which are Chinese words wanted in title or text: most groups of most topics."""

    __slots__ = ("words",)

    def __init__(self, parts: list[Part]) -> None:
        self.words = [(part.said, part.word, part.size) for part in parts if isinstance(part, Word)]

    def holds(self, fields: Fields, out: list[Found]) -> bool:
        before = len(out)
        for said, word, size in self.words:
            left = MAX_SPANS
            for field, text in fields.body:
                start = text.find(word)
                while start >= 0 and left:
                    out.append((said, field, start, start + size))
                    start, left = text.find(word, start + 1), left - 1
        return len(out) > before


class _Clause:
    """A clause by itself: `hits` are its places in reading order."""

    __slots__ = ("said",)

    def __init__(self, said: str) -> None:
        self.said = said

    def hits(self, fields: Fields) -> list[Hit]:
        raise AssertionError(fields)

    def holds(self, fields: Fields, out: list[Found]) -> bool:
        hits = self.hits(fields)
        if not hits:
            return False
        said = self.said
        for field, start, end in hits[:MAX_SPANS]:
            out.append((said, field, start, end))
        return True


class _Absent:
    __slots__ = ("clause",)

    def __init__(self, clause: _Clause) -> None:
        self.clause = clause

    def holds(self, fields: Fields, out: list[Found]) -> bool:
        return not self.clause.hits(fields)


class Word(_Clause):
    """Latin letters of a word end at other signs, numbers at other numbers; Chinese stands anywhere."""

    __slots__ = ("edgeless", "field", "is_plain", "mixed", "prefix", "size", "word")

    def __init__(self, term: Term) -> None:
        super().__init__(term.said)
        self.word = term.said if term.said == term.text else term.text  # one object, where it is one word
        self.size, self.prefix = len(term.text), term.prefix
        self.field = term.field
        self.edgeless, self.mixed = is_edgeless(term.text), any(map(is_latin, term.text))
        self.is_plain = self.edgeless and not term.field

    def hits(self, fields: Fields) -> list[Hit]:
        word, size, found = self.word, self.size, []
        for field, text in fields.looked_at(self.field):
            start = text.find(word)
            while start >= 0:
                if self.edgeless or self.stands(text, start, start + size):
                    found.append((field, start, start + size))
                start = text.find(word, start + 1)
        return found

    def stands(self, text: str, start: int, end: int) -> bool:
        """Whether the neighbours let the word stand."""
        if start and runs_on(self.word[0], text[start - 1], mixed=self.mixed):
            return False
        return self.prefix or end >= len(text) or not runs_on(self.word[-1], text[end], mixed=self.mixed)


class _Pattern(_Clause):
    __slots__ = ("field", "pattern")

    def __init__(self, regex: Regex) -> None:
        super().__init__(regex.said)
        self.pattern: Pattern = compile_pattern(regex.pattern)
        self.field = regex.field

    def hits(self, fields: Fields) -> list[Hit]:
        return [
            (field, match.start(), match.end())
            for field, text in fields.looked_at(self.field)
            for match in self.pattern.finditer(text)
            if match.end() > match.start()
        ]


def _leaf(leaf: Leaf) -> _Clause:
    return Word(leaf) if isinstance(leaf, Term) else _Pattern(leaf)


class _Near(_Clause):
    """Places that take part in a chain through all groups, each step close enough, in reading order."""

    __slots__ = ("gaps", "groups")

    def __init__(self, near: Near) -> None:
        super().__init__(near.said)
        self.groups = [[_leaf(leaf) for leaf in group] for group in near.groups]
        self.gaps = near.gaps

    def hits(self, fields: Fields) -> list[Hit]:
        layers = []
        for group in self.groups:
            layers.append([hit for leaf in group for hit in leaf.hits(fields)])
            if not layers[-1]:
                return []
        for step, gap in enumerate(self.gaps):
            layers[step + 1] = _close(layers[step + 1], layers[step], gap)
        for step in range(len(self.gaps) - 1, -1, -1):
            layers[step] = _close(layers[step], layers[step + 1], self.gaps[step])
        return sorted({hit for layer in layers for hit in layer}, key=_reading_order)


def _reading_order(hit: Hit) -> tuple[bool, int, int]:
    return hit[0] != "title", hit[1], hit[2]


def _close(ones: list[Hit], others: list[Hit], gap: int) -> list[Hit]:
    """Those of `ones` with some other in the same field, not overlapping, at most `gap` characters away."""
    if len(ones) * len(others) > _PAIRS:
        return _close_among_many(ones, others, gap)
    return [
        hit
        for hit in ones
        if any(hit[0] == other[0] and 0 <= max(hit[1] - other[2], other[1] - hit[2]) <= gap for other in others)
    ]


def _close_among_many(ones: list[Hit], others: list[Hit], gap: int) -> list[Hit]:
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
