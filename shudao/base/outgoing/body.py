"""正文 (body): read piece by piece and unpacked within a limit, whatever the other side claims."""

import zlib
from collections.abc import Callable, Iterable

PIECE = 64 * 1024
PLAIN = frozenset({"", "identity"})
PACKED = frozenset({"gzip", "x-gzip", "deflate"})


class TooLarge(ValueError):
    """More than the limit, packed or unpacked."""


class Damaged(ValueError):
    """Packed in a way we do not read, twice, or broken."""


def read_body(pieces: Iterable[bytes], packing: str, limit: int, tick: Callable[[], None]) -> bytes:
    """The whole body, unpacked. `tick` is called after every piece and at the end, and may raise."""
    kind = packing.strip().lower()
    if kind not in PLAIN | PACKED:
        raise Damaged(f"packed as {kind[:40]}")  # also "gzip, gzip": nobody needs it but a bomb
    unpack = None if kind in PLAIN else Unpacker(limit, raw=kind == "deflate")
    body, received = bytearray(), 0
    for piece in pieces:
        received += len(piece)
        body += piece if unpack is None else unpack.feed(piece)
        if len(body) > limit or received > limit:
            raise TooLarge
        tick()
    tick()  # a connection shut for its lateness looks like an ending
    if unpack is not None:
        unpack.end()
    return bytes(body)


class Unpacker:
    """解压 (unpacker): gzip of several members, zlib, or bare deflate; stops one byte past the limit."""

    def __init__(self, limit: int, *, raw: bool) -> None:
        self._room = limit + 1
        self._raw_too = raw
        self._begun = False
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def feed(self, piece: bytes) -> bytes:
        """What a piece unpacks to."""
        out = bytearray()
        while piece and self._room > 0:
            if self._stream.eof:
                if not piece.strip(b"\0"):
                    break  # padding after the last member
                self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            fresh = self._some(piece)
            self._begun = True
            self._room -= len(fresh)
            out += fresh
            piece = self._stream.unused_data
        return bytes(out)

    def end(self) -> None:
        """Damaged when the stream was cut off before its end."""
        if self._begun and not self._stream.eof:
            raise Damaged("cut off")

    def _some(self, piece: bytes) -> bytes:
        try:
            return self._stream.decompress(piece, self._room)
        except zlib.error:
            if not self._raw_too or self._begun:
                raise Damaged("broken") from None
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)  # some servers call bare deflate "deflate"
        try:
            return self._stream.decompress(piece, self._room)
        except zlib.error:
            raise Damaged("broken") from None
