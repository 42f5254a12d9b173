"""所需 (wanted): of a query that part which a search index can answer by itself, whichever index it is.

What an index finds may be more than what holds, never less: every text found is held against the query before it is
shown. A part is `exact` when the index finds (but for the rarest neighbours) just what holds, so that it may count.
"""

from collections.abc import Iterable
from typing import NamedTuple

from shudao.engine.sense.query import And, Near, Node, Not, Or, Regex, Term
from shudao.engine.text.normalise import is_latin
from shudao.engine.text.terms import LONGEST, is_whole, runs, terms


class Phrase(NamedTuple):
    """词串 (phrase): terms side by side in one field; `prefix`: the last may go on."""

    terms: tuple[str, ...]
    field: str = ""
    prefix: bool = False


class Every(NamedTuple):
    """皆有 (every): all parts, and none of `without`."""

    parts: "tuple[Wish, ...]"
    without: "tuple[Wish, ...]" = ()


class Some(NamedTuple):
    """任一 (some): at least one part."""

    parts: "tuple[Wish, ...]"


Wish = Phrase | Every | Some


class Wanted(NamedTuple):
    """所需 (wanted): what the index is asked for; None: nothing it could answer."""

    wish: Wish | None
    exact: bool


def wanted(node: Node) -> Wanted:
    """What to ask the index for `node`."""
    if isinstance(node, Term):
        return _term(node)
    if isinstance(node, Near):
        return Wanted(_every(_some(_term(leaf) for leaf in group if isinstance(leaf, Term)) if _all_terms(group) else None
                             for group in node.groups), False)  # fmt: skip
    if isinstance(node, And):
        return _and(node)
    if isinstance(node, Or):
        parts = [wanted(part) for part in node.parts]
        return Wanted(_some(parts), all(part.exact for part in parts))
    return Wanted(None, False)


def _all_terms(group: Iterable[Node]) -> bool:
    return not any(isinstance(leaf, Regex) for leaf in group)


def _and(node: And) -> Wanted:
    asked = [wanted(part) for part in node.parts if not isinstance(part, Not)]
    barred = [wanted(part.part) for part in node.parts if isinstance(part, Not)]
    sure = tuple(part.wish for part in barred if part.exact and part.wish is not None)
    wish = _every(part.wish for part in asked)
    exact = wish is not None and all(part.exact for part in (*asked, *barred))
    if wish is None or not sure:
        return Wanted(wish, exact)
    return Wanted(Every((wish,), sure), exact)


def _every(wishes: Iterable[Wish | None]) -> Wish | None:
    known = tuple(wish for wish in wishes if wish is not None)
    return known[0] if len(known) == 1 else Every(known) if known else None


def _some(parts: Iterable[Wanted]) -> Wish | None:
    wishes = [part.wish for part in parts]
    known = tuple(wish for wish in wishes if wish is not None)
    if len(known) < len(wishes) or not known:
        return None
    return known[0] if len(known) == 1 else Some(known)


def _term(term: Term) -> Wanted:
    """The terms of a word; one that stands in the source's name is asked of the posts themselves."""
    found = terms(term.text)
    if not found or term.field == "source":
        return Wanted(None, False)
    last = runs(term.text)[-1]
    prefix = term.prefix and is_whole(last) and term.text.endswith(last)
    is_one_run = len(runs(term.text)) == 1 and len(runs(term.text)[0]) == len(term.text)
    exact = is_one_run and len(term.text) < LONGEST and (not term.prefix or is_latin(term.text[0]))
    return Wanted(Phrase(tuple(found), term.field, prefix), exact)
