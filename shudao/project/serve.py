"""The web server of the process tree: `python -m shudao.project.serve HOST PORT [CERTIFICATE KEY]`."""

import gc
import os
import sys
from types import FrameType

import uvicorn

from shudao.base.live import close_all
from shudao.project.processes import die_with_parent

PATIENCE = 10
"""Seconds that open requests have to end when the server is told to stop."""


TURN = 0.0005
"""Seconds after which a thread lets another have the interpreter. A page asks the database forty times, and each time it
waits so long for every page that is being made beside it; Python's own five milliseconds make that seconds.
"""


class Server(uvicorn.Server):
    """网页服务 (server): told to stop, it first lets the live connections end, which would otherwise go on for ever."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop."""
        close_all()
        super().handle_exit(sig, frame)


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


if __name__ == "__main__":
    die_with_parent()
    wanted = config(sys.argv[1], int(sys.argv[2]), *sys.argv[3:5])
    wanted.load()
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()  # what was loaded stays for good: no page need wait while it is looked through again
    Server(wanted).run()
