"""邮件 (mail): .eml and .mbox to posts. The sender's address is the author; attachments are not read."""

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from typing import Any

from shudao.engine.intake.clean import clean_line, clean_text, strip_markup
from shudao.engine.intake.encoding import decode
from shudao.engine.intake.moments import read_when
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.post import Post, PostError, Reject, check_post
from shudao.engine.pseudonym import strip_handles
from shudao.engine.words import BadInput, Words

MAX_MESSAGE = 25 * 1024 * 1024
MAX_PARTS = 200
_START = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]{0,500}\n")
_FOREIGN = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
# What the mail reader may raise on broken headers and parts: it was written for mail, not for hostile bytes.


def read_mail(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """The one post of an .eml file. BadInput when it carries no header of a mail."""
    if len(data) > MAX_MESSAGE:
        raise BadInput(Words("邮件过大", "the mail is too large"), where=where)
    head = data[:20_000].split(b"\n\n")[0].split(b"\r\n\r\n")[0]
    if not re.search(rb"(?im)^(?:from|subject|date|received|message-id)\s{0,3}:", head):
        raise BadInput(Words("不是邮件", "not a mail"), where=where)
    yield _read_one(1, data, setting)


def read_mailbox(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """Posts of an .mbox file; rejects carry the number of the message. BadInput when it does not start as one."""
    starts = list(_START.finditer(data))
    if not starts or starts[0].start() != 0:
        raise BadInput(Words("不是 mbox 邮箱文件", "not an mbox file"), where=where)
    ends = [found.start() for found in starts[1:]] + [len(data)]
    for number, (found, end) in enumerate(zip(starts, ends, strict=True), start=1):
        yield _read_one(number, data[found.end() : end], setting)


def _read_one(number: int, data: bytes, setting: Setting) -> Post | Reject:
    try:
        if len(data) > MAX_MESSAGE:
            raise PostError("邮件过大", "the mail is too large")
        return check_post(_make_post(message_from_bytes(data), setting))
    except PostError as error:
        return Reject(line=number, why=error.words, raw=data[:200])
    except _FOREIGN:
        return Reject(line=number, why=Words("邮件已损坏", "the mail is damaged"), raw=data[:200])


def _make_post(message: "Message[Any, Any]", setting: Setting) -> Post:
    title, text = clean_line(_header(message, "subject")), clean_text(_body(message))
    stated = _header(message, "date")
    published_at = read_when(stated, setting.zone, setting.latest) if stated else setting.at
    return Post(
        id=f"mail-{_digest(message, title, text, published_at.isoformat())}",
        source=setting.source,
        kind=setting.kind or "report",
        title=title or None,
        text=text or None,
        published_at=published_at,
        author=clean_line(_header(message, "from"), 300) or None,
    )


def _digest(message: "Message[Any, Any]", *content: str) -> str:
    ident = _header(message, "message-id") or "\0".join(strip_handles(part) for part in content)
    return hashlib.sha256(ident.encode("utf-8", "replace")).hexdigest()[:24]


def _header(message: "Message[Any, Any]", name: str) -> str:
    """A header as text: encoded words, raw UTF-8 and raw GB18030 alike; "" when it is missing."""
    for key, value in message.raw_items():
        if key.lower() == name:
            return " ".join("".join(_words(str(value)[:10_000])).split())
    return ""


def _words(raw: str) -> Iterator[str]:
    plain = decode(raw.encode("utf-8", "surrogateescape"))
    for piece, charset in decode_header(plain):
        yield piece if isinstance(piece, str) else _decoded(piece, charset)


def _body(message: "Message[Any, Any]") -> str:
    """The plain part, else the HTML part without its markup; attachments are passed over."""
    fallback = ""
    for count, part in enumerate(message.walk()):
        if count >= MAX_PARTS:
            break
        if part.is_multipart() or part.get_filename() or part.get_content_maintype() != "text":
            continue
        payload = part.get_payload(decode=True)
        text = _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""
        if part.get_content_subtype() == "plain" and text.strip():
            return text
        fallback = fallback or strip_markup(text).strip()
    return fallback


def _decoded(data: bytes, charset: str | None) -> str:
    known = (charset or "").lower()
    if known in ("gb2312", "gbk", "x-gbk", "gb_2312-80"):
        known = "gb18030"  # senders name the smaller set and use the larger
    try:
        return data.decode(known) if known and known != "unknown-8bit" else decode(data)
    except (LookupError, UnicodeError, ValueError):
        return decode(data)
