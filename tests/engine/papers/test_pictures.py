"""A chart on paper: as wide as the type area, with its words, in the same bytes each time."""

import io
import struct
import zlib
from datetime import UTC, datetime

import docx
import msgspec
import pytest

from shudao.engine.papers.model import Note, Paper, Picture
from shudao.engine.papers.word import write_word

AT = datetime(2026, 3, 8, 4, 0, tzinfo=UTC)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 2, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0aaaa\0bbbb"))
    + chunk(b"IEND", b"")
)


def paper(image=PNG, caption="图 1  每小时条数"):
    block = Picture(image=image, alt="上午十时起明显多于平时", caption=caption)
    return Paper(title="专报", blocks=(block, Note(text="注")), layout="gbt9704")


def test_a_picture_fills_the_type_area_and_says_what_it_shows():
    document = docx.Document(io.BytesIO(write_word(paper(), AT)))
    shape = document.inline_shapes[0]
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert abs(shape.width - room) < 20_000 and shape.height == pytest.approx(shape.width / 2, abs=2)
    assert shape._inline.docPr.get("descr") == "上午十时起明显多于平时"
    assert any("图 1  每小时条数" in line.text for line in document.paragraphs)


def test_the_same_paper_has_the_same_bytes_and_can_be_stored():
    again = msgspec.json.decode(msgspec.json.encode(paper()), type=Paper)
    assert write_word(paper(), AT) == write_word(again, AT)


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="picture"):
        write_word(paper(image=b"<svg/>"), AT)
