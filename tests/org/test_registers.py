"""Registers: entries are kept, ended and reviewed by verbs; nothing bars an outlet; every list is also a spreadsheet."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.intake.grid import open_sheets
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Actor
from shudao.org import actions
from shudao.org.models import Activity, Correction, Observer, Outlet, OwnAccount, Post, Unit
from shudao.org.queries.registers import due_for_review, year_table
from shudao.project.sample import sample_roster
from tests.site import queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db
HEAD = Actor(LIVE, "office_head", "林晓芸")
TODAY = date(2026, 7, 13)


@pytest.fixture
def site(standing):
    actions.set_up_organisation(Actor(LIVE, "system"), sample_roster("power"), is_sample=True)
    return standing


def unit(code="south_station"):
    return Unit.objects.get(code=code)


def last():
    return list(entries_of("site"))[-1]


def test_observers_come_are_trained_and_end(site):
    row = actions.add_observer(HEAD, name="营业员", unit=unit())
    assert row.since == TODAY and "营业员" not in str(last())
    with pytest.raises(Refused):
        actions.add_observer(HEAD, name="营业员", unit=unit())
    held = {"kind": "training", "held_on": TODAY - timedelta(days=3), "unit": unit(), "subject": "上报要领"}
    actions.add_activity(HEAD, **held, attended=0, observers=[row])
    assert Observer.objects.get(pk=row.pk).trained_on == TODAY - timedelta(days=3)
    assert Activity.objects.get().attended == 1
    actions.add_activity(HEAD, **{**held, "held_on": TODAY - timedelta(days=90)}, observers=[row])
    assert Observer.objects.get(pk=row.pk).trained_on == TODAY - timedelta(days=3)
    actions.end_observer(HEAD, row)
    with pytest.raises(Refused):
        actions.end_observer(HEAD, row)


def test_own_accounts_have_somebody_who_answers_and_are_checked(site):
    row = OwnAccount.objects.get(name="清江供电")
    given = {"platform": row.platform, "name": row.name, "channel": "account", "kind": "account"}
    actions.change_own_account(HEAD, row, **given, owner=Post.objects.get(code="drafter"))
    assert last()["data"]["owner"] == "drafter"
    actions.check_own_account(HEAD, row)
    assert OwnAccount.objects.get(pk=row.pk).checked_on == TODAY
    with pytest.raises(Refused):
        actions.add_own_account(HEAD, **given)
    actions.retire_own_account(HEAD, row)
    for verb in (actions.check_own_account, actions.retire_own_account):
        with pytest.raises(Refused):
            verb(HEAD, row)


def test_a_correction_needs_evidence_and_a_day_of_review(site):
    outlet = Outlet.objects.get(name="清江日报")
    good = {
        "claim": "称停电三天",
        "evidence": "调度记录为四小时",
        "asked_on": TODAY,
        "review_on": TODAY + timedelta(days=90),
    }
    for wrong in ({"evidence": " "}, {"claim": ""}, {"review_on": TODAY}):
        with pytest.raises(Refused):
            actions.add_correction(HEAD, outlet, **{**good, **wrong})
    row = actions.add_correction(HEAD, outlet, **good)
    assert row.outcome == Correction.Outcome.OPEN and "停电" not in str(last())
    actions.answer_correction(HEAD, row, reply="已核实，次日更正", outcome="corrected")
    with pytest.raises(Refused):
        actions.review_correction(HEAD, row, review_on=TODAY)
    actions.review_correction(HEAD, row, review_on=TODAY + timedelta(days=365), note="记录公道")
    assert Correction.objects.get(pk=row.pk).reviewed_on == TODAY


def test_nothing_bars_an_outlet(site):
    fields = {field.name for model in (Outlet, Correction) for field in model._meta.get_fields()}
    assert not fields & {"banned", "blocked", "blacklisted", "score", "is_trusted", "is_banned", "rating"}
    row = Outlet.objects.get(name="清江日报")
    actions.retire_outlet(HEAD, row)
    actions.change_outlet(HEAD, row, name="清江日报", kind="print", tier=1)
    assert Outlet.objects.get(pk=row.pk).retired_on is None


def test_activities_are_counted_by_unit_and_year(site):
    for held_on, people in ((TODAY, 30), (TODAY - timedelta(days=30), 12), (date(2025, 3, 1), 99)):
        actions.add_activity(HEAD, kind="awareness", held_on=held_on, unit=unit(), subject="进社区", attended=people)
    found = {row.code: (by, total) for row, by, total in year_table(2026)}
    assert found["south_station"] == ({"awareness": (2, 42)}, (2, 42)) and found["north_station"] == ({}, (0, 0))
    wrong = Activity.objects.filter(held_on=TODAY).get()
    actions.withdraw_activity(HEAD, wrong)
    assert {row.code: total for row, _by, total in year_table(2026)}["south_station"] == (1, 12)
    for verb in (lambda: actions.withdraw_activity(HEAD, wrong), lambda: actions.change_activity(
            HEAD, wrong, kind="talk", held_on=TODAY, unit=unit(), subject="x")):  # fmt: skip
        with pytest.raises(Refused):
            verb()
    with pytest.raises(Refused, match="将来"):
        actions.add_activity(HEAD, kind="talk", held_on=TODAY + timedelta(days=1), unit=unit(), subject="x")


def test_what_is_due_is_on_the_page(site):
    due = due_for_review(TODAY)
    assert not due.corrections and len(due.accounts) == 3 and not due.observers
    later = due_for_review(date(2027, 6, 1))
    assert len(later.corrections) == 1 and len(later.observers) == 4
    page = text_of(signed_in("office_head").get(reverse("org:registers")))
    assert "3 项登记该复核了" in page and "从未核对" in page


@pytest.mark.parametrize("register", ["observers", "accounts", "outlets", "activities"])
def test_every_register_is_searched_sorted_paged_and_exported(site, register):
    Observer.objects.bulk_create(Observer(name=f"信息员{n}", unit=unit(), since=TODAY) for n in range(45))
    OwnAccount.objects.bulk_create(OwnAccount(platform="平台", name=f"信息员{n}", channel="web") for n in range(45))
    Outlet.objects.bulk_create(Outlet(name=f"信息员{n}") for n in range(45))
    Activity.objects.bulk_create(
        Activity(kind="talk", held_on=TODAY, unit=unit(), subject=f"信息员{n}") for n in range(45)
    )
    client, address = signed_in("office_head"), reverse("org:register", args=[register])
    first = text_of(client.get(address + "?q=信息员"))
    assert "第 1 页，共 3 页" in first and "q=%E4%BF%A1%E6%81%AF%E5%91%98&amp;page=2" in first
    assert "信息员44" in text_of(client.get(address + "?q=信息员44")) and "没有找到" in text_of(
        client.get(address + "?q=无此")
    )
    for sort in ("name", "unit", "tier", "checked_on", "held_on", "nonsense"):
        assert client.get(address, {"sort": sort}).status_code == 200
    book = client.get(reverse("org:export_register", args=[register]) + "?q=信息员")
    rows = open_sheets(book.content)[0].rows
    assert len(rows) == 46 and "attachment" in book["Content-Disposition"]


def test_an_unknown_register_is_not_there(site):
    assert signed_in("office_head").get("/org/registers/enemies/").status_code == 404


def test_lists_ask_the_same_number_of_questions_however_long(site):
    client = signed_in("office_head")
    before = {
        name: queries_of(client, reverse("org:register", args=[name])) for name in ("observers", "accounts", "outlets")
    }
    Observer.objects.bulk_create(Observer(name=f"信{n}", unit=unit()) for n in range(300))
    Outlet.objects.bulk_create(Outlet(name=f"媒{n}") for n in range(300))
    owner = Post.objects.get(code="drafter")
    OwnAccount.objects.bulk_create(
        OwnAccount(platform="平", name=f"号{n}", channel="web", owner=owner) for n in range(300)
    )
    for name, count in before.items():
        assert queries_of(client, reverse("org:register", args=[name])) <= count + 1, name


def test_those_who_watch_see_and_those_who_keep_change(site):
    watcher, drafter = signed_in("duty_officer"), signed_in("second_drafter")
    assert watcher.get(reverse("org:registers")).status_code == 200
    assert "聘任信息员" not in text_of(watcher.get(reverse("org:register", args=["observers"])))
    assert watcher.get(reverse("org:add_observer")).status_code == 404
    assert watcher.post(reverse("org:add_observer"), {"name": "x"}).status_code == 404
    assert drafter.get(reverse("org:registers")).status_code in (200, 404)


def test_an_activity_with_a_file_from_the_page(site):
    client = signed_in("office_head")
    file = SimpleUploadedFile("签到 表.pdf", b"%PDF-1.4 demo")
    given = {"kind": "training", "held_on": "2026-07-01", "unit": "south_station", "subject": "上报要领", "attended": "20",
             "observers": "城南台区经理、城北台区经理", "evidence": "宣字 3 号", "file": file}  # fmt: skip
    address = reverse("org:add_activity")
    assert client.post(address, {**given, "observers": "没有此人"}).status_code == 422
    file.seek(0)
    assert client.post(address, given).status_code == 302
    row = Activity.objects.get()
    assert row.observers.count() == 2 and Observer.objects.get(name="城北台区经理").trained_on == date(2026, 7, 1)
    saved = client.get(reverse("org:activity_evidence", args=[row.pk]))
    assert saved.content == b"%PDF-1.4 demo" and "attachment" in saved["Content-Disposition"]
    big = SimpleUploadedFile("大.bin", b"0" * (5 * 1024 * 1024 + 1))
    assert client.post(address, {**given, "file": big}).status_code == 409
    page = text_of(client.get(reverse("org:activity_year")))
    assert "2026 年共 1 次活动" in page and timezone.localdate(site.now()) == TODAY
    book = client.get(reverse("org:activity_year") + "?year=2026&book=1")
    assert open_sheets(book.content)[0].rows[0][0] == "单位"
