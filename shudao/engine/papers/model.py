"""文书 (paper): one official paper as frozen data; `word` turns it into bytes and knows nothing of its meaning."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

Lang: TypeAlias = Literal["zh", "en"]
Layout: TypeAlias = Literal["gbt9704", "plain"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of the blocks, so that a paper can be stored and read back."""


class Heading(_Part, frozen=True, kw_only=True):
    """标题 (heading), numbered by the writer: 一、 then （一） then 1. (in the plain layout 1, 1.1, 1.1.1)."""

    text: str
    level: Literal[1, 2, 3] = 1


class Para(_Part, frozen=True, kw_only=True):
    """段落 (paragraph); `lead` is set in the second type before the text. `indent` = first line by two characters."""

    text: str
    lead: str = ""
    indent: bool = True


class Quote(_Part, frozen=True, kw_only=True):
    """引文 (quote): words cut from a stored item, never written, with the item's id and where it appeared."""

    text: str
    item: str
    source: str = ""
    at: str = ""


class Table(_Part, frozen=True, kw_only=True):
    """表 (table): `widths` are shares of the type area, one a column; every row is as long as `head`."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    caption: str = ""


class Note(_Part, frozen=True, kw_only=True):
    """注 (note): small print, e.g. what a number is measured from."""

    text: str


class Picture(_Part, frozen=True, kw_only=True):
    """插图 (picture): PNG or JPEG, over the width of the type area; `alt` says in words what it shows."""

    image: bytes
    alt: str
    caption: str = ""


Block: TypeAlias = Heading | Para | Quote | Table | Note | Picture


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """留痕标记 (stamp): name, length and last hash of a ledger stream when the paper was made.

    Whoever holds the paper can find a shortened or rewritten history with `shudao verify BUNDLE --head HEAD`.
    """

    stream: str
    length: int
    head: str


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """文书 (paper): all that stands on the pages, in the order of the official layout. Empty strings print nothing.

    `issuer` is the header mark, `signer` 签发人, `to` 主送, `cc` 抄送, `issued_by` and `date` the two halves of 印发.
    `drill` names the run: then every page carries the watermark and a header that it is an exercise.
    """

    title: str
    blocks: tuple[Block, ...]
    lang: Lang = "zh"
    layout: Layout = "gbt9704"
    issuer: str = ""
    doc_no: str = ""
    signer: str = ""
    urgency: str = ""
    to: str = ""
    attachments: tuple[str, ...] = ()
    signed_by: str = ""
    date: str = ""
    cc: str = ""
    issued_by: str = ""
    stamp: Stamp | None = None
    drill: str = ""


class SourceItem(msgspec.Struct, frozen=True, kw_only=True):
    """信息条 (item) a paper may quote from: its stored text and where and when it appeared. No author stands here."""

    id: str
    text: str
    source: str = ""
    kind: str = ""
    url: str = ""
    at: datetime | None = None
