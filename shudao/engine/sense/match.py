"""匹配 (match): all topics against many posts at once, with the clause and the place of every hit.

One automaton finds the anchors of all topics in one pass over the joined folded texts. A topic is looked at only in
posts that hold one of its anchors (`anchors.py`); a few tests for further words send most of those away; what is left
is worked out on the tree itself (`fired.py`), so that the result is the same as asking each topic alone.

Which words serve as anchors is learned from the stream: a set of many topics counts its words in the first posts it
sees, and now and then again, and takes those met least often. That changes how fast it answers, never what.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import daachorse
import msgspec
import numpy as np

from shudao.engine.sense.anchors import Plan, plan_of
from shudao.engine.sense.fired import MAX_SPANS, Fields, Found, Part, part_of
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Field, Topic, leaves, parse
from shudao.engine.sense.sift import Spread, named_by, sifted
from shudao.engine.text.folding import fold_all
from shudao.engine.text.normalise import Span, fold, keeps_places, language_of, original_span, spans_of

__all__ = ["MAX_SPANS", "VERSION", "Folded", "Place", "TopicMatch", "TopicSet"]

VERSION = "match-2"
_FEW = 50  # topics; fewer are not worth a choice of anchors
_SAMPLE = 100_000  # characters read before words are counted for the first time
_MOST_SAMPLE = 1_000_000  # characters in which they are counted
_MANY, _MANY_EACH = 256, 3  # anchors found in a batch before arrays pay; topics a post before they are sifted
_LATER = 16  # the next count after so many times as many characters


class Place(msgspec.Struct, frozen=True, gc=False):
    """位置 (place): characters `[start, end)` of a field of the post as it was written, found by `clause`."""

    clause: str
    field: str
    start: int
    end: int


class TopicMatch(msgspec.Struct, frozen=True, gc=False):
    """命中 (match): the topic, its clauses that hold (as written), and where."""

    topic: str
    clauses: tuple[str, ...]
    spans: tuple[Place, ...]


class Folded:
    """折叠 (folded): a post's fields folded once, shared by matching, copies, stories and tone."""

    __slots__ = ("_back", "_body", "_language", "_spoken", "fields", "post")

    def __init__(self, post: SensePost, fields: dict[Field, str] | None = None) -> None:
        self.post = post
        self.fields: dict[Field, str] = fields or {
            "title": fold(post.title),
            "text": fold(post.text),
            "source": fold(post.source),
        }
        self._back: dict[str, list[Span] | None] = {}
        self._body: str | None = None
        self._language: str | None = None
        self._spoken: Fields | None = None

    @classmethod
    def all_of(cls, posts: Sequence[SensePost]) -> "list[Folded]":
        """Many at once."""
        titles, texts = fold_all([post.title for post in posts]), fold_all([post.text for post in posts])
        names = list({post.source for post in posts})
        sources = dict(zip(names, fold_all(names), strict=True))
        return [
            cls(post, {"title": title, "text": text, "source": sources[post.source]})
            for post, title, text in zip(posts, titles, texts, strict=True)
        ]

    @property
    def body(self) -> str:
        """Title and text as one folded piece; no folded text holds a line break of its own."""
        if self._body is None:
            title, text = self.fields["title"], self.fields["text"]
            self._body = f"{title}\n{text}" if title and text else title or text
        return self._body

    @property
    def spoken(self) -> Fields:
        """What clauses are looked for in."""
        if self._spoken is None:
            self._spoken = Fields(self.fields)
        return self._spoken

    @property
    def language(self) -> str:
        """By script alone."""
        if self._language is None:
            self._language = language_of(self.body)
        return self._language

    def places(self, found: Iterable[Found]) -> tuple[Place, ...]:
        """Where each occurrence stands in the post as written."""
        places = []
        for clause, field, start, end in found:
            back = self._back[field] if field in self._back else self._way_back(field)
            places.append(Place(clause, field, *((start, end) if back is None else original_span(back, start, end))))
        return tuple(places)

    def _way_back(self, field: Field) -> list[Span] | None:
        original: str = getattr(self.post, field)
        back = None if keeps_places(original, self.fields[field]) else spans_of(original)
        self._back[field] = back
        return back


class Compiled(NamedTuple):
    """编译 (compiled): one topic read, with the plan by which it is looked at."""

    topic: Topic
    part: Part
    plan: Plan
    sources: frozenset[str]
    languages: frozenset[str]
    repeats: bool

    @classmethod
    def of(cls, topic: Topic) -> "Compiled":
        """The topic; `QueryError` when its query does not parse."""
        node = parse(topic.query)
        sources = frozenset(map(fold, topic.sources))
        said = [leaf.said for leaf in leaves(node)]
        repeats = len(set(said)) < len(said)
        return cls(topic, part_of(node), plan_of(node), sources, frozenset(topic.languages), repeats)

    def admits(self, folded: Folded) -> bool:
        """Whether source and language are among those the topic asks for."""
        if self.sources and folded.fields["source"] not in self.sources:
            return False
        return not self.languages or folded.language in self.languages


_Tests = tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]


