"""图 (charts) as pictures: drawn by a small process beside the server, kept by their content, fetched by an unguessable name.

`chart_png` serves the papers; a page says `{% chart … %}` (tag library `charts`), which keeps the chart and shows its picture.
"""

import hashlib
import hmac
import itertools
import os
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import msgspec
from django.conf import settings

from shudao.base.drawing import LENGTH, Order
from shudao.engine.charts.looks import Size, Tone
from shudao.engine.charts.model import Chart

PATIENCE = 20.0
"""Seconds a picture may take; a process that hangs is ended."""
KEPT = 400
"""Charts kept on disk; the oldest go first. Whoever asks again has them drawn again."""
TIDY_EVERY = 40
"""New charts between two looks at how many there are: a busy room has a new one at every page."""
_put = itertools.count(1)


class ChartFault(Exception):
    """The chart could not be drawn; the numbers stand in the table beside it."""


class _Drawer:
    """The drawing process: started when needed, asked by one at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def draw(self, order: Order) -> bytes:
        """The picture; `ChartFault` when it cannot be had."""
        with self._lock:
            for _ in range(2):  # the process may have ended by itself since
                try:
                    return self._ask(msgspec.json.encode(order) + b"\n")
                except (OSError, EOFError):
                    self.close()
        raise ChartFault("the drawing process ends at once")

    def wake(self) -> None:
        """Start the process unless it runs or is at work just now."""
        if self._lock.acquire(blocking=False):
            try:
                if self._process is None or self._process.poll() is not None:
                    self.close()
                    self._process = _start()
            finally:
                self._lock.release()

    def close(self) -> None:
        """End the process, if it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # its other end may be gone
                if pipe is not None:
                    pipe.close()

    def _ask(self, line: bytes) -> bytes:
        process = self._process
        if process is None or process.poll() is not None:
            self.close()
            process = self._process = _start()
        assert process.stdin and process.stdout  # noqa: S101 - pipes were asked for
        process.stdin.write(line)
        process.stdin.flush()
        until = time.monotonic() + PATIENCE
        (length,) = LENGTH.unpack(self._read(process.stdout.fileno(), LENGTH.size, until))
        if not length:
            raise ChartFault("the chart cannot be drawn")
        return self._read(process.stdout.fileno(), length, until)

    def _read(self, pipe: int, length: int, until: float) -> bytes:
        found = b""
        while len(found) < length:
            if not select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
                self.close()
                raise ChartFault("the drawing process does not answer")
            more = os.read(pipe, length - len(found))
            if not more:
                raise EOFError
            found += more
        return found


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "shudao.base.drawing"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)  # noqa: S603 - our own


_drawer = _Drawer()


def chart_png(chart: Chart, *, tone: Tone = "light", size: Size = "wide", scale: float = 2.0) -> bytes:
    """The chart as PNG, from the shelf when it was drawn before. `ChartFault` when it cannot be drawn."""
    return _picture(keep_chart(chart), Order(chart=chart, tone=tone, size=size, scale=scale))


def keep_chart(chart: Chart) -> str:
    """Put a chart on the shelf; its name tells nothing and cannot be guessed. Harmless when repeated."""
    said = msgspec.json.encode(chart)
    name = hmac.new(settings.SECRET_KEY.encode(), b"chart:" + said, hashlib.sha256).hexdigest()[:40]
    place = shelf() / f"{name}.json"
    if not place.exists():
        _write(place, said)
        if next(_put) % TIDY_EVERY == 0:
            _tidy()
    return name


def expect(name: str, size: Size) -> None:
    """A page shows a kept chart and its picture will be asked for at once: have the drawing process awake by then."""
    if not next(shelf().glob(f"{name}.*.{size}.*"), None):
        _drawer.wake()


def kept_picture(name: str, tone: Tone, size: Size) -> bytes | None:
    """The picture of a kept chart; None when there is none of that name. `ChartFault` when it cannot be drawn."""
    place = shelf() / f"{name}.json"
    if not name.isalnum() or not place.is_file():
        return None
    return _picture(name, Order(chart=msgspec.json.decode(place.read_bytes(), type=Chart), tone=tone, size=size))


def shelf() -> Path:
    """Where charts lie; everything in it can be made again."""
    place: Path = settings.MEDIA_ROOT.parent / "charts"
    place.mkdir(parents=True, exist_ok=True)
    return place


def close_drawer() -> None:
    """End the drawing process; the next chart starts another."""
    _drawer.close()


def _picture(name: str, order: Order) -> bytes:
    place = shelf() / f"{name}.{order.tone}.{order.size}.{order.scale:g}.png"
    if not place.exists():
        _write(place, _drawer.draw(order))
    return place.read_bytes()


def _write(place: Path, content: bytes) -> None:
    fresh = place.with_name(f".{place.name}.{os.getpid()}.{threading.get_ident()}")
    fresh.write_bytes(content)
    fresh.replace(place)


def _tidy() -> None:
    """Take the oldest away. Another page may do the same at the same moment: what is gone already is no fault."""
    charts = sorted(shelf().glob("*.json"), key=_age)
    for old in charts[:-KEPT]:
        for place in shelf().glob(f"{old.stem}.*"):
            place.unlink(missing_ok=True)


def _age(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except FileNotFoundError:
        return 0.0
