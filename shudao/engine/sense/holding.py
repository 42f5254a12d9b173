"""定夺 (holding): what a person decided about stories. The engine may add to it, never undo it.

A story that a person merged or parted is whole: it is never split again by the engine. Two stories that a person held
apart are never merged by the engine, nor is whatever one of them becomes part of. The latest word of a person counts.
"""

import msgspec


class Held(msgspec.Struct, frozen=True):
    """定夺 (held): a person held these two stories `together`, or apart. Ids of stories (or of posts in them)."""

    one: str
    other: str
    together: bool


class Holding:
    """Held stories by their numbers as they are by now."""

    def __init__(self) -> None:
        self.whole: set[int] = set()
        self._apart: dict[int, set[int]] = {}

    def apart(self, story: int) -> set[int] | frozenset[int]:
        """The stories that must never become one with this one."""
        return self._apart.get(story, frozenset())

    def part(self, one: int, other: int) -> None:
        """Hold two stories apart."""
        if one == other:
            return
        self.whole |= {one, other}
        self._apart.setdefault(one, set()).add(other)
        self._apart.setdefault(other, set()).add(one)

    def join(self, one: int, other: int) -> None:
        """Hold two stories together: what parted them before is forgotten."""
        self.whole |= {one, other}
        for ours, theirs in ((one, other), (other, one)):
            kept = self._apart.get(ours, set()) - {theirs}
            self._replace(ours, kept)

    def merge(self, gone: int, into: int) -> None:
        """Story `gone` became part of `into`: it is bound as both were."""
        if gone in self.whole:
            self.whole.discard(gone)
            self.whole.add(into)
        for other in self._apart.pop(gone, ()):
            self._replace(other, self._apart[other] - {gone})
            if other != into:
                self._apart.setdefault(other, set()).add(into)
                self._apart.setdefault(into, set()).add(other)

    def pairs(self) -> list[tuple[int, int]]:
        """All pairs held apart, the smaller number first."""
        return sorted((one, other) for one, others in self._apart.items() for other in others if one < other)

    def _replace(self, story: int, others: set[int]) -> None:
        if others:
            self._apart[story] = others
        else:
            self._apart.pop(story, None)