class TopicSet:
    """专题集 (topic set): topics compiled together. An edit compiles a new one and keeps what the one before had read."""

    def __init__(self, topics: Sequence[Topic], before: "TopicSet | None" = None) -> None:
        known: dict[Topic, Compiled] = before._known if before is not None else {}
        self._known: dict[Topic, Compiled] = {topic: known.get(topic) or Compiled.of(topic) for topic in topics}
        self.topics = tuple(topics)
        self._compiled = [self._known[topic] for topic in topics]
        self._seen: dict[str, int] | None = before._seen if before is not None else None
        self._sample: list[str] = []
        self._waited, self._due = 0, _SAMPLE
        if before is not None and self._seen is not None:
            self._due = before._due
        self._anchor()

    @classmethod
    def compile(cls, topics: Sequence[Topic], before: "TopicSet | None" = None) -> "TopicSet":
        """The set; `QueryError` when a query does not parse. What `before` holds of these topics is not read again."""
        return cls(topics, before)

    def match(self, post: SensePost) -> list[TopicMatch]:
        """The topics that hold for the post, in the order of the set."""
        return self.match_all([Folded(post)])[0]

    def match_folded(self, folded: Folded) -> list[TopicMatch]:
        """`match` on a post already folded."""
        return self.match_all([folded])[0]

    def match_all(self, folded: Sequence[Folded]) -> list[list[TopicMatch]]:
        """For each post the topics that hold, in the order of the set; however posts are cut into batches.

        Topic by topic, not post by post: the texts of a batch stay near the processor, ten thousand topics do not.
        """
        bodies = [one.body for one in folded]
        texts = [f"{one.body}\n{one.fields['source']}" for one in folded] if self._reads_source else bodies
        found: list[list[TopicMatch]] = [[] for _ in folded]
        for number, place in self._to_try(*self._candidates(texts), bodies):
            one, post = self._compiled[number], folded[place]
            clauses: list[Found] = []
            if one.admits(post) and one.part.holds(post.spoken, clauses):
                found[place].append(_told(one, clauses, post))
        if len(self._compiled) >= _FEW:
            self._learn(texts)
        return found

    def _candidates(self, texts: Sequence[str]) -> tuple[list[int], list[int]]:
        """Topics to be looked at, each with the place of the post."""
        numbers = [number for number in self._always for _ in texts]
        places = list(range(len(texts))) * len(self._always)
        if self._automaton is None:
            return numbers, places
        found = self._automaton.find_overlapping("\n".join(texts))
        if len(found) > _MANY:
            more = self._in_arrays(found, texts)
            return numbers + more[0], places + more[1]
        anchored = self._anchored
        place, end_of_post = -1, -1
        for _start, end, word in found:
            while end > end_of_post:
                place += 1
                end_of_post += len(texts[place]) + 1
            topics = anchored[word]
            numbers += topics
            places += [place] * len(topics)
        return numbers, places

    def _in_arrays(self, found: Sequence[tuple[int, int, int]], texts: Sequence[str]) -> tuple[list[int], list[int]]:
        """The same of many hits; those sent away by the marks of the posts are left out, the rest lies by topics."""
        topic, place = self._spread.pairs(found, texts)
        if len(topic) > _MANY_EACH * len(texts):
            kept = sifted(topic, place, texts, self._named)
            topic, place = topic[kept], place[kept]
            order = np.lexsort((place, topic))
            topic, place = topic[order], place[order]
        return topic.tolist(), place.tolist()

    def _to_try(self, numbers: list[int], places: list[int], bodies: list[str]) -> Iterator[tuple[int, int]]:
        """Those whose further words stand in the post, and that no word bars; each once, in the order of topics."""
        tests = self._tests
        left = []
        for pair in zip(numbers, places, strict=True):
            needs, bars = tests[pair[0]]
            body = bodies[pair[1]]
            for words in needs:
                for word in words:
                    if word in body:
                        break
                else:
                    break
            else:
                for word in bars:
                    if word in body:
                        break
                else:
                    left.append(pair)
        return iter(sorted(set(left)))

    def _anchor(self) -> None:
        """Choose anchors by what was seen so far and build the automaton of them."""
        words: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._tests: list[_Tests] = []
        self._reads_source = False
        for number, one in enumerate(self._compiled):
            plan = one.plan
            ranked = plan.ranked(self._seen)
            chosen = ranked[0][0] if ranked else None
            if chosen is None:
                self._always.append(number)
            else:
                self._reads_source = self._reads_source or plan.needs[chosen].in_source
                for word in plan.needs[chosen].words:
                    words.setdefault(word, []).append(number)
            others = [need.words for at, need in ranked if at != chosen and not need.in_source]
            self._tests.append((tuple(others), plan.bars))
        self._named = named_by([needs for needs, _bars in self._tests])
        self._anchored = list(words.values())
        self._spread = Spread(self._anchored)
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(words)) if words else None

    def _learn(self, texts: Sequence[str]) -> None:
        """Once enough was read: count the words of all topics in a piece of it and choose anchors anew."""
        self._waited += sum(map(len, texts))
        if self._waited > self._due - min(self._due, _MOST_SAMPLE):
            self._sample += texts
        if self._waited < self._due:
            return
        words = list({word: None for one in self._compiled for need in one.plan.needs for word in need.words})
        self._seen = counted(words, self._sample, _MOST_SAMPLE)
        self._sample, self._due = [], self._due * _LATER
        self._anchor()


def counted(words: Sequence[str], texts: Iterable[str], most: int) -> dict[str, int]:
    """How often each word stands in the texts, as far as so many characters."""
    seen = dict.fromkeys(words, 0)
    if not words:
        return seen
    automaton, room = daachorse.CharwiseDoubleArrayAhoCorasick(list(words)), most
    for text in texts:
        for _start, _end, word in automaton.find_overlapping(text[:room]):
            seen[words[word]] += 1
        room -= len(text)
        if room <= 0:
            break
    return seen


def _told(one: Compiled, found: list[Found], folded: Folded) -> TopicMatch:
    """The match, nothing in it twice."""
    clauses = tuple(dict.fromkeys([clause for clause, _field, _start, _end in found]))
    return TopicMatch(one.topic.id, clauses, folded.places(dict.fromkeys(found) if one.repeats else found))
