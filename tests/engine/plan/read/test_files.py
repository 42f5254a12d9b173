"""Bytes of any usual form become numbered lines; bytes of no form become one clear refusal."""

import io
import zipfile
from contextlib import suppress

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.plan.read.files import read_lines
from shudao.engine.plan.read.numbering import chinese, in_form
from shudao.engine.words import BadInput
from tests.engine.plan.read.word_files import bomb, saved, utility_plan

TEXT = "一、组织机构\n\n　　宣传部：负责发布。\r\n值班员应在30分钟内报告。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_any_usual_encoding(encoding: str):
    lines = read_lines(TEXT.encode(encoding), "plan.txt")
    assert [(line.src, line.text) for line in lines] == [
        (1, "一、组织机构"), (2, "宣传部：负责发布。"), (3, "值班员应在30分钟内报告。"),
    ]  # fmt: skip


def test_markdown_loses_its_marks_and_keeps_its_numbers():
    text = "# 预案\n\n<!-- 注 -->\n---\n**一、总则**\n- 见[办法](http://a.example/b)\n\n| 部门 | 任务 |\n|---|---|\n| 宣传部 | 发布 |\n"
    lines = read_lines(text.encode(), "plan.md")
    assert [(line.src, line.text, line.cell) for line in lines] == [
        (1, "预案", None), (2, "一、总则", None), (3, "见办法", None),
        (4, "部门", (1, 0, 0)), (4, "任务", (1, 0, 1)), (5, "宣传部", (1, 1, 0)), (5, "发布", (1, 1, 1)),
    ]  # fmt: skip
    assert lines[0].heading == 1


def test_word_gives_paragraphs_cells_and_text_boxes_in_reading_order():
    lines = read_lines(utility_plan(), "plan.docx")
    texts = [line.text for line in lines]
    assert texts.count("办公室主任应在2小时内书面报告栖霞市住建局。") == 1
    assert texts.index("值班调度员发现舆情后15分钟内电话报告办公室主任。") == len(texts) - 2
    assert [line.src for line in lines] == list(range(1, len(lines) + 1))
    assert next(line for line in lines if line.text == "管网处").cell == (1, 2, 0)
    assert next(line for line in lines if line.text == "组织机构").heading == 1
    assert not any("删除帖文" in text for text in texts), "what a tracked change deleted is not there"


def test_word_numbers_its_lists_and_we_print_the_same_numbers():
    numbered = [line.number for line in read_lines(utility_plan(), "plan.docx") if line.number]
    assert numbered == ["1.", "2."]


@pytest.mark.parametrize(
    ("value", "form", "printed"),
    [(3, "chineseCounting", "三"), (21, "chineseCountingThousand", "二十一"), (10, "japaneseCounting", "十"),
     (4, "upperRoman", "IV"), (2, "lowerLetter", "b"), (5, "decimalEnclosedCircle", "⑤"), (7, "unheard", "7")],
)  # fmt: skip
def test_forms_of_numbers(value: int, form: str, printed: str):
    assert in_form(value, form) == printed


def test_chinese_numerals_up_to_ninety_nine_are_all_different():
    assert len({chinese(value) for value in range(1, 100)}) == 99


def test_a_pdf_joins_its_printed_rows_again():
    lines = read_lines(
        _pdf(["Reporting procedure", "The duty officer reports to the head of office", "within 30 minutes."]), "p.pdf"
    )
    assert "within 30 minutes." in lines[-1].text


def test_a_scan_without_text_says_so():
    with pytest.raises(BadInput, match="no readable text"):
        read_lines(_pdf([]), "scan.pdf")


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.txt", "a.md"])
def test_an_empty_file_is_refused(name: str):
    with pytest.raises(BadInput):
        read_lines(b"", name)


def test_a_zip_bomb_is_refused():
    with pytest.raises(BadInput, match="zip bomb"):
        read_lines(bomb(), "plan.docx")


def test_a_truncated_word_file_is_refused():
    with pytest.raises(BadInput):
        read_lines(utility_plan()[:2000], "plan.docx")


def test_a_zip_that_is_no_word_file_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    with pytest.raises(BadInput, match="no document part"):
        read_lines(out.getvalue(), "plan.docx")


@pytest.mark.parametrize("name", ["plan.doc", "plan.wps", "plan.odt", "plan", "plan.exe"])
def test_other_forms_are_refused_with_the_way_out(name: str):
    with pytest.raises(BadInput, match=r"save as \.docx"):
        read_lines(b"anything", name)


def test_a_word_file_named_txt_is_refused():
    with pytest.raises(BadInput, match="does not fit"):
        read_lines(saved(docx.Document()), "plan.txt")


def test_a_text_far_too_long_for_a_plan_is_refused():
    with pytest.raises(BadInput, match="too long"):
        read_lines("预案内容。\n".encode() * 12_000, "plan.txt")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.docx", "a.pdf", "a.txt", "a.md"]))
def test_random_bytes_are_lines_or_a_refusal(data: bytes, name: str):
    with suppress(BadInput):
        assert read_lines(data, name)


def _pdf(rows: list[str]) -> bytes:
    """A small PDF with these printed rows."""
    shown = "".join(f"BT /F1 12 Tf 50 {750 - 16 * place} Td ({row}) Tj ET\n" for place, row in enumerate(rows))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}endstream",
    ]
    body, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"xref\n0 5\n0000000000 65535 f \n{table}trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + tail).encode()
