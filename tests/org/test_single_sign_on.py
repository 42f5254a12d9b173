"""Single sign-on against a real provider on this machine: who is let in, who is joined, who is not."""

import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from shudao.ledger.queries import entries_of
from shudao.org.models import SignInRules, Staff
from tests.org.conftest import inside, sign_in, someone
from tests.org.provider import CLIENT, PASSWORD, SECRET

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parent.parent.parent
CALLBACK = "http://testserver/org/sign-in/oidc/office/callback/"


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """Address of the provider."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.org.provider", str(port), str(tmp_path_factory.mktemp("idp")), CALLBACK]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "listening\n"
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def joined_by(settings, provider):
    """The site set up for the provider, with the claim that names accounts (or none)."""

    def set_up(claim=""):
        app = {"provider_id": "office", "name": "青岚统一身份", "client_id": CLIENT, "secret": SECRET}
        app["settings"] = {"server_url": provider, "claim": claim}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}

    return set_up


def go(person, client=None, process="login"):
    """The whole way: from our page to the provider, sign in there, and back; gives the browser and the last answer."""
    client = client or Client()
    away = client.post(reverse("openid_connect_login", args=["office"]) + f"?process={process}")
    address = away["Refresh"].removeprefix("0; url=")
    assert away.status_code == 200 and address.replace("&", "&amp;") in away.content.decode()
    there = requests.Session()
    page = there.get(address)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text).group(1)
    given = {
        "login": person,
        "password": PASSWORD,
        "csrfmiddlewaretoken": token,
        "next": address[len(origin(address)) :],
    }
    answer = there.post(page.url, data=given, allow_redirects=False)
    while not answer.headers.get("Location", "").startswith(CALLBACK):
        answer = there.get(origin(address) + answer.headers["Location"], allow_redirects=False)
    back = urlsplit(answer.headers["Location"])
    return client, client.get(f"{back.path}?{back.query}")


def origin(address):
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def test_without_a_provider_nothing_of_it_is_shown(chen):
    assert "统一身份" not in Client().get(reverse("org:sign_in")).content.decode()
    assert Client().post(reverse("openid_connect_login", args=["office"])).status_code == 404


def test_whoever_the_claim_names_is_let_in_and_joined(chen, joined_by):
    joined_by("preferred_username")
    assert "用青岚统一身份登录" in Client().get(reverse("org:sign_in")).content.decode()
    client, answer = go("chen")
    assert answer.status_code == 302 and answer["Location"] == "/" and inside(client)
    assert SocialAccount.objects.get().user == chen.user
    verbs = {row["verb"]: row["data"] for row in entries_of("site")}
    assert verbs["sign_in"]["manner"] == "single_sign_on" and verbs["connect_account"]["provider"] == "office"
    assert go("chen")[1]["Location"] == "/" and SocialAccount.objects.count() == 1


def test_a_stranger_is_told_and_makes_nobody(chen, joined_by):
    joined_by("preferred_username")
    client, answer = go("stranger")
    assert "还没有对应的人员" in answer.content.decode() and not inside(client)
    assert get_user_model().objects.count() == Staff.objects.count() == 1 and not SocialAccount.objects.exists()


def test_without_a_claim_only_those_get_in_who_joined_it_while_signed_in(chen, joined_by):
    joined_by()
    assert not inside(go("chen")[0])
    client, _ = sign_in()
    assert "青岚统一身份" in client.get(reverse("org:account")).content.decode()
    go("stranger", client, process="connect")
    assert SocialAccount.objects.get().user == chen.user and inside(client)
    assert inside(go("stranger")[0])
    row = SocialAccount.objects.get()
    client.post(reverse("disconnect_account"), {"account": row.pk})
    assert not SocialAccount.objects.exists() and not inside(go("stranger")[0])


def test_an_account_joined_by_one_is_not_joined_by_another(chen, lin, joined_by):
    joined_by()
    go("stranger", sign_in()[0], process="connect")
    go("stranger", sign_in("lin")[0], process="connect")
    assert SocialAccount.objects.get().user == chen.user


def test_an_unconfirmed_mail_address_names_nobody(office, joined_by):
    joined_by("email")
    someone("lin@office.example", "林晓芸")
    someone("unconfirmed@office.example", "无名")
    assert inside(go("lin@office.example")[0])
    assert not inside(go("unconfirmed")[0])


def test_whoever_is_switched_off_stays_out(chen, joined_by):
    joined_by("preferred_username")
    go("chen")
    get_user_model().objects.update(is_active=False)
    client, answer = go("chen")
    assert answer["Location"] == reverse("account_inactive") and not inside(client)


def test_the_office_may_let_it_make_staff_who_see_nothing(chen, joined_by):
    joined_by("preferred_username")
    SignInRules.objects.create(makes_staff=True)
    client, _ = go("stranger")
    made = Staff.objects.get(user__username="stranger")
    assert inside(client) and not made.is_administrator and not made.holdings.exists()
    assert not made.user.has_usable_password() and client.get(reverse("org:rights")).status_code == 404


def test_a_second_factor_of_ours_is_asked_all_the_same(chen, phone, joined_by):
    joined_by("preferred_username")
    phone.enrol(sign_in()[0])
    client, answer = go("chen")
    assert answer["Location"] == reverse("mfa_authenticate") and not inside(client)


def test_the_last_way_in_is_not_given_up(chen, joined_by):
    joined_by("preferred_username")
    chen.user.set_unusable_password()
    chen.user.save()
    client, _ = go("chen")
    answer = client.post(reverse("disconnect_account"), {"account": SocialAccount.objects.get().pk}, follow=True)
    assert SocialAccount.objects.exists() and "请先设一个密码" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?code=x&state=made-up", "?error=access_denied", "?error=server_error&state=x"]
)
def test_what_comes_back_unasked_is_refused(chen, joined_by, query):
    joined_by("preferred_username")
    answer = Client().get(reverse("openid_connect_callback", args=["office"]) + query, follow=True)
    assert answer.status_code in {200, 401} and not answer.wsgi_request.user.is_authenticated


def test_a_provider_that_does_not_answer_is_said_in_words(chen, joined_by, settings, httpserver):
    joined_by()
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    answer = Client().post(reverse("openid_connect_login", args=["office"]))
    assert answer.status_code == 502 and "没有成功" in answer.content.decode()
    httpserver.expect_request("/.well-known/openid-configuration").respond_with_data("no json")
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = httpserver.url_for("")
    assert Client().post(reverse("openid_connect_login", args=["office"])).status_code == 502
