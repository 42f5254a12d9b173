"""ASGI entry of the site.

Django gives every request a thread of its own, without limit. When two hundred pages ask at once, two hundred threads
take the interpreter from each other and from the event loop, nothing gets done, and each holds its page in memory. Here a
few are made at a time and the others wait for their turn, which is sooner for all of them. Live connections wait for their
turn to begin and hold none while they last.
"""

import asyncio
import os
import weakref

from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shudao.project.settings")
AT_ONCE = 4
"""Enough that some may wait for the network or the write lock while others are made."""


class Handler(ASGIHandler):
    """Makes a few pages at a time, in the order in which they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._turns: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            weakref.WeakKeyDictionary()
        )

    async def run_get_response(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, once it is its turn; what is streamed afterwards needs none."""
        async with self._turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
            response: HttpResponseBase = await super().run_get_response(request)
            return response


get_asgi_application()  # sets Django up
application = Handler()
