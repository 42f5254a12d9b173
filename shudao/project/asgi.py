"""ASGI entry of the site.

Django gives every request a thread of its own, without limit. When two hundred pages ask at once, two hundred threads
take the interpreter from each other and from the event loop, nothing gets done, and each holds its page in memory. Here a
few are made at a time and the others wait for their turn, which is sooner for all of them. Live connections wait for their
turn to begin and hold none while they last.

Each turn has its thread, and each page a connection to the database of its own: one that is kept may, on SQLite, go on
seeing what stood there when something last read from it was not read to the end.
"""

import asyncio
import os
import weakref
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shudao.project.settings")
AT_ONCE = 4
"""Enough that some may wait for the network or the write lock while others are made."""


class Handler(ASGIHandler):
    """Makes a few pages at a time, in the order in which they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._turns: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Queue[ThreadPoolExecutor]] = (
            weakref.WeakKeyDictionary()
        )

    async def run_get_response(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, once it is its turn; what is streamed afterwards needs none."""
        turns = self._turns_of(asyncio.get_running_loop())
        turn = await turns.get()
        try:
            async with ThreadSensitiveContext(executor=turn):
                try:
                    response: HttpResponseBase = await super().run_get_response(request)
                    return response
                finally:
                    await sync_to_async(connections.close_all)()
        finally:
            turns.put_nowait(turn)

    def _turns_of(self, loop: asyncio.AbstractEventLoop) -> asyncio.Queue[ThreadPoolExecutor]:
        if loop not in self._turns:
            self._turns[loop] = _turns()
        return self._turns[loop]


def _turns() -> asyncio.Queue[ThreadPoolExecutor]:
    """The turns there are, each with a thread of its own that begins when it is first needed."""
    turns: asyncio.Queue[ThreadPoolExecutor] = asyncio.Queue()
    for number in range(AT_ONCE):
        turns.put_nowait(ThreadPoolExecutor(1, thread_name_prefix=f"page{number}"))
    return turns


get_asgi_application()  # sets Django up
application = Handler()
