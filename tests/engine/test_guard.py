"""Archives and XML from strangers: sound ones pass, bombs and liars are refused before they cost anything."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.guard import MEBIBYTE, check_zip, parse_xml, read_member
from shudao.engine.words import BadInput


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def test_a_sound_archive_opens_and_its_members_can_be_read():
    archive = check_zip(zipped({"a.xml": b"<a/>", "empty": b""}))
    assert read_member(archive, "a.xml") == b"<a/>"
    assert read_member(archive, "missing") is None


def test_an_archive_that_unfolds_too_far_is_refused():
    with pytest.raises(BadInput, match="zip bomb"):
        check_zip(zipped({"zeros": bytes(40 * MEBIBYTE)}))


def test_a_total_above_the_bound_is_refused_even_at_a_modest_ratio():
    with pytest.raises(BadInput, match="zip bomb"):
        check_zip(zipped({"a": b"0123456789" * 200, "b": b"0123456789" * 200}), max_total=3000)


def test_a_directory_that_lies_about_a_size_is_refused():
    data = zipped({"zeros": bytes(4 * MEBIBYTE)})
    entry = data.rindex(b"PK\x01\x02")
    lying = data[: entry + 24] + struct.pack("<I", 100) + data[entry + 28 :]
    with pytest.raises(BadInput):
        check_zip(lying)


def test_an_encrypted_archive_is_named_as_such():
    data = bytearray(zipped({"a": b"text"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadInput, match="encrypted"):
        check_zip(bytes(data))


def test_too_many_members_are_refused():
    with pytest.raises(BadInput):
        check_zip(zipped({str(i): b"" for i in range(20)}), max_members=10)


@given(st.binary(max_size=300))
def test_random_bytes_are_bad_input_never_another_error(data: bytes):
    with pytest.raises(BadInput):
        check_zip(data)


@given(st.integers(0, 200), st.integers(0, 255))
def test_one_changed_byte_is_bad_input_or_harmless(place: int, value: int):
    data = bytearray(zipped({"a.xml": b"<a>" + b"text" * 50 + b"</a>"}))
    data[place % len(data)] = value
    try:
        archive = check_zip(bytes(data))
        for name in archive.namelist():
            read_member(archive, name)
    except BadInput:
        pass


def test_entities_and_document_types_are_refused():
    laughs = b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;">]><a>&m;</a>'
    with pytest.raises(BadInput, match="document type"):
        parse_xml(laughs)


@pytest.mark.parametrize("data", [b"", b"<a>", b"\xff\xfe\x00", b"<a>" * 5000 + b"</a>" * 5000])
def test_broken_or_bottomless_xml_is_refused(data: bytes):
    with pytest.raises(BadInput):
        parse_xml(data)
