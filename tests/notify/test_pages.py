"""Pages of the inbox, channels, wishes and reachability tests."""

import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from shudao.base.models import JobRow
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.notify import actions, jobs
from shudao.notify.access import unconfirmed_count
from shudao.notify.models import Attempt, Channel, Contact, Habit, Message, Parcel, ReachCall, ReachTest
from shudao.notify.queries import silent_since, worker_is_silent
from shudao.notify.queries.reach import token_of
from shudao.org.models import Right, Staff, Unit
from tests.notify.conftest import ADMIN, shout
from tests.notify.peers import Mailbox
from tests.site import furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(standing):
    furnished(standing)
    return standing


@pytest.fixture
def keeper(site):
    """Whoever looks after channels."""
    return signed_in("office_head") if _may("office_head") else administrator()


def administrator() -> Client:
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(Staff.objects.filter(is_administrator=True).first().user)
    return client


def _may(post):
    from shudao.base import clock
    from shudao.org.queries import rights_of, who_holds

    holders = who_holds(post, clock.now(LIVE))
    return bool(holders) and Right.CHANNELS in rights_of(holders[0], clock.now(LIVE))


def say(post="duty_officer", text="请办理“核实情况”", **more):
    return shout(Actor(LIVE, "office_head"), post, text, **more)


# Inbox


def test_an_empty_inbox_teaches(site):
    page = text_of(signed_in("duty_officer").get("/notify/inbox/"))
    assert "没有等您确认的消息" in page and "/notify/mine/" in page


def test_one_tap_confirms_and_what_is_confirmed_can_be_read_again(site):
    rows = [say(matter=f"2026-001/T{n}") for n in range(3)]
    client = signed_in("duty_officer")
    page = text_of(client.get("/notify/inbox/"))
    assert "3 条消息等您确认" in page and page.count("matter-card") == 1
    client.post("/notify/confirm_message/", {"message": rows[0].pk})
    client.post("/notify/confirm_message/", {"message": [rows[1].pk, rows[2].pk]})
    assert "没有等您确认的消息" in text_of(client.get("/notify/inbox/"))
    assert "请办理" in text_of(client.get("/notify/inbox/?which=all"))
    assert Entry.objects.filter(verb="confirm_message").count() == 3


def test_a_message_is_its_readers(site):
    row = say()
    other = signed_in("leader") if _holds("leader") else signed_in("drafter")
    assert other.post("/notify/confirm_message/", {"message": row.pk}).status_code == 404
    assert other.get(f"/notify/messages/{row.pk}/").status_code == 404
    for wrong in ("x", "99999999", "9" * 40):
        assert signed_in("duty_officer").get(f"/notify/messages/{wrong}/").status_code == 404
    row.refresh_from_db()
    assert row.confirmed_at is None


def _holds(post):
    from shudao.base import clock
    from shudao.org.queries import who_holds

    return bool(who_holds(post, clock.now(LIVE)))


def test_the_inbox_asks_the_same_number_of_questions_however_full(site):
    client = signed_in("duty_officer")
    client.get("/notify/inbox/")
    say(matter="m/0")
    few = queries_of(client, "/notify/inbox/")
    for place in range(1, 60):
        say(matter=f"m{place}/0")
    assert queries_of(client, "/notify/inbox/") == few
    assert 'rel="next"' in text_of(client.get("/notify/inbox/?which=all"))


def test_the_inbox_of_a_drill_is_its_own(site, run_scene):
    from shudao.base import clock

    clock.start(run_scene, site.now())
    shout(Actor(run_scene, "office_head"), "duty_officer", "演练呼叫")
    client = signed_in("duty_officer")
    assert "演练呼叫" not in text_of(client.get("/notify/inbox/"))
    page = text_of(client.get("/notify/runs/0001/inbox/"))
    assert "演练呼叫" in page and "drill-band" in page
    client.post("/notify/runs/0001/confirm_message/", {"message": Message.objects.get().pk})
    assert Message.objects.get().confirmed_at and Entry.objects.get(verb="confirm_message").stream == "run/0001"
    assert client.get("/notify/runs/9999/inbox/").status_code == 404


