"""The web server of the process tree: `python -m shudao.project.serve HOST PORT`."""

import sys
from types import FrameType

import uvicorn

from shudao.base.live import close_all
from shudao.project.processes import die_with_parent

PATIENCE = 10
"""Seconds that open requests have to end when the server is told to stop."""


class Server(uvicorn.Server):
    """网页服务 (server): told to stop, it first lets the live connections end, which would otherwise go on for ever."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop."""
        close_all()
        super().handle_exit(sig, frame)


if __name__ == "__main__":
    die_with_parent()
    host, port = sys.argv[1], int(sys.argv[2])
    Server(
        uvicorn.Config(
            "shudao.project.asgi:application",
            host=host,
            port=port,
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=PATIENCE,
        )
    ).run()
