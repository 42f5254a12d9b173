"""专题检查 (topic check): clauses that can never matter, contradict each other, or catch nearly everything.

Looked for by form alone, without any post: what is reported is certain, what is not reported may still be unwise.
"""

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from shudao.engine.sense.fired import Fields, Word
from shudao.engine.sense.imply import covering, implies, part_implies
from shudao.engine.sense.lex import Pattern, compile_pattern
from shudao.engine.sense.query import And, Near, Node, Not, Or, Regex, Term, Topic, leaves, parse
from shudao.engine.text.normalise import Span, fold, is_latin
from shudao.engine.words import Words

VERSION = "check-2"

Atom = Term | Regex | Near
Rule = Literal["contradictory", "dead", "runaway", "unclear"]
Severity = Literal["fault", "warning"]

_SMALL_NEAR = re.compile(r"near(/\d*)?")
_COMMON = frozenset(
    ("的", "了", "是", "在", "我", "我们", "你", "你们", "他", "他们", "她", "这", "那", "今天", "现在", "大家", "一个", "没有",
     "可以", "什么", "怎么", "怎样", "如何", "为什么", "因为", "所以", "但是", "如果", "就是", "不是", "还是", "这个", "那个",
     "这样", "知道", "觉得", "自己", "时候", "已经", "可能", "真的", "还有", "有人", "不要", "不能", "网友", "回复", "转发",
     "the", "and", "of", "to", "in", "is", "a", "for", "on", "it", "you", "this", "that", "with", "http", "https", "com")
)  # fmt: skip
_PROBES = ("", "的", "a", "1", "，", "县医院今天", "power 12")
_SIGNS = frozenset(r"\.+*?()|[]{}^$")
_PUNCTUATION = frozenset("，。、；！？,;!?&")


class TopicFinding(msgspec.Struct, frozen=True, kw_only=True):
    """发现 (finding): `place` is the clause's character span in the topic's query; only a `fault` fails the check."""

    topic: str
    rule: Rule
    severity: Severity
    clause: str
    place: Span
    message: Words
    mend: Words


def check_topics(topics: Sequence[Topic]) -> list[TopicFinding]:
    """All findings, topic by topic, in reading order."""
    found: list[TopicFinding] = []
    seen: dict[tuple[object, ...], str] = {}
    for topic in topics:
        found += _Check(topic).run()
        asked = _asked(_push(parse(topic.query), wanted=True))
        key = (asked, frozenset(map(fold, topic.sources)), frozenset(topic.languages))
        first = seen.setdefault(key, topic.id)
        if first != topic.id:
            place = (0, len(topic.query))
            found.append(_finding(topic, "dead", "warning", place, *_SAME_TOPIC, other=first))
    return found


_SAME_TOPIC = ("与专题 {other} 完全相同", "the same as topic {other}", "合并两个专题", "merge the two topics")
_CONTRADICTS = (
    "与 {other} 矛盾，永远不会命中",
    "contradicts {other} and can never match",
    "删去其中之一",
    "drop one of the two",
)
_SUBSUMED = (
    "{other} 已经包含它，写不写都一样",
    "is already covered by {other} and changes nothing",
    "删去它，或改写得更准",
    "drop it or say it more precisely",
)
_ONLY_EXCLUDES = (
    "这一支只有排除，几乎什么都会命中",
    "this alternative only excludes and catches nearly everything",
    "写上要找的词",
    "add what is to be found",
)
_TOO_SHORT = (
    "单独一个字或极常见的词，会命中大量无关内容",
    "one character or a very common word alone catches too much",
    "与另一个词用 + 连接，或写成更长的词",
    "join it to another word with +, or use a longer word",
)
_PATTERN_OPEN = (
    "这个正则几乎匹配任何内容",
    "this pattern matches nearly anything",
    "写上必有的文字",
    "add text that must occur",
)
_FIELDS_APART = (
    "NEAR 两边不在同一个字段，永远不会命中",
    "the sides of NEAR look into different fields and can never meet",
    "两边用同一个字段",
    "use the same field on both sides",
)
_NO_SOURCE = (
    "本专题的 sources 里没有这样的来源，永远不会命中",
    "no source of this topic's list is like this, so it can never match",
    "改来源清单或检索式",
    "mend the list or the query",
)
_NO_SUCH_SOURCE = (
    "本专题的 sources 里本来就没有这样的来源，写不写都一样",
    "no source of this topic's list is like this anyway, so it changes nothing",
    "删去它",
    "drop it",
)
_ALL_SOURCES = (
    "本专题 sources 里的来源全被排除，永远不会命中",
    "every source of this topic's list is excluded, so it can never match",
    "改来源清单或检索式",
    "mend the list or the query",
)
_STAR = (
    "* 只对拉丁字母的词起作用",
    "* only works after Latin letters",
    "删去 *",
    "drop the *",
)
_PUNCTUATED = (
    "没有引号的标点会按原样去找",
    "punctuation without quotes is searched as it stands",
    "若是并列，请用空格、+ 或 |；若是原文，请加引号",
    "use a space, + or | between words, or quotes",
)
_LOWER = (
    "小写的 {clause} 会按词去找",
    "{clause} in small letters is searched as a word",
    "连接词请用大写",
    "write operators in capitals",
)