def test_a_text_cannot_run(site):
    say(text="<script>alert(1)</script>")
    assert "<script>alert" not in text_of(signed_in("duty_officer").get("/notify/inbox/"))


# Channels


def test_the_list_teaches_and_each_kind_has_its_form(site, keeper):
    page = text_of(keeper.get("/notify/channels/"))
    assert "消息现在只进收件箱" in page and "/org/alive/" in page
    assert "钉钉群机器人" in text_of(keeper.get("/notify/channels/add_channel/"))
    for kind in ("dingtalk", "wecom", "feishu", "mail", "webhook", "other"):
        assert keeper.get(f"/notify/channels/add_channel/?kind={kind}").status_code == 200


def test_a_channel_from_adding_to_removing(site, keeper, authority):
    with Mailbox(authority[1], user="shudao", password="a-long-password") as box:
        given = {
            "name": "单位邮箱", "host": "localhost", "port": box.port, "safety": "starttls", "user": "shudao",
            "password": "a-long-password", "sender": "shudao@example.cn", "authority": authority[0], "is_inside": "on",
            "colours": ["red", "none"], "kinds": ["call", "alert"],
        }  # fmt: skip
        made = keeper.post("/notify/channels/add_channel/?kind=mail", given)
        assert made.status_code == 302
        place = made["Location"]
        assert "没有试过" in text_of(keeper.get(place))
        keeper.post(f"{place}test_channel/", {"address": "leader@example.cn"})
        page = text_of(keeper.get(place))
        assert "对方接受了" in page and "250 2.0.0 Ok: queued as 000001" in page and "a-long-password" not in page
        box.refuse["leader@example.cn"] = "550 5.1.1 <leader@example.cn>: no such user"
        keeper.post(f"{place}test_channel/", {"address": "leader@example.cn"})
        page = text_of(keeper.get(place))
        assert "550 5.1.1 &lt;leader@example.cn&gt;: no such user" in page and "收件地址不存在" in page
        assert "1 个渠道发不出消息" in text_of(keeper.get("/notify/channels/"))
        form = text_of(keeper.get(f"{place}change_channel/"))
        assert "a-long-password" not in form and "shudao@example.cn" in form
        keeper.post(f"{place}change_channel/", {**given, "password": "", "name": "新名字"})
        row = Channel.objects.get()
        assert row.name == "新名字" and row.colours == ["red", ""] and row.kinds == ["call", "alert"]
        keeper.post(f"{place}test_channel/", {"address": "office@example.cn"})
        assert len(box.took) == 2, "the password left empty is still known"
        keeper.post(f"{place}pause_channel/")
        assert "已停用" in text_of(keeper.get(place))
        assert keeper.post(f"{place}pause_channel/").status_code == 409
        keeper.post(f"{place}resume_channel/")
        assert "移除" in text_of(keeper.get(f"{place}remove_channel/"))
        keeper.post(f"{place}remove_channel/")
        assert keeper.get(place).status_code == 404 and Attempt.objects.count() == 3


def test_faults_of_the_form_stand_beside_it(site, keeper):
    empty = keeper.post("/notify/channels/add_channel/?kind=dingtalk", {"name": "群"})
    assert empty.status_code == 422 and "请填写这一项" in text_of(empty)
    given = {"name": "群", "url": "not an address", "colours": ["red"], "kinds": ["call"]}
    wrong = keeper.post("/notify/channels/add_channel/?kind=dingtalk", given)
    assert wrong.status_code == 409 and "https:// 开头" in text_of(wrong) and not Channel.objects.exists()


