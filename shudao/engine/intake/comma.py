"""逗号表 (comma-separated file): any usual encoding and separator, to rows and so to posts."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from shudao.engine.intake.encoding import decode
from shudao.engine.intake.headings import SEARCHED_ROWS, Row, heading_score
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.intake.table import read_table
from shudao.engine.post import Reject
from shudao.engine.words import BadInput, Words

MAX_BYTES = 100 * 1024 * 1024
_SEPARATORS = (",", "\t", ";", "|")


def read_comma(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """Posts of a comma-separated file. A row that cannot be decoded or cut is a reject; no heading is BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput(Words("文件过大", "the file is too large"), where=where)
    text = decode(data)
    separator = max(_SEPARATORS, key=lambda mark: _score(text, mark, setting))
    faults: list[Reject] = []
    for result in read_table(_rows(text, separator, faults), setting, where=where):
        yield from _drained(faults)
        yield result
    yield from _drained(faults)


def _rows(text: str, separator: str, faults: list[Reject]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.append(
                Reject(line=number, why=Words("一格过长或引号不成对", "a cell too long or quotes unbalanced"))
            )
            row = []
        yield row


def _score(text: str, separator: str, setting: Setting) -> int:
    rows = islice(_rows(text, separator, []), SEARCHED_ROWS)
    return max((heading_score(row, setting.columns) for row in rows), default=0)


def _drained(faults: list[Reject]) -> list[Reject]:
    drained, faults[:] = list(faults), []
    return drained
