"""关怀 (care): the key that opens referrals, and opening one for those who may.

The key lies in a file of its own and serves this one purpose. No backup holds it: a copy of the site, however made, must
not keep readable what the site itself forgets after some days. Only `views.care` asks for a referral's words.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.conf import settings

from shudao.engine.address import clean_address, plain_address
from shudao.engine.pseudonym import strip_handles
from shudao.engine.text.mask import mask
from shudao.engine.text.names import hide_names
from shudao.engine.vault import KEY_BYTES, BrokenVaultError, seal_words, unseal_words

NAME = "care.key"


class Words(NamedTuple):
    """所见 (what was seen): a few words and an address, without any name that could be recognised as one."""

    note: str
    link: str


def nameless(note: str, link: str) -> Words:
    """What may be kept of what somebody typed: numbers, handles and marked names hidden, users gone from the address."""
    return Words(hide_names(strip_handles(mask(note.strip()).text)), plain_address(clean_address(link.strip())))


def seal(words: Words) -> bytes:
    """The words, encrypted."""
    return seal_words(_key(), msgspec.json.encode(list(words)).decode(), secrets.token_bytes(12))


def unseal(sealed: bytes) -> Words | None:
    """The words again; None when they are gone or the key is another."""
    if not sealed:
        return None
    try:
        return Words(*msgspec.json.decode(unseal_words(_key(), sealed), type=list[str]))
    except (BrokenVaultError, msgspec.DecodeError, TypeError):
        return None


def _key() -> bytes:
    path = Path(settings.DATA) / NAME
    with suppress(FileNotFoundError):
        return bytes.fromhex(path.read_text().strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_hex(KEY_BYTES))
    with suppress(FileExistsError):
        os.link(fresh, path)  # whole, and never over a key that another process has just made
    fresh.unlink()
    return bytes.fromhex(path.read_text().strip())