def test_channels_are_for_those_who_look_after_them(site, keeper):
    actions.add_channel(
        ADMIN, "wecom", name="群", given={"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"}
    )
    stranger = signed_in("drafter")
    for address in ("", "add_channel/", "wecom-1/", "wecom-1/change_channel/", "wecom-1/remove_channel/"):
        assert stranger.get(f"/notify/channels/{address}").status_code == 404, address
    for verb in ("test_channel", "pause_channel", "resume_channel", "remove_channel"):
        assert stranger.post(f"/notify/channels/wecom-1/{verb}/").status_code == 404
    assert Channel.objects.get().is_on


def test_the_list_asks_the_same_number_of_questions(site, keeper):
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"
    actions.add_channel(ADMIN, "wecom", name="群", given={"url": url})
    few = queries_of(keeper, "/notify/channels/")
    for _turn in range(8):
        actions.add_channel(ADMIN, "wecom", name="群", given={"url": url})
    assert queries_of(keeper, "/notify/channels/") == few


def test_the_log_of_a_message_says_where_it_went(site, keeper, httpserver):
    httpserver.expect_request("/hook").respond_with_json({"errcode": 93000, "errmsg": "invalid webhook url"})
    actions.add_channel(ADMIN, "wecom", name="值班群", given={"url": httpserver.url_for("/hook?key=x")}, is_inside=True)
    row = say()
    actions.deliver_due(LIVE, site.now(), holder="w")
    client = signed_in("duty_officer")
    assert "等候发送" in text_of(client.get(f"/notify/messages/{row.pk}/"))
    actions.pack_due(site.now())
    actions.send_due(Channel.objects.get(), holder="w")
    page = text_of(client.get(f"/notify/messages/{row.pk}/"))
    assert "invalid webhook url" in page and "重新添加机器人" in page and "值班群" in page
    Attempt.objects.update(ended_at=None, ok=None)
    assert "不知是否送到" in text_of(client.get(f"/notify/messages/{row.pk}/"))


# My notifications


def test_everybody_sets_his_own(site):
    mail = {"host": "smtp.example.cn", "port": "465", "safety": "tls", "sender": "a@example.cn"}
    row = actions.add_channel(ADMIN, "mail", name="邮件", given=mail)
    client = signed_in("duty_officer")
    assert "用“邮件”通知我" in text_of(client.get("/notify/mine/"))
    given = {
        "colours": ["red"],
        "quiet_from": "22:00",
        "quiet_to": "07:00",
        f"on_{row.pk}": "on",
        f"address_{row.pk}": "me@example.cn",
    }
    assert client.post("/notify/mine/set_my_notifications/", given).status_code == 302
    habit, contact = Habit.objects.get(), Contact.objects.get()
    assert habit.colours == ["red"] and str(habit.quiet_from) == "22:00:00" and contact.address == "me@example.cn"
    page = text_of(client.get("/notify/mine/"))
    assert "me@example.cn" in page and 'value="22:00"' in page
    half = client.post("/notify/mine/set_my_notifications/", {**given, "quiet_to": ""})
    assert half.status_code == 409 and "起止" in text_of(half)
    wrong = client.post("/notify/mine/set_my_notifications/", {**given, f"address_{row.pk}": "不是地址"})
    assert wrong.status_code == 409 and Contact.objects.get().address == "me@example.cn"
    data = Entry.objects.filter(verb="set_my_notifications").last().data
    assert "me@example.cn" not in data and json.loads(data)["quiet"] == "22:00-07:00"


@pytest.mark.parametrize("address", ["all", "@all", "<@all>", '"></at><at user_id="all', "a b"])
def test_nobody_mentions_the_whole_group(site, address):
    url = "https://open.feishu.cn/open-apis/bot/v2/hook/x"
    row = actions.add_channel(ADMIN, "feishu", name="群", given={"url": url})
    given = {"colours": ["red"], f"on_{row.pk}": "on", f"address_{row.pk}": address}
    assert signed_in("duty_officer").post("/notify/mine/set_my_notifications/", given).status_code == 409


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
