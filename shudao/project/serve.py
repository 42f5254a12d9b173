"""The web server of the process tree: `python -m shudao.project.serve HOST PORT [CERTIFICATE KEY]`.

Python makes one page at a time a process. Where there are two cores, two processes answer at one door: the second is a
copy of the first once everything is loaded, so it costs little memory and the same code and settings hold for both.
"""

import gc
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from shudao.base.live import close_all
from shudao.project.processes import PARENT, die_with_parent

PATIENCE = 10
"""Seconds that open requests have to end when the server is told to stop."""

TURN = 0.0005
"""Seconds after which a thread lets another have the interpreter. A page asks the database forty times, and each time it
waits so long for every page that is being made beside it; Python's own five milliseconds make that seconds.
"""

MOST = 2
"""Servers, unless SHUDAO_SERVERS says otherwise. The workers want a core too."""


class Server(uvicorn.Server):
    """网页服务 (server): told to stop, it first lets the live connections end, which would otherwise go on for ever.

    `others` are the processes that answer at the same door; when one of them is gone, all go.
    """

    def __init__(self, config: uvicorn.Config, others: tuple[int, ...] = ()) -> None:
        super().__init__(config)
        self._others = [threading.Thread(target=self._watch, args=(pid,), daemon=True) for pid in others]
        self._pids = others

    def run_all(self, door: list[Any]) -> None:
        """Answer until told to stop, and wait for the others."""
        for one in self._others:
            one.start()
        self.run(sockets=door)
        self._tell()
        for one in self._others:
            one.join(PATIENCE + 2)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop."""
        close_all()
        super().handle_exit(sig, frame)
        self._tell()

    def _tell(self) -> None:
        self.should_exit = True
        pids, self._pids = self._pids, ()
        for pid in pids:
            os.kill(pid, signal.SIGTERM)

    def _watch(self, pid: int) -> None:
        os.waitpid(pid, 0)
        self._pids = tuple(row for row in self._pids if row != pid)
        if not self.should_exit:
            os._exit(1)


def config(host: str, port: int, certificate: str | None = None, key: str | None = None) -> uvicorn.Config:
    """Settings of the server. Headers of a proxy are believed from the proxies that were named, from nobody else."""
    proxies = [row.strip() for row in os.environ.get("SHUDAO_PROXIES", "").split(",") if row.strip()]
    return uvicorn.Config(
        "shudao.project.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=PATIENCE,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )


def main(host: str, port: int, *pair: str) -> None:
    """Load once, divide, answer."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_figures())  # before the figures are defined
    wanted = config(host, port, *pair)
    wanted.load()
    sys.setswitchinterval(TURN)
    door = wanted.bind_socket()
    gc.collect()
    gc.freeze()  # what was loaded stays for good: no page need wait while it is looked through again
    count = int(os.environ.get("SHUDAO_SERVERS") or min(MOST, os.cpu_count() or 1))
    others = _divided(count)
    die_with_parent()
    Server(wanted, others).run_all([door])


def _divided(count: int) -> tuple[int, ...]:
    """So many processes in all; the others' numbers, none in a copy."""
    first, others = os.getpid(), []
    for _ in range(count - 1):
        pid = os.fork()
        if not pid:
            os.environ[PARENT] = str(first)
            return ()
        others.append(pid)
    return tuple(others)


def _figures() -> Path:
    """An empty folder where the servers put their figures together, for as long as they run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shudao.project.settings")
    from django.conf import settings  # noqa: PLC0415 - the settings are told first

    folder = Path(settings.DATA) / "figures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:5])
