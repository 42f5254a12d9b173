"""记录 (entry): the hash chain of the ledger, as pure functions over plain values.

An entry is `{stream, seq, at, happened_at, verb, post, data, prev, hash}`; `hash` is SHA-256 over the RFC 8785
form of the entry without `hash`, `prev` the hash of the entry before in the same stream (64 zeros at the start).
Numbers in entries are whole: fractions are written as text, so that every language hashes the same bytes.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import rfc8785

from shudao.engine.words import Words

Value = Any
"""A JSON value without fractions: str, int, bool, None, list or dict of these."""

ROOT = "0" * 64
FIELDS = ("stream", "seq", "at", "happened_at", "verb", "post", "data", "prev", "hash")


class ChainReport(msgspec.Struct, frozen=True):
    """验证 (verification) of one stream: whether it holds, how long it is, where it breaks and why."""

    ok: bool
    length: int
    head: str
    fault: Words | None = None
    at_seq: int | None = None


def canonical(value: Value) -> bytes:
    """RFC 8785 bytes of a value. Raises ValueError for fractions, whole numbers beyond 2**53 and unknown types."""
    _refuse_fractions(value)
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(str(error)) from error


def link(entry: Mapping[str, Value]) -> dict[str, Value]:
    """The entry with its `hash`; any hash it had is replaced."""
    body = {key: entry[key] for key in FIELDS if key != "hash"}
    return {**body, "hash": hashlib.sha256(canonical(body)).hexdigest()}


def commitment(text: str, salt: str) -> str:
    """Salted commitment to an erasable text: HMAC-SHA-256 of the text (UTF-8) under the salt (hex)."""
    return hmac.new(bytes.fromhex(salt), text.encode(), hashlib.sha256).hexdigest()


def check_chain(entries: Iterable[Mapping[str, Value]]) -> ChainReport:
    """Walk one stream in order; the first fault ends the walk."""
    head, length, stream = ROOT, 0, None
    for entry in entries:
        fault = _fault(entry, length + 1, head, stream)
        if fault:
            return ChainReport(False, length, head, fault, length + 1)
        stream, head, length = entry["stream"], entry["hash"], length + 1
    return ChainReport(True, length, head)


def _fault(entry: Mapping[str, Value], seq: int, prev: str, stream: str | None) -> Words | None:
    if set(entry) != set(FIELDS):
        return Words(zh="记录的字段不对", en="the entry's fields are wrong")
    if entry["seq"] != seq:
        return Words(zh=f"序号应为 {seq}，实为 {entry['seq']}", en=f"expected number {seq}, found {entry['seq']}")
    if stream is not None and entry["stream"] != stream:
        return Words(zh="混入了另一条记录流", en="an entry of another stream is mixed in")
    if entry["prev"] != prev:
        return Words(zh="与上一条记录不相接", en="does not follow the entry before")
    try:
        same = link(entry)["hash"] == entry["hash"]
    except ValueError:
        same = False
    return None if same else Words(zh="内容与其哈希不符", en="the content does not match its hash")


def _refuse_fractions(value: Value) -> None:
    if isinstance(value, float):
        raise ValueError(f"fraction {value!r} in a ledger entry: write it as text")
    if isinstance(value, dict):
        for part in value.values():
            _refuse_fractions(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_fractions(part)
