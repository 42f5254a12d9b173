"""说法检索 (claims): how often the earlier answer is found from a text that retells the claim.

Data: public claims with official rebuttals of early 2020 (see the data's own README). Setting: the index holds each
distinct claim's one line, nothing else; the query is the long explanation that came with it, which retells the claim in
other words and never its one line. Many claims speak of the same few things, and some say nearly the same; only the very
one counts. Peer: BM25 over words of jieba, the same index, the same queries.
"""

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from bench.figure import Figure
from bench.labelled_words import rows_of
from bench.shared import shared
from shudao.engine.sense.claims import NEAR, Claim, ClaimIndex, nearest_claims

NAME = "dxy_rumors.jsonl"
K1, B = 1.5, 0.75  # BM25 as usually set
ROUNDS = 3
Find = Callable[[str], list[str]]


def run() -> Iterator[Figure]:
    """Recall at one and at five, with and without vectors, beside the peer; how often foreign posts are shown anything."""
    path = shared("data", NAME)
    if path is None:
        print("  the public claims are not beside this checkout; nothing measured")
        return
    found = {row["claim"]: row for row in map(json.loads, path.open(encoding="utf-8")) if row["body"].strip()}
    claims = [Claim(str(place), claim) for place, claim in enumerate(found)]
    bodies = [row["body"] for row in found.values()]
    data = f"{len(claims)} claims, query: the explanation"
    ways = {"words": _ours(ClaimIndex(claims)), **_with_vectors(claims)}
    peer = _bm25(claims)
    theirs = {n: _recall(peer, bodies, n) for n in (1, 5)}
    for name, find in ways.items():
        for n in (1, 5):
            yield Figure(
                name=f"claims found at {n}, {name}", value=_recall(find, bodies, n), unit="", data=data,
                peer="BM25 by words", peer_value=theirs[n],
            )  # fmt: skip
    ours, other = _rates(ways["words"], peer, bodies)
    yield Figure(
        name="claims looked up, words", value=ours, unit="queries/CPU s", data=data, peer="BM25 by words", peer_value=other,
        ratio=ours / other, note=f"fastest of {ROUNDS} interleaved rounds",
    )  # fmt: skip
    yield _foreign(ClaimIndex(claims))


def _ours(index: ClaimIndex) -> Find:
    return lambda text: [row.id for row in nearest_claims(text, index, 5)]


def _with_vectors(claims: Sequence[Claim]) -> dict[str, Find]:
    from shudao.engine.sense.encoder import is_installed, sentence_encoder

    return {"words and meaning": _ours(ClaimIndex(claims, sentence_encoder()))} if is_installed() else {}


def _bm25(claims: Sequence[Claim]) -> Find:
    import jieba

    held = [Counter(jieba.cut_for_search(claim.text)) for claim in claims]
    often = Counter(word for words in held for word in words)
    mean = sum(words.total() for words in held) / len(held)
    rare = {word: math.log(1 + (len(held) - count + 0.5) / (count + 0.5)) for word, count in often.items()}
    lengths = [K1 * (1 - B + B * words.total() / mean) for words in held]

    def find(text: str) -> list[str]:
        asked = set(jieba.cut_for_search(text)) & rare.keys()
        scores = [
            sum(rare[word] * words[word] * (K1 + 1) / (words[word] + length) for word in asked if word in words)
            for words, length in zip(held, lengths, strict=True)
        ]
        order = sorted(range(len(held)), key=lambda place: -scores[place])
        return [claims[place].id for place in order[:5]]

    return find


def _recall(find: Find, bodies: Sequence[str], n: int) -> float:
    return sum(str(place) in find(body)[:n] for place, body in enumerate(bodies)) / len(bodies)


def _rates(ours: Find, theirs: Find, bodies: Sequence[str]) -> tuple[float, float]:
    best = [0.0, 0.0]
    for _ in range(ROUNDS):
        for place, find in enumerate((ours, theirs)):
            begun = time.process_time()
            for body in bodies:
                find(body)
            best[place] = max(best[place], len(bodies) / (time.process_time() - begun))
    return best[0], best[1]


def _foreign(index: ClaimIndex) -> Figure:
    """Posts that have nothing to do with any of these claims."""
    posts = [row.text for row in rows_of("dev")]
    shown = sum(bool(nearest_claims(text, index, 1, NEAR)) for text in posts)
    return Figure(
        name="foreign posts shown an earlier answer", value=shown / len(posts), unit="", data=f"{len(posts)} labelled posts",
        note=f"shown from a likeness of {NEAR}",
    )  # fmt: skip
