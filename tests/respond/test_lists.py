"""The lists: incidents, tasks of mine, demands, a department; who sees what, and what one tap does."""

import io
import re

import openpyxl
import pytest

from shudao.org.models import PostRight
from shudao.respond.actions import (
    add_task,
    call_meeting,
    confirm_level,
    keep_contact,
    receive_demand,
    record_oral,
)
from shudao.respond.models import Demand, Incident, Task
from tests.site import acting, furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(standing):
    furnished(standing)


@pytest.fixture
def demand(site):
    return receive_demand(acting("duty_officer"), text="临街配电箱门锁坏了", owner="service_head", channel="petition")


def main_of(page):
    return text_of(page).split('id="page"')[1].split("</main>")[0]


class TestIncidents:
    def test_found_by_state_level_title_and_fact(self, site):
        from shudao.respond.actions import add_fact

        one, two = opened("城南片区停电"), opened("充值系统多扣费")
        add_fact(acting("duty_officer"), two, status="known", text="涉及三百户预付费用户")
        confirm_level(acting("leader"), one, level="II")
        client = signed_in("duty_officer")

        def found(query):
            return set(
                re.findall(r"/respond/incidents/(\d{4}-\d{4})/", main_of(client.get(f"/respond/incidents/?{query}")))
            )

        assert found("") == {one.number, two.number} and found("state=open") == {one.number, two.number}
        assert (
            found("q=预付费") == {two.number} and found("q=停电") == {one.number} and found("level=II") == {one.number}
        )
        assert found("state=closed") == found("state=following") == found("q=没有这种事") == set()

    def test_a_drills_incidents_stand_apart(self, site, run_scene):
        opened("城西停水")
        assert "城西停水" not in text_of(signed_in("duty_officer").get("/respond/runs/0001/incidents/"))

    def test_pages_keep_the_filter(self, site):
        for n in range(22):
            opened(f"停电第{n}处")
        text = main_of(signed_in("duty_officer").get("/respond/incidents/?q=停电"))
        assert "page=2" in text and "q=%E5%81%9C%E7%94%B5&amp;page=2" in text

    def test_questions_do_not_grow_with_the_list(self, site):
        client = signed_in("duty_officer")
        opened("一")
        first = queries_of(client, "/respond/incidents/")
        for n in range(6):
            opened(f"停电{n}")
        assert queries_of(client, "/respond/incidents/") == first


class TestMine:
    def test_everything_that_waits_with_its_verb_late_first(self, site, standing):
        incident = opened()
        client = signed_in("duty_officer")
        page = main_of(client.get("/respond/tasks/"))
        assert "向办公室主任报告" in page and "acknowledge_task/" in page
        standing.advance(minutes=500)
        page = main_of(client.get("/respond/tasks/"))
        assert "超时" in re.search(r"<h1>(.*?)</h1>", page).group(1)
        assert incident.title in page

    def test_a_tap_in_the_list_leads_back_to_the_list(self, site):
        opened()
        client, task = signed_in("duty_officer"), Task.objects.get(step="report_head")
        answer = client.post(f"/respond/tasks/{task.pk}/acknowledge_task/", {"post": "duty_officer"})
        assert answer.status_code == 302 and answer["Location"] == "/respond/tasks/"
        task.refresh_from_db()
        assert task.status == "acknowledged"

    def test_oral_acts_meetings_instructions_and_demands_are_among_them(self, site, demand):
        incident = opened()
        telling = Task.objects.get(step="report_head")
        record_oral(
            acting("duty_officer"), incident, done="confirm_level", post="leader",
            do=lambda act: confirm_level(act, incident, level="II"),
        )  # fmt: skip
        assert telling
        call_meeting(acting("office_head"), incident, posts=["leader"])
        add_task(
            acting("office_head"), None, title="书面说明原因", post="service_head", origin="instruction",
            source="市公司", wants_reply=True,
        )  # fmt: skip
        leader = main_of(signed_in("leader").get("/respond/tasks/"))
        assert "confirm_oral/" in leader and "join_meeting/" in leader
        service = main_of(signed_in("service_head").get("/respond/tasks/"))
        assert "reply_instruction/" in service and f"/respond/demands/{demand.pk}/answer_demand/" in service
        kind = main_of(signed_in("service_head").get("/respond/tasks/?kind=demand"))
        assert "门锁" in kind and "书面说明原因" not in kind

    def test_what_waits_in_a_run_is_marked_and_apart(self, site, run_scene):
        from shudao.base import clock
        from shudao.base.scene import LIVE
        from tests.site import opened as open_

        clock.start(run_scene, clock.now(LIVE))
        open_("演练里的停电", scene=run_scene)
        page = main_of(signed_in("duty_officer").get("/respond/tasks/"))
        assert "演练里等您的" in page and "/respond/runs/0001/tasks/" in page
        clock.end(run_scene)
        assert "演练里等您的" not in main_of(signed_in("duty_officer").get("/respond/tasks/"))

    def test_questions_do_not_grow_with_what_waits(self, site):
        incident, client = opened(), signed_in("service_head")

        def grow():
            receive_demand(acting("duty_officer"), text="几时来电", owner="service_head", channel="hotline")
            add_task(acting("office_head"), incident, title="报进度", post="service_head")

        grow()
        first = queries_of(client, "/respond/tasks/")
        for _ in range(5):
            grow()
        assert queries_of(client, "/respond/tasks/") == first

    def test_a_task_of_others_is_not_found_without_watching(self, site):
        task = add_task(acting("office_head"), None, title="报进度", post="service_head")
        PostRight.objects.filter(post__code="drafter").delete()
        drafter = signed_in("drafter")
        assert drafter.get(f"/respond/tasks/{task.pk}/").status_code == 404
        assert drafter.post(f"/respond/tasks/{task.pk}/finish_task/", {"post": "drafter"}).status_code == 404
        PostRight.objects.filter(post__code="service_head").delete()
        assert signed_in("service_head").get(f"/respond/tasks/{task.pk}/").status_code == 200

    def test_giving_a_task_needs_the_right_and_says_what_is_wrong(self, site):
        assert signed_in("drafter").get("/respond/tasks/add_task/").status_code == 404
        client = signed_in("duty_officer")
        given = {"title": "整理诉求", "to": "service_head", "origin": "instruction", "post": "duty_officer"}
        answer = client.post("/respond/tasks/add_task/", given)
        assert answer.status_code == 409 and "整理诉求" in text_of(answer) and not Task.objects.exists()
        answer = client.post("/respond/tasks/add_task/", {**given, "source": "市公司"})
        assert answer.status_code == 302 and Task.objects.get().code.startswith("T20")


