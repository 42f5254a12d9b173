"""密封 (vault): files at rest under keys of their own, each key wrapped under one key of the site.

A file is cut into pieces, each sealed with AES-256-GCM; the number of a piece and whether it is the last are sealed with
it, so that pieces can be neither moved, left out nor added. Whoever destroys the wrapped key has erased the file.
"""

from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

KEY_BYTES = 32
PIECE = 256 * 1024  # bytes of plain text a piece
TAG = 16
MARK = b"SDV1"


class BrokenVaultError(ValueError):
    """The sealed file was changed, cut short, or is sealed under another key."""


def wrap_key(site_key: bytes, key: bytes) -> bytes:
    """A file's key, readable only under the key of the site."""
    return aes_key_wrap(site_key, key)


def unwrap_key(site_key: bytes, wrapped: bytes) -> bytes:
    """The file's key again. Raises BrokenVaultError."""
    try:
        return aes_key_unwrap(site_key, wrapped)
    except (InvalidUnwrap, ValueError) as fault:
        raise BrokenVaultError from fault


def seal(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed form of a file, piece by piece. A key seals one file only: the numbers of pieces are its nonces."""
    cipher = AESGCM(key)
    yield MARK
    held = bytearray()
    number = 0
    for piece in pieces:
        held += piece
        while len(held) > PIECE:
            yield cipher.encrypt(_nonce(number), bytes(held[:PIECE]), _about(number, is_last=False))
            del held[:PIECE]
            number += 1
    yield cipher.encrypt(_nonce(number), bytes(held), _about(number, is_last=True))


def unseal(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The file again, piece by piece; what was given before the fault was sound. Raises BrokenVaultError."""
    cipher = AESGCM(key)
    held = bytearray()
    number = -1
    for piece in pieces:
        held += piece
        if number < 0 and len(held) >= len(MARK):
            if bytes(held[: len(MARK)]) != MARK:
                raise BrokenVaultError
            del held[: len(MARK)]
            number = 0
        while number >= 0 and len(held) > PIECE + TAG:
            yield _opened(cipher, number, bytes(held[: PIECE + TAG]), is_last=False)
            del held[: PIECE + TAG]
            number += 1
    yield _opened(cipher, max(number, 0), bytes(held), is_last=True)


def seal_words(key: bytes, words: str, nonce: bytes) -> bytes:
    """A short text under a file's key; `nonce`: 12 bytes of chance, never used twice."""
    return nonce + AESGCM(key).encrypt(nonce, words.encode(), b"words")


def unseal_words(key: bytes, sealed: bytes) -> str:
    """The text again. Raises BrokenVaultError."""
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], b"words").decode()
    except (InvalidTag, ValueError) as fault:
        raise BrokenVaultError from fault


def _opened(cipher: AESGCM, number: int, sealed: bytes, *, is_last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number), sealed, _about(number, is_last=is_last))
    except (InvalidTag, ValueError) as fault:
        raise BrokenVaultError from fault


def _nonce(number: int) -> bytes:
    return b"\x00\x01" + number.to_bytes(10, "big")


def _about(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(10, "big") + (b"\x01" if is_last else b"\x00")
