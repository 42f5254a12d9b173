"""Pages of the inbox, channels and wishes."""

import json

import pytest

from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.notify import actions
from shudao.notify.models import Attempt, Channel, Contact, Habit, Message
from tests.notify.conftest import ADMIN, say, shout
from tests.notify.peers import Mailbox
from tests.site import queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


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
    other = signed_in("drafter")
    assert other.post("/notify/confirm_message/", {"message": row.pk}).status_code == 404
    assert other.get(f"/notify/messages/{row.pk}/").status_code == 404
    for wrong in ("x", "99999999", "9" * 40):
        assert signed_in("duty_officer").get(f"/notify/messages/{wrong}/").status_code == 404
    row.refresh_from_db()
    assert row.confirmed_at is None


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
