"""Helping somebody in, by an administrator and from the console; no mail anywhere."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from shudao.ledger.queries import entries_of
from tests.org.conftest import inside, sign_in, someone

pytestmark = pytest.mark.django_db(transaction=True)


def link_of(page):
    return re.search(r'id="entry-link"[^>]*value="http://testserver([^"]+)"', page.content.decode()).group(1)


def test_an_administrator_gives_a_link_that_is_shown_once_and_works_once(chen, lin):
    boss, _ = sign_in("lin")
    place = reverse("org:make_entry_link", args=[chen.pk])
    assert boss.get(reverse("org:sign_in_help", args=[chen.pk])).status_code == 200
    assert boss.post(place).status_code == 422
    page = boss.post(place, {"sure": "on"})
    assert "no-store" in page["Cache-Control"] and "data:image/svg+xml" in page.content.decode()
    client = Client()
    assert client.post(link_of(page)).status_code == 302 and Client().post(link_of(page)).status_code == 403
    assert link_of(page) not in boss.get(reverse("org:sign_in_help", args=[chen.pk])).content.decode()
    verbs = [row["verb"] for row in entries_of("site")]
    assert verbs.count("make_entry_link") == verbs.count("use_entry_link") == 1
    assert "陈立" not in str(list(entries_of("site")))


def test_whoever_is_switched_off_is_given_no_link(chen, lin):
    chen.user.is_active = False
    chen.user.save()
    answer = sign_in("lin")[0].post(reverse("org:make_entry_link", args=[chen.pk]), {"sure": "on"})
    assert answer.status_code == 409 and "已停用" in answer.content.decode()


def test_without_the_right_nobody_helps_anybody_in(chen, lin):
    client, _ = sign_in()
    for name in ("sign_in_help", "make_entry_link", "reset_second_factor"):
        place = reverse(f"org:{name}", args=[lin.pk])
        assert client.get(place).status_code == client.post(place, {"sure": "on", "reason": "x"}).status_code == 404


def test_a_lost_second_factor_is_taken_away_with_a_reason_and_ends_all_sessions(chen, lin, phone):
    lost, _ = sign_in()
    phone.enrol(lost)
    boss, _ = sign_in("lin")
    place = reverse("org:reset_second_factor", args=[chen.pk])
    assert boss.post(place, {"reason": ""}).status_code == 422 and Authenticator.objects.exists()
    assert boss.post(place, {"reason": "手机丢失，已当面核对"}).status_code == 302
    assert not Authenticator.objects.exists() and not inside(lost) and inside(boss)
    assert sign_in()[1]["Location"] == "/"
    entry = next(row["data"] for row in entries_of("site") if row["verb"] == "reset_second_factor")
    assert entry["count"] == 2 and "commitment" in entry["reason"]
    assert boss.post(place, {"reason": "再一次"}).status_code == 409


def test_the_last_administrator_is_let_in_from_the_console(lin, settings, tmp_path, monkeypatch):
    from click.testing import CliRunner

    from shudao.engine.words import BadInput
    from shudao.project.commands import link

    monkeypatch.setattr("shudao.project.site.open_site", lambda data: data)
    said = CliRunner().invoke(link.command, ["LIN", "--address", "https://yuqing.example.cn/"], catch_exceptions=False)
    found = re.fullmatch(r"https://yuqing.example.cn(/org/enter/[\w-]+/)\n", said.output)
    client = Client()
    assert client.post(found.group(1)).status_code == 302 and inside(client)
    refused = CliRunner().invoke(link.command, ["nobody"]).exception
    assert isinstance(refused, BadInput) and "lin" in refused.line("zh")


def test_the_console_can_void_a_lost_second_factor_too(lin, phone, monkeypatch):
    from click.testing import CliRunner

    from shudao.project.commands import link

    monkeypatch.setattr("shudao.project.site.open_site", lambda data: data)
    phone.enrol(sign_in("lin")[0])
    CliRunner().invoke(link.command, ["lin", "--reset-second-factor", "手机丢失"], catch_exceptions=False)
    assert not Authenticator.objects.filter(user=lin.user).exists()


def test_a_start_prints_a_way_in_only_while_no_administrator_has_one(office):
    from shudao.org.models import Organisation, Staff
    from shudao.project.sample import needs_first_link

    new = someone("admin", "管理员", is_administrator=True)
    new.user.set_unusable_password()
    new.user.save()
    assert needs_first_link()
    new.user.set_password("a long enough one")
    new.user.save()
    assert not needs_first_link()
    Organisation.objects.update(is_sample=True)
    assert needs_first_link() and Staff.objects.count() == 1
