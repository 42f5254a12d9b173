"""Passkeys with a real browser's virtual authenticator, and signing in with scripts forbidden."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.test_walk import sound

pytestmark = pytest.mark.browser
PERSON, PASSWORD = "s09", "four quite other words"


@pytest.fixture
def at(site):
    """The site under a name: browsers make no passkeys for bare numbers."""
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def thumb(quiet):
    """A page whose browser has an authenticator that always says yes."""
    return with_thumb(quiet)


def with_thumb(page):
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    has = {
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": {"protocol": "ctap2", "transport": "internal", **has}})
    return page


def come_in(page, at, furnished):
    """By one-time link."""
    page.goto(f"{at}/org/enter/{furnished[1][PERSON]}/")
    page.locator("main button").click()
    expect(page.locator("details.me")).to_be_visible()


def sign_out(page, at):
    page.goto(f"{at}/org/account/")
    page.locator("details.me summary").click()
    page.locator("form[action$='/org/sign-out/'] button").click()
    expect(page.locator("#passkey_login")).to_be_visible()


def add_passkey(page, at):
    page.goto(f"{at}/org/account/")
    sound(page)
    page.locator("a[href$='/passkey/add/']").click()
    sound(page)
    page.locator("#mfa_webauthn_add").click()
    expect(page.locator(".codes li")).to_have_count(10)
    sound(page)


def test_a_passkey_is_made_and_signs_in_alone(thumb, at, furnished):
    page = thumb
    come_in(page, at, furnished)
    add_passkey(page, at)
    sign_out(page, at)
    page.locator("#passkey_login").click()
    expect(page.locator("details.me")).to_be_visible()
    page.goto(f"{at}/org/account/")
    expect(page.locator("#passkeys li")).to_have_count(1)


def test_the_passkey_of_whoever_is_switched_off_opens_nothing(page, at, furnished, tmp_path):
    with_thumb(page)
    come_in(page, at, furnished)
    add_passkey(page, at)
    with closing(sqlite3.connect(tmp_path / "data" / "shudao.sqlite3")) as base, base:
        base.execute("UPDATE auth_user SET is_active = 0 WHERE username = ?", [PERSON])
    page.goto(f"{at}/org/account/")
    expect(page.locator("input[name=password]")).to_be_visible()
    page.locator("#passkey_login").click()
    expect(page.locator("input[name=password]")).to_have_count(0)
    page.goto(f"{at}/")
    expect(page.locator("input[name=password]")).to_be_visible()


def test_a_passkey_stands_in_for_the_code_after_the_password(thumb, at, furnished):
    page = thumb
    come_in(page, at, furnished)
    page.goto(f"{at}/org/account/set_password/")
    sound(page)
    for name in ("new", "again"):
        page.locator(f"input[name={name}]").fill(PASSWORD)
    page.locator("main button.primary").click()
    add_passkey(page, at)
    sign_out(page, at)
    page.locator("input[name=login]").fill(PERSON)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button.primary").click()
    expect(page.locator("#mfa_webauthn_authenticate")).to_be_visible()
    sound(page)
    page.locator("#mfa_webauthn_authenticate").click()
    expect(page.locator("details.me")).to_be_visible()


def test_a_passkey_is_renamed_and_removed(thumb, at, furnished):
    page = thumb
    come_in(page, at, furnished)
    add_passkey(page, at)
    page.goto(f"{at}/org/account/")
    page.locator("#passkeys a[href$='/edit/']").click()
    page.locator("input[name=name]").fill("值班手机")
    page.locator("main button.primary").click()
    expect(page.locator("#passkeys .title")).to_have_text("值班手机")
    page.locator("#passkeys a[href$='/remove/']").click()
    sound(page)
    page.locator("main button.primary").click()
    expect(page.locator("#passkeys li")).to_have_count(0)


def test_a_device_without_a_passkey_is_told_so_in_words(thumb, at):
    page = thumb
    page.goto(f"{at}/org/sign-in/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )
    expect(page.locator("#passkey_fault")).to_be_hidden()
    page.locator("#passkey_login").click()
    expect(page.locator("#passkey_fault")).to_be_visible()
    sound(page)


def test_a_code_is_set_up_and_asked_without_scripts(browser, at, furnished):
    import re
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{at}/org/enter/{furnished[1][PERSON]}/")
    page.locator("main button").click()
    page.goto(f"{at}/org/account/code/activate/")
    secret = page.locator("#totp-secret").inner_text()
    page.locator("input[name=code]").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.locator("main button.primary").click()
    recovery = re.findall(r"\d{8}", page.locator(".codes").inner_text())
    page.goto(f"{at}/org/account/set_password/")
    for name in ("new", "again"):
        page.locator(f"input[name={name}]").fill(PASSWORD)
    page.locator("main button.primary").click()
    page.goto(f"{at}/org/account/")
    page.locator("details.me summary").click()
    page.locator("form[action$='/org/sign-out/'] button").click()
    page.locator("input[name=login]").fill(PERSON)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button.primary").click()
    page.locator("input[name=code]").fill(recovery[0])
    page.locator("main button.primary").click()
    expect(page.locator("details.me")).to_be_visible()
    context.close()


def test_the_pages_of_sign_in_fit_a_phone(enter, at, furnished):
    page = enter("s04")
    page.set_viewport_size({"width": 390, "height": 844})
    base = page.url.split("/", 3)
    for place in (
        "account/",
        "account/set_password/",
        "rights/",
        "sign-in-rules/",
        "sign-in-help/3/",
        "account/code/activate/",
    ):
        page.goto(f"{base[0]}//{base[2]}/org/{place}")
        sound(page)
