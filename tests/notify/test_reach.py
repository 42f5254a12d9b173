"""Tests of who can be reached, the site's own life, and the worker's turn."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from shudao.base.models import JobRow
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.notify import actions, jobs
from shudao.notify.access import unconfirmed_count
from shudao.notify.models import Channel, Message, Parcel, ReachCall, ReachTest
from shudao.notify.queries import silent_since, worker_is_silent
from shudao.notify.queries.reach import token_of
from shudao.org.models import Organisation, Staff, Unit
from tests.notify.conftest import ADMIN, administrator, say
from tests.notify.peers import Mailbox
from tests.site import signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


# Who can be reached


def test_a_test_from_start_to_sheet(site):
    client = administrator()
    assert "真有事时" in text_of(client.get("/notify/reach/"))
    unit = Unit.objects.filter(posts__holdings__isnull=False).first()
    made = client.post("/notify/reach/start_reach_test/", {"reason": "国庆前联通测试", "minutes": 30})
    assert made.status_code == 302
    test = ReachTest.objects.get()
    called = test.calls.count()
    assert called == len({call.staff_id for call in test.calls.all()}) > 5
    duty = signed_in("duty_officer")
    page = text_of(duty.get("/notify/inbox/"))
    assert "国庆前联通测试" in page and "我在，收到了" in page
    site.advance(minutes=3)
    assert duty.post(f"/notify/reach/{test.pk}/answer_reach_test/").status_code == 302
    assert "国庆前" not in text_of(duty.get("/notify/inbox/"))
    assert duty.post(f"/notify/reach/{test.pk}/answer_reach_test/").status_code == 409
    page = text_of(client.get(f"/notify/reach/{test.pk}/"))
    assert f"还有 {called - 1} 人没有应答" in page and unit.name in page
    client.post(f"/notify/reach/{test.pk}/end_reach_test/")
    assert f"{called - 1} 人联系不上" in text_of(client.get(f"/notify/reach/{test.pk}/"))
    assert Message.objects.filter(kind="reach", confirmed_at=None).count() == 0
    sheet = load_workbook(io.BytesIO(client.get(f"/notify/reach/{test.pk}/answers.xlsx").content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert len(rows) == called and sum(row[3] == "是" for row in rows) == 1 and [r[5] for r in rows if r[5]] == [3.0]


def test_a_formula_in_a_name_stays_text(site):
    client = administrator()
    client.post("/notify/reach/start_reach_test/", {"reason": "x", "minutes": 30})
    Staff.objects.filter(pk=ReachCall.objects.first().staff_id).update(name="=1+1")
    sheet = load_workbook(
        io.BytesIO(client.get(f"/notify/reach/{ReachTest.objects.get().pk}/answers.xlsx").content)
    ).active
    assert any(cell.value == "=1+1" and cell.data_type == "s" for row in sheet.iter_rows() for cell in row)


def test_a_personal_link_answers_without_signing_in_and_does_nothing_else(site):
    administrator().post("/notify/reach/start_reach_test/", {"reason": "联通测试", "minutes": 30})
    call = ReachCall.objects.first()
    address = f"/notify/reach/answer/{token_of(call)}/"
    stranger = Client()
    page = stranger.get(address)
    assert page.status_code == 200 and call.staff.name not in text_of(page)
    call.refresh_from_db()
    assert call.answered_at is None, "a previewing messenger answers for nobody"
    assert "已记下您联系得上" in text_of(stranger.post(address))
    call.refresh_from_db()
    assert call.via == "link" and stranger.post(address).status_code == 409
    assert stranger.get("/notify/inbox/").status_code == 302 and "_auth_user_id" not in stranger.session
    assert stranger.get(f"{address[:-2]}x/").status_code == 404
    assert stranger.get(f"/notify/reach/answer/{call.pk}/").status_code == 404


def test_the_link_stands_in_the_mail_of_that_person_alone(site, authority):
    with Mailbox(authority[1]) as box:
        mail = {
            "host": "localhost",
            "port": str(box.port),
            "safety": "starttls",
            "sender": "a@example.cn",
            "authority": authority[0],
        }
        actions.add_channel(ADMIN, "mail", name="邮件", given=mail, is_inside=True)
        for staff in Staff.objects.all():
            Staff.objects.filter(pk=staff.pk).update(mail=f"{staff.user.username}@example.cn")
        administrator().post("/notify/reach/start_reach_test/", {"reason": "联通测试", "minutes": 30})
        actions.deliver_due(LIVE, site.now(), holder="w")
        actions.pack_due(site.now())
        while actions.send_due(Channel.objects.get(), holder="w"):
            site.advance(minutes=2)
        calls = {call.staff.user.username: token_of(call) for call in ReachCall.objects.select_related("staff__user")}
        assert len(box.took) >= len(calls) // 2 > 2
        for sent in box.took:
            name = sent["To"].partition("@")[0]
            text = sent.get_content().replace("\n", "")
            assert calls[name] in text and not any(calls[other] in text for other in calls if other != name)


def test_a_test_ends_by_itself(site):
    administrator().post("/notify/reach/start_reach_test/", {"reason": "联通测试", "minutes": 5})
    jobs.end_reach_tests()
    assert ReachTest.objects.get().ended_at is None
    site.advance(minutes=6)
    call = ReachCall.objects.first()
    assert Client().post(f"/notify/reach/answer/{token_of(call)}/").status_code == 409
    jobs.end_reach_tests()
    assert ReachTest.objects.get().ended_by == "system" and Entry.objects.filter(verb="end_reach_test").count() == 1


def test_who_was_not_called_and_may_not_call_sees_nothing(site):
    Organisation.objects.update(is_sample=False)  # in a sample everyone may play a drill
    administrator().post("/notify/reach/start_reach_test/", {"reason": "联通测试", "minutes": 5})
    test = ReachTest.objects.get()
    client = signed_in("drafter")
    page = text_of(client.get(f"/notify/reach/{test.pk}/"))
    assert "我在，收到了" in page and "导出表格" not in page
    test.calls.all().delete()
    assert client.get(f"/notify/reach/{test.pk}/").status_code == 404
    assert client.get("/notify/reach/").status_code == 404
    assert client.post(f"/notify/reach/{test.pk}/end_reach_test/").status_code == 404


# The site's own life


def test_the_heartbeat_tells_the_outside_and_keeps_silent_when_jobs_are_late(site, httpserver, keeper):
    asked = []
    httpserver.expect_request("/ping/secret-uuid").respond_with_handler(
        lambda request: asked.append(1) or __import__("werkzeug").Response("OK")
    )
    url = httpserver.url_for("/ping/secret-uuid")
    keeper.post("/notify/channels/set_heartbeat/", {"address": url, "minutes": 5, "is_inside": "on"})
    assert actions.beat(site.now()) is True and actions.beat(site.now()) is None
    site.advance(minutes=5)
    assert actions.beat(site.now()) is True and len(asked) == 2
    page = text_of(keeper.get("/notify/channels/"))
    assert "上次报平安" in page and "secret-uuid" not in page
    JobRow.objects.create(name="notify.deliver_messages", due_at=site.now())
    site.advance(minutes=6)
    assert actions.beat(site.now()) is None and len(asked) == 2
    JobRow.objects.update(due_at=site.now())
    httpserver.clear()
    assert actions.beat(site.now()) is False
    assert "上次没有送到" in text_of(keeper.get("/notify/channels/"))
    keeper.post("/notify/channels/set_heartbeat/", {"minutes": 5, "off": "on"})
    site.advance(minutes=9)
    assert actions.beat(site.now()) is None
    data = "".join(Entry.objects.values_list("data", flat=True))
    assert "secret-uuid" not in data


def test_a_dead_worker_is_noticed(site):
    assert not worker_is_silent(site.now())
    say()
    site.advance(minutes=3)
    assert worker_is_silent(site.now()), "a message that nobody hands on"
    JobRow.objects.create(name="notify.deliver_messages", due_at=site.now())
    JobRow.objects.create(name="gone.old_job", due_at=site.now() - timedelta(days=9))
    assert not worker_is_silent(site.now())
    site.advance(minutes=3)
    assert silent_since(site.now()) == site.now() - timedelta(minutes=3)


def test_links_lead_to_the_address_the_office_gave(site, keeper, httpserver):
    taken = []
    httpserver.expect_request("/hook").respond_with_handler(
        lambda request: taken.append(request.get_json()) or __import__("werkzeug").Response('{"errcode":0}')
    )
    keeper.post("/notify/channels/set_link_address/", {"address": "https://shudao.example.cn/"})
    actions.add_channel(ADMIN, "wecom", name="群", given={"url": httpserver.url_for("/hook?key=x")}, is_inside=True)
    say()
    jobs_now(site)
    assert "https://shudao.example.cn/notify/inbox/" in taken[0]["text"]["content"]


def jobs_now(site):
    from shudao.notify.queries.outbox import due_channels

    actions.deliver_due(LIVE, site.now(), holder="w")
    actions.pack_due(site.now())
    for row in due_channels(site.now()):
        actions.send_due(row, holder="w")


def test_the_worker_wakes_each_channel_apart(site, monkeypatch):
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"
    row = actions.add_channel(ADMIN, "wecom", name="群", given={"url": url})
    woken = []
    monkeypatch.setattr(jobs, "apart", lambda name, work: woken.append(name))
    say()
    jobs.deliver_messages()
    assert woken == [f"channel {row.pk}"] and Parcel.objects.count() == 1
    jobs.tell_outside()
    assert woken[-1] == "heartbeat"


def test_the_count_for_the_head_of_pages(site, rf):
    say()
    request = rf.get("/")
    from shudao.base import clock
    from shudao.org.queries import who_holds

    request.user = who_holds("duty_officer", clock.now(LIVE))[0].user
    assert unconfirmed_count(request) == 1
