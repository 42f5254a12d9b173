"""对照 (compare): what two ways of deciding made of the same posts: stories parted and joined, alerts lost and gained."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

LEAST = 2  # posts that make a part worth telling


class Changed(msgspec.Struct, frozen=True):
    """变动 (changed): story `one` of the one way is, in the other way, these stories, each with so many of its posts."""

    one: int
    parts: tuple[tuple[int, int], ...]


class Told(msgspec.Struct, frozen=True):
    """所报 (told): an alert by its topic and its evidence."""

    topic: str
    items: frozenset[int]


def parted(before: Mapping[int, int], after: Mapping[int, int]) -> list[Changed]:
    """Stories (post -> story) of `before` whose posts stand in several stories of `after`, the largest first.

    Turned round it gives those that were joined. Single posts that went elsewhere part no story.
    """
    parts: dict[int, Counter[int]] = {}
    for post, story in before.items():
        if post in after:
            parts.setdefault(story, Counter())[after[post]] += 1
    found = []
    for story, counts in parts.items():
        large = [(other, count) for other, count in counts.items() if count >= LEAST]
        if len(large) > 1:
            found.append(Changed(story, tuple(sorted(large, key=lambda pair: (-pair[1], pair[0])))))
    return sorted(found, key=lambda one: (-sum(count for _, count in one.parts), one.one))


def paired(before: Sequence[Told], after: Sequence[Told]) -> tuple[list[int], list[int]]:
    """Places in `before` that nothing in `after` answers to, and places in `after` that are new.

    Two alerts are one when they have the topic and some evidence in common; each answers to one at most.
    """
    free = dict.fromkeys(range(len(after)))
    lost = []
    for place, told in enumerate(before):
        match = next(
            (other for other in free if after[other].topic == told.topic and after[other].items & told.items), None
        )
        if match is None:
            lost.append(place)
        else:
            del free[match]
    return lost, list(free)
