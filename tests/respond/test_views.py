"""The incident room: who sees it, what a tap does, how a refusal comes back."""

import re

import pytest
from django.urls import reverse

from shudao.ledger.queries import entries_of
from shudao.respond.models import Demand, Fact, Incident, Statement, Task
from shudao.respond.views import DESKS
from tests.site import acting, furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(standing):
    furnished(standing)
    return f"/respond/incidents/{opened().number}/"


def verbs_of():
    return [row["verb"] for row in entries_of(Incident.objects.get().stream)]


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "向办公室主任报告"), ("en", "Waits for you")])
def test_the_room_says_first_what_waits_for_the_reader(room, language, word):
    page = signed_in("duty_officer", language).get(room)
    heading = re.search(r"<h1>(.*?)</h1>", text_of(page)).group(1)
    assert page.status_code == 200 and word in heading


ALONE = {"change_plan", "link_incidents", "merge_incidents", "unlink_incidents"}
"""They want another edition or another incident: tests/respond/test_joining_pages.py."""


@pytest.mark.parametrize("verb", sorted(set(DESKS) - ALONE))
def test_every_verb_has_a_page_of_its_own(room, verb):
    page = signed_in("office_head").get(f"{room}{verb}/")
    assert page.status_code == 200 and f'action="{room}{verb}/"' in text_of(page)


def test_another_incidents_room_is_not_found(room):
    client = signed_in("duty_officer")
    assert client.get("/respond/incidents/1999-0001/").status_code == 404
    assert client.get(room.replace("/respond/", "/respond/runs/0001/")).status_code == 404


def test_a_task_is_taken_and_finished_with_two_taps(room):
    client, task = signed_in("duty_officer"), Task.objects.get(step="report_head")
    for verb in ("acknowledge_task", "finish_task"):
        answer = client.post(f"{room}{verb}/", {"task": task.code, "post": "duty_officer"})
        assert answer.status_code == 302 and answer["Location"].startswith(room)
    task.refresh_from_db()
    assert task.status == "done" and {"acknowledge_task", "finish_task"} <= set(verbs_of())


def test_a_post_that_is_not_ones_own_is_not_found(room):
    task = Task.objects.get(step="report_head")
    answer = signed_in("drafter").post(f"{room}acknowledge_task/", {"task": task.code, "post": "duty_officer"})
    assert answer.status_code in {404, 422}
    task.refresh_from_db()
    assert task.status == "called"


def test_a_refusal_comes_back_in_words_and_nothing_written_is_lost(room):
    client = signed_in("office_head")
    before = len(verbs_of())
    given = {"level": "I", "clause": "3.2", "reason": "多人受伤的说法", "post": "office_head"}
    answer = client.post(f"{room}confirm_level/", given)
    text = text_of(answer)
    assert answer.status_code == 409 and 'role="alert"' in text and "无权" in text
    assert "多人受伤的说法" in text and 'value="3.2"' in text and re.search(r'value="I"[^>]*checked', text)
    assert len(verbs_of()) == before


def test_what_cannot_be_read_is_named_at_its_field(room):
    given = {"status": "known", "text": "停电", "figures": "户数 三千", "post": "duty_officer"}
    answer = signed_in("duty_officer").post(f"{room}add_fact/", given)
    assert answer.status_code == 422 and "第 1 行读不懂" in text_of(answer) and "户数 三千" in text_of(answer)
    assert not Fact.objects.exists()


def test_a_statement_goes_its_way_and_a_drafter_signs_nothing(room):
    drafter = signed_in("drafter")
    given = {"kind": "holding", "text": "今晚城南停电。", "known": "on", "figures": "户数 9", "post": "drafter"}
    assert drafter.post(f"{room}draft_statement/", given).status_code == 302
    code = Statement.objects.get().code
    assert "同意" not in text_of(drafter.get(room)).split('id="statements"')[1].split("</section>")[0]
    page = text_of(signed_in("office_head").get(room))
    assert "事实清单里没有" in page
    signing = {"statement": code, "post": "office_head"}
    assert signed_in("office_head").post(f"{room}approve_statement/", signing).status_code == 302
    back = {"statement": code, "post": "deputy_leader", "reason": "写明何时来电"}
    assert signed_in("deputy_leader").post(f"{room}return_statement/", back).status_code == 302
    assert Statement.objects.get().state == "returned" and "写明何时来电" in text_of(drafter.get(room))


def test_a_demand_is_answered_by_its_owner_only(room):
    duty = signed_in("duty_officer")
    duty.post(f"{room}add_demand/", {"text": "几时来电", "owner": "service_head", "post": "duty_officer"})
    assert "answer_demand/?demand=D1" not in text_of(duty.get(room))
    owner = signed_in("service_head")
    assert "answer_demand/?demand=D1" in text_of(owner.get(room))
    owner.post(f"{room}answer_demand/", {"demand": "D1", "text": "二十三时前", "post": "service_head"})
    assert Demand.objects.get().state == "answered"


def test_a_report_is_written_and_can_be_downloaded(room):
    client = signed_in("office_head")
    client.post(f"{room}send_briefing/", {"kind": "first", "to": "city_news_centre", "post": "office_head"})
    link = re.search(rf'href="({room}documents/[^"]+)"', text_of(client.get(room))).group(1)
    paper = client.get(link)
    assert paper.content[:2] == b"PK" and paper["Content-Disposition"].startswith("attachment")


def test_every_line_of_the_record_leads_to_its_entry(room):
    client = signed_in("duty_officer")
    links = re.findall(rf'href="({room}entries/\d+/)"', text_of(client.get(room)))
    assert links
    page = client.get(links[-1])
    assert page.status_code == 200 and "&quot;verb&quot;" in text_of(page)
    assert client.get(f"{room}entries/9999/").status_code == 404


def test_what_stands_against_closing_is_shown(room):
    assert "级别尚未确认" in text_of(signed_in("leader").get(room))


def test_an_incident_is_opened_by_hand(room):
    client = signed_in("duty_officer")
    answer = client.post(reverse("respond:open_incident"), {"title": "热线反映电线起火", "origin": "hotline"})
    assert answer.status_code == 302 and Incident.objects.filter(title="热线反映电线起火").exists()
    empty = client.post(reverse("respond:open_incident"), {"title": "", "origin": "hotline"})
    assert empty.status_code == 422 and "fault" in text_of(empty)


def test_a_live_part_gets_no_header(room):
    page = signed_in("duty_officer").get(room, headers={"HX-Request": "true"})
    assert '<header class="top">' not in text_of(page) and 'id="room-head"' in text_of(page)


def test_the_number_of_questions_does_not_grow_with_the_matter(room, standing):
    from shudao.respond.actions import add_demand, add_fact, draft_statement

    incident, client = Incident.objects.get(), signed_in("duty_officer")

    def grow():
        add_fact(acting("duty_officer"), incident, status="known", text="又一处停电", figures={"户数": 1})
        add_demand(acting("duty_officer"), incident, text="几时来电")
        draft_statement(acting("drafter"), incident, text="说明", kind="holding")

    grow()
    first = queries_of(client, room)
    grow(), grow()
    assert queries_of(client, room) == first


def test_no_link_or_form_leads_nowhere(room):
    text = text_of(signed_in("duty_officer").get(room)).split('id="page"')[1].split("</main>")[0]
    assert 'href=""' not in text and 'action=""' not in text and "None/" not in text
