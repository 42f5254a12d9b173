"""分段 (sub-events): a story's posts in groups that are closer to each other than to the rest, in words and in time.

Average linkage over cosine likeness, halved for every `tau` between two posts. What sets posts apart within the story counts;
the words that all of it share count for nothing. Deterministic; at most a few hundred posts, copies left out beforehand.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from shudao.engine.sense.told import Told, vectors

VERSION = "sub-events-1"
LIKE = 0.1
"""Average likeness within a group at least: assumed; no labelled sub-events are to be had."""
SHORTEST, LONGEST = 3 * 3600.0, 5 * 86_400.0
"""Limits of `tau`, seconds."""
PARTS = 6
"""`tau` is the story's length by this."""


class SubEvent(msgspec.Struct, frozen=True):
    """分段 (sub-event): its posts in order of time, and the one that stands for it: nearest to all the others."""

    posts: tuple[str, ...]
    leader: str
    began: float
    ended: float
    weight: int
    """Posts with their copies."""


def sub_events(posts: Sequence[Told], like: float = LIKE) -> list[SubEvent]:
    """The parts of a story in order of their beginnings; every post in exactly one."""
    ordered = sorted(posts, key=lambda post: (post.at, post.id))
    if not ordered:
        return []
    rows = vectors([post.body for post in ordered], common=False)
    cosine = rows @ rows.T
    at = np.array([post.at for post in ordered])
    tau = min(max((at[-1] - at[0]) / PARTS, SHORTEST), LONGEST)
    near = cosine * 2.0 ** (-np.abs(at[:, None] - at[None, :]) / tau)
    numbers = _grouped(near, like)
    groups: dict[int, list[int]] = {}
    for place, number in enumerate(numbers):
        groups.setdefault(number, []).append(place)
    return [_made(ordered, cosine, places) for places in groups.values()]


def _grouped(near: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", like: float) -> list[int]:
    if len(near) == 1:
        return [0]
    distance = np.clip(1.0 - near, 0.0, 1.0)[np.triu_indices(len(near), 1)]
    return [int(number) for number in fcluster(linkage(distance, method="average"), 1.0 - like, criterion="distance")]


def _made(
    posts: Sequence[Told], cosine: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", places: list[int]
) -> SubEvent:
    weights = np.array([1.0 + np.log1p(posts[place].copies) for place in places])
    central = (cosine[np.ix_(places, places)] @ weights).round(9)
    leader = posts[places[int(np.argmax(central))]]
    members = [posts[place] for place in places]
    weight = sum(1 + post.copies for post in members)
    return SubEvent(tuple(post.id for post in members), leader.id, members[0].at, members[-1].at, weight)
