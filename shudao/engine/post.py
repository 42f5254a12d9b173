"""帖子 (post): one public piece as it came in, and the reading of JSONL posts (INTERFACES "Posts").

A bad line becomes a `Reject` with its number and never stops the reading; memory is bounded by one line.
Text is kept exactly as written, so that character offsets found later point into the user's own file.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from shudao.engine.words import Words

KINDS = ("web", "news", "social", "print", "radio", "tv", "report")
MAX_LINE = 4 * 1024 * 1024  # bytes of one line; longer ones are rejected unread
MAX_ID = 512  # characters
MAX_COUNT = 2**53 - 1  # beyond it JSON numbers lose their last digit
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)  # used only when the caller gives no `now`
AHEAD = timedelta(days=1)  # clocks differ; a day ahead is no error, more is absurd
RAW_KEPT = 200  # bytes of a bad line held for the caller; never to be stored or logged: it may name an author


class Counts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """计数 (counts): what the source itself counted, each a whole number >= 0 or unknown."""

    likes: int | None = None
    shares: int | None = None
    comments: int | None = None
    views: int | None = None


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """帖子 (post): one public piece; at least one of `title` and `text` says something.

    `published_at` is aware; `author` is the handle in clear and lives in memory only (see `pseudonym`).
    """

    id: str
    source: str = "unknown"
    kind: str
    url: str | None = None
    title: str | None = None
    text: str | None = None
    published_at: datetime
    author: str | None = None
    counts: Counts | None = None


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """退件 (reject): a line or row that is no post: its number from 1, why, and its first bytes (memory only)."""

    line: int
    why: Words
    raw: bytes = b""


class PostError(ValueError):
    """A single line refused; carries the words. Inside the engine only: callers see `Reject`."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(zh=zh, en=en)


class _Line(msgspec.Struct, kw_only=True):
    """The line as JSON gives it; unknown fields are let pass, since the form may be extended."""

    id: str | int
    source: str | None = None
    kind: str
    url: str | None = None
    title: str | None = None
    text: str | None = None
    published_at: str
    author: str | None = None
    counts: Counts | None = None


_decoder = msgspec.json.Decoder(_Line)
_PATH = re.compile(r"`\$\.?([\w.]*)`$")
_MISSING = re.compile(r"missing required field `(\w+)`")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def read_posts(lines: Iterable[bytes], *, now: datetime | None = None) -> Iterator[Post | Reject]:
    """Posts and rejects in the order of `lines` (UTF-8 JSON, one a line; blank lines are passed over).

    `now` (aware) sets how late a date may be: one day after it; without it, the year 2100.
    """
    latest = now + AHEAD if now else LATEST
    for number, line in enumerate(lines, start=1):
        if number == 1 and line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        if len(line) <= MAX_LINE and not line.strip():
            continue
        try:
            yield read_post(line, latest)
        except PostError as refused:
            yield Reject(line=number, why=refused.words, raw=line[:RAW_KEPT])


def read_post(line: bytes, latest: datetime = LATEST) -> Post:
    """One line as a post, or `PostError`."""
    if len(line) > MAX_LINE:
        raise PostError(f"一行超过 {MAX_LINE} 字节", f"line longer than {MAX_LINE} bytes")
    try:
        raw = _decoder.decode(line)
    except msgspec.ValidationError as error:
        raise _field_fault(str(error)) from None
    except UnicodeDecodeError:
        raise PostError("不是 UTF-8 编码", "not UTF-8") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise _syntax_fault(str(error)) from None
    moment = read_moment(raw.published_at, latest)
    post = Post(
        id=str(raw.id),
        source=raw.source or "unknown",
        kind=raw.kind,
        url=raw.url,
        title=raw.title,
        text=raw.text,
        published_at=moment,
        author=raw.author,
        counts=raw.counts,
    )
    return check_post(post)


def check_post(post: Post) -> Post:
    """The post itself after the checks that every way in shares, or `PostError`; the moment is checked apart."""
    if not post.id.strip() or len(post.id) > MAX_ID or _CONTROL.search(post.id):
        raise PostError(
            f"id 为空、超过 {MAX_ID} 字或含控制字符", f"id empty, over {MAX_ID} characters or with controls"
        )
    if post.kind not in KINDS:
        known = ", ".join(KINDS)
        raise PostError(f"kind 应为其中之一：{known}", f"kind must be one of {known}")
    if not (post.title and post.title.strip()) and not (post.text and post.text.strip()):
        raise PostError("title 与 text 至少要有一个", "neither title nor text")
    if post.counts is not None:
        _check_counts(post.counts)
    return post


def read_moment(text: str, latest: datetime = LATEST) -> datetime:
    """An aware moment from ISO 8601 with offset, between 1990 and `latest`, or `PostError`."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise PostError("published_at 不是 ISO 8601 时间", "published_at is no ISO 8601 time") from None
    return check_moment(moment, latest)


def check_moment(moment: datetime, latest: datetime = LATEST) -> datetime:
    """The moment itself when it is aware and between 1990 and `latest`, or `PostError`."""
    if moment.tzinfo is None:
        raise PostError("发布时间（published_at）缺少时区（如 +08:00）", "published_at has no offset (such as +08:00)")
    if moment < EARLIEST:
        raise PostError("发布时间（published_at）早于 1990 年", "published_at is before 1990")
    if moment > latest:
        raise PostError("发布时间（published_at）在未来", "published_at lies in the future")
    return moment


def bounded_lines(chunks: Iterable[bytes], limit: int = MAX_LINE) -> Iterator[bytes]:
    """Lines (without their end) from pieces of any size; an overlong line comes cut to `limit` + 1 bytes.

    So a file that is one endless line costs no more memory than `limit` plus one piece.
    """
    rest = b""
    for chunk in chunks:
        *whole, tail = chunk.split(b"\n")
        for piece in whole:
            yield (rest + piece)[: limit + 1]
            rest = b""
        rest = (rest + tail)[: limit + 1]
    if rest:
        yield rest


def _check_counts(counts: Counts) -> None:
    for name in counts.__struct_fields__:
        value = getattr(counts, name)
        if value is not None and not 0 <= value <= MAX_COUNT:
            raise PostError(f"counts.{name} 为负或过大", f"counts.{name} is negative or too large")


def _field_fault(message: str) -> PostError:
    """The decoder's complaint about a field in both languages, never with the field's value."""
    if missing := _MISSING.search(message):
        return PostError(f"缺少字段 {missing[1]}", f"field {missing[1]} is missing")
    path = _PATH.search(message)
    if path and path[1]:
        return PostError(f"字段 {path[1]} 的类型不对", f"field {path[1]} has the wrong type")
    return PostError("不是 JSON 对象", "not a JSON object")


def _syntax_fault(message: str) -> PostError:
    at = re.search(r"byte (\d+)", message)
    place = f"（第 {at[1]} 字节）" if at else ""
    return PostError(f"不是合法的 JSON{place}", f"not valid JSON{f' (byte {at[1]})' if at else ''}")
