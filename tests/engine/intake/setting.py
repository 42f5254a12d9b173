"""What the tests of reading share: a setting, small files made on the spot."""

import io
from datetime import datetime

from shudao.engine.intake.setting import CHINA, Setting
from shudao.engine.post import Post, Reject

NOW = datetime(2026, 7, 13, 10, tzinfo=CHINA)
MADE = datetime(2026, 7, 1, 18, 30, tzinfo=CHINA)
SETTING = Setting(source="青岚监测", at=MADE, now=NOW)


def posts_of(results) -> list[Post]:
    """The posts among results."""
    return [result for result in results if isinstance(result, Post)]


def rejects_of(results) -> list[Reject]:
    """The rejects among results."""
    return [result for result in results if isinstance(result, Reject)]


def xlsx(*rows, name="Sheet", more=()) -> bytes:
    """A workbook of one sheet, and further sheets as (name, rows)."""
    import openpyxl

    book = openpyxl.Workbook()
    for at, (title, lines) in enumerate([(name, rows), *more]):
        sheet = book.active if at == 0 else book.create_sheet()
        sheet.title = title
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
