"""Signing in, as it is tried from browsers: password, code, recovery code, link, limits, devices, rules."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Actor
from shudao.org import actions
from shudao.org.models import Device, Organisation, Post, Shift, SignInRules, Unit
from shudao.org.queries.sign_in import stays_until
from tests.org.conftest import PASSWORD, inside, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor(LIVE, "system")


def kept(verb):
    return [row["data"] for row in entries_of("site") if row["verb"] == verb]


def test_nobody_can_register_and_nothing_sends_mail(office):
    for name in ("account_signup", "account_email", "account_reset_password", "socialaccount_signup"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for address in ("/org/signup/", "/org/account/signup/", "/org/account/email/", "/org/account/password/reset/"):
        assert Client().get(address).status_code in {302, 404}


def test_a_password_lets_in_and_is_recorded(chen):
    client, answer = sign_in()
    assert answer.status_code == 302 and answer["Location"] == "/" and inside(client)
    assert kept("sign_in") == [{"manner": "password", "second": "", "by": kept("sign_in")[0]["by"]}]
    assert "陈立" not in str(list(entries_of("site")))


def test_a_live_part_asked_under_an_ended_key_does_not_take_the_new_one_away(chen):
    client, _ = sign_in()
    old = client.cookies["sessionid"].value
    client.post(reverse("org:sign_out"))
    sign_in(client=client)
    client.cookies["sessionid"] = old  # as of a request that was on its way meanwhile
    answer = client.get("/", headers={"HX-Request": "true"})
    assert "sessionid" not in answer.cookies


def test_signing_out_takes_the_key_out_of_the_browser(chen):
    client, _ = sign_in()
    assert client.post(reverse("org:sign_out")).cookies["sessionid"].value == ""


def test_who_is_signed_in_already_goes_on_from_the_sign_in_page(chen):
    client, _ = sign_in()
    answer = client.get(reverse("org:sign_in") + "?next=/respond/incidents/")
    assert (answer.status_code, answer["Location"]) == (302, "/respond/incidents/")


def test_a_wrong_password_and_an_unknown_account_read_the_same(chen):
    wrong = sign_in(password="wrong")[1].content.decode()
    unknown = sign_in(name="nobody", password="wrong")[1].content.decode()
    said = [re.search(r'role="alert">(.*?)</div>', text).group(1) for text in (wrong, unknown)]
    assert said[0] == said[1] and "不对" in said[0]


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_after_sign_in_nobody_is_led_off_the_site(chen, where):
    answer = Client().post(reverse("org:sign_in"), {"login": "chen", "password": PASSWORD, "next": where})
    assert answer["Location"] == "/"


def test_tries_are_counted_for_an_account_over_all_browsers_and_addresses(chen):
    for number in range(5):
        _, answer = sign_in(password="wrong", REMOTE_ADDR=f"10.0.0.{number}")
        assert answer.status_code == 200
    client, answer = sign_in(REMOTE_ADDR="10.0.1.1")
    assert answer.status_code == 429 and "五分钟" in answer.content.decode() and not inside(client)
    assert sign_in(REMOTE_ADDR="10.0.1.2", HTTP_HOST="another.example")[1].status_code == 429


def test_tries_are_counted_for_an_address_over_all_accounts(chen):
    for number in range(10):
        sign_in(name=f"guess{number}", password="wrong")
    assert sign_in()[1].status_code == 429
    assert sign_in(REMOTE_ADDR="10.0.0.9")[1].status_code == 302


def test_a_header_that_anybody_can_write_makes_no_new_address(chen):
    for number in range(10):
        sign_in(name=f"guess{number}", password="wrong", HTTP_X_FORWARDED_FOR=f"10.9.9.{number}")
    assert sign_in(HTTP_X_FORWARDED_FOR="10.9.9.99")[1].status_code == 429


def test_a_flood_gets_a_plain_page_in_the_reader_s_language(chen):
    for language, word in (("zh-hans", "歇一分钟"), ("en", "minute")):
        cache.clear()
        client = Client(headers={"Accept-Language": language})
        answers = [sign_in(name=f"g{n}", client=client, REMOTE_ADDR="10.2.0.1")[1] for n in range(31)]
        assert answers[-1].status_code == 429 and word in answers[-1].content.decode()


def test_right_passwords_do_not_use_up_the_tries(chen):
    for _ in range(8):
        assert sign_in()[1].status_code == 302


def test_a_code_is_asked_once_it_is_set_up(chen, phone, codes):
    client, _ = sign_in()
    assert phone.enrol(client)["Location"] == reverse("mfa_view_recovery_codes")
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert all(code in page for code in codes(chen))
    phone.later(60)
    second, answer = sign_in()
    assert answer["Location"] == reverse("mfa_authenticate") and not inside(second)
    assert second.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200 and not inside(second)
    assert second.post(reverse("mfa_authenticate"), {"code": phone.code()}).status_code == 302 and inside(second)
    assert kept("sign_in")[-1]["second"] == "totp"
    assert {row["kind"] for row in kept("add_second_factor")} == {"totp", "recovery_codes"}


def test_a_code_counts_once_even_while_it_would_still_be_right(chen, phone):
    phone.enrol(sign_in()[0])
    phone.later(90)
    code = phone.code()
    first, _ = sign_in()
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    phone.later(29)
    again, _ = sign_in()
    assert again.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200 and not inside(again)


def test_the_code_of_the_enrolment_does_not_sign_in(chen, phone):
    phone.enrol(sign_in()[0])
    client, _ = sign_in()
    client.post(reverse("mfa_authenticate"), {"code": phone.code()})
    assert not inside(client)


def test_a_clock_half_a_minute_off_is_forgiven(chen, phone):
    phone.enrol(sign_in()[0])
    phone.later(120)
    client, _ = sign_in()
    client.post(reverse("mfa_authenticate"), {"code": phone.code(steps=1)})
    assert inside(client)


def test_guessing_codes_is_limited(chen, phone):
    phone.enrol(sign_in()[0])
    phone.later(120)
    client, _ = sign_in()
    for number in range(6):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{number}"}, REMOTE_ADDR=f"10.3.0.{number}")
    client.post(reverse("mfa_authenticate"), {"code": phone.code()}, REMOTE_ADDR="10.3.1.1")
    assert not inside(client)


def test_a_recovery_code_works_once(chen, phone, codes):
    phone.enrol(sign_in()[0])
    code = codes(chen)[0]
    first, _ = sign_in()
    first.post(reverse("mfa_authenticate"), {"code": code})
    assert inside(first)
    again, _ = sign_in()
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert not inside(again)


def test_secrets_of_second_factors_are_sealed_in_the_database(chen, phone):
    phone.enrol(sign_in()[0])
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert phone.secret not in rows and "gAAAA" in rows


def test_a_delicate_step_asks_again_after_a_while(chen, phone, monkeypatch):
    client, _ = sign_in()
    phone.enrol(client)
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    session = client.session
    for row in session["account_authentication_methods"]:
        row["at"] -= 3600
    session.save()
    answer = client.get(reverse("mfa_deactivate_totp"))
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 200
    assert client.post(answer["Location"], {"password": PASSWORD}).status_code == 302
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_a_link_seen_by_a_previewer_is_not_used_up(chen):
    address = reverse("org:use_entry_link", args=[actions.make_entry_link(SYSTEM, chen)])
    for method in ("get", "head", "options"):
        getattr(Client(), method)(address)
    client = Client()
    answer = client.post(address)
    assert answer.status_code == 302 and answer["Referrer-Policy"] == "same-origin"
    assert Client().post(address).status_code == 403
    assert kept("sign_in")[-1]["manner"] == "link"


def test_an_expired_link_is_refused(chen, standing):
    address = reverse("org:use_entry_link", args=[actions.make_entry_link(SYSTEM, chen)])
    standing.advance(hours=13)
    answer = Client().post(address)
    assert answer.status_code == 403 and "过期" in answer.content.decode()


def test_links_are_not_tried_at_leisure(chen):
    statuses = [Client().post(reverse("org:use_entry_link", args=[f"guess{n}"])).status_code for n in range(21)]
    assert statuses[:20] == [403] * 20 and statuses[20] == 429


def test_a_link_leads_to_a_new_password_on_a_real_site(chen):
    client = Client()
    client.post(reverse("org:use_entry_link", args=[actions.make_entry_link(SYSTEM, chen)]))
    place = reverse("org:set_password")
    assert client.get("/")["Location"] == place
    assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == place
    assert 'name="old"' not in client.get(place).content.decode()
    given = {"new": "four quite other words", "again": "four quite other words"}
    assert client.post(place, given).status_code == 302 and client.get("/").status_code == 200
    assert sign_in(password="four quite other words")[1].status_code == 302
    assert sign_in()[1].status_code == 200


def test_in_a_sample_a_link_simply_lets_in(chen):
    Organisation.objects.update(is_sample=True)
    client = Client()
    client.post(reverse("org:use_entry_link", args=[actions.make_entry_link(SYSTEM, chen)]))
    assert client.get("/").status_code == 200


def test_a_link_does_not_go_round_the_second_factor(chen, phone):
    phone.enrol(sign_in()[0])
    phone.later(90)
    client = Client()
    answer = client.post(reverse("org:use_entry_link", args=[actions.make_entry_link(SYSTEM, chen)]))
    assert answer["Location"] == reverse("mfa_authenticate") and not inside(client)
    client.post(reverse("mfa_authenticate"), {"code": phone.code()})
    assert client.get("/")["Location"] == reverse("org:set_password")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"old": "wrong", "new": "four quite other words", "again": "four quite other words"}, "不对"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "fault"),
        ({"old": PASSWORD, "new": "password1234", "again": "password1234"}, "fault"),
        ({"old": PASSWORD, "new": "four quite other words", "again": "five"}, "不一样"),
        ({}, "请填写"),
    ],
)
def test_a_password_that_will_not_do_is_named_at_its_field(chen, given, word):
    client, _ = sign_in()
    answer = client.post(reverse("org:set_password"), given)
    assert answer.status_code == 422 and word in answer.content.decode() and sign_in()[1].status_code == 302


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(chen):
    here, there = sign_in()[0], sign_in()[0]
    given = {"old": PASSWORD, "new": "four quite other words", "again": "four quite other words"}
    assert here.post(reverse("org:set_password"), given).status_code == 302
    assert inside(here) and not inside(there)
    assert Device.objects.count() == 1 and kept("set_password")[0]["ended"] == 1


def test_devices_are_shown_and_ended_one_by_one_or_all(chen, lin):
    here = sign_in(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0")[0]
    there = sign_in(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) MicroMessenger/8.0")[0]
    third, other = sign_in()[0], sign_in("lin")[0]
    page = here.get(reverse("org:account")).content.decode()
    assert "Firefox" in page and "微信" in page and "iPhone" in page
    foreign = Device.objects.get(user=lin.user)
    assert here.post(reverse("org:end_sessions"), {"device": foreign.pk}).status_code == 404 and inside(other)
    phone_row = Device.objects.get(agent__contains="iPhone")
    here.post(reverse("org:end_sessions"), {"device": phone_row.pk})
    assert not inside(there) and inside(third) and inside(here)
    here.post(reverse("org:end_sessions"))
    assert not inside(third) and inside(here) and inside(other)


def test_signing_out_forgets_the_device(chen):
    client, _ = sign_in()
    assert Device.objects.count() == 1
    client.post(reverse("org:sign_out"))
    assert Device.objects.count() == 0 and not inside(client)


def test_whoever_is_switched_off_gets_in_by_no_way_and_is_out_at_once(chen, phone):
    client, _ = sign_in()
    phone.enrol(client)
    token = actions.make_entry_link(SYSTEM, chen)
    chen.user.is_active = False
    chen.user.save()
    assert not inside(client)
    assert sign_in()[1]["Location"] == reverse("account_inactive")
    assert not inside(sign_in()[0])
    assert Client().post(reverse("org:use_entry_link", args=[token])).status_code == 403
    with pytest.raises(Refused):
        actions.make_entry_link(SYSTEM, chen)
    assert Client().get(reverse("account_inactive")).status_code == 403


def test_an_account_without_staff_is_let_into_nothing(office, django_user_model):
    django_user_model.objects.create_user("ghost", password=PASSWORD)
    client, answer = sign_in("ghost")
    assert answer["Location"] == reverse("account_inactive") and not inside(client)


def test_how_long_one_stays_follows_the_shift(chen, standing):
    now = standing.now()
    hours = lambda until: round((until - now).total_seconds() / 3600)  # noqa: E731
    assert hours(stays_until(chen, now, now)) == 12
    post = Post.objects.create(code="duty", name="值班", unit=Unit.objects.create(code="u", name="u"))
    ends = now.replace(hour=8) + standing.now().resolution * 0
    Shift.objects.create(post=post, staff=chen, start_at=now.replace(hour=1), end_at=ends.replace(day=now.day + 2))
    assert hours(stays_until(chen, now, now)) == 54
    assert stays_until(chen, now, now.replace(year=now.year - 1)) == Shift.objects.get().end_at


def test_a_page_moves_the_session_on_but_not_at_every_request(chen, standing, django_assert_num_queries):
    client, _ = sign_in()
    client.get(reverse("org:account"))
    first = Device.objects.get().seen_at
    standing.advance(minutes=5)
    client.get(reverse("org:account"))
    assert Device.objects.get().seen_at == first
    standing.advance(minutes=6)
    client.get(reverse("org:account"))
    assert Device.objects.get().seen_at == standing.now()


def test_a_second_factor_may_be_asked_of_administrators_or_of_everybody(chen, lin, phone):
    page = reverse("org:sign_in_rules")
    boss, _ = sign_in("lin")
    officer, _ = sign_in()
    assert boss.get(page).status_code == 200 and officer.get(page).status_code == 404
    boss.post(reverse("org:set_sign_in_rules"), {"second_factor": "administrators"})
    assert boss.get("/")["Location"] == reverse("org:account") and officer.get("/").status_code == 200
    assert "先启用一种二次验证" in boss.get(reverse("org:account")).content.decode()
    phone.enrol(boss)
    assert boss.get("/").status_code == 200
    answer = boss.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=lin.user, type="totp").exists() and "须保留" in answer.content.decode()
    boss.post(reverse("org:set_sign_in_rules"), {"second_factor": "everybody"})
    assert officer.get("/")["Location"] == reverse("org:account") and SignInRules.objects.count() == 1
    assert officer.post(reverse("org:end_sessions")).status_code == 302


def test_ended_sessions_and_old_links_are_cleared_away(chen, standing):
    from django.contrib.sessions.models import Session

    from shudao.base.clock import WallClock
    from shudao.org.actions.sign_in import clear_ended
    from shudao.org.models import EntryLink

    sign_in()
    actions.make_entry_link(SYSTEM, chen)
    clear_ended(standing.now(), WallClock().now())
    assert Session.objects.count() == Device.objects.count() == EntryLink.objects.count() == 1
    standing.advance(days=40)
    late = WallClock().now().replace(year=2100)
    clear_ended(standing.now(), late)
    assert not Session.objects.exists() and not Device.objects.exists() and not EntryLink.objects.exists()


def test_every_entry_of_sign_in_keeps_the_chain_whole(chen, phone):
    from shudao.engine.ledger import check_chain

    client, _ = sign_in()
    phone.enrol(client)
    assert Entry.objects.count() >= 3
    assert check_chain(entries_of("site")).fault is None
