"""签名 (signing): how another system signs what it hands over: HMAC-SHA256 over time stamp and body."""

import hashlib
import hmac
from collections.abc import Iterable

VERSION = "v1"
TOLERANCE = 300  # seconds a time stamp may be off, either way


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """`v1=` and the hexadecimal HMAC-SHA256 over `stamp.body`."""
    return f"{VERSION}={hmac.new(secret, stamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def is_signed(secrets: Iterable[bytes], stamp: str, body: bytes, given: str) -> bool:
    """Whether one of the secrets made that signature; every secret is tried in the same time."""
    made = [
        hmac.compare_digest(signature(secret, stamp, body).encode(), given.strip().encode("utf-8", "replace"))
        for secret in secrets
    ]
    return any(made)


def is_timely(stamp: str, now: float) -> bool:
    """Whether a time stamp (seconds since 1970) is one, and near enough to now."""
    return stamp.isascii() and stamp.isdecimal() and len(stamp) < 13 and abs(int(stamp) - now) <= TOLERANCE


def call_digest(stamp: str, body: bytes) -> str:
    """What a call is remembered by."""
    return hashlib.sha256(stamp.encode() + b"." + body).hexdigest()
