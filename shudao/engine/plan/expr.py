"""条件式 (expression): the small total language of plans: comparison, `and or not`, `in`, and three questions.

    level >= 'II' and media_tier in ['province', 'central']
    minutes_since(detected) >= 30 and not reached('reported')
    done('verify') or casualties > 0

A bare name is a grading fact. What is not known is *unknown*, and unknown spreads as in Kleene's logic, so `not x` is
never true merely because nobody looked. Nothing here can call, index, reach an attribute or run long.
"""

import ast
import operator
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

import msgspec

from shudao.engine.words import BadInput, Words

Value = bool | int | float | str
Truth = bool | None

MAX_LENGTH = 1000
MAX_DEPTH = 24
MAX_NODES = 300


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """所知 (what is known) when an expression is asked. `rank` maps a level to its place, 0 the most severe."""

    values: Mapping[str, Value] = {}
    level: str | None = None
    rank: Mapping[str, int] = {}
    milestones: Mapping[str, datetime] = {}
    done: Collection[str] = ()
    now: datetime | None = None


Ask = Callable[[Facts], Any]


class Expr(msgspec.Struct, frozen=True, kw_only=True):
    """条件式 (expression), parsed: what it mentions, and `ask` to evaluate it."""

    text: str
    facts: tuple[str, ...]
    steps: tuple[str, ...]
    milestones: tuple[str, ...]
    levels: tuple[str, ...]
    waits: tuple[tuple[str, float], ...]
    asks_level: bool
    ask: Ask

    def holds(self, known: Facts) -> Truth:
        """True, False, or None when what is known does not decide it. Never raises."""
        answer = self.ask(known)
        return answer if answer is None else bool(answer)


@lru_cache(maxsize=4096)
def parse_expr(text: str) -> Expr:
    """Parse one expression. Empty text always holds. Raises BadInput with the column of the fault."""
    if not text.strip():
        return _expr("", _Reader(""), _always(True))
    reader = _Reader(text)
    return _expr(text, reader, reader.read())


def _expr(text: str, reader: "_Reader", ask: Ask) -> Expr:
    return Expr(
        text=text, ask=ask, asks_level=reader.asks_level,
        facts=tuple(dict.fromkeys(reader.facts)), steps=tuple(dict.fromkeys(reader.steps)),
        milestones=tuple(dict.fromkeys(reader.milestones)), levels=tuple(dict.fromkeys(reader.levels)),
        waits=tuple(dict.fromkeys(reader.waits)),
    )  # fmt: skip


_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_TRUTHS = {"true": True, "True": True, "false": False, "False": False}
_CALLS = ("minutes_since", "done", "reached")


