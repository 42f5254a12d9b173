"""围观者 (the crowd): as many browsers as it takes, as light as it goes: HTTP/1.1 by hand on one event loop.

A watcher does what `live.js` does: opens the room, listens, and fetches the room's part again when told. A writer listens
too, and every now and then does what his room offers: acknowledges, adds a fact, adds or answers a demand.
"""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

PART = {"HX-Request": "true", "HX-Target": "room"}
WROTE, SHOWN = (302, 303), 200


@dataclass
class Crowd:
    """What everybody measured together. `since`: what began earlier does not count."""

    host: str
    port: int
    number: str
    since: float = 0.0
    until: float = 0.0
    pages: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    told: list[list[tuple[float, int]]] = field(default_factory=list)
    bytes_read: int = 0

    @property
    def room(self) -> str:
        """Address of the room."""
        return f"/respond/incidents/{self.number}/"

    def note(self, kept: list[float], began: float) -> None:
        """Keep how long it took, when it counts."""
        if self.since <= began < self.until:
            kept.append(time.monotonic() - began)


class Browser:
    """One signed-in person with a connection that is kept."""

    def __init__(self, crowd: Crowd, session: str) -> None:
        self.crowd, self.cookies = crowd, {"sessionid": session}
        self._pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, given: dict[str, str] | None = None, **headers: str) -> tuple[int, dict, str]:
        """One request: status, headers, text; a connection that was closed meanwhile is opened again, once."""
        for turn in range(2):
            fresh = self._pipe is None
            reader, writer = self._pipe = self._pipe or await self._open()
            try:
                writer.write(self._request(path, given, headers))
                status, head = await self._head(reader)
                body = b"".join([part async for part in _body(reader, head)])
            except (ConnectionError, asyncio.IncompleteReadError):
                self._pipe = None
                if fresh or turn:
                    raise
                continue
            self.crowd.bytes_read += len(body)
            return status, head, body.decode()
        raise ConnectionError

    async def listen(self, path: str) -> AsyncIterator[tuple[str, int]]:
        """The events of a live connection: name and place."""
        reader, writer = await self._open()
        try:
            writer.write(self._request(path, None, {"Accept": "text/event-stream"}))
            status, head = await self._head(reader)
            if status != SHOWN:
                raise ConnectionError(f"live: {status}")
            text = ""
            async for part in _body(reader, head):
                text += part.decode()
                *whole, text = text.split("\n\n")
                for event in whole:
                    lines = dict(line.split(": ", 1) for line in event.splitlines() if line[:1] != ":")
                    if "event" in lines:
                        yield lines["event"], int(lines.get("id", 0))
        finally:
            writer.close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self.crowd.host, self.crowd.port)

    def _request(self, path: str, given: dict[str, str] | None, headers: dict[str, str]) -> bytes:
        body = urlencode(given).encode() if given is not None else b""
        told = {"Host": f"{self.crowd.host}:{self.crowd.port}", "Accept-Language": "zh-CN", **headers}
        told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if given is not None:
            told |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        return f"{'GET' if given is None else 'POST'} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body

    async def _head(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
        head: dict[str, str] = {}
        for line in lines[1:]:
            name, _colon, value = line.partition(":")
            head[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookie, _is, rest = value.strip().partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
        return int(lines[0].split()[1]), head


async def _body(reader: asyncio.StreamReader, head: dict[str, str]) -> AsyncIterator[bytes]:
    if head.get("transfer-encoding") == "chunked":
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            yield (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")
    elif size := int(head.get("content-length", 0)):
        yield await reader.readexactly(size)


class Watcher(Browser):
    """围观者: has the room open."""

    async def stay(self) -> None:
        """Until the time is over."""
        crowd, told = self.crowd, []
        crowd.told.append(told)
        last = re.search(r'data-place="(\d+)"', await self.page(crowd.room)).group(1)
        while time.monotonic() < crowd.until:
            async for name, place in self.listen(f"/live/?see=incident%2F{crowd.number}&last={last}"):
                last = place
                if name == "moved":
                    told.append((time.time(), place))
                if name in ("moved", "tick"):
                    await self.page(crowd.room, **PART, **{"Shudao-Place": str(place)})
                if time.monotonic() >= crowd.until:
                    return

    async def page(self, path: str, **headers: str) -> str:
        """Read a page; kept how long it took."""
        began = time.monotonic()
        status, _head, text = await self.ask(path, **headers)
        self.crowd.note(self.crowd.pages, began)
        if status != SHOWN:
            self.crowd.faults.append(f"GET {status}")
        return text


class Writer(Watcher):
    """办理者: reads, and writes every so many seconds."""

    def __init__(self, crowd: Crowd, session: str, post: str, *, every: float, seed: int) -> None:
        super().__init__(crowd, session)
        self.post, self.every, self.chance, self.count = post, every, random.Random(seed), 0

    async def work(self) -> None:
        """Until the time is over."""
        text = await self.page(self.crowd.room)
        while time.monotonic() < self.crowd.until:
            await asyncio.sleep(self.chance.uniform(0.5, 1.5) * self.every)
            verb, given = self._choose(text)
            began = time.monotonic()
            status, _head, said = await self.ask(f"{self.crowd.room}{verb}/", given)
            self.crowd.note(self.crowd.writes, began)
            if status not in WROTE:
                self.crowd.faults.append(f"{verb} {status}: {_first_fault(said)}")
            text = await self.page(self.crowd.room)

    def _choose(self, text: str) -> tuple[str, dict[str, str]]:
        """What the room offers, else a fact or a demand."""
        self.count += 1
        secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        given = {"csrfmiddlewaretoken": secret.group(1) if secret else "", "post": self.post}
        tap = re.search(
            r'action="[^"]*/acknowledge_task/".*?name="task" value="([^"]+)".*?name="post" value="([^"]+)"', text
        )
        if tap and self.chance.random() < 0.5:
            return "acknowledge_task", given | {"task": tap.group(1), "post": tap.group(2)}
        asked = re.findall(r'answer_demand/\?demand=([^"&]+)&amp;post=([^"]+)"', text)
        if asked and self.chance.random() < 0.4:
            code, post = self.chance.choice(asked)
            return "answer_demand", given | {"demand": code, "post": post, "text": "已派人上门，今晚恢复"}
        if self.chance.random() < 0.6:
            return "add_fact", given | {"text": f"现场报告 {self.count}：抢修继续", "status": "known"}
        return "add_demand", given | {"text": f"有人问几点来电 {self.count}", "channel": "net", "owner": "service_head"}


def _first_fault(text: str) -> str:
    found = re.search(r'class="errorlist[^"]*"[^>]*>(.*?)</', text, re.S)
    return re.sub(r"<[^>]+>", "", found.group(1)).strip()[:80] if found else ""
