"""登录状态 (sessions): how long a person stays signed in, and what he must do before anything else.

Twelve hours without a tap, a week in all, and never less than the end of the shift (`stays_until`). What is kept moves on
every ten minutes at most, so that reading pages writes nothing.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.org.actions.sign_in import forget_device, remember_device, touch_device
from shudao.org.models import SignInRules, Staff
from shudao.org.queries.sign_in import has_second_factor, must_have_second_factor, sign_in_rules, stays_until

SINCE, SEEN = "shudao.since", "shudao.seen"
BY_LINK, MUST_SET_PASSWORD = "shudao.by_link", "shudao.must_set_password"
"""Keys of a session. The last two hold the account they were said of."""
STEP = 600
"""Seconds between two times that a session is moved on."""
ALWAYS_OPEN = frozenset(
    {
        "org:account", "org:set_password", "org:sign_out", "org:sign_in", "org:alive", "org:use_entry_link",
        "org:switch_person", "org:end_sessions", "set_language", "account_reauthenticate", "mfa_index",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_add_webauthn",
        "mfa_view_recovery_codes", "mfa_download_recovery_codes",
    }
)  # fmt: skip
"""What somebody reaches who must first set a password or a second factor."""


class Cookies(SessionMiddleware):
    """The session's cookie. A live part asked for under a key that ended meanwhile, as when a person is switched or a
    password changed, must not take the new key away from the browser: only what is posted ends a session there."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Answer without the cookie's end."""
        response = super().process_response(request, response)
        told = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if told is not None and not told.value and request.method != "POST":
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


class Sessions:
    """Middleware of whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Move the session on; lead whoever owes a password or a second factor to where he sets it."""
        if not request.user.is_authenticated:
            return None
        if abs(clock.now(LIVE).timestamp() - request.session.get(SEEN, 0)) >= STEP:
            stay(request, request.user)
        match = request.resolver_match
        where = "" if match and match.view_name in ALWAYS_OPEN else owed(request)
        if not where:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(where)})
        if "text/event-stream" in request.headers.get("Accept", ""):
            return HttpResponse(status=204)  # nothing to tell yet, and no page where a stream is expected
        return redirect(where)


def owed(request: HttpRequest) -> str:
    """The page that must come first; empty when nothing is owed."""
    if request.session.get(MUST_SET_PASSWORD) == request.user.pk:
        return "org:set_password"
    return "org:account" if owes_second_factor(request) else ""


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether the rules ask for one that is not there. Whoever came by single sign-on is under that one's rules."""
    rules = sign_in_rules()
    if rules.second_factor == SignInRules.Asked.NOBODY:
        return False
    staff = Staff.objects.filter(user_id=request.user.pk).first()
    if staff is None or not must_have_second_factor(staff, rules) or has_second_factor(staff.user_id):
        return False
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return not any(record["method"] == "socialaccount" for record in records)


def stay(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Move on until when the person stays signed in."""
    now = clock.now(LIVE)
    since = request.session.setdefault(SINCE, int(now.timestamp()))
    request.session[SEEN] = int(now.timestamp())
    staff = Staff.objects.filter(user_id=user.pk).first()
    if staff is not None:
        until = stays_until(staff, now, now.fromtimestamp(since, now.tzinfo))
        request.session.set_expiry(max(int((until - now).total_seconds()), 1))
    touch_device(request.session.session_key or "", now)


def note_device(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Keep where this session is, under the key it has now."""
    told = {"agent": request.headers.get("User-Agent", ""), "address": _address(request)}
    remember_device(user.pk, request.session.session_key or "", now=clock.now(LIVE), **told)


def begin(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    """Somebody is in, whichever way he came."""
    request.session.pop(SINCE, None)
    if request.session.session_key:
        note_device(request, user)
    stay(request, user)


def renew(request: HttpRequest, user: AbstractBaseUser) -> None:
    """The password was changed: this session stays, under a new key, and owes nothing."""
    forget_device(request.session.session_key or "")
    update_session_auth_hash(request, user)
    for key in (BY_LINK, MUST_SET_PASSWORD):
        request.session.pop(key, None)
    note_device(request, user)
    stay(request, user)


def end(request: HttpRequest | None, **_: Any) -> None:
    """Somebody signs out."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        forget_device(key)


def _address(request: HttpRequest) -> str:
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""


user_logged_in.connect(begin, dispatch_uid="shudao.begin")
user_logged_out.connect(end, dispatch_uid="shudao.end")
