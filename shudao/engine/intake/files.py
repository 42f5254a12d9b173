"""文件 (files): which reader a file goes to, by its suffix."""

from functools import partial
from pathlib import PurePath
from typing import Protocol

import msgspec

from shudao.engine.intake.comma import read_comma
from shudao.engine.intake.mail import read_mail, read_mailbox
from shudao.engine.intake.moments import date_in_name
from shudao.engine.intake.page import read_pdf, read_picture
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.intake.sheet import read_sheet
from shudao.engine.intake.subtitle import FORMATS, read_subtitles
from shudao.engine.post import bounded_lines, read_posts
from shudao.engine.words import BadInput, Words


class Reader(Protocol):
    """读取器 (reader): the whole file in, posts and rejects out; BadInput when it cannot be opened at all."""

    def __call__(self, data: bytes, setting: Setting, *, where: str = "") -> Results: ...


def read_file(name: str, data: bytes, setting: Setting) -> Results:
    """Posts and rejects of a file; BadInput when it is of no known kind or cannot be opened.

    A date in the name (`晚报_20260301.pdf`) goes before `setting.at` for what carries no date itself.
    """
    path = PurePath(name)
    read = READERS.get(path.suffix.lower())
    if read is None:
        known = " ".join(sorted(READERS))
        mend = Words(f"可读：{known}", f"readable: {known}")
        raise BadInput(Words("不认识的文件类型", "unknown kind of file"), where=path.name, mend=mend)
    dated = msgspec.structs.replace(setting, at=date_in_name(path.stem, setting.zone) or setting.at)
    return read(data, dated, where=path.name)


def read_lines(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """Posts of a JSONL file (INTERFACES "Posts"); every line is judged by itself, so nothing is BadInput."""
    return read_posts(bounded_lines([data]), now=setting.now)


READERS: dict[str, Reader] = {
    ".jsonl": read_lines,
    ".csv": read_comma,
    ".tsv": read_comma,
    ".xlsx": read_sheet,
    ".eml": read_mail,
    ".mbox": read_mailbox,
    **{f".{form}": partial(read_subtitles, form) for form in FORMATS},
    ".pdf": read_pdf,
    ".png": read_picture,
    ".jpg": read_picture,
    ".jpeg": read_picture,
}
