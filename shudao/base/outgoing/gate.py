"""闸口 (gate): resolves a host, checks every answer, and connects to the very address that was checked.

A gate is opened for one errand and closes after its time: a watchdog shuts the sockets, so that a peer that sends a
byte now and then, in its headers or its body, cannot hold us longer. A name that answers otherwise the second time
(DNS rebinding) gains nothing, since there is no second time.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Self

from shudao.base.outgoing.address import (
    IP,
    USUAL,
    Forbidden,
    Inner,
    Target,
    require_port,
    require_possible,
    require_public,
)

CONNECT_WITHIN = 5.0  # seconds for one address
RESOLVE_WITHIN = 5.0
MOST_ADDRESSES = 16  # of one name


class Late(TimeoutError):
    """The time for the whole errand is over."""


def system_resolver(host: str, port: int) -> list[str]:
    """What the machine's resolver answers for a name."""
    found = socket.getaddrinfo(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


resolver: Callable[[str, int], list[str]] = system_resolver


class Gate:
    """闸口 (gate) of one errand, open for `seconds`."""

    def __init__(self, seconds: float, inner: Iterable[Inner] = ()) -> None:
        self.inner = tuple(inner)
        self.until = time.monotonic() + seconds
        self._is_late = threading.Event()
        self._held: list[socket.socket] = []
        self._lock = threading.Lock()
        self._watchdog = threading.Timer(seconds, self._shut)
        self._watchdog.daemon = True

    def __enter__(self) -> Self:
        self._watchdog.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._watchdog.cancel()
        with self._lock:
            for held in self._held:
                held.close()
            self._held.clear()

    @property
    def is_late(self) -> bool:
        """Whether the time is over."""
        return self._is_late.is_set() or time.monotonic() >= self.until

    def is_inner(self, target: Target) -> bool:
        """Whether a target is one of the office's own servers that may be visited."""
        return any(row.covers(target.host, target.port) for row in self.inner)

    def check(self, target: Target) -> list[IP]:
        """The addresses of a target, each of them allowed. Forbidden otherwise; OSError when the name is unknown."""
        own = self.is_inner(target)
        if not own and target.scheme in USUAL:
            require_port(target)
        addresses = [target.ip] if target.ip else self._resolve(target.host, target.port)
        (require_possible if own else require_public)(addresses)
        return addresses

    def connect(self, target: Target) -> socket.socket:
        """A connection to the first checked address that answers."""
        fault: OSError = OSError("no address")
        for address in self.check(target):
            if self.is_late:
                raise Late
            try:
                found = socket.create_connection((str(address), target.port), timeout=self._left(CONNECT_WITHIN))
            except OSError as error:
                fault = error
                continue
            self._hold(found)
            return found
        raise fault

    def _resolve(self, host: str, port: int) -> list[IP]:
        """Asked in a thread of its own, since the system's resolver knows no time limit."""
        answers: list[list[str] | OSError] = []

        def ask() -> None:
            try:
                answers.append(resolver(host, port))
            except (OSError, UnicodeError) as error:
                answers.append(error if isinstance(error, OSError) else OSError(str(error)))

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self._left(RESOLVE_WITHIN))
        if not answers:
            raise TimeoutError("name not resolved in time")
        if isinstance(answers[0], OSError):
            raise answers[0]
        try:
            found = [ipaddress.ip_address(text) for text in answers[0]]
        except ValueError:  # an address with a zone
            raise Forbidden("主机在内网或保留地址内", "the host lies in an inner or reserved network") from None
        if not found or len(found) > MOST_ADDRESSES:
            raise OSError("no usable answer for the name")
        return sorted(found, key=lambda address: address.version)

    def _left(self, most: float) -> float:
        return max(0.05, min(most, self.until - time.monotonic()))

    def _hold(self, opened: socket.socket) -> None:
        """Keep a second handle: shutting it ends the connection, even after TLS took the first one over."""
        with self._lock:
            self._held.append(opened.dup())

    def _shut(self) -> None:
        self._is_late.set()
        with self._lock:
            for held in self._held:
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)
