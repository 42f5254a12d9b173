"""证据库 (evidence store): sealed files in a folder of their own, and the site's key that opens them.

`SHUDAO_DATA/evidence/` holds the files, `SHUDAO_DATA/evidence.key` the key; the database holds each file's own key,
wrapped. Whoever has only two of the three reads nothing. Keep the key out of the copy that leaves the house.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from shudao.engine.vault import (
    KEY_BYTES,
    BrokenVaultError,
    seal,
    seal_words,
    unseal,
    unseal_words,
    unwrap_key,
    wrap_key,
)
from shudao.engine.words import BadInput, Words
from shudao.listen.models import Evidence

PIECE = 256 * 1024


class Stored(NamedTuple):
    """存好的文件 (stored file): what its row needs. Nothing is kept until a verb makes the row."""

    file: str
    wrapped: bytes
    size: int
    digest: str


def put(pieces: Iterable[bytes]) -> Stored:
    """Seal a file into the store, piece by piece; on disk whole or not at all."""
    key, name = secrets.token_bytes(KEY_BYTES), secrets.token_hex(16)
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    whole, size = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in pieces:
            whole.update(piece)
            size += len(piece)
            yield piece

    fresh = path.with_suffix(".part")
    try:
        with fresh.open("wb") as file:
            for piece in seal(key, counted()):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return Stored(name, wrap_key(site_key(), key), size, whole.hexdigest())


def drop(*names: str) -> None:
    """Take files away; what is gone already is gone."""
    for name in names:
        _path(name).unlink(missing_ok=True)


def pieces_of(evidence: Evidence) -> Iterator[bytes]:
    """The file in clear, piece by piece. BadInput when it is erased, missing or was changed."""
    key = _key_of(evidence)
    try:
        with _path(evidence.file).open("rb") as file:
            yield from unseal(key, iter(lambda: file.read(PIECE), b""))
    except (OSError, BrokenVaultError):
        raise _gone("这份证据的文件缺失或被改动过", "the file of this evidence is missing or was changed") from None


def whole(evidence: Evidence) -> bytes:
    """The whole file in clear (see `pieces_of`)."""
    return b"".join(pieces_of(evidence))


def sealed_words(evidence: Evidence, words: str) -> bytes:
    """What was read from a picture, sealed under the picture's own key: it goes when the picture goes."""
    return seal_words(_key_of(evidence), words, secrets.token_bytes(12))


def words_of(evidence: Evidence) -> str:
    """What was read from a picture, "" when nothing was."""
    if not evidence.words:
        return ""
    try:
        return unseal_words(_key_of(evidence), bytes(evidence.words))
    except BrokenVaultError:
        return ""


def site_key() -> bytes:
    """The key of this site, made once, readable by its owner only."""
    path = Path(settings.DATA) / "evidence.key"
    with suppress(FileNotFoundError):
        return bytes.fromhex(path.read_text().strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_hex(KEY_BYTES))
    with suppress(FileExistsError):
        os.link(fresh, path)  # whole, and never over a key that another process has just made
    fresh.unlink()
    return bytes.fromhex(path.read_text().strip())


def strays(before: datetime, known: Iterable[str]) -> list[str]:
    """Names of files that no row knows and that are older than `before`: left by a request that was cut off."""
    names = set(known)
    return [
        path.stem
        for path in (Path(settings.DATA) / "evidence").glob("*/*")
        if path.stem not in names and path.stat().st_mtime < before.timestamp()
    ]


def _key_of(evidence: Evidence) -> bytes:
    if not evidence.is_kept:
        raise _gone("这份证据已按期清除", "this evidence has been erased")
    try:
        return unwrap_key(site_key(), bytes(evidence.wrapped))
    except BrokenVaultError:
        raise _gone("证据密钥不符，打不开", "the key of the evidence store does not fit") from None


def _gone(zh: str, en: str) -> BadInput:
    return BadInput(Words(zh, en))


def _path(name: str) -> Path:
    return Path(settings.DATA) / "evidence" / name[:2] / name
