"""文件接入 (file connector): a file that somebody hands over, of any kind that `engine.intake.files` reads."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from shudao.engine.intake.files import read_file
from shudao.engine.intake.setting import CHINA, Layout, Results, Setting, read_map
from shudao.engine.post import bounded_lines, read_posts
from shudao.engine.words import BadInput, Words
from shudao.listen.connectors import Collected
from shudao.listen.models import Source

MAX_BYTES = 200 * 1024 * 1024  # of a file that must be held whole; JSONL is read in pieces and may be of any size
PIECE = 1024 * 1024


class FileConnector:
    """Reads the file that `source.address` names, when somebody asks; a file is never polled."""

    words = Words("文件", "file")

    def collect(self, source: Source, now: datetime) -> Collected:
        """All posts of the file at once."""
        return Collected(tuple(read_path(Path(source.address), source=source.name, now=now)))


def read_path(
    path: Path,
    *,
    source: str,
    now: datetime,
    column_map: Path | None = None,
    layout: Layout | None = None,
    progress: Callable[[int], None] = lambda _read: None,
) -> Results:
    """Posts and rejects of a file on this machine. BadInput when it, or the map beside it, cannot be read.

    `layout`: the columns as a person once confirmed them; `progress` gets the bytes read since its last call.
    """
    setting = Setting(source=source, at=_modified(path), now=now, layout=layout)
    if column_map is not None:
        setting = setting.with_map(read_map(_bytes(column_map), where=column_map.name))
    if path.suffix.lower() == ".jsonl":
        return read_posts(bounded_lines(_pieces(path, progress)), now=now)
    data = _bytes(path)
    progress(len(data))
    return read_file(path.name, data, setting)


def _pieces(path: Path, progress: Callable[[int], None]) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
                progress(len(piece))
    except OSError as error:
        raise _unreadable(path, error) from None


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(Words("文件过大", "the file is too large"), where=path.name)
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None


def _modified(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone(CHINA)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> BadInput:
    why = os.strerror(error.errno or 0)
    return BadInput(Words(f"文件打不开：{why}", f"the file cannot be opened: {why}"), where=path.name)


connector = FileConnector()
