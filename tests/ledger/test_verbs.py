"""A verb and its entry are one: both are kept or neither."""

from datetime import timedelta

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry, SideRecord
from shudao.ledger.queries import entries_of, head_of, verify_stream
from shudao.ledger.verbs import Actor, Erasable, verb
from shudao.org.models import Outlet

pytestmark = pytest.mark.django_db


@verb(zh="试", en="try")
def try_something(act, name, *, fail=False, quote=""):
    row = Outlet.objects.create(name=name)
    act.note(name=name, quote=Erasable(quote))
    act.also("reach_milestone", milestone="detected")
    if fail:
        raise Refused.__new__(Refused)
    return row


@verb(zh="不留痕", en="silent")
def leave_nothing(act):
    return None


def test_row_entry_and_consequence_are_kept_together(duty):
    try_something(duty, "晚报")
    assert Outlet.objects.count() == 1
    assert [e["verb"] for e in entries_of("site")] == ["try_something", "reach_milestone"]
    assert verify_stream("site").ok and head_of("site").length == 2


def test_a_failing_verb_keeps_nothing(duty):
    with pytest.raises(Refused):
        try_something(duty, "晚报", fail=True)
    assert not Outlet.objects.exists() and not Entry.objects.exists() and not SideRecord.objects.exists()


def test_a_verb_that_leaves_no_entry_is_an_error(duty):
    with pytest.raises(RuntimeError):
        leave_nothing(duty)


def test_quotes_and_names_stand_only_in_side_records(duty):
    try_something(duty, "晚报", quote="路人原话")
    lines = "".join(Entry.objects.values_list("data", flat=True))
    assert "路人原话" not in lines and duty.name not in lines
    assert set(SideRecord.objects.values_list("text", flat=True)) == {"路人原话", duty.name}
    SideRecord.objects.all().delete()
    assert verify_stream("site").ok


def test_a_run_writes_to_its_own_stream(standing, run_scene):
    try_something(Actor(run_scene, "duty_officer"), "晚报")
    assert head_of("site").length == 0 and head_of("run/0001").length == 2


def test_happened_at_may_be_past_never_future(duty, standing):
    try_something(duty, "甲", happened_at=standing.now() - timedelta(minutes=20))
    assert next(entries_of("site"))["happened_at"] < next(entries_of("site"))["at"]
    with pytest.raises(Refused):
        try_something(duty, "乙", happened_at=standing.now() + timedelta(hours=1))


def test_entries_cannot_be_changed_or_deleted_through_the_model(duty):
    try_something(duty, "晚报")
    entry = Entry.objects.first()
    for act in (entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(verb="x")):
        with pytest.raises(TypeError):
            act()


def test_a_row_changed_behind_the_model_is_found(duty):
    from django.db import connection

    try_something(duty, "晚报")
    with connection.cursor() as cursor:
        cursor.execute("update ledger_entry set post = 'other' where seq = 1")
    report = verify_stream("site")
    assert not report.ok and report.at_seq == 1


def test_a_cut_off_end_is_found(duty):
    from django.db import connection

    try_something(duty, "晚报")
    with connection.cursor() as cursor:
        cursor.execute("delete from ledger_entry where seq = 2")
    assert not verify_stream("site").ok


def test_witnesses_hear_of_kept_entries_only(duty, django_capture_on_commit_callbacks):
    from shudao.ledger import verbs

    heard = []
    verbs.acknowledged.append(heard.extend)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            try_something(duty, "晚报")
            with pytest.raises(Refused):
                try_something(duty, "早报", fail=True)
    finally:
        verbs.acknowledged.remove(heard.extend)
    assert [e.seq for e in heard] == [1, 2]


def test_heads_of_all_streams_are_recorded_daily(duty, standing, run_scene):
    import json

    from shudao.ledger.jobs import record_heads_daily

    try_something(Actor(run_scene, "duty_officer"), "晚报")
    record_heads_daily()
    record_heads_daily()
    entries = Entry.objects.filter(verb="record_heads")
    assert entries.count() == 1
    heads = json.loads(entries.get().data)["streams"]
    assert heads == [{"stream": "run/0001", "length": 2, "head": head_of("run/0001").hash}]
    standing.advance(days=1)
    record_heads_daily()
    assert entries.count() == 2


def test_live_scene_is_the_default_stream_site():
    assert LIVE.stream == "site"
