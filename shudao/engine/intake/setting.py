"""读入约定 (intake setting): what the one who reads a file says about it, and the column map a user may write."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

import msgspec
import yaml

from shudao.engine.post import AHEAD, KINDS, Post, Reject
from shudao.engine.words import BadInput, Words

CHINA = timezone(timedelta(hours=8))
FIELDS = (
    "id", "source", "kind", "url", "title", "text", "published_at", "author", "likes", "shares", "comments", "views",
)  # fmt: skip
MAX_MAP = 64 * 1024

Results = Iterator[Post | Reject]


class ColumnMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """列对应 (column map), a file people write: `columns: {heading: field}`, and what the file does not say itself."""

    columns: dict[str, str] = {}
    sheet: str | None = None
    kind: str | None = None
    offset: str = "+08:00"


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """表样 (layout): the heading row (from 0, -1 for none) and the columns of each field, as a person confirmed them."""

    heading_row: int
    columns: dict[str, tuple[int, ...]]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """读入约定 (setting): `source` names the posts' source, `at` dates what carries no date (the file's own date).

    `kind` overrides the kind a format stands for; `zone` is for local times; `now` bounds the future. All aware.
    """

    source: str
    at: datetime
    now: datetime
    kind: str | None = None
    zone: tzinfo = CHINA
    columns: dict[str, str] = {}
    sheet: str | None = None
    layout: Layout | None = None

    @property
    def latest(self) -> datetime:
        """The latest moment a post may claim."""
        return self.now + AHEAD

    def with_map(self, column_map: ColumnMap) -> "Setting":
        """The setting with what the user's map says on top."""
        return msgspec.structs.replace(
            self,
            columns=column_map.columns,
            sheet=column_map.sheet,
            kind=column_map.kind or self.kind,
            zone=_zone(column_map.offset),
        )


def read_map(data: bytes, where: str = "") -> ColumnMap:
    """The column map in a YAML file. Raises BadInput naming what is wrong."""
    mend = Words(
        f"写成 columns: {{标题: title, 正文: text}}；可用字段：{', '.join(FIELDS)}",
        f"write columns: {{heading: field}}; fields: {', '.join(FIELDS)}",
    )
    if len(data) > MAX_MAP:
        raise BadInput(Words("对应表过大", "the column map is too large"), where=where, mend=mend)
    try:
        value: Any = yaml.safe_load(data)
        column_map = msgspec.convert(value, ColumnMap)
        _zone(column_map.offset)
    except (yaml.YAMLError, UnicodeError, ValueError, TypeError, RecursionError) as error:
        why = " ".join(str(error).split())[:200]
        raise BadInput(Words(f"对应表读不懂：{why}", f"column map: {why}"), where=where, mend=mend) from None
    unknown = sorted(set(column_map.columns.values()) - set(FIELDS))
    if unknown:
        names = ", ".join(unknown)[:200]
        raise BadInput(Words(f"没有这个字段：{names}", f"no such field: {names}"), where=where, mend=mend)
    if column_map.kind is not None and column_map.kind not in KINDS:
        raise BadInput(Words("kind 不在媒体类别之内", "kind is not one of the kinds"), where=where, mend=mend)
    return column_map


def _zone(offset: str) -> timezone:
    """A fixed offset such as "+08:00"; ValueError for anything else."""
    return timezone(datetime.strptime(offset, "%z").utcoffset() or timedelta())
