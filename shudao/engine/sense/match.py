"""匹配 (match): all topics against a post at once, with the clause and the place of every hit.

One automaton finds every word of every topic in one pass over the folded text. A topic is looked at only when one of
its anchors was found: words of which at least one must occur wherever the topic holds. What fires is then worked out on
the tree itself, so the result is the same as asking each topic alone.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import daachorse
import msgspec

from shudao.engine.sense.lex import Pattern, compile_pattern
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import And, Field, Leaf, Near, Node, Not, Or, Regex, Term, Topic, leaves, parse
from shudao.engine.text.normalise import Span, fold, is_latin, language_of, original_span, spans_of

VERSION = "match-1"
MAX_SPANS = 16  # places kept for one clause of one topic in one post
_FIELDS: tuple[Field, ...] = ("title", "text", "source")

Hit = tuple[Field, int, int]
"""Field and folded span of one occurrence."""


class Place(msgspec.Struct, frozen=True):
    """位置 (place): characters `[start, end)` of a field of the post as it was written, found by `clause`."""

    clause: str
    field: str
    start: int
    end: int


class TopicMatch(msgspec.Struct, frozen=True):
    """命中 (match): the topic, its clauses that hold (as written), and where."""

    topic: str
    clauses: tuple[str, ...]
    spans: tuple[Place, ...]


class Folded:
    """折叠 (folded): a post's fields folded once, shared by matching, copies, stories and tone."""

    __slots__ = ("_back", "_language", "fields", "post")

    def __init__(self, post: SensePost) -> None:
        self.post = post
        self.fields: dict[Field, str] = {
            "title": fold(post.title),
            "text": fold(post.text),
            "source": fold(post.source),
        }
        self._back: dict[Field, list[Span]] = {}
        self._language: str | None = None

    @property
    def body(self) -> str:
        """Title and text as one folded piece."""
        title, text = self.fields["title"], self.fields["text"]
        return f"{title}\n{text}" if title and text else title or text

    @property
    def language(self) -> str:
        if self._language is None:
            self._language = language_of(self.body)
        return self._language

    def place(self, clause: str, hit: Hit) -> Place:
        field, start, end = hit
        if field not in self._back:
            self._back[field] = spans_of(
                {"title": self.post.title, "text": self.post.text}.get(field, self.post.source)
            )
        return Place(clause, field, *original_span(self._back[field], start, end))


def edges_hold(term: Term, text: str, start: int, end: int) -> bool:
    """Whether the neighbours let the word stand: Latin letters end at other signs, numbers at other numbers."""
    mixed = any(is_latin(char) for char in term.text)
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


class _Hits:
    """What the automaton found in one post: word number -> occurrences; leaves are answered from it on demand."""

    def __init__(self, topics: "TopicSet", folded: Folded) -> None:
        self.topics, self.folded = topics, folded
        self.words: dict[int, list[Hit]] = {}
        self._leaves: dict[int, list[Hit]] = {}
        for field, text in folded.fields.items():
            if text and topics.automaton is not None:
                for start, end, word in topics.automaton.find_overlapping(text):
                    self.words.setdefault(word, []).append((field, start, end))

    def of(self, leaf: Leaf) -> list[Hit]:
        """Occurrences of a leaf in the fields it looks at, in reading order."""
        key = id(leaf)
        if key not in self._leaves:
            self._leaves[key] = self._term(leaf) if isinstance(leaf, Term) else self._regex(leaf)
        return self._leaves[key]

    def _term(self, term: Term) -> list[Hit]:
        fields = self.folded.fields
        return [
            hit
            for hit in self.words.get(self.topics.words[term.text], ())
            if _looks_at(term.field, hit[0]) and edges_hold(term, fields[hit[0]], hit[1], hit[2])
        ]

    def _regex(self, regex: Regex) -> list[Hit]:
        pattern = self.topics.patterns[regex.pattern]
        return [
            (field, match.start(), match.end())
            for field in _FIELDS
            if _looks_at(regex.field, field)
            for match in pattern.finditer(self.folded.fields[field])
            if match.end() > match.start()
        ]


def _looks_at(wanted: Field, field: Field) -> bool:
    return field == wanted if wanted else field != "source"


class _Compiled(msgspec.Struct, frozen=True):
    topic: Topic
    node: Node
    sources: frozenset[str]
    languages: frozenset[str]


