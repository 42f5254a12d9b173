"""Broadcasts as subtitles, newspapers as pages."""

import io
from datetime import timedelta

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake import ocr, page
from shudao.engine.intake.files import SUFFIXES, read_file
from shudao.engine.intake.page import read_pdf, read_picture
from shudao.engine.intake.subtitle import FORMATS, FULL, read_subtitles
from shudao.engine.post import Post, Reject
from shudao.engine.words import BadInput
from tests.engine.intake.setting import MADE, SETTING, posts_of, rejects_of

SRT = """1
00:00:01,000 --> 00:00:03,000
<i>各位观众</i>晚上好

2
00:00:03,500 --> 00:00:06,000
城东片区今晚停电

3
00:01:30,000 --> 00:01:33,000
接下来是天气
"""
VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\n各位观众晚上好\n\n00:03.500 --> 00:06.000\n城东片区今晚停电\n"
ASS = (
    "[Script Info]\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,{\\b1}城东\\N停电\n"
)


def test_passages_end_with_a_pause_and_carry_their_own_time():
    first, second = read_subtitles("srt", SRT.encode(), SETTING)
    assert (first.kind, first.text) == ("tv", "各位观众晚上好\n城东片区今晚停电")
    assert first.published_at == MADE + timedelta(seconds=1)
    assert (second.text, second.published_at) == ("接下来是天气", MADE + timedelta(seconds=90))
    assert first.id != second.id


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_subtitles_in_any_usual_encoding(encoding):
    assert len(list(read_subtitles("srt", SRT.encode(encoding), SETTING))) == 2


def test_the_other_two_forms():
    assert [post.text for post in read_subtitles("vtt", VTT.encode(), SETTING)] == ["各位观众晚上好\n城东片区今晚停电"]
    assert [post.text for post in read_subtitles("ass", ASS.encode(), SETTING)] == ["城东 停电"]


def test_a_long_talk_is_cut_into_passages():
    cues = "\n\n".join(
        f"{n}\n00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\n{'停电' * 10}" for n in range(200)
    )
    posts = list(read_subtitles("srt", cues.encode(), SETTING))
    assert len(posts) > 5
    assert all(len(post.text) <= FULL + 40 for post in posts)


def test_absurd_subtitle_times_are_rejects():
    absurd = SRT.replace("00:01:30,000 --> 00:01:33,000", "99:99:99,000 --> 99:99:99,900").replace(
        "00:00:0", "900:00:0", 2
    )
    assert all(isinstance(result, Post | Reject) for result in read_subtitles("srt", absurd.encode(), SETTING))
    late = "1\n999:00:00,000 --> 999:00:01,000\n停电\n"
    assert rejects_of(read_subtitles("srt", late.encode(), SETTING))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("data", [b"", b"\x00\xff", "没有字幕".encode(), b"x" * 11_000_000])
def test_a_file_without_subtitles_is_bad_input(form, data):
    with pytest.raises(BadInput):
        list(read_subtitles(form, data, SETTING))


@pytest.mark.parametrize("form", FORMATS)
@given(st.text(alphabet="0123456789:,.->\n [Events]Dialogue停", max_size=120) | st.text(max_size=60))
def test_any_text_as_subtitles(form, text):
    for data in (text.encode("utf-8", "replace"), (SRT[:60] + text).encode("utf-8", "replace")):
        try:
            for result in read_subtitles(form, data, SETTING):
                assert isinstance(result, Post | Reject)
        except BadInput:
            continue


def pdf(*texts: str) -> bytes:
    """A PDF with one page for each text, "" for an empty one."""
    document = pypdfium2.PdfDocument.new()
    for text in texts:
        sheet = document.new_page(300, 200)
        if text:
            font = pypdfium2.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
            written = pypdfium2.raw.FPDFPageObj_CreateTextObj(document, font, 12.0)
            letters = (text + "\0").encode("utf-16-le")
            pypdfium2.raw.FPDFText_SetText(
                written, (pypdfium2.raw.FPDF_WCHAR * (len(text) + 1)).from_buffer_copy(letters)
            )
            pypdfium2.raw.FPDFPageObj_Transform(written, 1, 0, 0, 1, 20, 100)
            pypdfium2.raw.FPDFPage_InsertObject(sheet, written)
            pypdfium2.raw.FPDFPage_GenerateContent(sheet)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_every_page_with_text_is_a_post_and_an_empty_one_a_reject():
    results = list(read_pdf(pdf("power cut in the east", "", "weather tomorrow"), SETTING))
    assert [post.text for post in posts_of(results)] == ["power cut in the east", "weather tomorrow"]
    assert [reject.line for reject in rejects_of(results)] == [2]
    assert all(post.kind == "print" and post.published_at == MADE for post in posts_of(results))


@pytest.mark.parametrize("size", [0, 1, 8, 50, -200])
def test_a_pdf_cut_short_is_read_or_refused(size):
    try:
        assert all(isinstance(result, Post | Reject) for result in read_pdf(pdf("power cut here")[:size], SETTING))
    except BadInput:
        return


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_damaged_pdf_is_read_or_refused(place, junk):
    data = PDF[:place] + junk + PDF[place + len(junk) :]
    try:
        assert all(isinstance(result, Post | Reject) for result in read_pdf(data, SETTING))
    except BadInput:
        return


PDF = pdf("power cut here")


def test_a_picture_without_the_extra_says_which_extra(monkeypatch):
    monkeypatch.setattr(ocr.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BadInput) as error:
        list(read_picture(b"\x89PNG", SETTING))
    assert "ocr" in error.value.line("zh")


def test_a_page_that_is_a_picture_is_a_reject_without_the_extra(monkeypatch):
    monkeypatch.setattr(page.ocr, "is_available", lambda: False)
    [reject] = read_pdf(pdf(""), SETTING)
    assert reject.line == 1


@pytest.mark.parametrize("name", ["x.exe", "x", "x.jsonl.gz", ".jsonl", "停电.docx"])
def test_an_unknown_file_names_the_known_kinds(name):
    with pytest.raises(BadInput) as error:
        read_file(name, b"", SETTING)
    assert ".xlsx" in error.value.line("en")


def test_a_date_in_the_name_goes_before_the_files_own():
    [first, _] = read_file("青岚新闻_20260301_1830.SRT", SRT.encode(), SETTING)
    assert first.published_at.isoformat() == "2026-03-01T18:30:01+08:00"


@pytest.mark.parametrize("suffix", sorted(set(SUFFIXES) - {".png", ".jpg", ".jpeg"}))
@given(st.binary(max_size=200))
def test_any_bytes_under_any_name_are_read_or_refused(suffix, data):
    try:
        for result in read_file("x" + suffix, data, SETTING):
            assert isinstance(result, Post | Reject)
    except BadInput:
        return
