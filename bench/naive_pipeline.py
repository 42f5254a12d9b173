"""The pipeline as it is commonly put together: json, jieba, `in` loops over the topics, datasketch, the cosine with every
centroid, one commit a post. The peer of `pipeline`; nothing of it is part of the product.
"""

import json
import math
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

TABLES = """
create table post (id text primary key, at text, source text, body text, story integer, copy_of text, tone real);
create table hit (post text, topic text);
create index hit_topic on hit (topic);
create index post_story on post (story);
"""
JOIN = 0.3
BLAME, PRAISE = ("投诉", "差", "坏", "骗", "怒", "死"), ("好", "赞", "谢", "棒", "喜")


class Naive:
    """One post after the other, as it comes."""

    def __init__(self, path: Path, topics: Sequence[tuple[str, list[list[str]], list[str]]]) -> None:
        import jieba
        from datasketch import MinHash, MinHashLSH

        jieba.setLogLevel(60)
        jieba.initialize()
        self._cut, self._minhash = jieba.cut, MinHash
        self._topics = topics
        self._near = MinHashLSH(threshold=0.7, num_perm=64)
        self._centroids: list[tuple[Counter, float]] = []
        self._seen: Counter = Counter()
        self._base = sqlite3.connect(path)
        self._base.execute("pragma journal_mode=wal")
        self._base.executescript(TABLES)
        self.posts = 0

    def take(self, lines: Iterable[bytes]) -> float:
        """Take these posts in; CPU seconds."""
        begun = time.process_time()
        for line in lines:
            self._take(json.loads(line))
        return time.process_time() - begun

    def _take(self, post: dict) -> None:
        text = f"{post.get('title') or ''}\n{post.get('text') or ''}".lower()
        hits = [
            name
            for name, groups, bars in self._topics
            if all(any(word in text for word in group) for group in groups) and not any(word in text for word in bars)
        ]
        copy_of = self._copy(post["id"], text)
        story = self._story(Counter(word for word in self._cut(text) if len(word) > 1))
        tone = sum(word in text for word in PRAISE) - sum(word in text for word in BLAME)
        row = (post["id"], post["published_at"], post.get("source"), text, story, copy_of, tone)
        self._base.execute("insert into post values (?, ?, ?, ?, ?, ?, ?)", row)
        self._base.executemany("insert into hit values (?, ?)", [(post["id"], name) for name in hits])
        self._base.commit()
        self.posts += 1

    def _copy(self, name: str, text: str) -> str | None:
        made = self._minhash(num_perm=64)
        made.update_batch([text[at : at + 3].encode() for at in range(max(1, len(text) - 2))])
        found = self._near.query(made)
        self._near.insert(name, made)
        return min(found) if found else None

    def _story(self, words: Counter) -> int:
        self._seen.update(words.keys())
        idf = {word: math.log((self.posts + 1) / (self._seen[word] + 0.5) + 1) for word in words}
        vector = {word: count * idf[word] for word, count in words.items()}
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        best, nearest = JOIN, -1
        for number, (centroid, size) in enumerate(self._centroids):
            shared = sum(weight * centroid.get(word, 0.0) for word, weight in vector.items())
            if shared / (length * size) > best:
                best, nearest = shared / (length * size), number
        if nearest < 0:
            self._centroids.append((Counter(vector), length))
            return len(self._centroids) - 1
        centroid = self._centroids[nearest][0]
        centroid.update(vector)
        size = math.sqrt(sum(weight * weight for weight in centroid.values())) or 1.0
        self._centroids[nearest] = (centroid, size)
        return nearest
