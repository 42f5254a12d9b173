"""The signed webhook, and other services by Apprise: both by the guard, both believed only when they say yes."""

import hashlib
import hmac
import json

import pytest
from werkzeug.wrappers import Response

from shudao.base.refusal import Refused
from shudao.notify.actions import add_channel, send_test
from shudao.notify.channels import KINDS
from tests.notify.conftest import ADMIN, shout, sweep

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "0123456789abcdef"


def try_it(channel):
    return send_test(ADMIN, channel, text="测试消息", subject="疏导", address="", mention="")


def test_the_receiver_can_check_the_signature(office, httpserver, standing):
    seen = []
    httpserver.expect_request("/in").respond_with_handler(
        lambda request: seen.append(request) or Response("taken", 202)
    )
    add_channel(
        ADMIN, "webhook", name="短信网关", given={"url": httpserver.url_for("/in"), "secret": SECRET}, is_inside=True
    )
    shout(ADMIN, "duty_officer", "请办理")
    sweep()
    request = seen[0]
    parts = dict(part.split("=", 1) for part in request.headers["X-Shudao-Signature"].split(","))
    body = request.get_data()
    made = hmac.new(SECRET.encode(), f"{parts['t']}.".encode() + body, hashlib.sha256).hexdigest()
    assert parts["v1"] == made and int(parts["t"]) == int(standing.now().timestamp())
    value = json.loads(body)
    assert value["key"] == request.headers["Idempotency-Key"] and value["urgent"] and value["thread"] == "2026-001"


def test_a_short_secret_is_refused(office):
    with pytest.raises(Refused):
        add_channel(ADMIN, "webhook", name="x", given={"url": "https://example.cn/in", "secret": "short"})


@pytest.mark.parametrize(
    "url",
    ["dingtalk://token", "feishu://token", "wecombot://key", "mailto://u:p@example.cn", "mqtt://example.cn/t",
     "syslog://", "rsyslog://example.cn", "xmpp://u:p@example.cn", "no address", "file:///etc/passwd", "dbus://"],
)  # fmt: skip
def test_what_goes_past_the_guard_or_has_its_own_kind_is_refused(office, url):
    with pytest.raises(Refused):
        add_channel(ADMIN, "other", name="x", given={"url": url})


@pytest.fixture
def gotify(office, httpserver):
    url = f"gotify://localhost:{httpserver.port}/a-token-of-gotify"
    return add_channel(ADMIN, "other", name="Gotify", given={"url": url}, is_inside=True)


def test_another_service_by_apprise(gotify, httpserver):
    httpserver.expect_request("/message").respond_with_json({"id": 1, "message": "测试消息"})
    attempt = try_it(gotify)
    assert attempt.ok and attempt.code == "HTTP 200" and "测试消息" in attempt.said
    request, _response = httpserver.log[0]
    assert request.get_json()["message"] == "测试消息"


@pytest.mark.parametrize(
    "value", [{"errcode": 310000, "errmsg": "sign"}, {"ok": False}, {"code": 40001}, {"success": False}]
)
def test_a_no_inside_http_200_is_a_no(gotify, httpserver, value):
    httpserver.expect_request("/message").respond_with_json(value)
    assert not try_it(gotify).ok


def test_a_refusal_is_kept_without_the_token(gotify, httpserver):
    httpserver.expect_request("/message").respond_with_data("bad a-token-of-gotify", status=401)
    attempt = try_it(gotify)
    assert not attempt.ok and attempt.code == "HTTP 401" and "a-token-of-gotify" not in attempt.said


def test_apprise_asks_the_guard(office, httpserver):
    url = f"gotify://localhost:{httpserver.port}/a-token-of-gotify"
    channel = add_channel(ADMIN, "other", name="Gotify", given={"url": url})
    attempt = try_it(channel)
    assert not attempt.ok and attempt.code == "address" and httpserver.log == []


def test_every_kind_says_what_it_is():
    for code, kind in KINDS.items():
        assert kind.code == code and kind.name and kind.about and kind.contact and kind.room > 500 and kind.pace
        assert len({field.name for field in kind.fields}) == len(kind.fields)
