"""实时 (live): server-sent events that say something has moved; the page then fetches its part again by itself.

One poller a process asks what has moved since it last looked and wakes everyone who watches it, so two hundred open pages
cost one question a second, not two hundred. An event carries no content, only that there is something new: what a reader
may see is decided where the page is made. Connections are told apart by a key (`live`, `run/0001`, `incident/2026-0001`).
"""

import asyncio
import itertools
import json
import logging
import weakref
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import close_old_connections

log = logging.getLogger("shudao.live")
LOOK_EVERY = 1.0
"""Seconds between two looks of the poller."""
CHECK_EVERY = 10
"""Looks between two checks that everybody connected is still signed in."""
BEAT = 15.0
"""Seconds after which a quiet connection is sent a line, so that nothing in between takes it for dead."""
TICK = 60.0
"""Seconds after which a page refreshes its clocks even when nothing has moved."""
LAST = 600.0
"""Seconds a connection lasts; the browser comes again by itself and its rights are looked at afresh."""
PER_USER, IN_ALL = 12, 2000
"""Connections of one person, and of all, a server; two servers may answer at one door."""
SPREAD = 0.05
"""Seconds at least between two pages that ask again: with two hundred open, each asks every ten seconds at most, one
after the other; with five, at once. Who answers for a post comes first."""
MOST_SPREAD, SHARE, MEMORY = 0.4, 1.5, 0.05
"""When pages take longer, they are asked for further apart: `SHARE` times what one took lately, at most so many seconds."""
RETRY = 3000
Result = TypeVar("Result")


@dataclass(frozen=True)
class News:
    """消息 (news) of one look: the place reached, keys that moved, unread messages by inbox."""

    place: int
    moved: frozenset[str] = frozenset()
    unread: dict[str, int] | None = None


@dataclass(eq=False)
class Watcher:
    """看客 (watcher): one open connection: whose, in which session, what it watches, whose inboxes it counts."""

    user: int
    session: str
    mark: str
    keys: frozenset[str]
    boxes: frozenset[str]
    is_first: bool = False
    number: int = 0
    place: int = 0
    moved: bool = False
    turn: float = 0.0
    unread: int = 0
    gone: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class Sources:
    """What the hub asks of the stages: where things stand, what moved after a place, and who is still signed in."""

    look: Callable[[int | None], News]
    still_in: Callable[[Iterable[tuple[int, str, str]]], set[tuple[int, str, str]]]


class Pace:
    """步调 (pace): how long pages took lately, and so how far apart they are to be asked for."""

    def __init__(self) -> None:
        self._took = 0.0

    def note(self, seconds: float) -> None:
        """A page took that long; of pages that come by themselves this alone is remembered."""
        self._took += (seconds - self._took) * MEMORY

    @property
    def spread(self) -> float:
        """Seconds between two pages."""
        return min(max(SPREAD, self._took * SHARE), max(SPREAD, MOST_SPREAD)) if SPREAD else 0.0


pace = Pace()


