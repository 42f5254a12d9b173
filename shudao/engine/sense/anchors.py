"""锚 (anchors): words of which at least one must occur wherever a topic holds, and the plan made of them.

A topic is looked at only when one of its anchors was found. Which of several sets of words is the anchor never changes
what holds, only how often the topic is looked at in vain; so the choice may follow what the stream is like.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from shudao.engine.sense.fired import is_edgeless
from shudao.engine.sense.query import And, Near, Node, Not, Or, Regex, Term

_HAN = 0x2E80
_OPENERS, _QUANTIFIERS = "([", "*?{"


class Need(NamedTuple):
    """必要 (need): at least one of these words stands in the post; `in_source`: one of them is looked for in the source."""

    words: tuple[str, ...]
    in_source: bool = False


class Plan(NamedTuple):
    """打算 (plan) for one topic: what must stand in title or text, and what must not, before the tree is asked."""

    needs: tuple[Need, ...]
    bars: tuple[str, ...]

    def ranked(self, seen: Mapping[str, int] | None = None) -> list[tuple[int, Need]]:
        """The needs with their numbers, first the one that should be met least often, by what was `seen`."""
        return sorted(enumerate(self.needs), key=lambda pair: (_cost(pair[1].words, seen), pair[1].words))


def plan_of(node: Node) -> Plan:
    """What is necessary for `node`, from its form."""
    parts = node.parts if isinstance(node, And) else (node,)
    needs = [need for part in parts for need in _needs(part)]
    bars = [word for part in parts if isinstance(part, Not) for word in _bars(part.part)]
    return Plan(tuple(dict.fromkeys(needs)), tuple(dict.fromkeys(bars)))


def _cost(words: Sequence[str], seen: Mapping[str, int] | None) -> float:
    """How often one of the words should be met: as seen, else long words before short ones."""
    guess = sum(4.0 ** -min(len(word), 6) for word in words)
    return guess if seen is None else guess + sum(seen.get(word, 0) for word in words)


def _needs(part: Node) -> list[Need]:
    if isinstance(part, Near):
        sides = [_any_of(group) for group in part.groups]
        return [need for need in sides if need is not None]
    if isinstance(part, And):
        return [need for inner in part.parts for need in _needs(inner)]
    need = _need(part)
    return [] if need is None else [need]


def _need(node: Node) -> Need | None:
    """One set of words for `node`, the one that should be met least often."""
    if isinstance(node, Term):
        return Need((node.text,), node.field == "source")
    if isinstance(node, Regex):
        run = sure_run(node.pattern)
        return Need((run,), node.field == "source") if run else None
    if isinstance(node, Or):
        return _any_of(node.parts)
    if isinstance(node, Not):
        return _need(node.part.part) if isinstance(node.part, Not) else None
    return min(_needs(node), key=lambda need: (_cost(need.words, None), need.words), default=None)


def _any_of(parts: Iterable[Node]) -> Need | None:
    words: dict[str, None] = {}
    in_source = False
    for part in parts:
        need = _need(part)
        if need is None:
            return None
        words.update(dict.fromkeys(need.words))
        in_source = in_source or need.in_source
    return Need(tuple(words), in_source)


def _bars(node: Node) -> list[str]:
    """Words any of which makes `NOT node` fail wherever it stands in title or text, whatever its neighbours."""
    if isinstance(node, Or):
        return [word for part in node.parts for word in _bars(part)]
    if isinstance(node, Term) and not node.field and is_edgeless(node.text):
        return [node.text]
    return []


def sure_run(pattern: str) -> str:
    """The longest run of Han characters that stands in every match of a pattern; "" when none is sure.

    Only what lies outside all brackets counts, and only when the pattern offers no choice outside of them.
    """
    if "[:" in pattern or "\\Q" in pattern:
        return ""
    runs, at = [""], 0
    while at < len(pattern):
        char = pattern[at]
        if char == "|":
            return ""
        following = pattern[at + 1 : at + 2]
        if ord(char) >= _HAN and not (following and following in _QUANTIFIERS):
            runs[-1] += char
        else:
            runs.append("")
        at = _behind(pattern, at)
    return max(runs, key=len)


def _behind(pattern: str, at: int) -> int:
    """The place behind what begins at `at`: an escape, a class, a group with all in it, or one character."""
    if pattern[at] == "\\":
        braced = pattern[at + 1 : at + 2] in ("p", "P", "x") and pattern[at + 2 : at + 3] == "{"
        return pattern.index("}", at) + 1 if braced else at + 2
    if pattern[at] == "[":
        end = at + 1 + pattern.startswith("^", at + 1)
        end += pattern.startswith("]", end)
        while end < len(pattern) and pattern[end] != "]":
            end = _behind(pattern, end) if pattern[end] == "\\" else end + 1
        return end + 1
    if pattern[at] == "{":
        return pattern.index("}", at) + 1 if "}" in pattern[at:] else at + 1
    if pattern[at] != "(":
        return at + 1
    end = at + 1
    while end < len(pattern) and pattern[end] != ")":
        end = _behind(pattern, end)
    return end + 1