class TestDemands:
    def test_the_owner_answers_in_two_taps(self, demand):
        client = signed_in("service_head")
        links = re.findall(r'href="([^"]+/answer_demand/[^"]*)"', main_of(client.get("/respond/demands/")))
        page = client.get(links[0].replace("&amp;", "&"))
        assert page.status_code == 200 and "门锁" in text_of(page)
        answer = client.post(links[0].split("?")[0], {"text": "今天换好", "proof": "工单 8", "post": "service_head"})
        assert answer.status_code == 302
        demand.refresh_from_db()
        assert (demand.state, demand.proof) == ("answered", "工单 8")

    def test_taken_up_with_a_contact_that_only_the_owner_sees(self, site):
        given = {
            "text": "几时来电", "channel": "hotline", "owner": "service_head", "contact": "13800138000",
            "post": "duty_officer",
        }  # fmt: skip
        answer = signed_in("duty_officer").post("/respond/demands/receive_demand/", given)
        assert answer.status_code == 302
        address = answer["Location"]
        assert "13800138000" in text_of(signed_in("service_head").get(address))
        for post in ("duty_officer", "leader"):
            assert "13800138000" not in text_of(signed_in(post).get(address))

    def test_the_spreadsheet_holds_what_was_filtered_and_never_a_contact_or_a_formula(self, demand):
        keep_contact(acting("service_head"), demand, text="13800138000")
        receive_demand(acting("duty_officer"), text="=1+1 怎么算的", owner="service_head", channel="hotline")
        client = signed_in("duty_officer")
        sheet = openpyxl.load_workbook(io.BytesIO(client.get("/respond/demands/export.xlsx").content)).active
        rows = list(sheet.iter_rows(values_only=True))
        assert len(rows) == 3 and "13800138000" not in str(rows) and any("'=1+1" in str(row[2]) for row in rows)
        one = client.get("/respond/demands/export.xlsx?channel=petition").content
        assert openpyxl.load_workbook(io.BytesIO(one)).active.max_row == 2

    def test_who_watches_nothing_sees_his_own(self, demand):
        PostRight.objects.filter(post__code__in=("service_head", "drafter")).delete()
        other = receive_demand(acting("duty_officer"), text="账单多了", owner="repair_head", channel="mailbox")
        service = signed_in("service_head")
        text = main_of(service.get("/respond/demands/"))
        assert "门锁" in text and "账单" not in text
        assert service.get(f"/respond/demands/{other.pk}/").status_code == 404
        assert "账单" not in str(
            openpyxl.load_workbook(io.BytesIO(service.get("/respond/demands/export.xlsx").content))
        )
        drafter = signed_in("drafter")
        assert drafter.get(f"/respond/demands/{demand.pk}/").status_code == 404
        answer = drafter.post(f"/respond/demands/{demand.pk}/answer_demand/", {"text": "x", "post": "drafter"})
        assert answer.status_code == 404 and Demand.objects.get(pk=demand.pk).is_open

    def test_passed_on_and_joined_to_an_incident(self, demand):
        incident = opened()
        client = signed_in("duty_officer")
        address = f"/respond/demands/{demand.pk}/"
        client.post(f"{address}pass_demand/", {"to": "repair_head", "reason": "归运检", "post": "duty_officer"})
        client.post(f"{address}link_demand/", {"into": incident.number, "post": "duty_officer"})
        demand.refresh_from_db()
        assert (demand.owner, demand.incident) == ("repair_head", incident)
        assert demand.code in text_of(client.get(f"/respond/incidents/{incident.number}/"))

    def test_earlier_answers_to_its_like_are_offered(self, demand):
        from shudao.respond.actions import answer_demand

        answer_demand(acting("service_head"), demand, text="已换锁并加装警示牌")
        like = receive_demand(acting("duty_officer"), text="配电箱门锁又坏了", owner="service_head", channel="hotline")
        client = signed_in("service_head")
        assert "加装警示牌" in text_of(client.get(f"/respond/demands/{like.pk}/"))
        assert "加装警示牌" in text_of(client.get(f"/respond/demands/{like.pk}/answer_demand/"))

    def test_questions_do_not_grow_with_the_demands(self, demand):
        client = signed_in("duty_officer")
        first = queries_of(client, "/respond/demands/")
        for n in range(6):
            receive_demand(acting("duty_officer"), text=f"几时来电{n}", owner="service_head", channel="hotline")
        assert queries_of(client, "/respond/demands/") == first


