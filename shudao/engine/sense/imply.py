"""蕴含 (imply): whether one clause, or one part of a query, cannot hold without another, judged from their form."""

from collections.abc import Sequence

import daachorse

from shudao.engine.sense.fired import runs_on
from shudao.engine.sense.query import And, Leaf, Near, Node, Not, Or, Regex, Term
from shudao.engine.text.normalise import is_latin


def implies(one: Leaf | Near, other: Leaf | Near) -> bool:
    """Whether wherever `one` holds, `other` holds as well. True is certain; False may be ignorance."""
    if isinstance(one, Near):
        if isinstance(other, Near):
            return _near_near(one, other)
        return any(all(implies(leaf, other) for leaf in group) for group in one.groups)
    if isinstance(other, Near):
        return False
    if not _covers(other.field, one.field):
        return False
    if isinstance(one, Term) and isinstance(other, Term):
        return _term_term(one, other)
    return isinstance(one, Regex) and isinstance(other, Regex) and one.pattern == other.pattern


def _covers(wide: str, narrow: str) -> bool:
    return wide == narrow or (not wide and narrow in ("title", "text"))


def _near_near(one: Near, other: Near) -> bool:
    """Same chain with gaps at least as wide and every alternative covered."""
    if len(one.groups) != len(other.groups):
        return False
    if any(ours > theirs for ours, theirs in zip(one.gaps, other.gaps, strict=True)):
        return False
    return all(
        all(any(_same_place(leaf, cover) for cover in covers) for leaf in group)
        for group, covers in zip(one.groups, other.groups, strict=True)
    )


def _same_place(leaf: Leaf, cover: Leaf) -> bool:
    """Whether `cover` is found exactly where `leaf` is; being inside it would change the distance."""
    if isinstance(leaf, Term) and isinstance(cover, Term):
        return leaf.text == cover.text and _covers(cover.field, leaf.field) and (cover.prefix or not leaf.prefix)
    return isinstance(leaf, Regex) and isinstance(cover, Regex) and implies(leaf, cover)


def _term_term(one: Term, other: Term) -> bool:
    """Whether the words of `other` always stand somewhere inside those of `one`, edges included."""
    mixed = any(map(is_latin, other.text))
    if mixed and not any(map(is_latin, one.text)):
        return False
    start = one.text.find(other.text)
    while start >= 0:
        end = start + len(other.text)
        left = start == 0 or not runs_on(other.text[0], one.text[start - 1], mixed=mixed)
        if end < len(one.text):
            right = other.prefix or not runs_on(other.text[-1], one.text[end], mixed=mixed)
        else:
            right = other.prefix or not one.prefix or not (is_latin(other.text[-1]) or other.text[-1].isdigit())
        if left and right:
            return True
        start = one.text.find(other.text, start + 1)
    return False


def part_implies(one: Node, other: Node) -> bool:
    """The same for whole parts of a query. True is certain; False may be ignorance."""
    if isinstance(one, Or):
        return all(part_implies(part, other) for part in one.parts)
    if isinstance(other, And):
        return all(part_implies(one, part) for part in other.parts)
    if isinstance(other, Or) and any(part_implies(one, part) for part in other.parts):
        return True
    if isinstance(one, And):
        return any(part_implies(part, other) for part in one.parts)
    if isinstance(one, Not) and isinstance(other, Not):
        return part_implies(other.part, one.part)
    return not isinstance(one, Not) and not isinstance(other, Not | Or) and implies(one, other)


MOST_PARTS = 200
"""Parts that are no plain words are held against so many others; thousands of plain words are told by an automaton."""


def covering(parts: Sequence[Node]) -> dict[int, int]:
    """Which of these alternatives already holds wherever another does: place of the needless one -> of the other.

    Of two that say the same the later one is needless.
    """
    words = [place for place, part in enumerate(parts) if isinstance(part, Term)]
    found = daachorse.CharwiseDoubleArrayAhoCorasick(_texts(parts, words)) if words else None
    others = [place for place, part in enumerate(parts) if not isinstance(part, Term)][:MOST_PARTS]
    needless: dict[int, int] = {}
    for place, one in enumerate(parts):
        if found is not None and isinstance(one, Term):
            near = {words[at] for _start, _end, at in found.find_overlapping(one.text)}
            rivals = sorted(near | set(others))
        else:
            rivals = list(range(min(len(parts), MOST_PARTS)))
        for rival in rivals:
            other = parts[rival]
            if rival == place or not part_implies(one, other):
                continue
            if place < rival and part_implies(other, one):
                continue
            needless[place] = rival
            break
    return needless


def _texts(parts: Sequence[Node], places: Sequence[int]) -> list[str]:
    return [part.text for part in map(parts.__getitem__, places) if isinstance(part, Term)]
