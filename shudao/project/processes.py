"""One process tree: the command on top, the server and the worker below. When one goes, all go."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType

PAUSE = 0.3
PARENT = "SHUDAO_PARENT"
"""Tells a child whose child it is: asking the system would answer wrongly once the parent is gone."""


def die_with_parent() -> None:
    """End this process when its parent is gone, however that happened, even before this process looked first."""
    parent = int(os.environ.get(PARENT, os.getppid()))

    def watch() -> None:
        while os.getppid() == parent:
            threading.Event().wait(PAUSE)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run_together(commands: Sequence[Sequence[str]], *, each_turn: Callable[[], None]) -> int:
    """Start the Python modules given with their arguments; wait until one ends or a signal comes; end the others.

    `each_turn` is called a few times a second while they run.
    """
    env = {**os.environ, PARENT: str(os.getpid())}
    children = [subprocess.Popen([sys.executable, "-m", *command], env=env) for command in commands]  # noqa: S603 - our own
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not stopping.wait(PAUSE) and all(child.poll() is None for child in children):
        each_turn()
    for child in children:
        if child.poll() is None:
            child.terminate()
    codes = [child.wait() for child in children]
    return 0 if stopping.is_set() else max(abs(code) for code in codes) or 1


class WhenListening:
    """Calls `then` once, as soon as somebody listens at the address."""

    def __init__(self, host: str, port: int, then: Callable[[], None]) -> None:
        self._address, self._then, self._done = (host, port), then, False

    def __call__(self) -> None:
        """Look once."""
        if self._done:
            return
        try:
            socket.create_connection(self._address, timeout=PAUSE).close()
        except OSError:
            return
        self._done = True
        self._then()
