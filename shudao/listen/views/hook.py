"""The web hook in: other systems hand posts over here, signed. Accepted means kept. And the pages to set it up.

The answer is JSON: `{"accepted": n, "known": n, "rejected": [{"line", "zh", "en"}]}`, or `{"error", "zh", "en"}`.
"""

from datetime import timedelta
from itertools import islice
from typing import Any

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.intake.objects import array_in, is_post, read_values
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.post import Post, Reject, bounded_lines, read_posts
from shudao.engine.signing import call_digest, is_signed, is_timely
from shudao.engine.words import BadInput, Words
from shudao.ledger.verbs import Actor
from shudao.listen import actions
from shudao.listen.access import hook_at
from shudao.listen.forms.hooks import OpenHookForm
from shudao.listen.models import Hook
from shudao.listen.queries.hooks import calls_since, hook_in_force, is_known_call, secrets_of
from shudao.listen.screens.hooks import HooksScreen
from shudao.org.access import actor_of, needs
from shudao.org.models import Right

MAX_BYTES = 2 * 1024 * 1024
MAX_POSTS = 2_000
A_MINUTE = 60  # calls one hook may make a minute
STAMP, SIGNATURE = "X-Shudao-Timestamp", "X-Shudao-Signature"


class Declined(Exception):
    """A call that is not taken: status, a word for programs, and words for people."""

    def __init__(self, status: int, error: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.status, self.error, self.why = status, error, Words(zh, en)


@csrf_exempt  # no browser and no session: the signature says who calls
@login_not_required
def hook(request: HttpRequest, code: str) -> HttpResponse:
    """Take a call. Nothing is read of it before its size, its time and its signature have been found good."""
    try:
        if request.method != "POST":
            raise Declined(405, "method", "只接受 POST", "POST only")
        found, body, stamp = _checked(request, code)
        results = _read(body, request.content_type or "", found)
        batch = _kept(found, results, call_digest(stamp, body))
    except Declined as declined:
        return _declined(declined)
    rejected = [{"line": one.line, "zh": one.why.zh, "en": one.why.en} for one in results if isinstance(one, Reject)]
    return JsonResponse({"accepted": len(batch.items), "known": batch.repeated, "rejected": rejected})


def _checked(request: HttpRequest, code: str) -> tuple[Hook, bytes, str]:
    size = request.META.get("CONTENT_LENGTH") or ""
    if not size.isdecimal():
        raise Declined(411, "size", "请带上 Content-Length", "send a Content-Length")
    if int(size) > MAX_BYTES:
        raise Declined(413, "size", "一次最多 2 MB，请分几次推送", "2 MB at most; send it in parts")
    stamp, given = request.headers.get(STAMP, ""), request.headers.get(SIGNATURE, "")
    found, now = hook_in_force(code), clock.now(LIVE)
    body = request.body
    if found is None or not is_signed(secrets_of(found, now), stamp, body, given):
        raise Declined(401, "signature", "签名不对，或接口不存在", "the signature is wrong, or there is no such hook")
    if not is_timely(stamp, now.timestamp()):
        raise Declined(
            401, "timestamp", "时间戳与本站时钟相差超过 5 分钟", "the time stamp is over 5 minutes off our clock"
        )
    if is_known_call(found, call_digest(stamp, body)):
        raise Declined(
            409, "replayed", "这次推送已经收过；重发请用新的时间戳", "taken before; to send again use a new time stamp"
        )
    if calls_since(found, now - timedelta(minutes=1)) >= A_MINUTE:
        raise Declined(429, "pace", f"每分钟最多 {A_MINUTE} 次", f"{A_MINUTE} calls a minute at most")
    return found, body, stamp


def _read(body: bytes, content_type: str, found: Hook) -> list[Post | Reject]:
    now = clock.now(LIVE)
    setting = Setting(source=found.source.name, at=now, now=now)
    try:
        results = list(islice(_results(body, content_type, setting), MAX_POSTS + 1))
    except BadInput as fault:
        raise Declined(422, "body", fault.line("zh"), fault.line("en")) from None
    if len(results) > MAX_POSTS:
        raise Declined(
            413, "size", f"一次最多 {MAX_POSTS} 条，请分几次推送", f"{MAX_POSTS} posts at most; send it in parts"
        )
    if not results:
        raise Declined(422, "body", "没有内容", "there is nothing in it")
    return results


def _results(body: bytes, content_type: str, setting: Setting) -> Results:
    """A JSON array (or one held by an object) of posts or of a vendor's rows; else one post a line."""
    if content_type in ("application/jsonl", "application/x-ndjson") or body.lstrip()[:1] not in (b"[", b"{"):
        return read_posts(bounded_lines([body]), now=setting.now)
    try:
        value: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return read_posts(bounded_lines([body]), now=setting.now)
    if isinstance(value, dict) and (is_post(value) or not any(isinstance(part, list) for part in value.values())):
        value = [value]
    return read_values(array_in(value), setting)


def _kept(found: Hook, results: list[Post | Reject], digest: str) -> actions.Batch:
    try:
        return actions.take_call(Actor(LIVE, "system"), found, results, digest)
    except IntegrityError:  # the same call twice at the same moment
        raise Declined(409, "replayed", "这次推送已经收过", "taken before") from None


def _declined(declined: Declined) -> HttpResponse:
    said = {"error": declined.error, "zh": declined.why.zh, "en": declined.why.en}
    headers = {"Retry-After": "60"} if declined.status == 429 else {"Allow": "POST"} if declined.status == 405 else {}
    return JsonResponse(said, status=declined.status, headers=headers)


def _list(request: HttpRequest, form: OpenHookForm, status: int = 200, **more: object) -> HttpResponse:
    screen = HooksScreen(request.GET.get("page", "1"))
    around = {"screen": screen, "form": form, "now": screen.now, "place": "settings", **more}
    return render(request, "listen/hooks.html", around, status=status)


def _shown(request: HttpRequest, found: Hook, secret: str) -> HttpResponse:
    """The page that shows a secret, this once."""
    answer = _one(request, found, secret=secret)
    answer["Cache-Control"] = "no-store"
    return answer


def _one(request: HttpRequest, found: Hook, status: int = 200, **more: object) -> HttpResponse:
    address = request.build_absolute_uri(f"/listen/hook/{found.code}/")
    around = {"hook": found, "address": address, "now": clock.now(LIVE), "place": "settings", **more}
    return render(request, "listen/one_hook.html", around, status=status)


@needs(Right.SOURCES)
@require_safe
def hooks(request: HttpRequest) -> HttpResponse:
    """All hooks and the box for a new one."""
    return _list(request, OpenHookForm(initial={"source": request.GET.get("source", "")}))


@needs(Right.SOURCES)
@require_POST
def open_hook(request: HttpRequest) -> HttpResponse:
    """A new hook; its secret is shown on this one page."""
    form = OpenHookForm(request.POST)
    if not form.is_valid():
        return _list(request, form, UNREADABLE)
    try:
        found, secret = actions.open_hook(actor_of(request, LIVE), **form.cleaned_data)
    except Refused as refusal:
        form.refuse(refusal)
        return _list(request, form, CONFLICT)
    return _shown(request, found, secret)


@needs(Right.SOURCES)
@require_safe
def one_hook(request: HttpRequest, code: str) -> HttpResponse:
    """A hook, and examples to copy."""
    return _one(request, hook_at(code))


@needs(Right.SOURCES)
@require_POST
def rotate_hook_secret(request: HttpRequest, code: str) -> HttpResponse:
    """A new secret, shown on this one page."""
    found = hook_at(code)
    try:
        return _shown(request, found, actions.rotate_hook_secret(actor_of(request, LIVE), found))
    except Refused as refusal:
        return _one(request, found, CONFLICT, refusal=refusal.why)


@needs(Right.SOURCES)
@require_POST
def withdraw_hook(request: HttpRequest, code: str) -> HttpResponse:
    """End it."""
    found = hook_at(code)
    try:
        actions.withdraw_hook(actor_of(request, LIVE), found)
    except Refused as refusal:
        return _one(request, found, CONFLICT, refusal=refusal.why)
    messages.success(request, gettext("推送接口已停用，密钥已销毁。"))
    return redirect("listen:hooks")
