"""The table of holidays: from a file, from typed lines; years that are not known are assumed."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.papers.book import Column, Page, write_book
from shudao.engine.words import BadInput
from shudao.ledger.verbs import Actor
from shudao.org.actions import put_holidays, set_up_organisation
from shudao.org.models import Holiday
from shudao.org.queries.holidays import is_assumed, is_workday, known_years
from shudao.org.sheet.holidays import holidays_of_file, holidays_of_text
from shudao.project.sample import sample_roster
from tests.site import signed_in, text_of

HEAD = Actor(LIVE, "head")
LINES = "2026-10-01 至 2026-10-07 放假 国庆节\n2026年10月10日 上班 调休\n2026.1.1,放假,元旦"


def test_typed_lines_and_stretches_of_days():
    found = holidays_of_text(LINES)
    assert len(found) == 9 and found[0] == (date(2026, 1, 1), "holiday", "元旦")
    assert found[-1] == (date(2026, 10, 10), "workday", "调休") and found[7][0] == date(2026, 10, 7)


@pytest.mark.parametrize(
    "line",
    ["10月1日 放假", "2026-10-01", "2026-10-01 调休", "2026-10-07 至 2026-10-01 放假", "2026-01-01 至 2026-12-31 放假"],
)
def test_a_line_that_cannot_be_read_is_named(line):
    with pytest.raises(BadInput) as caught:
        holidays_of_text(f"2026-10-02 放假\n{line}")
    assert "第 2 行" in caught.value.line("zh")


@pytest.mark.parametrize("heads", [("节日", "日期", "安排"), ("name", "Date", "Type")])
def test_a_spreadsheet_in_any_order_of_columns(heads):
    rows = [["国庆节", date(2026, 10, 1), "放假"], ["补", "2026/10/10", "补班"], ["", "", ""]]
    page = Page(name="x", columns=tuple(Column(head=head) for head in heads), rows=rows, about="放假安排")
    found = holidays_of_file(write_book([page], datetime(2026, 1, 1, tzinfo=UTC)), "x.xlsx")
    assert found == [(date(2026, 10, 1), "holiday", "国庆节"), (date(2026, 10, 10), "workday", "补")]


def test_a_comma_file_in_gbk_without_headings():
    data = "2026-10-01,放假,国庆节\n2026-10-10,上班,\n".encode("gbk")
    assert [kind for _on, kind, _name in holidays_of_file(data, "x.csv")] == ["holiday", "workday"]


def test_a_file_without_days_is_refused():
    with pytest.raises(BadInput):
        holidays_of_file(b"a,b,c\n1,2,3\n", "x.csv")


@pytest.mark.django_db
def test_a_year_is_replaced_as_a_whole_and_others_stay(standing):
    put_holidays(
        HEAD,
        [(date(2025, 10, 1), "holiday", ""), (date(2026, 10, 1), "holiday", ""), (date(2026, 10, 2), "holiday", "")],
    )
    put_holidays(HEAD, [(date(2026, 10, 3), "holiday", "国庆节"), (date(2026, 10, 10), "workday", "")])
    assert known_years() == {2026: (1, 1), 2025: (1, 0)}
    assert is_workday(date(2026, 10, 1)) and not is_workday(date(2026, 10, 3)) and is_workday(date(2026, 10, 10))
    assert not is_assumed(date(2026, 3, 1)) and is_assumed(date(2027, 3, 1)) and not is_workday(date(2027, 3, 6))


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [[], [(date(2026, 10, 1), "holiday", ""), (date(2026, 10, 1), "workday", "")]])
def test_nothing_and_a_day_twice_are_refused(standing, rows):
    with pytest.raises(Refused):
        put_holidays(HEAD, rows)


@pytest.mark.django_db
def test_the_page_takes_a_file_or_lines_and_says_what_it_cannot_read(standing):
    set_up_organisation(Actor(LIVE, "system"), sample_roster("power"), is_sample=True)
    client, address = signed_in("office_head"), reverse("org:put_holidays")
    assert "2026、2027" in text_of(client.get(reverse("org:holidays")))
    for wrong in ({}, {"text": LINES, "file": SimpleUploadedFile("x.csv", b"2026-10-01,off,")}):
        assert client.post(address, wrong).status_code == 422
    page = client.post(address, {"text": "明天 放假"})
    assert page.status_code == 409 and "第 1 行" in text_of(page) and "明天 放假" in text_of(page)
    assert client.post(address, {"text": LINES}).status_code == 302
    page = text_of(client.get(reverse("org:holidays")))
    assert "国庆节" in page and "2027 年的节假日还不知道" in page and Holiday.objects.count() == 9
    file = SimpleUploadedFile("2027.csv", "日期,类别,名称\n2027-01-01,放假,元旦\n".encode())
    client.post(address, {"file": file})
    assert known_years()[2027] == (1, 0)
