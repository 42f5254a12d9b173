"""The web hook in: what is signed, timely and new is kept; everything else is said no to, in words."""

import html
import json
import re
import shutil
import subprocess
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.signing import signature
from shudao.ledger.queries import entries_of
from shudao.listen.jobs import tidy_ways_in
from shudao.listen.models import Hook, HookCall, HookSecret, Item
from tests.site import furnished, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
POST = {
    "id": "h1",
    "kind": "web",
    "title": "停电",
    "text": "@青岚小李_88 说",
    "published_at": "2026-07-13T08:00:00+08:00",
}


@pytest.fixture(autouse=True)
def site(standing, settings, tmp_path):
    settings.DATA = tmp_path
    furnished(standing)


@pytest.fixture
def office():
    return signed_in("office_head")


@pytest.fixture
def hook(office):
    """A hook and its secret, as the page showed it."""
    page = text_of(office.post("/listen/hooks/open_hook/", {"source": "热线系统", "kind": "report"}))
    secret = re.search(r'id="secret"[^>]*value="([0-9a-f]{64})"', page)[1]
    return Hook.objects.get(), bytes.fromhex(secret)


def call(hook, body, *, stamp=None, sign=None, **more):
    found, secret = hook
    body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    stamp = stamp or str(int(clock.now(LIVE).timestamp()))
    headers = {"X-Shudao-Timestamp": stamp, "X-Shudao-Signature": sign or signature(secret, stamp, body)}
    kind = more.pop("content_type", "application/json")
    answer = Client(enforce_csrf_checks=True).post(
        f"/listen/hook/{found.code}/", body, content_type=kind, headers=headers
    )
    return answer.status_code, json.loads(answer.content)


def test_a_signed_call_is_kept_before_it_is_answered(hook):
    status, said = call(hook, [POST, {**POST, "id": "h2", "kind": "x"}, {**POST, "id": "h3"}])
    assert (status, said["accepted"], said["known"]) == (200, 2, 0)
    assert [one["line"] for one in said["rejected"]] == [2] and "kind" in said["rejected"][0]["zh"]
    assert Item.objects.count() == 2 and "青岚小李" not in Item.objects.first().text
    assert hook[0].source.name == "热线系统" and Item.objects.first().source == hook[0].source
    entry = [one for one in entries_of("site") if one["verb"] == "read_batch"][-1]
    assert (entry["data"]["hook"], entry["data"]["count"]) == (hook[0].code, 2)


def test_the_same_posts_again_are_known_and_the_same_call_again_is_refused(hook, standing):
    assert call(hook, [POST])[1]["accepted"] == 1
    assert call(hook, [POST])[0] == 409 and call(hook, [POST])[1]["error"] == "replayed"
    standing.advance(seconds=1)
    status, said = call(hook, [POST])
    assert (status, said["accepted"], said["known"]) == (200, 0, 1)
    assert Hook.objects.get().taken == 1


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"sign": "v1=" + "0" * 64}, 401, "signature"), ({"sign": "x"}, 401, "signature"), ({"sign": "签名"}, 401, "signature"),
        ({"stamp": "1"}, 401, "timestamp"), ({"stamp": "soon"}, 401, "timestamp"), ({"body": b"{"}, 200, None),
        ({"body": b" "}, 422, "body"), ({"body": b"[1]"}, 200, None), ({"body": b"x" * (2 * 1024 * 1024 + 1)}, 413, "size"),
        ({"body": [POST] * 2001}, 413, "size"), ({"body": b"[[1]]"}, 200, None),
    ],
)  # fmt: skip
def test_what_is_not_right_is_said_no_to(hook, change, status, error):
    body = change.pop("body", [POST])
    found, said = call(hook, body, **change)
    assert (found, said.get("error")) == (status, error)
    assert Item.objects.count() == 0


def test_a_stranger_learns_nothing(hook):
    codes = {call((found, b"x" * 32), [POST])[1]["error"] for found in (hook[0], Hook(code="unknown"))}
    assert codes == {"signature"}
    assert Client().get(f"/listen/hook/{hook[0].code}/").status_code == 405


