"""差事 (errand): one question over the web, hop by hop through the gate."""

import ssl
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urljoin

import urllib3
from requests.certs import where
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import BaseHTTPResponse

from shudao import __version__
from shudao.base.outgoing.address import Forbidden, Target, read_target
from shudao.base.outgoing.body import PIECE, TooLarge, read_body
from shudao.base.outgoing.gate import CONNECT_WITHIN, Gate, Late

AGENT = f"Shudao/{__version__}"
MAX_HEADERS = 64 * 1024  # characters of all headers together
READ_WITHIN = 10.0  # seconds between two pieces
_MOVED = (301, 302, 303, 307, 308)
_WITHOUT_BODY = (204, 304)


class Answer(NamedTuple):
    """应答 (answer): any `status`, the final `url`, headers in lower case, the unpacked body."""

    status: int
    url: str
    headers: dict[str, str]
    body: bytes


class TooManyHops(Exception):
    """The other side sends us on and on."""


class Errand(NamedTuple):
    """What is asked, and how much may come back."""

    gate: Gate
    method: str
    headers: Mapping[str, str]
    body: bytes
    most_bytes: int

    def run(self, url: str, redirects: int) -> Answer:
        """The answer at the end of at most so many redirects; without any allowed, a redirect is the answer."""
        target = read_target(url)
        for hop in range(redirects + 1):
            with self._response(target) as response:
                away = response.headers.get("location", "")
                if not redirects or response.status not in _MOVED or not away:
                    return self._answer(response, target)
            target = self._onward(target, away)
            if hop == redirects:
                break
        raise TooManyHops

    def _onward(self, target: Target, away: str) -> Target:
        """Where a redirect leads. What stands outside may not send us to an inner server."""
        onward = read_target(urljoin(target.url, away.strip()))
        if self.gate.is_inner(onward) and not self.gate.is_inner(target):
            raise Forbidden("不跟随跳转进入内网", "a redirect into the inner network is not followed")
        return onward

    def _response(self, target: Target) -> "_Open":
        headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate", **self.headers, "Host": target.authority}
        pool = _pool(target, self.gate)
        wait = urllib3.Timeout(connect=CONNECT_WITHIN, read=READ_WITHIN)
        try:
            response = pool.urlopen(
                self.method,
                target.path,
                body=self.body or None,
                headers=headers,
                retries=False,
                redirect=False,
                timeout=wait,
                preload_content=False,
                decode_content=False,
            )
        except BaseException:
            pool.close()
            raise
        return _Open(pool, response)

    def _answer(self, response: BaseHTTPResponse, target: Target) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        if sum(len(name) + len(value) for name, value in headers.items()) > MAX_HEADERS:
            raise TooLarge
        if self.method == "HEAD" or response.status in _WITHOUT_BODY:
            return Answer(response.status, target.url, headers, b"")
        packing = headers.get("content-encoding", "")
        body = read_body(_pieces(response), packing, self.most_bytes, self._tick)
        return Answer(response.status, target.url, headers, body)

    def _tick(self) -> None:
        if self.gate.is_late:
            raise Late


class _Open:
    """An open response with its pool; both are closed at the end."""

    def __init__(self, pool: urllib3.HTTPConnectionPool, response: BaseHTTPResponse) -> None:
        self.pool, self.response = pool, response

    def __enter__(self) -> BaseHTTPResponse:
        return self.response

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self.pool.close()


def _pool(target: Target, gate: Gate) -> urllib3.HTTPConnectionPool:
    """A pool of one connection, made by the gate. TLS still names and proves the host, not its number."""

    def opened(_self: Any) -> Any:
        return gate.connect(target)

    if target.scheme == "https":
        pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
            target.host, target.port, maxsize=1, ssl_context=trust()
        )
        pool.ConnectionCls = type("Guarded", (HTTPSConnection,), {"_new_conn": opened})
    else:
        pool = urllib3.HTTPConnectionPool(target.host, target.port, maxsize=1)
        pool.ConnectionCls = type("Guarded", (HTTPConnection,), {"_new_conn": opened})
    return pool


@cache
def trust() -> ssl.SSLContext:
    """Authorities the machine trusts (an office may add its own there) and the usual ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(where())
    return context


def _pieces(response: BaseHTTPResponse) -> Iterator[bytes]:
    while piece := response.read1(PIECE, decode_content=False):
        yield piece
