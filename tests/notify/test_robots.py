"""Robots against peers that behave as the platforms document: what they refuse is a failure, whatever the HTTP status."""

import json

import pytest
from werkzeug.wrappers import Response

from shudao.base.refusal import Refused
from shudao.ledger.models import Entry, SideRecord
from shudao.notify.actions import add_channel, change_channel, send_test
from shudao.notify.channels.hints import mend_of
from shudao.notify.models import Attempt, Channel
from shudao.notify.queries.channels import settings_of
from tests.notify.conftest import ADMIN, ROBOTS
from tests.notify.peers import SECRET, TOKEN

pytestmark = pytest.mark.django_db(transaction=True)


def try_it(channel, mention=""):
    return send_test(
        ADMIN, channel, text='测试消息 100% "引号" \\ 反斜线\n第二行', subject="测试", address="", mention=mention
    )


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_signed_message_is_taken_and_the_answer_kept_word_for_word(robot_of, kind):
    peer, channel = robot_of(kind)
    attempt = try_it(channel)
    assert attempt.ok and attempt.code == "0" and "HTTP 200" in attempt.said and "0" in attempt.said
    assert "测试消息 100%" in peer.texts[0] and "第二行" in peer.texts[0]


WRONG = [
    ("dingtalk", {"secret": "SECwrongwrongwrong"}, "310000", "sign not match", "签名"),
    ("dingtalk", {"peer_keyword": "疏导通知"}, "310000", "keywords not in content", "关键词"),
    ("feishu", {"secret": "wrongwrongwrong"}, "19021", "sign match fail", "签名"),
    ("feishu", {"peer_keyword": "疏导通知"}, "19024", "Key Words Not Found", "关键词"),
]


@pytest.mark.parametrize(("kind", "given", "code", "words", "mend"), WRONG)
def test_a_refusal_inside_http_200_is_a_failure_with_a_way_to_mend(robot_of, kind, given, code, words, mend):
    peer, channel = robot_of(kind, **given)
    attempt = try_it(channel)
    assert not attempt.ok and attempt.code == code and words in attempt.said and peer.took == []
    hint = mend_of(kind, attempt.code, attempt.said)
    assert (mend in hint.zh and hint.en.isascii() is False) or hint.en


@pytest.mark.parametrize(("kind", "code"), [("dingtalk", "300001"), ("wecom", "93000")])
def test_a_wrong_address_is_told_by_its_code(robot_of, kind, code):
    _peer, channel = robot_of(kind)
    wrong = settings_of(channel)["url"].replace(TOKEN, "x")
    change_channel(ADMIN, channel, name="值班群", given={"url": wrong}, is_inside=True)
    attempt = try_it(channel)
    assert not attempt.ok and attempt.code == code and mend_of(kind, code, attempt.said)


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_the_keyword_is_added_when_the_robot_asks_for_one(robot_of, kind):
    peer, channel = robot_of(kind, keyword="疏导通知")
    assert try_it(channel).ok and "疏导通知" in peer.texts[0]


def test_mentions_are_written_as_each_platform_wants_them(robot_of):
    peer, channel = robot_of("dingtalk")
    try_it(channel, "13800001111")
    try_it(channel, "user01")
    assert peer.took[0]["at"] == {"atMobiles": ["13800001111"], "atUserIds": [], "isAtAll": False}
    assert peer.took[1]["at"]["atUserIds"] == ["user01"] and "@13800001111" in peer.texts[0]
    peer, channel = robot_of("wecom")
    try_it(channel, "13800001111")
    try_it(channel, "user01")
    assert peer.took[0]["text"]["mentioned_mobile_list"] == ["13800001111"]
    assert peer.took[1]["text"]["mentioned_list"] == ["user01"]
    peer, channel = robot_of("feishu")
    try_it(channel, "ou_123")
    try_it(channel, "13800001111")
    assert '<at user_id="ou_123"></at>' in peer.texts[0] and "<at" not in peer.texts[1]


@pytest.mark.parametrize(("kind", "wicked"), [("feishu", '<at user_id="all"></at>'), ("wecom", "<@all>")])
def test_a_quoted_post_cannot_remind_the_whole_group(robot_of, kind, wicked):
    peer, channel = robot_of(kind)
    send_test(ADMIN, channel, text=f"网帖：{wicked} 停电", subject="x", address="", mention="")
    assert wicked not in peer.texts[0] and "停电" in peer.texts[0]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Response("busy", status=502), "HTTP 502"),
        (Response("<html>ok</html>", status=200, content_type="text/html"), "HTTP 200"),
        (Response("", status=302, headers={"Location": "http://169.254.169.254/latest/"}), "HTTP 302"),
        (Response("x" * 200_000, status=200), "size"),
        (Response("[1,2]", status=200), "HTTP 200"),
    ],
)
def test_odd_answers_are_failures(robot_of, trouble, code):
    peer, channel = robot_of("wecom")
    peer.trouble = trouble
    attempt = try_it(channel)
    assert not attempt.ok and attempt.code == code


