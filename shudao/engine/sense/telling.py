"""题与要点 (telling): a story's title and summary, cut from its posts as they stand; nothing is written.

The title is that of the post nearest to all others. The summary are the two or three sentences that together hold most of
what many posts say; each says which post it was cut from and where. Deterministic.
"""

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from shudao.engine.sense.told import Told, vectors
from shudao.engine.text.normalise import fold
from shudao.engine.text.reposts import split_repost

VERSION = "telling-1"
SENTENCES = 3
SHORTEST, LONGEST = 8, 120  # characters of a sentence
TITLE = 60  # characters of a title at most
MOST = 400  # sentences that are weighed
LEAST_GAIN = 0.08  # of the best sentence's worth that a further one must add
HEADLINE, QUESTION = 1.3, 0.75
TOLD = 0.5  # what a word of the title is still worth in the summary
_SENTENCE = re.compile(r"[^。！？!?；;\n\r]+[。！？!?；;]?")
_ASKS = re.compile(r"[?？]|[吗呢]$")
_SAYS = re.compile(r"[^\W_]")
_ADDRESSED = re.compile(r"(?:\s*(?:回复|转发)?@[^\s:：，,]{1,30}[\s:：]+)+")
_FURNITURE = re.compile(r"@|https?://|#[^#\n]{1,40}#|//")


class Cut(msgspec.Struct, frozen=True):
    """摘句 (cut): `text` is `field`[start:end] of the post."""

    post: str
    field: str
    start: int
    end: int
    text: str


class Telling(msgspec.Struct, frozen=True):
    """题与要点 (telling): the title (None when no post says anything) and the summary in order of time."""

    title: Cut | None
    summary: tuple[Cut, ...]


def tell(posts: Sequence[Told]) -> Telling:
    """Title and summary of a story by its posts that copy none."""
    ordered = sorted(posts, key=lambda post: (post.at, post.id))
    said = [post for post in ordered if _SAYS.search(post.body)]
    if not said:
        return Telling(None, ())
    weights = np.array([1.0 + np.log1p(post.copies) for post in said])
    titles = [_title(post) for post in said]
    named = [place for place, cut in enumerate(titles) if cut is not None]
    title = None
    if named:
        bodies = [post.body for post in said]
        both = vectors([*bodies, *(fold(cut.text) for cut in titles if cut is not None)], common=True)
        centre = weights @ both[: len(said)]
        worth = [_weight(cut) for cut in titles if cut is not None]
        central = (both[len(said) :] @ centre * worth).round(9)
        title = titles[named[int(np.argmax(central))]]
    return Telling(title, _summary(said, weights, title))


def _weight(cut: Cut) -> float:
    """A headline tells better than what a post opens with, a statement better than a question."""
    return (HEADLINE if cut.field == "title" else 1.0) * (QUESTION if _ASKS.search(cut.text) else 1.0)


def _title(post: Told) -> Cut | None:
    """Its title, or what it opens with."""
    field = "title" if _SAYS.search(post.title) else "text"
    text = post.title if field == "title" else post.text
    for found in _SENTENCE.finditer(text, _opening(text)):
        cut = _trimmed(post.id, field, text, found.start(), min(found.end(), found.start() + TITLE))
        if cut is not None:
            return cut
    return None


def _opening(text: str) -> int:
    """Where the words begin behind whom they are addressed to."""
    found = _ADDRESSED.match(text)
    return found.end() if found else 0


def _summary(
    posts: Sequence[Told], weights: "np.ndarray[tuple[int], np.dtype[np.float64]]", title: Cut | None
) -> tuple[Cut, ...]:
    """Sentences taken one by one, each the one that adds most of what is said and not yet told."""
    cuts = [cut for post in posts for cut in _sentences(post)][:MOST]
    if not cuts:
        return ()
    told = "" if title is None else title.text
    bodies = [*(post.body for post in posts), *(fold(cut.text) for cut in cuts), fold(told)]
    table = vectors(bodies, common=True)
    worth = weights @ table[: len(posts)]
    worth = np.where(table[-1] > 0, worth * TOLD, worth)
    holds = table[len(posts) : -1] > 0
    chosen: list[int] = []
    best = 0.0
    sizes = np.array([len(cut.text) for cut in cuts], np.float64)
    if title is not None:
        again = np.array([cut.text == title.text for cut in cuts])
        holds[again] = False
    while len(chosen) < SENTENCES:
        gains = (holds @ worth) / (sizes + 20.0) ** 0.5
        place = int(np.argmax(gains.round(9)))
        best = max(best, float(gains[place]))
        if gains[place] <= 0 or (chosen and gains[place] < LEAST_GAIN * best):
            break
        chosen.append(place)
        worth = np.where(holds[place], 0.0, worth)
    return tuple(cuts[place] for place in sorted(chosen))


def _sentences(post: Told) -> list[Cut]:
    """The sentences of what a post says itself; those of furniture (links, names, tags) and fragments are left out."""
    own = split_repost(post.text)
    text = post.text if not own.quoted else post.text[: len(own.comment)]
    found = []
    for match in _SENTENCE.finditer(text):
        cut = _trimmed(post.id, "text", text, match.start(), match.end())
        if cut is not None and SHORTEST <= len(cut.text) <= LONGEST and not _FURNITURE.search(cut.text):
            found.append(cut)
    return found


def _trimmed(post: str, field: str, text: str, start: int, end: int) -> Cut | None:
    """Without blanks around; None when it says nothing."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Cut(post, field, start, end, text[start:end]) if _SAYS.search(text[start:end]) else None