def test_lines_and_a_vendors_own_rows_are_understood(hook):
    lines = "\n".join(json.dumps({**POST, "id": f"l{n}"}, ensure_ascii=False) for n in range(3)).encode() + b"\n{broken"
    status, said = call(hook, lines, content_type="application/x-ndjson")
    assert (status, said["accepted"], said["rejected"][0]["line"]) == (200, 3, 4)
    rows = {"data": [{"标题": "停水", "发布时间": "2026-07-13 08:00", "作者": "青岚小李_88", "内容": "没有水"}]}
    assert call(hook, rows)[1]["accepted"] == 1
    assert call(hook, json.dumps({**POST, "id": "one"}).encode())[1]["accepted"] == 1
    assert Item.objects.get(title="停水").pseudonym


def test_more_than_sixty_calls_a_minute_wait(hook, standing):
    now = clock.now(LIVE)
    HookCall.objects.bulk_create(HookCall(hook=hook[0], digest=str(n), at=now) for n in range(60))
    assert call(hook, [POST])[0] == 429
    standing.advance(seconds=61)
    assert call(hook, [POST])[0] == 200


def test_a_new_secret_holds_at_once_and_the_old_one_for_a_day(hook, office, standing):
    found, old = hook
    page = text_of(office.post(f"/listen/hooks/{found.code}/rotate_hook_secret/"))
    new = bytes.fromhex(re.search(r'id="secret"[^>]*value="([0-9a-f]{64})"', page)[1])
    assert new != old and call((found, new), [POST])[0] == 200
    standing.advance(hours=23)
    assert call((found, old), [POST])[0] == 200
    standing.advance(hours=2)
    assert call((found, old), [POST])[0] == 401 and call((found, new), [POST])[0] == 200


def test_a_hook_that_was_withdrawn_takes_nothing_and_keeps_no_secret(hook, office):
    assert office.post(f"/listen/hooks/{hook[0].code}/withdraw_hook/").status_code == 302
    assert call(hook, [POST])[0] == 401 and not HookSecret.objects.exists()
    assert office.post(f"/listen/hooks/{hook[0].code}/withdraw_hook/").status_code == 409


def test_a_secret_is_shown_once_and_lies_sealed(hook, office):
    secret = hook[1].hex()
    assert secret not in text_of(office.get(f"/listen/hooks/{hook[0].code}/"))
    assert secret.encode() not in b"".join(bytes(row.sealed) for row in HookSecret.objects.all())
    again = office.post("/listen/hooks/open_hook/", {"source": "热线系统", "kind": "report"})
    assert again.status_code == 409 and "已有" in text_of(again)


def test_calls_are_forgotten_once_their_time_stamp_would_not_pass(hook, standing):
    call(hook, [POST])
    tidy_ways_in()
    assert HookCall.objects.count() == 1
    standing.advance(hours=2)
    tidy_ways_in()
    assert HookCall.objects.count() == 0


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.mark.parametrize("language", ["python", "curl"])
def test_the_example_on_the_page_works_as_it_stands(office, language):
    if language == "curl" and not (shutil.which("curl") and shutil.which("openssl")):
        pytest.skip("no curl or openssl here: its example is left out")
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Threads, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        host = f"127.0.0.1:{server.server_port}"
        page = office.post("/listen/hooks/open_hook/", {"source": "示例", "kind": "web"}, headers={"Host": host})
        example = html.unescape(re.search(rf'data-example="{language}"[^>]*>(.*?)</pre>', text_of(page), re.DOTALL)[1])
        clock.install(clock.ManualClock(clock.WallClock().now()))
        run = [sys.executable, "-c", example] if language == "python" else ["sh", "-c", example]
        done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)
        assert json.loads(done.stdout) == {"accepted": 1, "known": 0, "rejected": []}, done.stderr + done.stdout
    finally:
        server.shutdown()
        server.server_close()
    assert Item.objects.get().source.name == "示例"