class Hub:
    """枢纽 (hub) of one event loop: the poller and all its watchers."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._watchers: set[Watcher] = set()
        self._numbers = itertools.count()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._poller: asyncio.Task[None] | None = None
        self._news = News(0)
        self._latest: dict[str, int] = {}
        self._since = 0
        self._stopping = asyncio.Event()

    def __len__(self) -> int:
        return len(self._watchers)

    def count_of(self, user: int) -> int:
        """How many connections a person has open."""
        return sum(row.user == user for row in list(self._watchers))

    async def watch(self, watcher: Watcher, last: int | None = None) -> AsyncIterator[bytes]:
        """The lines of one connection, until its time is over or it is no longer welcome; `last` is the place it saw."""
        await self._begin()
        watcher.number = next(self._numbers)
        watcher.moved = last is not None and self._moved_after(watcher, last)
        watcher.place, watcher.unread = self._news.place, self._unread(watcher)
        self._watchers.add(watcher)
        try:
            async for line in self._lines(watcher):
                yield line
        finally:
            self._watchers.discard(watcher)
            if not self._watchers:
                self._rest()

    def close(self) -> None:
        """Let every connection end, so that the server can stop."""
        self._stopping.set()
        for row in self._watchers:
            row.gone = True
            row.wake.set()
        if self._poller is not None:
            self._poller.cancel()
        self._thread.shutdown(wait=False)

    async def _lines(self, watcher: Watcher) -> AsyncIterator[bytes]:
        time = asyncio.get_running_loop().time
        begun = said = time()
        yield f"retry: {RETRY}\n".encode() + _event("hello", watcher.place, {"unread": watcher.unread})
        while time() - begun < LAST:
            if not watcher.moved:
                await _wait(watcher.wake, BEAT)
            watcher.wake.clear()
            if watcher.moved:
                await _wait(self._stopping, self._until(watcher, said, time()))
            if watcher.gone or self._stopping.is_set():
                yield _event("bye", watcher.place, {"why": "stopping" if self._stopping.is_set() else "signed-out"})
                return
            due = watcher.moved or time() - said >= TICK
            lines = self._news_for(watcher, due=due)
            said, watcher.moved = (
                (time() if due else said),
                False,
            )  # before the line goes out: a slow reader loses nothing
            yield lines

    def _news_for(self, watcher: Watcher, *, due: bool) -> bytes:
        unread, lines = self._unread(watcher), b""
        if unread != watcher.unread:
            watcher.unread = unread
            lines += _event("unread", watcher.place, {"unread": unread})
        if due:
            lines += _event("moved" if watcher.moved else "tick", watcher.place, {})
        return lines or b": beat\n\n"

    def _until(self, watcher: Watcher, said: float, now: float) -> float:
        """Seconds until it is this one's turn to be told."""
        return max(watcher.turn - now, said + len(self._watchers) * pace.spread - now, 0.0)

    def _unread(self, watcher: Watcher) -> int:
        return sum((self._news.unread or {}).get(box, 0) for box in watcher.boxes)

    def _moved_after(self, watcher: Watcher, last: int) -> bool:
        """Whether something moved while nobody listened; what was before the poller began is taken to have moved."""
        if last < self._since:
            return True
        return any(self._latest.get(key, 0) > last for key in watcher.keys)

    async def _begin(self) -> None:
        if self._poller is not None and not self._poller.done():
            return
        self._take(await self._ask(self._sources.look, None))
        self._since = self._news.place
        if self._poller is None or self._poller.done():
            self._poller = asyncio.get_running_loop().create_task(self._poll())

    def _rest(self) -> None:
        """Nobody watches: nothing is asked."""
        if self._poller is not None:
            self._poller.cancel()
            self._poller = None

    async def _poll(self) -> None:
        blind = False
        for turn in itertools.count(1):
            await asyncio.sleep(LOOK_EVERY)
            try:
                self._take(await self._ask(self._sources.look, self._news.place))
                if turn % CHECK_EVERY == 0:
                    await self._check()
                blind = False
            except Exception:  # a database that is away for a moment ends no connection
                if not blind:
                    log.warning("the live poller cannot look", exc_info=True)
                blind = True

    def _take(self, news: News) -> None:
        before, self._news = self._news, news
        if news.unread is None:
            self._news = News(news.place, news.moved, before.unread)
        for key in news.moved:
            self._latest[key] = news.place
        now, rank = asyncio.get_running_loop().time(), itertools.count()
        for row in sorted(self._watchers, key=lambda row: (not row.is_first, row.number)):
            row.place = news.place
            if row.keys & news.moved:
                row.turn = row.turn if row.moved else now + next(rank) * pace.spread
                row.moved = True
                row.wake.set()
            elif self._unread(row) != row.unread:
                row.wake.set()

    async def _check(self) -> None:
        """End what no longer belongs to anybody: signed out, switched off, or with another password since."""
        marks = {row: (row.user, row.session, row.mark) for row in list(self._watchers)}
        welcome = await self._ask(self._sources.still_in, set(marks.values()))
        for row, mark in marks.items():
            if mark not in welcome:
                row.gone = True
                row.wake.set()

    async def _ask(self, question: Callable[..., Result], *given: object) -> Result:
        """A question to the database in the hub's one thread, with a connection that is not kept beyond its age."""

        def ask() -> Result:
            close_old_connections()
            try:
                return question(*given)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._thread, ask)


_hubs: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = weakref.WeakKeyDictionary()
_sources: list[Sources] = []


def use_sources(sources: Sources) -> None:
    """Say whom the hubs ask; once, when the stages are ready."""
    _sources[:] = [sources]


def is_full(user: int) -> bool:
    """The person, or the site, has as many connections as may be."""
    hubs = list(_hubs.values())
    return sum(map(len, hubs)) >= IN_ALL or sum(one.count_of(user) for one in hubs) >= PER_USER


async def stream(watcher: Watcher, last: int | None = None) -> AsyncIterator[bytes]:
    """The lines of one connection, from the hub of the running loop; holds no connection to the database."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(_sources[0])
    async for line in _hubs[loop].watch(watcher, last):
        yield line


def close_all() -> None:
    """Let every connection of every loop end; called when the server is told to stop."""
    for loop, one in list(_hubs.items()):
        if not loop.is_closed():
            loop.call_soon_threadsafe(one.close)


async def _wait(event: asyncio.Event, patience: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), patience)


def _event(name: str, place: int, data: dict[str, object]) -> bytes:
    return f"event: {name}\nid: {place}\ndata: {json.dumps(data)}\n\n".encode()
