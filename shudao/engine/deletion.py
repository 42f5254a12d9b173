"""清除凭证 (deletion record): what an entry `erase_old` states, and whether the site's signature under it holds.

The signature (Ed25519) covers the class, the moment, the count, the oldest and newest moment, the digest of which rows
they were, who did it and when. The key's public half stands in the entry and, published before, in the same stream.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shudao.engine.ledger import canonical

VERB = "erase_old"
STATED = ("kind", "before", "count", "oldest", "newest", "digest", "public_key")


def digest_of(rows: Iterable[tuple[int, datetime]]) -> str:
    """Which rows went: their keys and moments, never what they said."""
    whole = sha256()
    for key, moment in rows:
        whole.update(f"{key} {moment.astimezone(UTC).isoformat()}\n".encode())
    return whole.hexdigest()


def statement(data: Mapping[str, Any], *, at: str, post: str) -> bytes:
    """The bytes that are signed: what the entry states, when, and by which post."""
    return canonical({"verb": VERB, "at": at, "post": post} | {name: data[name] for name in STATED})


def sign(key: Ed25519PrivateKey, data: Mapping[str, Any], *, at: str, post: str) -> str:
    """The site's signature under a statement, in hexadecimal."""
    return key.sign(statement(data, at=at, post=post)).hex()


def holds(entry: Mapping[str, Any]) -> bool:
    """Whether the signature in an entry `erase_old` is the one of the key it names."""
    try:
        data = entry["data"]
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(data["public_key"]))
        public.verify(bytes.fromhex(data["signature"]), statement(data, at=entry["at"], post=entry["post"]))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return entry.get("verb") == VERB