class TopicSet:
    """专题集 (topic set): topics compiled together; unchanging, so an edit compiles a new one."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.topics = tuple(topics)
        self._compiled = [
            _Compiled(topic, parse(topic.query), frozenset(map(fold, topic.sources)), frozenset(topic.languages))
            for topic in topics
        ]
        self.words: dict[str, int] = {}
        self.patterns: dict[str, Pattern] = {}
        self._anchored: dict[int, list[int]] = {}
        self._always: list[int] = []
        for number, compiled in enumerate(self._compiled):
            for leaf in leaves(compiled.node):
                if isinstance(leaf, Term):
                    self.words.setdefault(leaf.text, len(self.words))
                else:
                    self.patterns.setdefault(leaf.pattern, compile_pattern(leaf.pattern))
            self._anchor(number, compiled.node)
        self.automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(self.words)) if self.words else None

    @classmethod
    def compile(cls, topics: Sequence[Topic]) -> "TopicSet":
        """The set; `QueryError` when a query does not parse."""
        return cls(topics)

    def _anchor(self, number: int, node: Node) -> None:
        words = anchors(node)
        if words is None:
            self._always.append(number)
            return
        for word in words:
            self._anchored.setdefault(self.words[word], []).append(number)

    def match(self, post: SensePost) -> list[TopicMatch]:
        """The topics that hold for the post, in the order of the set."""
        return self.match_folded(Folded(post))

    def match_folded(self, folded: Folded) -> list[TopicMatch]:
        """`match` on a post already folded."""
        hits = _Hits(self, folded)
        numbers = set(self._always)
        for word in hits.words:
            numbers.update(self._anchored.get(word, ()))
        found: list[TopicMatch] = []
        for number in sorted(numbers):
            compiled = self._compiled[number]
            if self._admits(compiled, folded) and (fired := _fired(compiled.node, hits, wanted=True)) is not None:
                found.append(_report(compiled.topic.id, fired, folded))
        return found

    @staticmethod
    def _admits(compiled: _Compiled, folded: Folded) -> bool:
        if compiled.sources and folded.fields["source"] not in compiled.sources:
            return False
        return not compiled.languages or folded.language in compiled.languages


def anchors(node: Node) -> frozenset[str] | None:
    """Words of which at least one occurs wherever `node` holds, as few and long as can be; None: there are none."""
    if isinstance(node, Term):
        return frozenset((node.text,))
    if isinstance(node, Near):
        return _best(_any_of(group) for group in node.groups)
    if isinstance(node, And):
        return _best(anchors(part) for part in node.parts)
    if isinstance(node, Or):
        return _any_of(node.parts)
    return None


def _any_of(parts: Iterable[Node]) -> frozenset[str] | None:
    found: set[str] = set()
    for part in parts:
        words = anchors(part)
        if words is None:
            return None
        found |= words
    return frozenset(found)


def _best(choices: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """The choice that should fire least often: long words first, then few of them."""
    known = [words for words in choices if words is not None]
    return (
        min(known, key=lambda words: (sum(4.0 ** -min(len(word), 6) for word in words), sorted(words)))
        if known
        else None
    )


Fired = list[tuple[str, Hit]]


def _fired(node: Node, hits: _Hits, *, wanted: bool) -> Fired | None:
    """The clauses that make `node` hold (or fail, when `wanted` is false), or None when it does not."""
    if isinstance(node, Not):
        return _fired(node.part, hits, wanted=not wanted)
    if isinstance(node, And | Or):
        return (
            _fired_all(node, hits, wanted=wanted)
            if isinstance(node, And) == wanted
            else _fired_any(node, hits, wanted=wanted)
        )
    found = _near(node, hits) if isinstance(node, Near) else hits.of(node)
    if not wanted:
        return None if found else []
    return [(node.said, hit) for hit in found[:MAX_SPANS]] if found else None


def _fired_all(node: And | Or, hits: _Hits, *, wanted: bool) -> Fired | None:
    every: Fired = []
    for part in node.parts:
        fired = _fired(part, hits, wanted=wanted)
        if fired is None:
            return None
        every += fired
    return every


def _fired_any(node: And | Or, hits: _Hits, *, wanted: bool) -> Fired | None:
    answers = [fired for part in node.parts if (fired := _fired(part, hits, wanted=wanted)) is not None]
    return [pair for fired in answers for pair in fired] if answers else None


def _near(near: Near, hits: _Hits) -> list[Hit]:
    """Occurrences that take part in a chain through all groups, each step close enough, in reading order."""
    layers = [[hit for leaf in group for hit in hits.of(leaf)] for group in near.groups]
    for step, gap in enumerate(near.gaps):
        layers[step + 1] = _close(layers[step + 1], layers[step], gap)
    for step in range(len(near.gaps) - 1, -1, -1):
        layers[step] = _close(layers[step], layers[step + 1], near.gaps[step])
    return sorted({hit for layer in layers for hit in layer})


def _close(ones: list[Hit], others: list[Hit], gap: int) -> list[Hit]:
    """Those of `ones` with some other in the same field, not overlapping, at most `gap` characters away."""
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


def _report(topic: str, fired: Fired, folded: Folded) -> TopicMatch:
    clauses = tuple(dict.fromkeys(clause for clause, _hit in fired))
    return TopicMatch(topic, clauses, tuple(dict.fromkeys(folded.place(clause, hit) for clause, hit in fired)))
