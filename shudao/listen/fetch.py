"""取回 (fetch): the one way out to the network. Every address is checked after it is resolved, at every redirect.

What comes back is bounded in size, time, redirects and unpacking, whatever the other side sends.
"""

import time
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import requests
from AntiSSRF import AntiSSRFError, AntiSSRFPolicy, PolicyConfigOptions
from django.conf import settings
from urllib3.exceptions import HTTPError

from shudao import __version__
from shudao.engine.words import Words

MAX_BYTES = 10 * 1024 * 1024  # after unpacking
MAX_REDIRECTS = 5
CONNECT_WITHIN = 5.0  # seconds
READ_WITHIN = 10.0  # seconds between two pieces
ALL_WITHIN = 30.0  # seconds for everything
LONGEST_WAIT = timedelta(days=1)
_PIECE = 64 * 1024
_MOVED = (301, 302, 303, 307, 308)


class Answer(NamedTuple):
    """应答 (answer): `status` 200 or 304, the final `url`, headers in lower case, the body (empty for 304)."""

    status: int
    url: str
    headers: dict[str, str]
    body: bytes


class FetchError(Exception):
    """Nothing usable came back. `code`: address, redirects, timeout, size, status, network. `wait`: as they asked."""

    def __init__(self, code: str, why: Words, *, status: int = 0, wait: timedelta | None = None) -> None:
        self.code, self.why, self.status, self.wait = code, why, status, wait
        super().__init__(f"{why.zh} / {why.en}")


def fetch(url: str, *, now: datetime, etag: str = "", last_modified: str = "", accept: str = "*/*") -> Answer:
    """GET an address, following redirects; with validators of the last reading it may answer 304. FetchError."""
    headers = {"User-Agent": f"Shudao/{__version__}", "Accept": accept, "Accept-Encoding": "gzip, identity"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    until = time.monotonic() + ALL_WITHIN
    try:
        with _session() as session:
            for _ in range(MAX_REDIRECTS + 1):
                with _ask(session, url, headers) as response:
                    if response.status_code not in _MOVED or "location" not in response.headers:
                        return _answer(response, url, now, until)
                    url = urljoin(url, response.headers["location"])
    except (AntiSSRFError, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError, ValueError):
        raise FetchError("address", Words("地址不允许访问", "the address may not be visited")) from None
    except (requests.exceptions.Timeout, TimeoutError):
        raise FetchError("timeout", Words("对方没有按时应答", "the other side did not answer in time")) from None
    except (requests.exceptions.RequestException, HTTPError, OSError):
        raise FetchError("network", Words("连接失败", "the connection failed")) from None
    raise FetchError("redirects", Words("跳转次数过多", "too many redirects"))


def site_of(url: str) -> str:
    """Host and port of an address, for politeness per site."""
    return urlsplit(url).netloc.casefold().rpartition("@")[2]


def _session() -> requests.Session:
    policy = AntiSSRFPolicy(PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
    policy.allow_plain_text_http = True
    policy.add_xff_header = False
    if allowed := list(getattr(settings, "FETCH_ALLOWED_ADDRESSES", ())):
        policy.add_allowed_addresses(allowed)
    session: requests.Session = policy.get_antissrf_session()
    session.trust_env = False  # a proxy from the environment would connect in our place, unchecked
    return session


def _ask(session: requests.Session, url: str, headers: Mapping[str, str]) -> requests.Response:
    if urlsplit(url).scheme not in ("http", "https"):
        raise AntiSSRFError("not a web address")
    return session.get(
        url, headers=dict(headers), stream=True, allow_redirects=False, timeout=(CONNECT_WITHIN, READ_WITHIN)
    )


def _answer(response: requests.Response, url: str, now: datetime, until: float) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status_code == 304:
        return Answer(304, url, headers, b"")
    if response.status_code != 200:
        status = response.status_code
        why = Words(f"对方应答 {status}", f"the other side answered {status}")
        raise FetchError("status", why, status=status, wait=_wait(headers, now))
    return Answer(200, url, headers, _body(response, headers, until))


def _body(response: requests.Response, headers: Mapping[str, str], until: float) -> bytes:
    """The body, read piece by piece as it arrives and unpacked within the limit."""
    packed = headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise FetchError("network", Words("不认识的压缩方式", "unknown compression"))
    unpack = None if packed in ("identity", "") else zlib.decompressobj(zlib.MAX_WBITS | 32)
    body = bytearray()
    while piece := response.raw.read1(_PIECE, decode_content=False):
        body += piece if unpack is None else _unpacked(unpack, piece, MAX_BYTES + 1 - len(body))
        if len(body) > MAX_BYTES:
            raise FetchError("size", Words("内容过大", "the content is too large"))
        if time.monotonic() > until:
            raise FetchError("timeout", Words("对方应答太慢", "the other side answers too slowly"))
    return bytes(body)


def _unpacked(unpack: "zlib._Decompress", piece: bytes, room: int) -> bytes:
    try:
        return unpack.decompress(piece, max(room, 1))
    except zlib.error:
        raise FetchError("network", Words("压缩内容已损坏", "the packed content is damaged")) from None


def _wait(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After as seconds or as a date; at most a day, None when it is not given or makes no sense."""
    stated = headers.get("retry-after", "").strip()
    if stated.isdecimal():
        return min(timedelta(seconds=int(stated[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(stated)
        until = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(until - now, timedelta()), LONGEST_WAIT)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