def _finding(
    topic: Topic,
    rule: Rule,
    severity: Severity,
    place: Span,
    zh: str,
    en: str,
    mend_zh: str,
    mend_en: str,
    other: str = "",
) -> TopicFinding:
    clause = topic.query[place[0] : place[1]]
    return TopicFinding(
        topic=topic.id,
        rule=rule,
        severity=severity,
        clause=clause,
        place=place,
        message=Words(zh=zh.format(other=other, clause=clause), en=en.format(other=other, clause=clause)),
        mend=Words(zh=mend_zh, en=mend_en),
    )


class _Check:
    """Checks of one topic; the tree is taken with its NOTs carried down to the clauses."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.found: list[TopicFinding] = []

    def run(self) -> list[TopicFinding]:
        node = parse(self.topic.query)
        pushed = _push(node, wanted=True)
        if not self.dead(pushed, (), ()):
            self.runaway(pushed)
        self.forms(node)
        return sorted(self.found, key=lambda finding: (finding.place, finding.rule))

    def add(
        self, rule: Rule, severity: Severity, place: Span, words: tuple[str, str, str, str], other: str = ""
    ) -> None:
        self.found.append(_finding(self.topic, rule, severity, place, *words, other=other))

    def said(self, node: Node) -> str:
        return self.topic.query[node.at[0] : node.at[1]]

    def dead(self, node: Node, asked: tuple[Atom, ...], barred: tuple[Atom, ...]) -> bool:
        """Whether `node` cannot hold while all of `asked` and none of `barred` hold; says which parts cannot."""
        if isinstance(node, And):
            return self.dead_all(node, asked, barred)
        if isinstance(node, Or):
            return self.dead_any(node, asked, barred)
        if isinstance(node, Not):
            return self.shut_out(node, asked) is not None
        return self.dead_atom(node, barred)

    def shut_out(self, bar: Not, asked: tuple[Atom, ...]) -> Atom | None:
        """What is asked for and yet shut out by an exclusion."""
        atom = bar.part
        return next((one for one in asked if isinstance(atom, Atom) and implies(one, atom)), None)

    def dead_atom(self, atom: Atom, barred: tuple[Atom, ...]) -> bool:
        for bar in barred:
            if implies(atom, bar):
                self.add("contradictory", "fault", atom.at, _CONTRADICTS, "-" + self.said(bar))
                return True
        if isinstance(atom, Near) and _fields_apart(atom):
            self.add("contradictory", "fault", atom.at, _FIELDS_APART)
            return True
        return self.dead_source(atom)

    def dead_source(self, atom: Atom) -> bool:
        """A source asked for that the topic's own list of sources shuts out."""
        sources = self.topic.sources
        if not sources or not isinstance(atom, Term) or atom.field != "source":
            return False
        if not any(_stands(atom, fold(source)) for source in sources):
            self.add("dead", "fault", atom.at, _NO_SOURCE)
            return True
        return False

    def idle_sources(self, bars: Sequence[Atom]) -> None:
        """Sources excluded that the topic's own list leaves out anyway, or all of it."""
        sources = [fold(source) for source in self.topic.sources]
        for bar in bars if sources else ():
            if not isinstance(bar, Term) or bar.field != "source":
                continue
            hit = [_stands(bar, source) for source in sources]
            if not any(hit):
                self.add("dead", "fault", bar.at, _NO_SUCH_SOURCE)
            elif all(hit):
                self.add("contradictory", "fault", bar.at, _ALL_SOURCES)

    def dead_all(self, node: And, asked: tuple[Atom, ...], barred: tuple[Atom, ...]) -> bool:
        own = [part for part in node.parts if isinstance(part, Atom)]
        bars = [part.part for part in node.parts if isinstance(part, Not) and isinstance(part.part, Atom)]
        self.covered(bars)
        self.idle_sources(bars)
        self.needless(node, own)
        asked, barred = (*asked, *own), (*barred, *bars)
        gone = [self.dead(part, asked, barred) for part in node.parts if not isinstance(part, Not)]
        return any(gone)

    def dead_any(self, node: Or, asked: tuple[Atom, ...], barred: tuple[Atom, ...]) -> bool:
        gone = [self.dead(part, asked, barred) for part in node.parts]
        for part in node.parts if all(gone) else ():
            one = self.shut_out(part, asked) if isinstance(part, Not) else None
            if one is not None:
                self.add("contradictory", "fault", part.at, _CONTRADICTS, self.said(one))
        self.covered([part for part, is_gone in zip(node.parts, gone, strict=True) if not is_gone])
        return all(gone)

    def covered(self, choices: Sequence[Node]) -> None:
        """Of alternatives (or of exclusions) those that another one already covers."""
        for place, other in covering(choices).items():
            self.add("dead", "fault", choices[place].at, _SUBSUMED, self.said(choices[other]))

    def needless(self, node: And, own: list[Atom]) -> None:
        """Of what must hold together those parts that hold anyway where another one does."""
        bars = [part for part in node.parts if isinstance(part, Not)]
        for place, part in enumerate(node.parts):
            other = next((bar for bar in bars if isinstance(part, Or) and part_implies(bar, part)), None)
            if other is not None:
                self.add("dead", "fault", part.at, _SUBSUMED, "-" + self.said(other))
                continue
            choices = part.parts if isinstance(part, Or) else (part,)
            for one in own:
                same = isinstance(part, Atom) and implies(part, one) and place <= node.parts.index(one)
                if one is not part and not same and any(isinstance(c, Atom) and implies(one, c) for c in choices):
                    self.add("dead", "fault", part.at, _SUBSUMED, self.said(one))
                    break

    def runaway(self, node: Node) -> bool:
        """Whether `node` catches too much; each alternative that does so by itself is named."""
        if isinstance(node, Or):
            loose = [self.runaway(part) for part in node.parts]
            return any(loose)
        if isinstance(node, And):
            before = len(self.found)
            loose = [self.runaway(part) for part in node.parts if not isinstance(part, Not)]
            if loose and all(loose):
                return True
            del self.found[before:]  # another part holds it in
            return not loose and self.only_excludes(node)
        if isinstance(node, Not):
            return self.only_excludes(node)
        return self.runaway_atom(node)

    def only_excludes(self, node: Node) -> bool:
        self.add("runaway", "fault", node.at, _ONLY_EXCLUDES)
        return True

    def runaway_atom(self, atom: Atom) -> bool:
        if isinstance(atom, Near):
            return False
        if isinstance(atom, Regex):
            if _matches_anything(compile_pattern(atom.pattern)) or _is_short_pattern(atom):
                self.add("runaway", "fault", atom.at, _PATTERN_OPEN)
                return True
            return False
        if atom.field != "source" and _is_too_short(atom):
            self.add("runaway", "fault", atom.at, _TOO_SHORT)
            return True
        return False

    def forms(self, node: Node) -> None:
        """What is written in a way that probably means something else."""
        for leaf in leaves(node):
            if not isinstance(leaf, Term):
                continue
            quoted = any(quote in leaf.said for quote in '"“”「『')
            if leaf.prefix and not is_latin(leaf.text[-1]) and not leaf.text[-1].isdigit():
                self.add("unclear", "warning", leaf.at, _STAR)
            if not quoted and (leaf.text in ("and", "or", "not") or _SMALL_NEAR.fullmatch(leaf.text)):
                self.add("unclear", "warning", leaf.at, _LOWER)
            if not quoted and _PUNCTUATION & set(leaf.text):
                self.add("unclear", "warning", leaf.at, _PUNCTUATED)