def test_a_slow_peer_is_left_in_time(robot_of, httpserver, monkeypatch):
    import threading

    release = threading.Event()
    peer, channel = robot_of("wecom")
    monkeypatch.setattr("shudao.notify.channels.kind.SEND_WITHIN", 0.3)
    peer.judge = lambda *_: release.wait(20) and None
    try:
        attempt = try_it(channel)
    finally:
        release.set()
    assert not attempt.ok and attempt.code == "timeout"


@pytest.mark.parametrize("kind", ROBOTS)
def test_an_inner_address_is_not_visited_unless_somebody_said_so(robot_of, kind):
    peer, channel = robot_of(kind, is_inside=False)
    attempt = try_it(channel)
    assert not attempt.ok and attempt.code == "address" and peer.asked == 0
    assert "内网" in mend_of(kind, "address", attempt.said).zh
    change_channel(ADMIN, channel, name="x", given={"url": ""}, is_inside=True)
    assert try_it(channel).ok
    entry = Entry.objects.filter(verb="change_channel").last()
    assert json.loads(entry.data)["inside"] == [f"localhost:{settings_of(channel)['url'].split(':')[2].split('/')[0]}"]


@pytest.mark.parametrize("kind", ROBOTS)
def test_secrets_stand_nowhere_in_clear(robot_of, kind, caplog):
    peer, channel = robot_of(kind)
    secrets = [TOKEN, SECRET] if "secret" in ROBOTS[kind][1] else [TOKEN]
    peer.trouble = Response(f"not accepted: {secrets}", status=400)
    with caplog.at_level("DEBUG"):
        try_it(channel)
    row = Channel.objects.get()
    kept = json.dumps([row.settings, row.sealed]) + "".join(Attempt.objects.values_list("said", flat=True))
    kept += "".join(Entry.objects.values_list("data", flat=True)) + "".join(
        SideRecord.objects.values_list("text", flat=True)
    )
    ours = [line.getMessage() for line in caplog.records if not line.name.startswith("werkzeug")]
    for secret in secrets:
        assert secret not in kept and not any(secret in line for line in ours)


def test_a_secret_left_empty_stays(robot_of):
    _peer, channel = robot_of("dingtalk")
    change_channel(ADMIN, channel, name="新名字", given={"url": "", "secret": ""}, is_inside=True)
    channel.refresh_from_db()
    assert channel.name == "新名字" and settings_of(channel)["secret"] == SECRET and try_it(channel).ok


@pytest.mark.parametrize("given", [{}, {"url": "javascript:alert(1)"}, {"url": "oapi.dingtalk.com/robot"}])
def test_an_address_that_is_none_is_refused(office, given):
    with pytest.raises(Refused):
        add_channel(ADMIN, "dingtalk", name="x", given=given)
    assert not Channel.objects.exists()


DOCUMENTED = [
    ("dingtalk", "310000", "keywords not in content"), ("dingtalk", "310000", "sign not match"),
    ("dingtalk", "310000", "invalid timestamp"), ("dingtalk", "310000", "ip 192.0.2.1 not in whitelist"),
    ("dingtalk", "300001", ""), ("dingtalk", "130101", ""), ("wecom", "45009", ""), ("wecom", "93000", ""),
    ("feishu", "19021", ""), ("feishu", "19022", ""), ("feishu", "19024", ""), ("feishu", "11232", ""),
    ("feishu", "9499", ""), ("mail", "535", ""), ("mail", "550", ""), ("mail", "421", ""), ("mail", "certificate", ""),
    ("webhook", "HTTP 500", ""), ("webhook", "HTTP 301", ""), ("other", "HTTP 401", ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "code", "said"), DOCUMENTED)
def test_known_answers_have_a_way_to_mend_in_both_languages(kind, code, said):
    mend = mend_of(kind, code, said)
    assert mend and len(mend.zh) > 6 and mend.en.encode("ascii", "replace").count(b"?") <= 4


def test_one_code_with_several_causes_is_told_apart_by_its_words():
    found = {mend_of("dingtalk", "310000", said).zh for _kind, code, said in DOCUMENTED if code == "310000"}
    assert len(found) == 4 and mend_of("wecom", "12345", "") is None
