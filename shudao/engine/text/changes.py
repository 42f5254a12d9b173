"""改动 (changes) between two versions of a text, for people who compare drafts: what stayed, what went, what came.

Lines first, then characters within lines that were replaced, so that a long paper costs little and Chinese, which has
no spaces, still shows the changed word alone.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["same", "gone", "new"]
FINE = 4_000
"""Characters of a replaced part up to which it is compared character by character."""
NEAR = 0.35
"""Likeness below which a replaced part is shown whole: scattered characters in common say nothing."""


class Change(NamedTuple):
    """改动 (change): a piece of text that stayed, went or came."""

    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Change]:
    """The pieces in reading order; what went stands before what came in its place."""
    joined: list[Change] = []
    for kind, text in _by_line(old, new):
        if not text:
            continue
        if joined and joined[-1].kind == kind:
            joined[-1] = Change(kind, joined[-1].text + text)
        else:
            joined.append(Change(kind, text))
    return joined


def _by_line(old: str, new: str) -> Iterator[Change]:
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, came = "".join(before[a:b]), "".join(after[c:d])
        if kind == "equal":
            yield Change("same", gone)
        elif kind == "replace" and len(gone) + len(came) <= FINE:
            yield from _by_character(gone, came)
        else:
            yield Change("gone", gone)
            yield Change("new", came)


def _by_character(old: str, new: str) -> Iterator[Change]:
    found = SequenceMatcher(None, old, new, autojunk=False)
    if found.ratio() < NEAR:
        yield Change("gone", old)
        yield Change("new", new)
        return
    for kind, a, b, c, d in found.get_opcodes():
        if kind == "equal":
            yield Change("same", old[a:b])
        else:
            yield Change("gone", old[a:b])
            yield Change("new", new[c:d])
