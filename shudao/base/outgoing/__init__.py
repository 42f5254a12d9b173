"""出站 (outgoing): the one way out to the network, for reading sources and for sending messages alike.

`ask` makes one web errand: the address is read strictly, its host resolved and checked, and the connection made to the
address that was checked, again at every redirect. What comes back is bounded in size, time, headers, redirects and
unpacking. Nothing is kept between errands: no cookies, no credentials, no proxy from the environment.
`connect` gives a bare checked connection, for mail. An office's own servers are reached only when the list of inner
hosts names them (`models.InnerHost`, written by a verb), and never by way of a redirect from outside.
"""

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from ipaddress import ip_network

import requests
from urllib3.exceptions import HTTPError
from urllib3.exceptions import SSLError as UrlSSLError
from urllib3.exceptions import TimeoutError as SlowError

from shudao.base.models import InnerHost
from shudao.base.outgoing.address import Forbidden, Inner, Target, read_inner, read_target
from shudao.base.outgoing.body import Damaged, TooLarge
from shudao.base.outgoing.errand import AGENT, Answer, Errand, TooManyHops, trust
from shudao.base.outgoing.gate import Gate
from shudao.base.outgoing.requested import guarded_session
from shudao.engine.words import Words

__all__ = [
    "AGENT",
    "Answer",
    "OutgoingError",
    "ask",
    "check",
    "connect",
    "inner_hosts",
    "read_inner",
    "session",
    "trust",
]

MAX_BYTES = 10 * 1024 * 1024  # after unpacking
MAX_REDIRECTS = 5
ALL_WITHIN = 30.0  # seconds for everything, redirects included
MAIL_WITHIN = 60.0


class OutgoingError(Exception):
    """No answer. `code`: address, redirects, timeout, size, certificate, network. The words never repeat the address."""

    def __init__(self, code: str, why: Words) -> None:
        self.code, self.why = code, why
        super().__init__(f"{why.zh} / {why.en}")


def ask(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = ALL_WITHIN,
    most_bytes: int = MAX_BYTES,
    redirects: int = MAX_REDIRECTS,
    also: Iterable[Inner] = (),
) -> Answer:
    """One errand. GET and HEAD follow redirects; anything else is sent once, to the address given. OutgoingError.

    `also`: servers that whoever runs the site has named outside its pages (its single sign-on), allowed like inner hosts.
    """
    follows = redirects if method in ("GET", "HEAD") else 0
    with Gate(seconds, [*inner_hosts(), *also]) as gate, _said(gate):
        return Errand(gate, method, headers or {}, body, most_bytes).run(url, follows)


def connect(host: str, port: int, *, seconds: float = MAIL_WITHIN) -> socket.socket:
    """A connected socket to a checked address of a host, for mail; its ports are its own business. OutgoingError."""
    with Gate(seconds, inner_hosts()) as gate, _said(gate):
        name = read_target(f"http://[{host}]/" if ":" in host else f"http://{host}/").host
        opened = gate.connect(Target("mail", name, port, "/"))
        opened.settimeout(seconds)
        return opened


def check(url: str) -> None:
    """Whether an address may be visited as things stand now, without visiting it. OutgoingError when not."""
    gate = Gate(ALL_WITHIN, inner_hosts())
    with _said(gate):
        gate.check(read_target(url))


def session(own: Iterable[str] = ()) -> requests.Session:
    """A `requests` session that knows no way but the guard's. `own`: addresses of servers named as in `ask(also=…)`."""
    try:
        targets = [read_target(url) for url in own]
    except Forbidden as error:
        raise OutgoingError("address", error.why) from None
    also = [Inner(target.host, ip_network(target.ip) if target.ip else None, target.port) for target in targets]
    return guarded_session(partial(ask, also=also), OutgoingError)


def inner_hosts() -> list[Inner]:
    """The office's own servers that may be visited."""
    return [read_inner(text) for text in InnerHost.objects.values_list("host", flat=True)]


@contextmanager
def _said(gate: Gate) -> Iterator[None]:
    """Every way to fail, in words for a person."""
    try:
        yield
    except Forbidden as error:
        raise OutgoingError("address", error.why) from None
    except TooLarge:
        raise OutgoingError("size", Words("内容过大", "the content is too large")) from None
    except Damaged:
        raise OutgoingError(
            "network", Words("压缩内容已损坏或不认识", "the packed content is damaged or unknown")
        ) from None
    except TooManyHops:
        raise OutgoingError("redirects", Words("跳转次数过多", "too many redirects")) from None
    except (HTTPError, OSError, ValueError) as error:
        cause = error.args[0] if isinstance(error, UrlSSLError) and error.args else error
        if isinstance(cause, ssl.SSLCertVerificationError | ssl.CertificateError):
            why = Words("对方的证书没有通过检查", "the other side's certificate did not pass the check")
            raise OutgoingError("certificate", why) from None
        if gate.is_late or isinstance(error, TimeoutError | SlowError):
            raise OutgoingError("timeout", Words("对方没有按时应答", "the other side did not answer in time")) from None
        if any(isinstance(part, socket.gaierror) for part in (error, *error.args)):
            raise OutgoingError("name", Words("查不到这个主机名", "there is no host of that name")) from None
        raise OutgoingError("network", Words("连接失败", "the connection failed")) from None
