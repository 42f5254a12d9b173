"""对象 (objects): a JSON array of posts, or of rows under a vendor's own names, to posts."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from shudao.engine.intake.headings import cell_text
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.intake.table import read_table
from shudao.engine.post import PostError, Reject, read_post
from shudao.engine.words import BadInput, Words

MAX_BYTES = 100 * 1024 * 1024
_OWN = ("id", "kind", "published_at")  # what only a post of INTERFACES carries together


def read_objects(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """Posts of a JSON array, or of the array that an object holds under one of its names. Numbered from 1. BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput(Words("文件过大", "the file is too large"), where=where)
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput(Words("不是合法的 JSON", "not valid JSON"), where=where) from None
    return read_values(array_in(value, where=where), setting, where=where)


def array_in(value: Any, *, where: str = "") -> list[Any]:
    """The array itself, or the first one in an object; BadInput when there is none."""
    if isinstance(value, dict):
        value = next((part for part in value.values() if isinstance(part, list)), value)
    if not isinstance(value, list):
        mend = Words("应为 [ {…}, {…} ]", "it should be [ {…}, {…} ]")
        raise BadInput(Words("JSON 里没有数组", "there is no array in the JSON"), where=where, mend=mend)
    return value


def read_values(values: Sequence[Any], setting: Setting, *, where: str = "") -> Results:
    """Posts of decoded objects: each by itself when they are posts, else as the rows of a table whose headings are the names."""
    first = next((value for value in values if isinstance(value, dict)), None)
    if first is None or (is_post(first) and not setting.columns):
        yield from (result for number, value in enumerate(values, 1) for result in _each(number, value, setting))
        return
    yield from _as_table(values, setting, where)


def is_post(value: Mapping[str, Any]) -> bool:
    """Whether an object is a post of INTERFACES, not a row of somebody's own making."""
    return set(_OWN) <= value.keys()


def _each(number: int, value: Any, setting: Setting) -> Results:
    try:
        yield read_post(msgspec.json.encode(value), setting.latest)
    except PostError as error:
        yield Reject(line=number, why=error.words)


def _as_table(values: Sequence[Any], setting: Setting, where: str) -> Results:
    """A heading row above the values; a line of the table is one more than the place of its value."""
    rows: list[Mapping[str, Any]] = [value if isinstance(value, dict) else {} for value in values]
    names = list(dict.fromkeys(str(name) for row in rows[:200] for name in row))
    for at, value in enumerate(values, 1):
        if not isinstance(value, dict) or not any(cell_text(part) for part in value.values()):
            yield Reject(line=at, why=Words("不是 JSON 对象", "not a JSON object"))
    cells = ([_cell(row.get(name)) for name in names] for row in rows)
    for result in read_table([names, *cells], msgspec.structs.replace(setting, layout=None), where=where):
        yield Reject(line=result.line - 1, why=result.why, raw=result.raw) if isinstance(result, Reject) else result


def _cell(value: Any) -> object:
    return value if isinstance(value, str | int | float) or value is None else msgspec.json.encode(value).decode()
