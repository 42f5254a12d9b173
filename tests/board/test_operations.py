"""How the site is: what is wrong is found and said; the figures hold no words and are not for everybody."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings

from shudao.base import clock
from shudao.base.models import JobRow
from shudao.base.scene import LIVE
from shudao.board import health as look
from shudao.board.health import State, health, worst
from shudao.follow.models import Archive
from shudao.ledger.models import Entry, Stream
from shudao.listen.models import Source
from shudao.notify.models import Attempt, Channel, Parcel
from shudao.org.models import Staff
from tests.site import furnished, opened, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(standing, transactional_db):
    furnished(standing)
    return standing


def of(part, **told):
    return [row for row in health(clock.now(LIVE), **told) if row.part == part]


def test_a_furnished_site_has_no_fault(site):
    assert worst(health(clock.now(LIVE))) != State.FAULT


def test_a_broken_chain_is_found_with_its_place(site):
    with_db = Entry.objects.filter(stream="site").order_by("seq")[2]
    Entry._base_manager.filter(pk=with_db.pk)._raw_delete("default")
    [fault] = [row for row in of("ledger") if row.state == State.FAULT]
    assert fault.where.startswith("site:")


def test_a_shortened_chain_is_found(site):
    Stream.objects.filter(name="site").update(length=10_000)
    assert State.FAULT in {row.state for row in of("ledger")}


def test_a_silent_worker_is_found(site):
    assert of("worker")[0].state == State.WARN
    JobRow.objects.create(name="notify.deliver_messages", due_at=clock.now(LIVE) - timedelta(minutes=10))
    assert of("worker")[0].state == State.FAULT
    JobRow.objects.update(due_at=clock.now(LIVE))
    assert of("worker")[0].state == State.OK


def test_the_row_of_a_job_that_is_no_more_says_nothing(site):
    now = clock.now(LIVE)
    JobRow.objects.create(name="notify.deliver_messages", due_at=now)
    JobRow.objects.create(name="gone.old_job", due_at=now - timedelta(days=9))
    assert [row.state for row in of("worker")] == [State.OK]


def test_channels_that_fail_are_named_with_the_answer_and_what_to_do(site):
    now = clock.now(LIVE)
    assert [(row.state, "inbox" in row.says.en) for row in of("channels")] == [(State.WARN, True)]
    channel = Channel.objects.create(code="wecom-1", kind="wecom", name="值班群", made_at=now)
    assert of("channels")[0].state == State.OK
    said = {"ok": False, "code": "93000", "said": "HTTP 200 invalid webhook url"}
    Attempt.objects.create(channel=channel, began_at=now, ended_at=now, **said)
    [row] = of("channels")
    assert row.state == State.WARN and "invalid webhook" in row.where and "粘贴新地址" in row.mend.zh
    Channel.objects.update(fault_told_at=now)
    assert of("channels")[0].state == State.FAULT
    Attempt.objects.create(channel=channel, began_at=now, ended_at=now, ok=True, code="0")
    parcel = {"channel": channel, "thread": "x", "subject": "x", "parts": ["x"], "due_at": now, "scene": LIVE.key}
    Parcel.objects.create(made_at=now - timedelta(hours=1), **parcel)
    assert [row.state for row in of("channels")] == [State.WARN, State.OK]


def test_a_failing_job_says_its_kind_and_not_its_words(site):
    JobRow.objects.create(name="x", due_at=clock.now(LIVE), last_fault="ValueError: 张三的话")
    [fault] = of("jobs")
    assert fault.where == "ValueError" and "张三" not in str(fault)


def test_failing_sources_are_named(site):
    row = Source.objects.in_scene(LIVE).first()
    Source.objects.filter(pk=row.pk).update(state="failing", failures=1)
    assert of("sources")[0].state == State.WARN
    Source.objects.filter(pk=row.pk).update(failures=9)
    assert of("sources")[0].state == State.FAULT and of("sources")[0].where == row.code


def test_a_clock_set_back_is_found(site):
    [fault] = look.time_goes_on(clock.now(LIVE) - timedelta(days=1))
    assert fault.state == State.FAULT
    assert of("clock") == []


def test_a_lost_or_changed_archive_is_found(site, tmp_path, monkeypatch):
    monkeypatch.setattr(look, "archive_folder", lambda: tmp_path)
    incident = opened()
    told = {"sealed_at": clock.now(LIVE), "post": "x", "length": 1, "head": "0" * 64, "sha256": "0" * 64}
    Archive.objects.create(incident=incident, name="a.zip", **told)
    assert "missing" in of("archives")[0].says.en
    (tmp_path / "a.zip").write_bytes(b"other")
    assert "differs" in of("archives")[0].says.en
    assert of("archives", whole=False) == []


def test_a_part_that_cannot_be_looked_at_is_a_finding(site, monkeypatch):
    monkeypatch.setattr(look.shutil, "disk_usage", lambda _: (_ for _ in ()).throw(OSError("gone")))
    [fault] = of("disk")
    assert fault.state == State.FAULT and fault.where == "OSError"


def test_the_page_is_for_who_runs_the_site(site):
    Staff.objects.filter(holdings__post__code="drafter").update(is_administrator=False)
    assert signed_in("drafter").get("/operations/").status_code == 404
    client = Client()
    client.force_login(Staff.objects.filter(is_administrator=True).first().user)
    assert "后台" in text_of(client.get("/operations/"))


def test_the_figures_need_a_token_or_the_right(site):
    assert Client().get("/metrics/").status_code == 404
    with override_settings(METRICS_TOKEN="s3cret"):
        assert Client().get("/metrics/", headers={"Authorization": "Bearer other"}).status_code == 404
        page = Client().get("/metrics/", headers={"Authorization": "Bearer s3cret"})
    said = text_of(page)
    assert page.status_code == 200 and "shudao_incidents_open 0.0" in said and 'shudao_sources{state="ok"}' in said
    opened("城南片区停电")
    with override_settings(METRICS_TOKEN="s3cret"):
        said = text_of(Client().get("/metrics/", headers={"Authorization": "Bearer s3cret"}))
    assert "shudao_incidents_open 1.0" in said and "城南" not in said and "陈立" not in said
