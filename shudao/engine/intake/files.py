"""文件 (files): which reader a file goes to: by its suffix, and by its content where suffixes are known to lie."""

from functools import partial
from pathlib import PurePath
from typing import Protocol

import msgspec

from shudao.engine.intake.chat import is_chat, read_chat
from shudao.engine.intake.grid import OLE, read_grid
from shudao.engine.intake.mail import read_mail, read_mailbox
from shudao.engine.intake.moments import date_in_name
from shudao.engine.intake.objects import read_objects
from shudao.engine.intake.page import read_pdf, read_picture
from shudao.engine.intake.setting import Results, Setting
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
    read = READERS[form_of(name, data)]
    dated = msgspec.structs.replace(setting, at=date_in_name(path.stem, setting.zone) or setting.at)
    return read(data, dated, where=path.name)


def form_of(name: str, data: bytes) -> str:
    """What kind of file it is: one of `FORMS`. A text may be a chat record or a table. BadInput when it is none."""
    path = PurePath(name)
    form = _SUFFIXES.get(path.suffix.lower())
    if form is None:
        known = " ".join(sorted(_SUFFIXES))
        mend = Words(f"可读：{known}", f"readable: {known}")
        raise BadInput(Words("不认识的文件类型", "unknown kind of file"), where=path.name, mend=mend)
    if form == "text":
        return "chat" if is_chat(data) or not _is_table(data) else "table"
    if form in ("jsonl", "mail", "mailbox", "chat") and data[:8].startswith((b"PK\x03\x04", OLE)):
        return "table"
    return form


def read_lines(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """Posts of a JSONL file (INTERFACES "Posts"); every line is judged by itself, so nothing is BadInput."""
    return read_posts(bounded_lines([data]), now=setting.now)


def _is_table(data: bytes) -> bool:
    head = data[:4000]
    return data.startswith((b"PK\x03\x04", OLE, b"<")) or any(head.count(mark) >= 2 for mark in (b"\t", b","))


READERS: dict[str, Reader] = {
    "jsonl": read_lines,
    "json": read_objects,
    "table": read_grid,
    "chat": read_chat,
    "mail": read_mail,
    "mailbox": read_mailbox,
    **{form: partial(read_subtitles, form) for form in FORMATS},
    "pdf": read_pdf,
    "picture": read_picture,
}
_SUFFIXES = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "table", ".tsv": "table", ".xlsx": "table", ".xlsm": "table",
    ".xls": "table", ".htm": "table", ".html": "table", ".txt": "text", ".eml": "mail", ".mbox": "mailbox",
    **{f".{form}": form for form in FORMATS}, ".pdf": "pdf", ".png": "picture", ".jpg": "picture", ".jpeg": "picture",
}  # fmt: skip
SUFFIXES = tuple(_SUFFIXES)
