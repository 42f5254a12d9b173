"""研判前段 (sense front): the lines of a file as batches of posts made ready, in this process or in one of its own.

With two cores a long file takes the time of the longer half: decoding, folding, matching and near-copies here, stories and
alerts there. Either way the batches are the same.
"""

import gzip
import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, NamedTuple

from shudao.engine.post import Reject, bounded_lines, read_posts
from shudao.engine.sense.front import Ready, pack, unpack
from shudao.engine.sense.ids import SeenIds
from shudao.engine.sense.senser import SensePost, Senser
from shudao.engine.words import BadInput, Words

BATCH = 500
CHUNK = 1 << 20
BIG = 8 << 20
"""Bytes from which a file is worth a second process; of a packed one a quarter."""
AHEAD = 1 << 20  # bytes that the front may be ahead
_SET_PIPE_SIZE = 1031  # of fcntl on Linux


class Fed(NamedTuple):
    """一批 (fed): posts made ready, the lines refused on the way, how many went back in time, bytes of the file read."""

    posts: list[Ready]
    rejects: list[tuple[int, Words]]
    out_of_order: int
    read: int


def is_for_two(path: Path) -> bool:
    """Whether a second process is worth it: two cores, a long file (or one whose length is not known)."""
    if not sys.platform.startswith("linux") or len(os.sched_getaffinity(0)) < 2:
        return False
    return not path.is_file() or path.stat().st_size >= (BIG // 4 if path.suffix == ".gz" else BIG)


def fed(lines: "PostLines", senser: Senser) -> Iterator[Fed]:
    """The batches of a file, made ready by this senser."""
    seen, latest = SeenIds(), None
    posts: list[SensePost] = []
    rejects: list[tuple[int, Words]] = []
    for row in read_posts(lines):
        if isinstance(row, Reject):
            rejects.append((row.line, row.why))
        elif not seen.add(row.id):
            rejects.append((lines.number, Words(zh="id 与前面的帖子重复", en="id of an earlier post")))
        else:
            posts.append(SensePost.of(row))
        if len(posts) >= BATCH or len(rejects) >= BATCH:
            late, latest = _late(posts, latest)
            yield Fed(senser.ready(posts), rejects, late, lines.told())
            posts, rejects = [], []
    late, latest = _late(posts, latest)
    yield Fed(senser.ready(posts), rejects, late, lines.told())


def _late(posts: list[SensePost], latest: datetime | None) -> tuple[int, datetime | None]:
    """How many posts are older than one before them, and the latest moment so far."""
    late = 0
    for post in posts:
        if latest is not None and post.at < latest:
            late += 1
        else:
            latest = post.at
    return late, latest


class PostLines:
    """帖子行 (post lines): the lines of a plain or gzip file, counted, in pieces that bound memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0
        self._read = 0

    def __iter__(self) -> Iterator[bytes]:
        packed = self.path.suffix == ".gz"
        with self.path.open("rb") as raw, gzip.open(raw) if packed else nullcontext(raw) as source:
            for line in bounded_lines(self._chunks(source, raw)):
                self.number += 1
                yield line

    def told(self) -> int:
        """The bytes of the file read since this was last asked."""
        read, self._read = self._read, 0
        return read

    def _chunks(self, source: IO[bytes] | gzip.GzipFile, raw: IO[bytes]) -> Iterator[bytes]:
        before, can_tell = 0, raw.seekable()  # a pipe has no place
        while chunk := source.read(CHUNK):
            if can_tell:
                self._read += raw.tell() - before
                before = raw.tell()
            yield chunk


def fed_by_another(lines: PostLines, senser: Senser) -> Iterator[Fed]:
    """The same batches, made ready by a process of their own. What stops it there is raised here."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    with suppress(OSError):
        _widen(theirs)
    front = context.Process(target=_work, args=(ours, theirs, lines, senser), daemon=True)
    front.start()
    theirs.close()
    try:
        while True:
            carried = pickle.loads(ours.recv_bytes())  # noqa: S301 - from our own process
            if isinstance(carried, BaseException):
                raise carried
            if carried is None:
                return
            posts, *rest = carried
            yield Fed(unpack(posts), *rest)
    except EOFError:
        if front.is_alive() or front.exitcode == 0:
            raise
        words = Words(zh="读取进程意外结束（内存不足？）", en="the reading process ended early (out of memory?)")
        raise BadInput(words) from None
    finally:
        ours.close()  # a front that goes on meets a closed pipe
        front.join(5)


def _widen(pipe: Connection) -> None:
    import fcntl  # noqa: PLC0415 - not on every system

    fcntl.fcntl(pipe.fileno(), _SET_PIPE_SIZE, AHEAD)


def _work(theirs: Connection, ours: Connection, lines: PostLines, senser: Senser) -> None:
    """The other process. When whoever listens has gone there is nothing left to do."""
    theirs.close()
    with suppress(BrokenPipeError, KeyboardInterrupt):
        try:
            for batch in fed(lines, senser):
                ours.send_bytes(pickle.dumps((pack(batch.posts), *batch[1:]), 5))
            ours.send_bytes(pickle.dumps(None))
        except BrokenPipeError:
            raise
        except Exception as fault:
            ours.send_bytes(pickle.dumps(fault))
