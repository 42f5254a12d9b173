"""Tables as spreadsheets: what is written is read back, and nothing in it runs."""

from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from shudao.engine.intake.grid import open_sheets
from shudao.engine.papers.book import Column, Page, plain_cell, unquoted, write_book

AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)


def page(rows, **more):
    return Page(name="人员", columns=(Column(head="姓名"), Column(head="电话")), rows=rows, **more)


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "  =HYPERLINK(1)"])
def test_what_would_run_is_kept_as_text(text):
    assert plain_cell(text) == "'" + text and unquoted(plain_cell(text)) == text
    body = ZipFile(BytesIO(write_book([page([[text, ""]])], AT))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in body


@pytest.mark.parametrize("text", ["+86 139 0000 0000", "021-5555", "张伟", "'x", "100%"])
def test_names_and_numbers_stay_as_they_are(text):
    assert plain_cell(text) == text and unquoted(text) == text


@given(TEXTS)
def test_the_apostrophe_goes_as_it_came(text):
    assert unquoted(plain_cell(text)) == text or plain_cell(text) == text


def test_days_and_texts_are_read_back_and_the_same_twice():
    rows = [["张伟", "007"], ["=李", "+86 139"], [date(2026, 10, 1), ""]]
    made = write_book([page(rows, about="说明\n第二行")], AT)
    assert made == write_book([page(rows, about="说明\n第二行")], AT)
    read = open_sheets(made)[0].rows
    assert [list(row) for row in read[1:]] == [
        ["姓名", "电话"], ["张伟", "007"], ["'=李", "+86 139"], [date(2026, 10, 1), ""],
    ]  # fmt: skip


def test_choices_may_stand_on_another_page():
    units = Page(name="单位", columns=(Column(head="名称"),), rows=[["宣传部"]])
    staff = Page(
        name="岗位",
        columns=(Column(head="单位", choices_from=("单位", "名称")), Column(head="是", choices=("是", "否"))),
    )
    sheet = load_workbook(BytesIO(write_book([units, staff], AT)))["岗位"]
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offered["A2"].startswith("'单位'!$A$2:$A$") and offered["B2"] == '"是,否"'