class _Reader:
    """One pass over the syntax tree: checks it against the whitelist and builds closures."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.facts: list[str] = []
        self.steps: list[str] = []
        self.milestones: list[str] = []
        self.levels: list[str] = []
        self.waits: list[tuple[str, float]] = []
        self.asks_level = False
        self.nodes = 0

    def read(self) -> Ask:
        if len(self.text) > MAX_LENGTH or _nesting(self.text) > MAX_DEPTH:
            raise self._bad(None, "条件式太长或嵌套太深", "the expression is too long or too deeply nested")
        try:
            with warnings.catch_warnings():  # what Python would warn about is refused below, in words
                warnings.simplefilter("ignore", SyntaxWarning)
                tree = ast.parse(self.text.strip(), mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError) as fault:
            column = getattr(fault, "offset", None)
            raise self._bad(column, "条件式读不懂", "the expression does not parse") from None
        return self._node(tree.body, 0)

    def _bad(self, column: int | None, zh: str, en: str) -> BadInput:
        place = f" @{column}" if column else ""
        return BadInput(
            Words(zh, en), where=f"{self.text[:80]!r}{place}",
            mend=Words("可用: 比较、and/or/not、in、level、minutes_since()、done()、reached()",
                       "allowed: comparison, and/or/not, in, level, minutes_since(), done(), reached()"),
        )  # fmt: skip

    def _node(self, node: ast.expr, depth: int) -> Ask:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise self._bad(None, "条件式太长或嵌套太深", "the expression is too long or too deeply nested")
        match node:
            case ast.BoolOp():
                parts = tuple(self._node(part, depth + 1) for part in node.values)
                return _all(parts) if isinstance(node.op, ast.And) else _any(parts)
            case ast.UnaryOp(op=ast.Not()):
                return _not(self._node(node.operand, depth + 1))
            case ast.Compare():
                return self._compare(node, depth)
            case ast.Call():
                return self._call(node)
            case ast.Name():
                return self._name(node)
        return _always(self._literal(node))

    def _literal(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool() | int() | float() | str() as value):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return -value
            case ast.Name(id="true" | "false" | "True" | "False" as name):
                return _TRUTHS[name]
        raise self._bad(node.col_offset + 1, "这里不允许这种写法", "this is not allowed here")

    def _name(self, node: ast.Name) -> Ask:
        if node.id in _TRUTHS:
            return _always(_TRUTHS[node.id])
        if node.id in _CALLS:
            raise self._bad(node.col_offset + 1, "后面要有括号", "a question needs brackets")
        if node.id == "level":
            self.asks_level = True
            return lambda known: known.level
        name = node.id
        self.facts.append(name)
        return lambda known: known.values.get(name)

    def _call(self, node: ast.Call) -> Ask:
        asked = node.func.id if isinstance(node.func, ast.Name) else ""
        if asked not in _CALLS or len(node.args) != 1 or node.keywords:
            raise self._bad(node.col_offset + 1, "没有这个问法", "there is no such question")
        name = _named(node.args[0])
        if name is None:
            raise self._bad(node.col_offset + 1, "括号里要写一个名称", "the brackets want one name")
        if asked == "done":
            self.steps.append(name)
            return lambda known: name in known.done
        self.milestones.append(name)
        return (lambda known: name in known.milestones) if asked == "reached" else _minutes_since(name)

    def _compare(self, node: ast.Compare, depth: int) -> Ask:
        sides = [node.left, *node.comparators]
        pairs = zip(node.ops, pairwise(sides), strict=True)
        links = [self._link(op, left, right, depth) for op, (left, right) in pairs]
        self._note_waits(sides)
        return links[0] if len(links) == 1 else _all(tuple(links))

    def _link(self, op: ast.cmpop, left: ast.expr, right: ast.expr, depth: int) -> Ask:
        if isinstance(op, ast.In | ast.NotIn):
            return self._in(op, left, right, depth)
        if isinstance(op, ast.Is | ast.IsNot):
            raise self._bad(left.col_offset + 1, "请用 == 比较", "compare with ==")
        first, second = self._node(left, depth + 1), self._node(right, depth + 1)
        if _is_level(left) or _is_level(right):
            self._note_levels(left, right)
            first, second = (_severity(side) for side in (first, second))
        if isinstance(op, ast.Eq | ast.NotEq):
            return _equal(first, second, isinstance(op, ast.Eq))
        return _ordered(first, second, _ORDER[type(op)])

    def _in(self, op: ast.cmpop, left: ast.expr, right: ast.expr, depth: int) -> Ask:
        if not isinstance(right, ast.List | ast.Tuple | ast.Set):
            raise self._bad(right.col_offset + 1, "in 后面要有列表", "`in` wants a list")
        one, many = self._node(left, depth + 1), tuple(self._literal(item) for item in right.elts)
        if _is_level(left):
            self.levels.extend(item for item in many if isinstance(item, str))
        return _among(one, many, isinstance(op, ast.In))

    def _note_levels(self, *sides: ast.expr) -> None:
        self.levels.extend(s.value for s in sides if isinstance(s, ast.Constant) and isinstance(s.value, str))

    def _note_waits(self, sides: Sequence[ast.expr]) -> None:
        """Remember `minutes_since(m)` against a number, so that a caller can wake up at that very minute."""
        for pair in pairwise(sides):
            for one, other in (pair, pair[::-1]):
                match one, other:
                    case ast.Call(func=ast.Name(id="minutes_since")), ast.Constant(value=int() | float() as minutes):
                        self.waits.append((_named(one.args[0]) or "", float(minutes)))


def _nesting(text: str) -> int:
    """Deepest bracket nesting, counted before the parser of the language meets it."""
    deepest = depth = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _named(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str() as name) | ast.Name(id=name):
            return name
    return None


def _is_level(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "level"


def _always(value: Value) -> Ask:
    return lambda _known: value


def _severity(side: Ask) -> Ask:
    """A level as a number that grows with severity; unknown codes stay unknown."""

    def ask(known: Facts) -> int | None:
        place = known.rank.get(side(known))
        return None if place is None else -place

    return ask


def _minutes_since(name: str) -> Ask:
    def ask(known: Facts) -> float | None:
        since = known.milestones.get(name)
        return None if since is None or known.now is None else (known.now - since).total_seconds() / 60

    return ask


def _equal(first: Ask, second: Ask, wanted: bool) -> Ask:
    def ask(known: Facts) -> Truth:
        one, other = first(known), second(known)
        return None if one is None or other is None else (one == other) is wanted

    return ask


def _ordered(first: Ask, second: Ask, compare: Callable[[Any, Any], bool]) -> Ask:
    def ask(known: Facts) -> Truth:
        one, other = first(known), second(known)
        if one is None or other is None or isinstance(one, str) is not isinstance(other, str):
            return None
        return compare(one, other)

    return ask


def _among(one: Ask, many: tuple[Value, ...], wanted: bool) -> Ask:
    def ask(known: Facts) -> Truth:
        value = one(known)
        return None if value is None else (value in many) is wanted

    return ask


def _not(part: Ask) -> Ask:
    def ask(known: Facts) -> Truth:
        value = part(known)
        return None if value is None else not value

    return ask


def _all(parts: tuple[Ask, ...]) -> Ask:
    def ask(known: Facts) -> Truth:
        answers = [part(known) for part in parts]
        if any(answer is not None and not answer for answer in answers):
            return False
        return None if any(answer is None for answer in answers) else True

    return ask


def _any(parts: tuple[Ask, ...]) -> Ask:
    def ask(known: Facts) -> Truth:
        answers = [part(known) for part in parts]
        if any(answers):
            return True
        return None if any(answer is None for answer in answers) else False

    return ask
