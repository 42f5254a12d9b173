"""站点印 (site seal): the site's own signing key, in a file of the data folder that only its owner may read.

The public half stands in the site stream (`publish_site_key`). Whoever holds a paper or a copy of the ledger can check
what the site signed; a new key, after the old file was lost, is published in its turn and vouches for nothing older.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

NAME = "signing.key"


def signing_key() -> Ed25519PrivateKey:
    """The key of this site, made once."""
    path = Path(settings.DATA) / NAME
    with suppress(FileNotFoundError):
        return _read(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(Ed25519PrivateKey.generate().private_bytes_raw().hex())
    with suppress(FileExistsError):
        os.link(fresh, path)  # whole, and never over a key that another process has just made
    fresh.unlink()
    return _read(path)


def public_key() -> str:
    """Its public half in hexadecimal."""
    return signing_key().public_key().public_bytes_raw().hex()


def _read(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))
