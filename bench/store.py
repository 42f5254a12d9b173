"""A store for measuring the pipeline: rows in the shape of the site's own (posts, placements, stories, hits), one commit a
batch, on plain SQLite. The site itself writes through its models; `pipeline` measures that apart.
"""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from shudao.engine.sense.front import Ready
from shudao.engine.sense.senser import Placed, StoryMove, StorySplit

TABLES = """
create table item (id integer primary key, ext_id text not null, source text, kind text, text text, at real);
create table story (id integer primary key, began_at real, last_at real, posts integer, merged_into integer);
create table placement (item integer primary key, story integer, story_placed integer, copy_of integer, changes text,
  tone text, score real, confidence real, at real);
create table hit (item integer, topic text, clauses text, spans text, at real);
create index item_at on item (at);
create index placement_story on placement (story, at);
create index hit_topic on hit (topic, at);
"""


class Store:
    """One file, one writer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("pragma journal_mode=wal")
        self._base.execute("pragma synchronous=normal")
        self._base.executescript(TABLES)
        self._keys: dict[str, int] = {}
        self._count = 0

    def keep(self, posts: Sequence[Ready], placed: Sequence[Placed], moves: Sequence[StoryMove | StorySplit]) -> None:
        """One batch, one transaction."""
        base, first = self._base, self._count + 1
        self._count += len(posts)
        base.execute("begin immediate")
        rows = enumerate(posts, first)
        base.executemany(
            "insert into item values (?,?,?,?,?,?)", [(key, p.id, p.source, p.kind, p.body, p.at) for key, p in rows]
        )
        keyed = list(enumerate(zip(posts, placed, strict=True), first))
        stories = [int(one.story[1:]) + 1 for one in placed]
        base.executemany(
            "insert into story values (?,?,?,1,null) on conflict (id) do update set posts = posts + 1, last_at = ?2",
            [(story, post.at, post.at) for story, post in zip(stories, posts, strict=True)],
        )
        base.executemany(
            "insert into placement values (?,?,?,?,?,?,?,?,?)",
            [
                (key, story, story, one.copy_of and int(one.copy_of[1:]) + 1, ",".join(one.variant), one.tone.label,
                 one.tone.score, one.tone.confidence, post.at)
                for story, (key, (post, one)) in zip(stories, keyed, strict=True)
            ],
        )  # fmt: skip
        base.executemany("insert into hit values (?,?,?,?,?)", [hit for row in keyed for hit in _hits(*row)])
        for move in moves:
            if isinstance(move, StoryMove):
                gone, into = int(move.gone[1:]) + 1, int(move.into[1:]) + 1
                base.execute("update placement set story = ? where story = ?", (into, gone))
                base.execute("update story set merged_into = ? where id = ?", (into, gone))
            else:
                new = int(move.new[1:]) + 1
                keys = [(new, int(post[1:]) + 1) for post in move.posts]
                base.executemany("update placement set story = ? where item = ?", keys)
        base.execute("commit")

    @property
    def size(self) -> int:
        """Bytes on disk once the log is in the file."""
        self._base.execute("pragma wal_checkpoint(truncate)")
        return self.path.stat().st_size

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self._base.execute(f"select count(*) from {table}").fetchone()[0])


def _hits(key: int, row: tuple[Ready, Placed]) -> list[tuple[int, str, str, str, float]]:
    post, placed = row
    return [
        (key, hit.topic, json.dumps(hit.clauses, ensure_ascii=False),
         json.dumps([(span.clause, span.field, span.start, span.end) for span in hit.spans], ensure_ascii=False), post.at)
        for hit in placed.topics
    ]  # fmt: skip
