"""A long stream for measuring: hot-search titles of the public data, joined to posts of everyday length, and what becomes
of posts on their way: said again, passed on, cut, with other numbers. By construction 59 in 100 repeat an earlier one,
as in the rebuilt repost chains of research/performance.md. Nothing of it is kept.
"""

import gzip
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

from bench.hotsearch import NAME
from bench.shared import shared

AGAIN = 0.59
NEARBY = 3_000  # a repeated post is one of so many latest
LENGTHS = (1, 2, 3, 5, 6)  # titles a post is joined of
SOURCES = 300
TOPICS = 1_000
Topic = tuple[str, list[list[str]], list[str]]
"""Id, groups of words of each of which one must occur, words that must not."""


def path() -> Path | None:
    """The titles, when they are beside this checkout."""
    return shared("data", NAME)


@cache
def titles() -> list[str]:
    """Distinct titles in the order of time."""
    source = path()
    assert source is not None
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        return list(dict.fromkeys(json.loads(line)["title"] for line in lines))


def posts(count: int, seed: int = 7) -> Iterator[bytes]:
    """So many posts as lines of JSON, one some seconds after the other."""
    chance, held = random.Random(seed), titles()
    told: list[str] = []
    at, place = datetime.fromisoformat("2024-01-01T00:00:00+08:00"), 0
    for number in range(count):
        at += timedelta(seconds=chance.expovariate(1 / 4))
        if told and chance.random() < AGAIN:
            text = passed_on(chance, told[-1 - chance.randrange(min(len(told), NEARBY))])
        else:
            size = chance.choice(LENGTHS)
            text = "，".join(held[(place + step) % len(held)] for step in range(size))
            place += size
            told.append(text)
        row = {"id": f"p{number}", "source": f"源{chance.randrange(SOURCES)}", "kind": "social", "text": text}
        yield json.dumps({**row, "published_at": at.isoformat()}, ensure_ascii=False).encode() + b"\n"


def passed_on(chance: random.Random, text: str) -> str:
    """What becomes of a text: 45 in 59 pass it on with a word of comment or none, others edit or cut it."""
    how = chance.random()
    if how < 0.40:
        return text
    if how < 0.76:
        return f"{chance.choice(('转', '求证', '真的吗', '围观', ''))}//@网友{chance.randrange(9999)}:{text}"
    if how < 0.88:
        return f"{text[:-1]}{chance.choice('吧呢啊了')}！"
    return f"{text[: max(8, len(text) * 3 // 4)]}...全文"


def topics(count: int = TOPICS, seed: int = 11) -> list[Topic]:
    """Topics of two groups of words each, three in ten with words that must not occur, from the stream's own words."""
    import rjieba

    chance = random.Random(seed)
    words: dict[str, int] = {}
    for title in islice(titles(), 0, None, 7):
        for word in rjieba.cut(title):
            if 2 <= len(word) <= 4 and word.isalpha() and not word.isascii():
                words[word] = words.get(word, 0) + 1
    known = sorted((word for word, met in words.items() if met >= 2), key=lambda word: (-words[word], word))
    weights = [1 / (rank + 50) ** 0.5 for rank in range(len(known))]

    def drawn(size: int) -> list[str]:
        return list(dict.fromkeys(chance.choices(known, weights, k=size)))

    return [
        (f"t{number}", [drawn(chance.randint(2, 5)), drawn(chance.randint(2, 5))], drawn(2) if number % 10 < 3 else [])
        for number in range(count)
    ]


def query(topic: Topic) -> str:
    """The topic in the product's own language."""
    _name, groups, bars = topic
    asked = " AND ".join(f"({' OR '.join(quoted)})" for quoted in ([f'"{word}"' for word in group] for group in groups))
    barred = " OR ".join(f'"{word}"' for word in bars)
    return f"{asked} NOT ({barred})" if bars else asked
