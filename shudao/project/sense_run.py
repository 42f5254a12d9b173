"""研判文件 (sense run): posts of a file through the engine, rows out as they come, final stories in a second pass.

With two cores a long file is read and made ready by a process of its own (`sense_front.py`); the result is the same.
Memory holds one batch, the engine's window and a few bytes a post; rows wait in a temporary file beside OUT. OUT,
ALERTS and the reject file appear whole or not at all.
"""

import gzip
import os
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from shudao.engine.sense.alerts import AlertDraft
from shudao.engine.sense.senser import Placed, Senser
from shudao.engine.words import BadInput, Words
from shudao.project.sense_front import Fed, PostLines, fed, fed_by_another, is_for_two

__all__ = ["NewFile", "PostLines", "Summary", "reading", "rejects_beside", "sense_file"]

_encoder = msgspec.json.Encoder()
_ALERT = ("at", "kind", "topic", "story", "level_hint", "why", "items")


class Summary(msgspec.Struct, kw_only=True):
    """小结 (summary): what the run took in and found; `seconds` is wall time of the whole run."""

    posts: int = 0
    rejects: int = 0
    out_of_order: int = 0
    matched: int = 0
    copies: int = 0
    stories: int = 0
    alerts: int = 0
    seconds: float = 0.0
    posts_per_second: float = 0.0
    version: str = ""
    out: str | None = None
    alerts_file: str | None = None
    rejects_file: str | None = None


def sense_file(
    posts: Path,
    senser: Senser,
    *,
    out: Path | None = None,
    alerts: Path | None = None,
    progress: Callable[[int], None] = lambda _read: None,
    tell: Callable[[int, Words], None] = lambda _line, _why: None,
) -> Summary:
    """Run `senser` over the file; `progress` gets the bytes of the file read since its last call, `tell` each reject.

    The rejects are listed beside OUT, else beside ALERTS; a run that writes neither only tells them.

    `BadInput` when the file cannot be read or a file cannot be written; then nothing was written.
    """
    begun = time.perf_counter()
    with reading(posts), ExitStack() as stack:
        run = _Run(senser, stack, out, alerts, tell)
        lines = PostLines(posts)
        for batch in (fed_by_another if is_for_two(posts) else fed)(lines, senser):
            run.take(batch)
            progress(batch.read)
        run.finish()
    summary = run.summary
    summary.seconds = round(time.perf_counter() - begun, 3)
    summary.posts_per_second = round(summary.posts / max(summary.seconds, 1e-3), 1)
    return summary


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Faults of files met inside become `BadInput`."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise BadInput(Words(zh="压缩文件已损坏", en="the compressed file is damaged"), where=str(path)) from None
    except OSError as error:
        why = Words(zh=f"不能读写：{error.strerror}", en=f"cannot read or write: {error.strerror}")
        raise BadInput(why, where=str(error.filename or path)) from None


class _Run:
    """One run: batches through the senser, rows to temporary files."""

    def __init__(
        self,
        senser: Senser,
        stack: ExitStack,
        out: Path | None,
        alerts: Path | None,
        tell: Callable[[int, Words], None],
    ) -> None:
        self.senser, self.tell = senser, tell
        self.summary = Summary(version=senser.version)
        self.rows = stack.enter_context(NewFile(out)) if out else None
        self.out = stack.enter_context(NewFile(out)) if out else None
        beside = out or alerts
        self.rejects = stack.enter_context(NewFile(rejects_beside(beside))) if beside else None
        self.alerts = stack.enter_context(NewFile(alerts)) if alerts else None

    def finish(self) -> None:
        """Second pass: every row with its final story; then all files take their names."""
        self.senser.settle()
        if self.rows and self.out:
            for number, line in enumerate(self.rows.lines()):
                head, tail = line.split(b"\t", 1)
                final = _encoder.encode(self.senser.final_story(number))
                self.out.write(head + b',"story_final":' + final + b"," + tail)
        self.summary.stories = self.senser.story_count
        for name, file in (("out", self.out), ("alerts_file", self.alerts), ("rejects_file", self.rejects)):
            if file:
                kept = file.keep(only_if_filled=file is self.rejects)
                setattr(self.summary, name, str(file.path) if kept else None)

    def take(self, batch: Fed) -> None:
        """One batch through the second half of the engine, and into the files."""
        summary = self.summary
        summary.posts += len(batch.posts)
        summary.out_of_order += batch.out_of_order
        for line, why in batch.rejects:
            self._reject(line, why)
        for placed in self.senser.take(batch.posts):
            summary.matched += bool(placed.topics)
            summary.copies += placed.copy_of is not None
            if self.rows:
                self.rows.write(_row(placed))
        for draft in self.senser.alerts():
            summary.alerts += 1
            if self.alerts:
                self.alerts.write(_alert(draft))
        self.senser.moves()

    def _reject(self, line: int, why: Words) -> None:
        self.summary.rejects += 1
        self.tell(line, why)
        if self.rejects:
            self.rejects.write(_encoder.encode({"line": line, "why": {"zh": why.zh, "en": why.en}}) + b"\n")


class NewFile:
    """新文件 (new file): written beside `path` under a temporary name; `keep` gives it its name, else it vanishes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "NewFile":
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", suffix=".part", dir=self.path.parent)
        self._part = Path(name)
        self._file = os.fdopen(handle, "w+b")
        return self

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def lines(self) -> Iterator[bytes]:
        """What was written, from the start; for a file that is never kept."""
        self._file.seek(0)
        return iter(self._file)

    def keep(self, *, only_if_filled: bool = False) -> bool:
        """Take the name, or, when nothing was written and that was the condition, leave no file of it."""
        self._file.flush()
        os.fsync(self._file.fileno())
        if only_if_filled and not self._file.tell():
            self.path.unlink(missing_ok=True)
            return False
        self._part.chmod(0o666 & ~_umask())
        self._part.replace(self.path)
        return True

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)


def rejects_beside(out: Path) -> Path:
    """Where the rejected lines of a run into `out` are listed: posts.jsonl -> posts.rejects.jsonl."""
    return out.with_name(f"{out.stem}.rejects.jsonl")


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _row(placed: Placed) -> bytes:
    """A row in two halves with a tab (which JSON never holds raw) where the final story will stand."""
    head = {
        "id": placed.id,
        "topics": placed.topics,
        "copy_of": placed.copy_of,
        "variant": placed.variant,
        "story": placed.story,
    }
    return _encoder.encode(head)[:-1] + b"\t" + _encoder.encode({"tone": placed.tone})[1:] + b"\n"


def _alert(draft: AlertDraft) -> bytes:
    return _encoder.encode({name: getattr(draft, name) for name in _ALERT}) + b"\n"
