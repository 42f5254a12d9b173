"""再现 (recurrence): which newly read posts say again what an incident was about.

Three ways, the strongest first: a near-copy of an item of the incident, a claim of it told in other words, a post that
the senser placed in one of its stories. A post is found by its words; who wrote it is never asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from shudao.engine.sense.copies import Copies, CopySettings, plain_of
from shudao.engine.sense.post import SensePost
from shudao.engine.text.normalise import fold

VERSION = "recur-1"
Why: TypeAlias = Literal["copy", "claim", "story"]
ORDER: tuple[Why, ...] = ("copy", "claim", "story")

FOR_EVER = 1e12
"""Seconds of the window in which copies are kept: a watch forgets none of its incident's items."""

CLAIM_SHARE = 0.6
"""Share of a claim's two-character pieces that a post must hold: assumed; to be measured on labelled recurrences."""

CLAIM_LEAST = 6
"""Characters below which a claim is too short to look for by itself."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """说法 (claim) to look out for: words that were found false, or the title of the matter."""

    id: str
    text: str


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """再现的一条 (sighting): post `item` comes back to `of` (an item, a claim or a story).

    `share` is 1 for copies and stories, else how much of the claim it holds; `variant` says what a copy changes:
    one with "negation" may well be a denial, and a person judges.
    """

    item: str
    why: Why
    of: str
    share: float = 1.0
    variant: tuple[str, ...] = ()


class Lookout:
    """守望 (lookout) of one incident: made of its items, claims and stories; deterministic, order of posts kept."""

    def __init__(self, items: Sequence[SensePost], claims: Iterable[Claim] = (), stories: Iterable[str] = ()) -> None:
        self._items = [item.id for item in items]
        self._copies = Copies(CopySettings(window=FOR_EVER, rows=max(250_000, 2 * len(items))))
        self._copies.feed([_body(item) for item in items], [item.at.timestamp() for item in items])
        self._claims = [(claim.id, pieces) for claim in claims if (pieces := _pieces(_plain(claim.text)))]
        self._stories = frozenset(stories)

    def look(self, posts: Sequence[SensePost], stories: Mapping[str, str] | None = None) -> list[Sighting]:
        """What of these new posts comes back, one sighting a post at most. `stories`: post id -> where it was placed."""
        placed = stories or {}
        known = set(self._items)
        bodies = [_body(post) for post in posts]
        found = self._copies.feed(bodies, [post.at.timestamp() for post in posts])
        seen = []
        for post, body, copy in zip(posts, bodies, found, strict=True):
            if post.id in known:
                continue
            if copy is not None and copy.row < len(self._items):
                seen.append(Sighting(item=post.id, why="copy", of=self._items[copy.row], variant=copy.variant))
            elif (claim := self._claim_in(body)) is not None:
                seen.append(Sighting(item=post.id, why="claim", of=claim[0], share=claim[1]))
            elif placed.get(post.id) in self._stories:
                seen.append(Sighting(item=post.id, why="story", of=placed[post.id]))
        return seen

    def _claim_in(self, body: str) -> tuple[str, float] | None:
        """The claim that the post holds most of, when it holds enough."""
        if not self._claims:
            return None
        held = _pieces(_plain_folded(body), least=2)
        shares = [(round(len(pieces & held) / len(pieces), 4), name) for name, pieces in self._claims]
        share, name = max(shares, key=lambda pair: pair[0])
        return (name, share) if share >= CLAIM_SHARE else None


def _body(post: SensePost) -> str:
    return fold(f"{post.title}\n{post.text}" if post.title and post.text else post.title or post.text)


def _plain(text: str) -> str:
    return _plain_folded(fold(text))


def _plain_folded(folded: str) -> str:
    return plain_of(folded)


def _pieces(plain: str, least: int = CLAIM_LEAST) -> frozenset[str]:
    """The two-character pieces of a text; none when it is shorter than `least`."""
    if len(plain) < least:
        return frozenset()
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))
