"""Ways in and out, seen from a browser."""

import pytest
from django.test import Client
from django.urls import reverse

from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.actions import make_entry_link
from shudao.org.models import Organisation, Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen(django_user_model, standing):
    user = django_user_model.objects.create_user("chen", password="a long enough one")
    return Staff.objects.create(user=user, name="陈立")


@pytest.fixture
def wang(django_user_model):
    return Staff.objects.create(user=django_user_model.objects.create_user("wang"), name="王宁")


def test_the_sign_in_page_speaks_both_languages(standing):
    for language, word in (("zh-hans", "账号"), ("en", "Account")):
        page = Client().get(reverse("org:sign_in"), headers={"Accept-Language": language})
        assert page.status_code == 200 and word in page.content.decode()


def test_a_wrong_password_says_so_and_keeps_the_account(chen):
    page = Client().post(reverse("org:sign_in"), {"login": "chen", "password": "wrong"})
    text = page.content.decode()
    assert page.status_code == 200 and 'role="alert"' in text and 'value="chen"' in text
    assert page.wsgi_request.user.is_anonymous


def test_a_right_password_lets_in(chen):
    page = Client().post(reverse("org:sign_in"), {"login": "chen", "password": "a long enough one"})
    assert page.status_code == 302 and page.wsgi_request.user == chen.user


def test_a_one_time_link_asks_first_and_lets_in_once(chen):
    address = reverse("org:use_entry_link", args=[make_entry_link(Actor(LIVE, "system"), chen)])
    client = Client()
    assert client.get(address).wsgi_request.user.is_anonymous
    assert client.post(address).wsgi_request.user == chen.user
    again = Client().post(address)
    assert again.status_code == 403 and 'role="alert"' in again.content.decode()


def test_signing_out_needs_a_post(chen):
    client = Client()
    client.force_login(chen.user)
    assert client.get(reverse("org:sign_out")).status_code == 405
    assert client.post(reverse("org:sign_out")).wsgi_request.user.is_anonymous


def test_only_a_sample_organisation_lets_one_go_on_as_another(chen, wang):
    organisation = Organisation.objects.create(name="清江", is_sample=False)
    client = Client()
    client.force_login(chen.user)
    assert client.post(reverse("org:switch_person"), {"staff": wang.pk}).status_code == 404
    Organisation.objects.filter(pk=organisation.pk).update(is_sample=True)
    answer = client.post(reverse("org:switch_person"), {"staff": wang.pk, "next": "//elsewhere.example/"})
    assert answer["Location"] == "/" and answer.wsgi_request.user == wang.user


def test_the_language_is_kept(standing):
    client = Client()
    client.post(reverse("set_language"), {"language": "en", "next": "/org/sign-in/"})
    assert "Account" in client.get(reverse("org:sign_in")).content.decode()


def test_no_page_allows_inline_script_or_style(standing):
    page = Client().get(reverse("org:sign_in"))
    assert "unsafe" not in page["Content-Security-Policy"] and "default-src 'self'" in page["Content-Security-Policy"]
    assert "style=" not in page.content.decode() and "onclick" not in page.content.decode()


def test_a_page_that_is_not_there_says_so_in_words(standing):
    page = Client().get("/no-such-page/", headers={"Accept-Language": "zh-hans"})
    assert page.status_code == 404 and "没有这一页" in page.content.decode()