def _asked(node: Node) -> object:
    """What a query asks, whatever the order and the wording of its operators."""
    if isinstance(node, And | Or):
        return type(node).__name__, frozenset(map(_asked, node.parts))
    if isinstance(node, Not):
        return "Not", _asked(node.part)
    if isinstance(node, Near):
        return "Near", node.gaps, tuple(frozenset(map(_asked, group)) for group in node.groups)
    return (node.text, node.prefix, node.field) if isinstance(node, Term) else (node.pattern, node.field)


def _stands(term: Term, source: str) -> bool:
    return bool(Word(term).hits(Fields({"title": "", "text": "", "source": source})))


def _push(node: Node, *, wanted: bool) -> Node:
    """The same condition with every NOT directly before a clause."""
    if isinstance(node, Not):
        return _push(node.part, wanted=not wanted)
    if isinstance(node, And | Or):
        parts = tuple(_push(part, wanted=wanted) for part in node.parts)
        kind = And if isinstance(node, And) == wanted else Or
        opened = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
        return kind(tuple(opened), node.at)
    return node if wanted else Not(node, node.at)


def _fields_apart(near: Near) -> bool:
    """Whether no field is looked at by every side."""
    shared = {"title", "text", "source"}
    for group in near.groups:
        shared &= {field for leaf in group for field in ((leaf.field,) if leaf.field else ("title", "text"))}
    return not shared


def _is_too_short(term: Term) -> bool:
    text = term.text
    if text in _COMMON or len(text) == 1:
        return True
    return (term.prefix and text.isascii() and len(text) <= 2) or (text.isdigit() and len(text) <= 2)


def _is_short_pattern(regex: Regex) -> bool:
    """Whether a pattern is nothing but words one of which is too short to be asked for alone."""
    words = regex.pattern.strip("()").split("|")
    if regex.field == "source" or any(_SIGNS & set(word) or not word for word in words):
        return False
    return any(_is_too_short(Term(word, regex.at, regex.said, regex.field)) for word in words)


def _matches_anything(pattern: Pattern) -> bool:
    hits = [any(True for _found in pattern.finditer(probe)) for probe in _PROBES]
    return hits[0] or sum(hits) >= 4
