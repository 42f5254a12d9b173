"""遮盖 (mask): numbers and addresses that lead to a person become readable marks such as 〔电话〕, at the door.

What is found is listed in docs/zh/privacy.md, format by format. What belongs to an organisation stays: hotlines
(110, 12345, 95598, 400-…), credit codes, order numbers, amounts, dates, versions. Every pattern is bounded, so the
time grows with the length of the text and with nothing else.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
import phonenumbers

from shudao.engine.address import ADDRESS
from shudao.engine.text.mask_rules import HAN_DIGITS, RULES, Found

VERSION = "mask-1"
MARKS = {
    "phone": "〔电话〕",
    "id": "〔身份证号〕",
    "permit": "〔证件号〕",
    "mail": "〔邮箱〕",
    "card": "〔银行卡号〕",
    "account": "〔账号〕",
    "student": "〔学号〕",
    "plate": "〔车牌〕",
    "address": "〔门牌〕",
}


class Span(NamedTuple):
    """一处 (span): what was masked: its kind and its place in the text as it was given."""

    start: int
    end: int
    kind: str


class Masked(msgspec.Struct, frozen=True):
    """已遮盖 (masked): the text with marks, the kinds that were found, and where they stood."""

    text: str
    kinds: frozenset[str]
    spans: tuple[Span, ...]


def mask(text: str) -> Masked:
    """The text with everything that the documented formats cover replaced by its mark."""
    if not _WORTH.search(text):
        return Masked(text, frozenset(), ())
    shape, places = _shape(text)
    spans = [Span(places(start), places(end - 1) + 1, kind) for start, end, kind in _spans(shape)]
    pieces, at = [], 0
    for start, end, kind in spans:
        pieces += [text[at:start], MARKS[kind]]
        at = end
    return Masked("".join([*pieces, text[at:]]), frozenset(span.kind for span in spans), tuple(spans))


_WORTH = re.compile(
    rf"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ①-⑨@＠]|[{HAN_DIGITS}](?:[ 、，,.-]?[{HAN_DIGITS}]){{9}}|[{HAN_DIGITS}]{{3}}[室房寝]"
)
_ABROAD = re.compile(r"(?<![0-9+])\+[1-9](?:[ ()-]{0,2}[0-9]){6,14}(?![0-9])")
MOST_ABROAD = 100  # candidates in one text
_UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2064\u00ad\ufeff\ufe0e\ufe0f\u20e3]")


def _table() -> dict[int, str]:
    """Characters that look like one ASCII character and mean it, one for one, so that places stay."""
    wide = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    rings = {ord(ring): str(at) for at, ring in enumerate("⓪①②③④⑤⑥⑦⑧⑨")}
    return wide | rings | dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-") | dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f\t"), " ") | dict.fromkeys(map(ord, "•・∙⋅"), "·") | {ord("【"): "[", ord("】"): "]", ord("｡"): "."}  # fmt: skip


_SHAPES = _table()
_SENSITIVE_FIELD = re.compile(
    r"[?&;](?P<name>phone|mobile|tel|mail|email|id_?card|id_?no|qq|wechat|wx)=(?P<it>[^&#\s]{4,80})", re.IGNORECASE
)
_FIELD_KINDS = {"mail": "mail", "email": "mail", "qq": "account", "wechat": "account", "wx": "account"}


def _shape(text: str) -> tuple[str, Callable[[int], int]]:
    """The folded text, and the way from a place in it to the place in the text as given."""
    folded = text.translate(_SHAPES)
    if not _UNSEEN.search(folded):
        return folded, lambda place: place
    kept = [at for at, char in enumerate(folded) if not _UNSEEN.match(char)]
    return "".join(folded[at] for at in kept), lambda place: kept[place]


def _spans(shape: str) -> list[Span]:
    """What is to be masked, in order, without overlaps: an earlier rule goes before a later one."""
    taken = bytearray(len(shape))
    found = list(_address_fields(shape, taken))
    for rule in RULES:
        if rule.needs and not any(char in shape for char in rule.needs):
            continue
        for match in rule.pattern.finditer(shape):
            start, end = match.span("it") if "it" in rule.pattern.groupindex else match.span()
            if any(taken[start:end]) or not rule.holds(Found(shape, start, end)):
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Span(start, end, rule.kind))
    for start, end in _numbers_abroad(shape):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Span(start, end, "phone"))
    return sorted(found)


def _address_fields(shape: str, taken: bytearray) -> Iterator[Span]:
    """Web addresses are left alone but for fields that name a person's number."""
    if "/" not in shape:
        return
    for url in ADDRESS.finditer(shape):
        taken[url.start() : url.end()] = b"\1" * (url.end() - url.start())
        for field in _SENSITIVE_FIELD.finditer(shape, url.start(), url.end()):
            name = field["name"].lower()
            kind = "id" if name.startswith("id") else _FIELD_KINDS.get(name, "phone")
            yield Span(*field.span("it"), kind)


def _numbers_abroad(shape: str) -> Iterator[tuple[int, int]]:
    """Numbers with the code of another country, valid there; a text full of plus signs is not asked about one by one."""
    candidates = list(_ABROAD.finditer(shape)) if "+" in shape else []
    for match in candidates:
        end = match.end()
        if len(candidates) > MOST_ABROAD or (end := _valid_end(shape, *match.span())):
            yield match.start(), end


def _valid_end(shape: str, start: int, end: int) -> int:
    """Where a valid number that starts here ends; 0 when there is none. Groups at its end may belong to what follows."""
    for _ in range(3):
        try:
            number = phonenumbers.parse(shape[start:end], None)
        except phonenumbers.NumberParseException:
            return 0
        if phonenumbers.is_valid_number(number):
            return end if number.country_code != 86 else 0
        cut = max(shape.rfind(" ", start, end), shape.rfind("-", start, end))
        if cut <= start:
            return 0
        end = cut
    return 0
