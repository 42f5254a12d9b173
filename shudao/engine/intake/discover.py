"""发现 (discover): what a web page is that is no feed: the feeds it names, and whether it is a gate for machines."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

MOST_READ = 300_000  # characters; the head of a page stands in its beginning
MOST_FEEDS = 5
FEEDS = frozenset({
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json+feed",
})  # fmt: skip
_PAGE = re.compile(r"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_GATE = re.compile(
    r"captcha|geetest|cf-challenge|challenge-platform|are you (?:a )?(?:human|robot)|verify you are human"
    r"|人机验证|安全验证|滑块验证|请输入验证码|访问过于频繁|请完成验证",
    re.IGNORECASE,
)


def is_page(data: bytes) -> bool:
    """Whether the bytes begin as a web page."""
    return bool(_PAGE.search(_text(data[:4096])))


def is_gate(data: bytes) -> bool:
    """Whether a page asks its visitor to prove that he is no machine. We never try to."""
    return bool(_GATE.search(_text(data)))


def feeds_of(data: bytes, address: str) -> list[tuple[str, str]]:
    """(title, address) of the feeds a page names in its head, in its order, each once."""
    found = _Links()
    try:
        found.feed(_text(data))
        found.close()
    except (AssertionError, ValueError):
        pass
    rows: dict[str, str] = {}
    for title, target in found.rows:
        absolute = _absolute(address, target)
        if absolute and absolute not in rows and len(rows) < MOST_FEEDS:
            rows[absolute] = title or absolute
    return [(title, target) for target, title in rows.items()]


class _Links(HTMLParser):
    """Collects `<link rel=alternate type=feed href>`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "link":
            return
        held = {name: (value or "").strip() for name, value in attrs}
        kind = held.get("type", "").split(";")[0].strip().lower()
        if kind in FEEDS and "alternate" in held.get("rel", "").lower().split() and held.get("href"):
            self.rows.append((held.get("title", "")[:120], held["href"]))


def _absolute(address: str, target: str) -> str:
    try:
        absolute = urljoin(address, target)
        return absolute if urlsplit(absolute).scheme in ("http", "https") and len(absolute) <= 2000 else ""
    except ValueError:
        return ""


def _text(data: bytes) -> str:
    return data[:MOST_READ].decode("utf-8", "replace")
