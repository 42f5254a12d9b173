"""The review's pages: reports of incidents and drills, lessons entered and proved done."""

import re

import pytest

from shudao.org.models import PostRight
from shudao.review.models import Lesson, Report
from tests.site import furnished, opened, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(standing):
    furnished(standing)
    return f"/review/incidents/{opened().number}/"


def test_a_report_is_written_and_downloaded(place):
    client = signed_in("office_head")
    assert client.post(f"{place}write_after_action/").status_code == 302
    link = re.search(r'href="(/review/reports/[^"]+\.docx)"', text_of(client.get(place))).group(1)
    assert client.get(link).content[:2] == b"PK" and Report.objects.count() == 1
    assert link in text_of(client.get("/review/"))


def test_a_lesson_is_entered_and_proved_done(place):
    client = signed_in("office_head")
    given = {"text": "夜班增设副岗", "owner": "office_head", "due_at": "2026-08-01T10:00", "post": "office_head"}
    assert client.post(f"{place}add_lesson/", {**given, "due_at": "2020-01-01T10:00"}).status_code == 409
    assert client.post(f"{place}add_lesson/", given).status_code == 302
    lesson = Lesson.objects.get()
    assert "夜班增设副岗" in text_of(client.get("/review/"))
    done = f"{place}lessons/{lesson.code}/finish_lesson/"
    assert client.post(done, {"proof": "", "post": "office_head"}).status_code == 422
    assert client.post(done, {"proof": "任命文件第 3 号", "post": "office_head"}).status_code == 302
    lesson.refresh_from_db()
    assert lesson.is_done and "没有未完成的改进项" in text_of(client.get("/review/"))


def test_who_does_not_watch_finds_nothing(place):
    PostRight.objects.filter(post__code="drafter").delete()
    client = signed_in("drafter")
    for address in ("/review/", place, f"{place}add_lesson/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{place}write_after_action/").status_code == 404 and not Report.objects.exists()
