"""编码 (encoding): what bytes that do not say, or say it wrongly, most likely are: UTF-8 or GB18030."""

import re

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_COMMON_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_FEW = 0.3  # of the characters beyond ASCII may be broken; GBK read as UTF-8 breaks far more, at least two in three


def decode(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with a mark, or GB18030; broken places become U+FFFD, in the likelier of the two."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    text = data.decode("utf-8", "replace")
    if _is_few(text):
        return text
    other = data.decode("gb18030", "replace")
    return min(text, other, key=lambda read: read.count("\ufffd"))


def rescue(data: bytes, declared: str) -> bytes | None:
    """The same text in UTF-8 where the declared encoding ("" for none) would turn Chinese into nonsense; else None.

    Two cases are common in Chinese feeds: GBK that says nothing or "utf-8", and UTF-8 that says "gb2312". Anything
    that declares another encoding is believed.
    """
    says_chinese = declared.startswith(("gb", "x-gb"))
    if (
        data[:2] in (b"\xff\xfe", b"\xfe\xff")
        or b"\0" in data[:4]
        or not (declared in ("", "utf-8", "utf8") or says_chinese)
    ):
        return None
    try:
        text = data.decode("utf-8")
        return data if says_chinese and not text.isascii() else None
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    if _is_few(text):
        return text.encode()
    if not says_chinese and not _looks_chinese(data):
        return None
    text = data.decode("gb18030", "replace")
    return text.encode() if says_chinese or _is_few(text) else None


def _is_few(text: str) -> bool:
    broken = text.count("\ufffd")
    return broken == 0 or broken <= _FEW * sum(ch > "\x7f" for ch in text)


def _looks_chinese(data: bytes) -> bool:
    """Whether pairs of high bytes are mostly those of common Chinese characters, not accents before plain letters."""
    pairs = _PAIR.findall(data)
    common = sum(_COMMON_PAIR.match(pair) is not None for pair in pairs)
    return bool(pairs) and common >= 0.7 * len(pairs)
