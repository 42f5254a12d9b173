"""检索式 (query): the language of topics (INTERFACES) read into a tree; what cannot be read is refused at its place.

Binding, tightest first: a field before its operand, NEAR/n, NOT, AND (two operands side by side mean AND), OR.
All texts in the tree are folded (`text.normalise`); places (`at`) are character offsets into the query as written.
"""

from typing import Literal

import msgspec

from shudao.engine.sense.lex import QueryError, Token, fail, scan
from shudao.engine.text.normalise import Span

__all__ = [
    "And",
    "Field",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "Or",
    "QueryError",
    "Regex",
    "Term",
    "Topic",
    "leaves",
    "parse",
]

VERSION = "query-1"
MAX_QUERY = 100_000  # characters
MAX_DEPTH = 50  # brackets and NOTs inside one another

Field = Literal["", "title", "text", "source"]
"""Where a clause looks; "" is title and text."""


class Term(msgspec.Struct, frozen=True):
    """词 (term): folded words to be found as they stand; `prefix` lets a Latin word go on at its end."""

    text: str
    at: Span
    said: str
    field: Field = ""
    prefix: bool = False


class Regex(msgspec.Struct, frozen=True):
    """正则 (regex): a pattern of the linear-time kind, run over folded text without regard to case."""

    pattern: str
    at: Span
    said: str
    field: Field = ""


Leaf = Term | Regex


class Near(msgspec.Struct, frozen=True):
    """邻近 (near): one occurrence of each group in one field, at most `gaps[i]` characters between i and i + 1."""

    groups: tuple[tuple[Leaf, ...], ...]
    gaps: tuple[int, ...]
    at: Span
    said: str


class Not(msgspec.Struct, frozen=True):
    """非 (not)."""

    part: "Node"
    at: Span


class And(msgspec.Struct, frozen=True):
    """与 (and): all parts, in the order written."""

    parts: "tuple[Node, ...]"
    at: Span


class Or(msgspec.Struct, frozen=True):
    """或 (or): any part."""

    parts: "tuple[Node, ...]"
    at: Span


Node = Term | Regex | Near | Not | And | Or


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """专题 (topic): a standing question to the stream; empty `sources` and `languages` mean all of them."""

    id: str
    name: str
    query: str
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    owner_post: str = ""


def parse(query: str) -> Node:
    """The tree of `query`, or `QueryError` with the place marked."""
    if len(query) > MAX_QUERY:
        raise fail(query, MAX_QUERY, f"检索式超过 {MAX_QUERY} 字", f"query longer than {MAX_QUERY} characters")
    tokens = scan(query)
    if not tokens:
        raise fail(query, 0, "检索式是空的", "the query is empty")
    node = _Parser(query, tokens).whole()
    if not _asks(node, positive=True):
        raise fail(
            query,
            node.at[0],
            "检索式只有排除，没有要找的内容",
            "the query only excludes and asks for nothing",
        )
    return node


def _asks(node: Node, *, positive: bool) -> bool:
    """Whether anything in `node` is asked for, once NOTs are carried down to the clauses."""
    if isinstance(node, Not):
        return _asks(node.part, positive=not positive)
    if isinstance(node, And | Or):
        return any(_asks(part, positive=positive) for part in node.parts)
    return positive


def leaves(node: Node) -> list[Leaf]:
    """All words and patterns of the tree in the order written."""
    if isinstance(node, Term | Regex):
        return [node]
    if isinstance(node, Near):
        return [leaf for group in node.groups for leaf in group]
    if isinstance(node, Not):
        return leaves(node.part)
    return [leaf for part in node.parts for leaf in leaves(part)]


