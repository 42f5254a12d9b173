"""Headers of every kind of answer: pages, parts, files, static files, redirects, refusals, floods."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from tests.site import furnished, opened, signed_in

pytestmark = pytest.mark.django_db
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def room(standing):
    cache.clear()
    furnished(standing)
    return f"/respond/incidents/{opened().number}/"


def strict(answer):
    """What every answer of ours says."""
    for name, value in ALWAYS.items():
        assert answer[name] == value, name
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'" and policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'" and policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy) and "http" not in str(policy) and "*" not in str(policy)
    assert "camera=()" in answer["Permissions-Policy"] or "camera=(self)" in answer["Permissions-Policy"]


def private(answer):
    assert "no-store" in answer["Cache-Control"] or {"private", "no-cache"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.parametrize("address", ["/", "/org/sign-in/", "/no-such-page/", "/org/enter/unknown/", "/org/account/"])
def test_pages_for_strangers(room, address):
    strict(Client().get(address))


def test_pages_for_staff_are_kept_by_no_shared_cache(room):
    client = signed_in("office_head")
    for address in ("/", room, "/org/rights/", "/org/account/", "/settings/"):
        page = client.get(address)
        assert page.status_code == 200, address
        strict(page)
        private(page)
        assert "Cookie" in page["Vary"]


def test_a_live_part_and_a_refusal(room):
    client = signed_in("office_head")
    part = client.get(room, headers={"HX-Request": "true"})
    refused = client.post(
        f"{room}confirm_level/", {"level": "I", "clause": "3.2", "reason": "x", "post": "office_head"}
    )
    assert refused.status_code == 409
    for answer in (part, refused, client.post("/org/rights/grant_right/"), client.put("/org/rights/")):
        strict(answer)
        private(answer)


def test_a_paper_is_handed_out_as_a_file_that_nobody_keeps(room):
    client = signed_in("office_head")
    client.post(f"{room}send_briefing/", {"kind": "first", "to": "city_news_centre", "post": "office_head"})
    from shudao.respond.models import Document

    paper = client.get(f"{room}documents/{Document.objects.get().name}")
    strict(paper)
    assert paper.status_code == 200 and paper["Content-Disposition"].startswith("attachment")
    assert "no-store" in paper["Cache-Control"] or "private" in paper["Cache-Control"]


def test_recovery_codes_are_handed_out_as_a_file_that_nobody_keeps(room):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = signed_in("office_head").get("/org/account/").wsgi_request.user
    user.set_password("four quite other words")
    user.save()
    client = Client()
    client.post("/org/sign-in/", {"login": user.username, "password": "four quite other words"})
    RecoveryCodes.activate(user)
    codes = client.get(reverse("mfa_download_recovery_codes"))
    strict(codes)
    assert codes["Content-Disposition"].startswith("attachment") and "no-store" in codes["Cache-Control"]


def test_a_flood_a_strange_name_and_a_missing_token(room):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict(client.post("/org/sign-in/", {"login": "x", "password": "y"}))
    for _ in range(21):
        answer = Client().post("/org/enter/unknown/")
    assert answer.status_code == 429
    strict(answer)
    with override_settings(ALLOWED_HOSTS=["yuqing.example.cn"]):
        answer = client.get("/", headers={"host": "evil.example"})
        assert answer.status_code == 400 and "--name" in answer.content.decode()


def test_cookies_are_read_by_no_script_and_sent_to_no_other_site(room):
    answer = Client().get("/org/sign-in/")
    assert answer.cookies["csrftoken"]["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_HTTPONLY and settings.SESSION_COOKIE_SAMESITE == "Lax"


@pytest.mark.parametrize("https", [True, False])
def test_cookies_and_transport_follow_the_certificate(https, tmp_path):
    """The settings are read once a process: so in one of its own."""
    code = (
        "from shudao.project import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.TRUSTED_PROXIES)"
    )
    env = {"SHUDAO_SECRET": "x", "SHUDAO_DATA": str(tmp_path), "SHUDAO_HTTPS": "1" if https else "0", "PATH": ""}
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ([*["True"] * 2, "15552000", "[]"] if https else [*["False"] * 2, "0", "[]"])
