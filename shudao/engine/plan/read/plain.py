"""Text and Markdown files -> lines. Encodings: UTF-8 with or without mark, UTF-16, GB 18030."""

import codecs
import re
import unicodedata

from shudao.engine.plan.read.lines import Line
from shudao.engine.words import BadInput, Words

ODD_SHARE = 0.01
"""A text with more than this share of control or unassigned characters is no text."""

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")
_BULLET = re.compile(r"^\s*[-*+•·●■◆]\s+")
_RULE = re.compile(r"^\s*([-*_=]\s*){3,}$|^\s*\|?[\s|:-]*-{2,}[\s|:-]*$")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_COMMENT = re.compile(r"<!--.{0,2000}?-->", re.S)
_MARKS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__|`|\\(?=[\\_*#|\[\]().-])|</?(?:b|i|u|strong|em|br|p|span)\s*/?>")
_SPACE = " \t\u3000\u00a0\ufeff\u200b"

_POINT = re.compile(r"([ \t]*)[-*+•][ \t]")


def read_text(data: bytes, where: str) -> list[Line]:
    """Each non-empty line of a text file is one paragraph."""
    rows = (row.strip(_SPACE) for row in _rows(decode(data, where)))
    return [Line(src=src, text=row) for src, row in enumerate((row for row in rows if row), start=1)]


def read_markdown(data: bytes, where: str) -> list[Line]:
    """Each non-empty line is one paragraph, without its marks; the cells of a table row share the row's number."""
    lines: list[Line] = []
    src, table, row = 0, 0, -1
    for raw in _rows(_COMMENT.sub("", decode(data, where))):
        if not raw.strip(_SPACE):
            row = -1
            continue
        if _RULE.match(raw):
            continue
        src += 1
        if raw.lstrip().startswith("|") and raw.count("|") >= 2:
            table, row = (table + 1, 0) if row < 0 else (table, row + 1)
            cells = re.split(r"(?<!\\)\|", raw.strip().strip("|"))
            texts = [_bare(cell) for cell in cells]
            lines += [Line(src=src, text=t, cell=(table, row, c)) for c, t in enumerate(texts) if t]
            src -= not any(texts)
            continue
        row = -1
        found = _HEADING.match(raw)
        text = _bare(found[2] if found else _BULLET.sub("", raw))
        if text:
            bullet = None if found else _POINT.match(raw)
            indent = len(bullet[1].expandtabs(4)) if bullet else None
            lines.append(Line(src=src, text=text, heading=len(found[1]) if found else None, indent=indent))
        else:
            src -= 1
    return lines


def decode(data: bytes, where: str) -> str:
    """The text of a file in any of the usual encodings; BadInput when it is no text."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _reads_like_text(text):
            return text
    raise BadInput(
        Words("认不出文字编码，或不是文本文件", "no known text encoding, or no text file at all"),
        where=where,
        mend=Words("请另存为 UTF-8 文本或 .docx", "save it as UTF-8 text or as .docx"),
    )


def _encodings(data: bytes) -> list[str]:
    if data.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    if b"\0" in data[:2000]:
        return ["utf-16-le", "utf-16-be"]
    return ["utf-8", "gb18030", "utf-16-le", "utf-16-be"]


def _reads_like_text(text: str) -> bool:
    sample = text[:20_000] + text[-2_000:]
    odd = sum(1 for c in sample if c not in "\t\n\r\f" and unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs"))
    return odd <= ODD_SHARE * len(sample)


def _rows(text: str) -> list[str]:
    return re.split(r"\r\n|[\n\r\f\v\u2028\u2029]", text)


def _bare(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip(_SPACE)