class _Parser:
    """Recursive descent over the tokens; `depth` keeps absurd nesting from exhausting the stack."""

    def __init__(self, query: str, tokens: list[Token]) -> None:
        self.query, self.tokens = query, tokens
        self.next, self.depth = 0, 0

    def whole(self) -> Node:
        node = self.either("")
        if self.next < len(self.tokens):
            raise self.misplaced()
        return node

    def kind(self) -> str:
        return self.tokens[self.next].kind if self.next < len(self.tokens) else "end"

    def take(self) -> Token:
        self.next += 1
        return self.tokens[self.next - 1]

    def misplaced(self) -> QueryError:
        """What stands here cannot stand here."""
        if self.kind() == "end":
            last = self.tokens[-1]
            if last.kind in ("and", "or", "not", "near", "field"):
                return fail(self.query, last.at[0], f"{last.said} 后面缺少内容", f"nothing follows {last.said}")
            return fail(self.query, len(self.query), "括号没有合上", "a bracket is not closed")
        token = self.tokens[self.next]
        return fail(self.query, token.at[0], f"{token.said} 不能放在这里", f"{token.said} cannot stand here")

    def either(self, field: Field) -> Node:
        parts = [self.both(field)]
        while self.kind() == "or":
            self.take()
            parts.append(self.both(field))
        return parts[0] if len(parts) == 1 else Or(_flat(Or, parts), (parts[0].at[0], parts[-1].at[1]))

    def both(self, field: Field) -> Node:
        parts = [self.negated(field)]
        while self.kind() in ("and", "not", "word", "regex", "open", "field"):
            if self.kind() == "and":
                self.take()
            parts.append(self.negated(field))
        return parts[0] if len(parts) == 1 else And(_flat(And, parts), (parts[0].at[0], parts[-1].at[1]))

    def negated(self, field: Field) -> Node:
        if self.kind() != "not":
            return self.close(field)
        start = self.take().at[0]
        self.enter(start)
        part = self.negated(field)
        self.depth -= 1
        return Not(part, (start, part.at[1]))

    def close(self, field: Field) -> Node:
        """An operand, or a chain of operands joined by NEAR/n."""
        start = self.tokens[self.next].at[0] if self.kind() != "end" else 0
        first = self.operand(field)
        if self.kind() != "near":
            return first
        groups, gaps = [self.group(first)], []
        while self.kind() == "near":
            gaps.append(self.take().gap)
            groups.append(self.group(self.operand(field)))
        at = (start, self.tokens[self.next - 1].at[1])
        return Near(tuple(groups), tuple(gaps), at, self.query[at[0] : at[1]])

    def group(self, node: Node) -> tuple[Leaf, ...]:
        """The alternatives that one side of NEAR stands for."""
        if isinstance(node, Term | Regex):
            return (node,)
        if isinstance(node, Or) and all(isinstance(part, Term | Regex) for part in node.parts):
            return tuple(part for part in node.parts if isinstance(part, Term | Regex))
        raise fail(
            self.query,
            node.at[0],
            "NEAR 两边只能是词、短语，或用“或”连接的词",
            "NEAR takes words, phrases, or words joined by OR",
        )

    def operand(self, field: Field) -> Node:
        kind = self.kind()
        if kind == "word":
            token = self.take()
            return Term(token.text, token.at, token.said, field, token.prefix)
        if kind == "regex":
            token = self.take()
            return Regex(token.text, token.at, token.said, field)
        if kind == "field":
            return self.fielded(field)
        if kind == "open":
            return self.bracket(field)
        raise self.misplaced()

    def fielded(self, field: Field) -> Node:
        token = self.take()
        if field and token.text != field:
            raise fail(
                self.query, token.at[0], f"{token.said} 放在了 {field}: 里面", f"{token.said} stands inside {field}:"
            )
        self.enter(token.at[0])
        inner: Field = "title" if token.text == "title" else "text" if token.text == "text" else "source"
        node = self.operand(inner)
        self.depth -= 1
        return _widen(node, (token.at[0], node.at[1]), self.query)

    def bracket(self, field: Field) -> Node:
        opened = self.take()
        self.enter(opened.at[0])
        if self.kind() == "close":
            raise fail(self.query, opened.at[0], "括号里是空的", "the brackets are empty")
        node = self.either(field)
        if self.kind() != "close":
            if self.kind() == "end" and self.tokens[-1].kind != "near":
                raise fail(self.query, opened.at[0], "括号没有合上", "this bracket is not closed")
            raise self.misplaced()
        self.take()
        self.depth -= 1
        return node

    def enter(self, place: int) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise fail(self.query, place, f"嵌套超过 {MAX_DEPTH} 层", f"nested more than {MAX_DEPTH} deep")


def _flat(kind: type[And] | type[Or], parts: list[Node]) -> tuple[Node, ...]:
    """Parts with inner nodes of the same kind opened, so that (a OR (b OR c)) is one choice of three."""
    found: list[Node] = []
    for part in parts:
        found.extend(part.parts if isinstance(part, kind) else [part])
    return tuple(found)


def _widen(node: Node, at: Span, query: str) -> Node:
    """The node with the field's name in its place and wording."""
    if isinstance(node, Term | Regex | Near):
        return msgspec.structs.replace(node, at=at, said=query[at[0] : at[1]])
    return msgspec.structs.replace(node, at=at)
