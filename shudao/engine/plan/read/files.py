"""Which reader takes a file: by its name, checked against its first bytes."""

from pathlib import PurePath

from shudao.engine.guard import MEBIBYTE
from shudao.engine.plan.read.docx import read_docx
from shudao.engine.plan.read.lines import Line, bounded
from shudao.engine.plan.read.pdf import read_pdf
from shudao.engine.plan.read.plain import read_markdown, read_text
from shudao.engine.words import BadInput, Words

MOST_BYTES = 40 * MEBIBYTE
OFFICE = (".doc", ".wps", ".odt", ".rtf")
"""Forms that only an office program opens; the caller turns them into .docx first."""

_READERS = {
    ".docx": read_docx, ".txt": read_text, ".md": read_markdown, ".markdown": read_markdown, ".pdf": read_pdf,
}  # fmt: skip
SAVE_AS = Words("请另存为 .docx 再试", "save as .docx and retry")


def read_lines(data: bytes, name: str) -> list[Line]:
    """The numbered lines of a written plan; `name` decides the form. Raises BadInput."""
    where = PurePath(name).name
    suffix = PurePath(name).suffix.lower()
    if suffix not in _READERS:
        what = Words(f"不支持 {suffix or '无扩展名'} 文件", f"cannot read {suffix or 'this'} files")
        raise BadInput(what, where=where, mend=SAVE_AS)
    if len(data) > MOST_BYTES:
        raise BadInput(Words("文件过大", "the file is too large"), where=where, mend=SAVE_AS)
    if suffix in (".txt", ".md") and data.startswith((b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0")):
        raise BadInput(Words("扩展名与内容不符", "the name does not fit the content"), where=where, mend=SAVE_AS)
    return bounded(_READERS[suffix](data, where), where)