class TestRoom:
    def test_done_by_telephone_it_is_recorded_and_confirmed_with_a_tap(self, site):
        incident = opened()
        room, duty = f"/respond/incidents/{incident.number}/", signed_in("duty_officer")
        given = {"level": "II", "clause": "3.2", "post": "duty_officer", "oral_of": "leader"}
        answer = duty.post(f"{room}confirm_level/", given)
        assert answer.status_code == 422 and "谁告诉谁" in text_of(answer)
        assert duty.post(f"{room}confirm_level/", {**given, "told": "组长来电"}).status_code == 302
        assert Incident.objects.get().level == "II"
        assert "电话办理待补认" in text_of(duty.get(room)) and "confirm_oral/" not in main_of(duty.get(room))
        leader = signed_in("leader")
        assert "confirm_oral/" in main_of(leader.get(room))
        leader.post(f"{room}confirm_oral/", {"oral": "O1", "post": "leader"})
        assert "电话办理待补认" not in text_of(duty.get(room))

    def test_drafts_are_compared(self, site):
        from shudao.respond.actions import draft_statement, return_statement

        incident = opened()
        one = draft_statement(acting("drafter"), incident, text="影响三千户。", kind="holding")
        signer = one.latest.approvals.get(state="waiting", since__isnull=False).post
        return_statement(acting(signer), one, reason="写准户数")
        draft_statement(acting("drafter"), incident, text="影响3200户。", kind="holding", statement=one)
        text = text_of(signed_in("leader").get(f"/respond/incidents/{incident.number}/statements/{one.code}/"))
        assert "<del>三千</del>" in text and "<ins>3200</ins>" in text and "写准户数" in text

    def test_the_plan_of_an_incident_shows_how_far_it_has_come(self, site):
        incident = opened()
        page = signed_in("leader").get(f"/respond/incidents/{incident.number}/plan/")
        assert page.status_code == 200 and "向办公室主任报告" in text_of(page)

    def test_the_record_is_filtered_by_kind(self, site):
        from shudao.respond.actions import add_fact

        incident = opened()
        add_fact(acting("duty_officer"), incident, status="known", text="一条出线故障")
        room = f"/respond/incidents/{incident.number}/"
        record = text_of(signed_in("leader").get(f"{room}?see=facts")).split('id="record"')[1]
        assert "一条出线故障" in record and "下达任务" not in record


def test_a_department_has_its_tasks_and_demands(demand):
    task = add_task(acting("office_head"), None, title="整理诉求", post="service_head")
    page = signed_in("service_head").get("/respond/units/service_group/")
    text = main_of(page)
    assert task.title in text and "门锁" in text
    PostRight.objects.filter(post__code="drafter").delete()
    assert signed_in("drafter").get("/respond/units/service_group/").status_code == 404
