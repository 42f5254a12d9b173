"""清洗 (clean): foreign text as plain text. Markup is stripped, not shown; controls and broken characters go.

Everything here takes time in proportion to the length, whatever the text is made of.
"""

import html
import re
import unicodedata

import msgspec

from shudao.engine.post import Post

MAX_TEXT = 200_000  # characters kept of one text; longer ones are cut
MAX_LINE_TEXT = 1_000  # characters kept of a title or name
MAX_TAG = 4_000  # a "<" that is not closed within so many characters is a character, not a tag

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_TAG = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,40})(?=[\s/>])|[!?]")
_HIDDEN = frozenset(("script", "style", "noscript", "template", "iframe", "object", "head"))
_BREAKS = frozenset(
    ("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article")
)
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_GAPS = re.compile(r"\n{3,}")


def clean_post(post: Post) -> Post:
    """The post as text that can be stored and shown."""
    return msgspec.structs.replace(
        post,
        id=clean_id(post.id),
        source=clean_line(post.source),
        title=clean_line(post.title or ""),
        text=clean_text(post.text or ""),
    )


def clean_id(ident: str) -> str:
    """An id without controls and spaces at its ends; markup characters stay, they are part of it."""
    return _CONTROL.sub("", ident).strip()


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Running text: paragraphs kept, markup stripped, entities resolved, at most `limit` characters."""
    text = strip_markup(text[: limit * 4])
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()[:limit]


def clean_line(text: str, limit: int = MAX_LINE_TEXT) -> str:
    """A title or name: one line of plain text."""
    return " ".join(clean_text(text, limit * 4).split())[:limit]


def strip_markup(text: str) -> str:
    """The words of a piece of HTML. Text without markup comes back as it was, `3 < 5` too."""
    if "<" in text:
        text = _without_tags(text)
    return html.unescape(text) if "&" in text else text


def fold(text: str) -> str:
    """For comparing headings and codes: NFKC, case folded, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())


def _without_tags(text: str) -> str:
    lower = text.lower() if len(text.lower()) == len(text) else text
    kept: list[str] = []
    endless: set[str] = set()  # closings already sought in vain: sought once, not once a tag
    at = 0
    while (start := text.find("<", at)) >= 0:
        kept.append(text[at:start])
        at, piece = _tag_end(text, lower, start, endless)
        kept.append(piece)
    kept.append(text[at:])
    return "".join(kept)


def _tag_end(text: str, lower: str, start: int, endless: set[str]) -> tuple[int, str]:
    """Where reading goes on after the "<" at `start`, and what stands for what was passed over."""
    found = _TAG.match(text, start + 1)
    if found is None:
        return start + 1, "<"
    name = (found[1] or "").lower()
    if lower.startswith("<![cdata[", start):
        return start + 9, ""
    closing, length = ("-->", 3) if text.startswith("<!--", start) else (">", 1)
    if name in _HIDDEN and text[start + 1] != "/":
        closing, length = f"</{name}", 0
    if closing not in endless:
        end = lower.find(closing, start + 1, len(text) if closing != ">" else start + MAX_TAG)
        if end >= 0:
            return end + length, "\n" if name in _BREAKS else (" " if length != 1 else "")
        if closing != ">":
            endless.add(closing)
    end = lower.find(">", start + 1, start + MAX_TAG)
    return (end + 1, "") if end >= 0 else (start + 1, "<")
