"""订阅源 (feed): RSS, Atom, RDF, CDF and JSON Feed to posts. Broken XML is read as far as it goes."""

import hashlib
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser
import msgspec

from shudao.engine.intake.clean import clean_line, clean_text
from shudao.engine.intake.encoding import rescue
from shudao.engine.intake.jsonfeed import is_json_feed, parse_json_feed
from shudao.engine.intake.setting import Setting
from shudao.engine.post import AHEAD, EARLIEST, Post, PostError, Reject, check_post
from shudao.engine.pseudonym import strip_handles
from shudao.engine.words import BadInput, Words

MAX_BYTES = 10 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_DEPTH = 200  # of nested elements; no feed needs more, and the reader recurses
_ENTITY = re.compile(rb"<!ENTITY\s+[%\w]", re.IGNORECASE)
_MAX_ENTITIES = 64
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w-]{1,40})""", re.IGNORECASE)
_OPEN = re.compile(rb"<(/?)[A-Za-z][^<>]{0,4000}?(/?)>")
_NO_FEED = Words("不是可读的订阅源（RSS、Atom、RDF、JSON Feed）", "no readable feed (RSS, Atom, RDF, JSON Feed)")

Parsed = Any  # feedparser.FeedParserDict, which has no types


class FeedReading(msgspec.Struct, frozen=True, kw_only=True):
    """一次读源 (feed reading): the feed's title, its posts and what was rejected, and whether it was broken."""

    title: str
    results: tuple[Post | Reject, ...]
    is_broken: bool


def read_feed(
    data: bytes, setting: Setting, *, headers: Mapping[str, str] | None = None, where: str = ""
) -> FeedReading:
    """The posts of a feed. An entry without a date, or with an absurd one, is dated by `setting.at`.

    `headers`: of the answer that brought it (Content-Type, Content-Location), lower case. BadInput when no feed is
    found; an entry that says nothing is a reject numbered by its place.
    """
    parsed = parse(data, headers or {}, where=where)
    entries = parsed.get("entries", [])
    if not entries and not parsed.get("version"):
        raise BadInput(_NO_FEED, where=where)
    results = tuple(_read_entry(number, entry, setting) for number, entry in enumerate(entries[:MAX_ENTRIES], start=1))
    title = clean_line(_word(parsed.get("feed", {}), "title"))
    return FeedReading(title=title, results=results, is_broken=bool(parsed.get("bozo")))


def parse(data: bytes, headers: Mapping[str, str], *, where: str = "") -> Parsed:
    """The feed as feedparser understands it, from bytes alone: never fetched, never opened as a file. BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput(Words("订阅源过大", "the feed is too large"), where=where)
    if is_json_feed(data, headers.get("content-type", "")):
        return parse_json_feed(data, where)
    if len(_ENTITY.findall(data)) > _MAX_ENTITIES or _depth(data) > MAX_DEPTH:
        raise BadInput(Words("订阅源的 XML 不合理", "the XML of the feed is not reasonable"), where=where)
    try:
        return _parse_xml(data, dict(headers))
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        raise BadInput(_NO_FEED, where=where) from None  # the reader trips over a few kinds of broken markup


def _parse_xml(data: bytes, headers: dict[str, str]) -> Parsed:
    content_type = headers.get("content-type", "")
    declared = _CHARSET.search(content_type.encode("ascii", "ignore")) or _DECLARED.match(data)
    rescued = rescue(data, declared[1].decode().lower() if declared else "")
    if rescued is not None:
        data, headers["content-type"] = rescued, "application/xml; charset=utf-8"
    return feedparser.parse(io.BytesIO(data), response_headers=headers)


def _read_entry(number: int, entry: Mapping[str, Any], setting: Setting) -> Post | Reject:
    try:
        return check_post(_make_post(entry, setting))
    except PostError as error:
        return Reject(line=number, why=error.words, raw=_word(entry, "id").encode("utf-8", "replace")[:200])


def _make_post(entry: Mapping[str, Any], setting: Setting) -> Post:
    title, text, url = clean_line(_word(entry, "title")), _text(entry), _word(entry, "link").strip()
    stated = _moment(entry, setting)
    return Post(
        id=_id(entry, url, title, text, stated),
        source=setting.source,
        kind=setting.kind or "web",
        url=url or None,
        title=title or None,
        text=text or None,
        published_at=stated or setting.at,
        author=clean_line(_word(entry, "author"), 300) or None,
    )


def _id(entry: Mapping[str, Any], url: str, title: str, text: str, stated: datetime | None) -> str:
    """The entry's own id, else its address, else a digest of the nameless content; never over 500 characters."""
    ident = clean_line(_word(entry, "id")) or url
    if ident and len(ident) <= 500:
        return ident
    when = stated.isoformat() if stated else ""
    content = "\0".join((strip_handles(title), strip_handles(text), when))
    return "entry-" + hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:24]


def _text(entry: Mapping[str, Any]) -> str:
    """The fullest text of an entry: its content, else its summary."""
    contents = entry.get("content")
    parts = [_word(part, "value") for part in contents if isinstance(part, Mapping)] if contents else []
    return clean_text(max([*parts, _word(entry, "summary")], key=len))


def _moment(entry: Mapping[str, Any], setting: Setting) -> datetime | None:
    for field in ("published_parsed", "updated_parsed", "created_parsed"):
        parts = entry[field] if field in entry else None  # noqa: SIM401  its get() warns
        if not parts:
            continue
        try:
            year, month, day, hour, minute, second = parts[:6]
            moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        except (ValueError, TypeError, OverflowError):
            continue
        if EARLIEST <= moment <= setting.now + AHEAD:
            return moment.astimezone(setting.zone)
    return None


def _word(holder: Any, name: str) -> str:
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return value if isinstance(value, str) else ""


def _depth(data: bytes) -> int:
    """How deep elements nest, roughly: unclosed ones count, so that hostile nesting is never under-counted."""
    depth = deepest = 0
    for found in _OPEN.finditer(data):
        if found[1]:
            depth = max(depth - 1, 0)
        elif not found[2]:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
