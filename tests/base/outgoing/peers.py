"""Peers on this machine that answer as badly as wished: bare sockets, one thread each."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator


class Peer:
    """A listening socket; `say(connection, request)` answers each call, which is written down in `heard`."""

    def __init__(self, say: Callable[[socket.socket, bytes], None], wrap: ssl.SSLContext | None = None) -> None:
        self.say, self.wrap, self.heard, self.over = say, wrap, [], threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Its address under a name."""
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        """End all answers."""
        self.over.set()
        self._server.close()

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        return self.wrap.wrap_socket(connection, server_side=True) if self.wrap else connection

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), self._wrapped(connection) as connection:
            request = b""
            while b"\r\n\r\n" not in request and (piece := connection.recv(65536)):
                request += piece
            self.heard.append(request)
            self.say(connection, request)


@contextlib.contextmanager
def peer(say: Callable[[socket.socket, bytes], None] | bytes, wrap: ssl.SSLContext | None = None) -> Iterator[Peer]:
    """A peer for one test; bytes are its whole answer."""
    answer = say if callable(say) else lambda connection, _: connection.sendall(say)
    made = Peer(answer, wrap)
    try:
        yield made
    finally:
        made.close()


def page(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body
