"""JSON 订阅源 (JSON Feed 1.0 and 1.1), brought to the same form as the XML feeds."""

import re
from datetime import datetime
from typing import Any

import msgspec

from shudao.engine.words import BadInput, Words

_MARK = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*\{")


class _Author(msgspec.Struct):
    name: str | None = None
    url: str | None = None


class _Item(msgspec.Struct):
    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _Author | None = None
    authors: list[_Author] = []


class _Feed(msgspec.Struct):
    version: str
    title: str = ""
    items: list[msgspec.Raw] = []


def is_json_feed(data: bytes, content_type: str) -> bool:
    """Whether the bytes are to be read as JSON: they say so, or they start as an object."""
    return "json" in content_type.lower() or _MARK.match(data) is not None


def parse_json_feed(data: bytes, where: str) -> dict[str, Any]:
    """`{version, feed, entries, bozo}` as the XML reader gives it. BadInput when it is no JSON Feed."""
    try:
        feed = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Feed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput(Words("不是合法的 JSON Feed", "no valid JSON Feed"), where=where) from None
    entries = [_entry(raw) for raw in feed.items]
    return {"version": "json", "feed": {"title": feed.title}, "entries": entries, "bozo": {} in entries}


def _entry(raw: msgspec.Raw) -> dict[str, Any]:
    """One item, empty when it is not of the form; the others are read all the same."""
    try:
        item = msgspec.json.decode(raw, type=_Item)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    authors = [*item.authors, *([item.author] if item.author else [])]
    text = item.content_html or _escaped(item.content_text) or item.summary or ""
    return {
        "id": "" if item.id is None else str(item.id),
        "link": item.url or item.external_url or "",
        "title": _escaped(item.title),
        "summary": text,
        "author": next((author.name for author in authors if author.name), ""),
        "published_parsed": _utc(item.date_published) or _utc(item.date_modified),
    }


def _escaped(text: str | None) -> str:
    """Plain text as markup, since what follows strips markup."""
    return (text or "").replace("&", "&amp;").replace("<", "&lt;")


def _utc(text: str | None) -> tuple[int, ...] | None:
    try:
        moment = datetime.fromisoformat(text or "")
        return tuple(moment.utctimetuple()[:6]) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
