"""逗号表 (comma-separated file): any usual encoding and separator, to rows."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from shudao.engine.intake.encoding import decode
from shudao.engine.intake.headings import SEARCHED_ROWS, Row, heading_score
from shudao.engine.post import Reject
from shudao.engine.words import Words

_SEPARATORS = (",", "\t", ";", "|", "，", "；")


def comma_rows(data: bytes) -> tuple[list[Row], list[Reject]]:
    """Rows of a comma-separated file, and those that could not be cut (they stand as empty rows among the others)."""
    text = decode(data)
    separator = max(_SEPARATORS, key=lambda mark: _score(text, mark))
    faults: list[Reject] = []
    return list(_rows(text, separator, faults)), faults


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


def _score(text: str, separator: str) -> tuple[int, int]:
    """Known headings first; without any, what cuts most rows into the same number of cells, more than one."""
    rows = list(islice(_rows(text, separator, []), SEARCHED_ROWS))
    widths = [len(row) for row in rows if len(row) > 1]
    same = max((widths.count(width) * width for width in set(widths)), default=0)
    return max((heading_score(row) for row in rows), default=0), same
