"""By telephone: recorded by another for the post that did it, with its real time, and confirmed later."""

from datetime import timedelta

import pytest

from shudao.ledger.queries import entries_of, verify_stream
from shudao.notify.models import Message
from shudao.respond.actions import (
    acknowledge_task,
    add_task,
    approve_statement,
    confirm_level,
    confirm_oral,
    dispute_oral,
    finish_task,
    hold_meeting,
    record_oral,
    tell_superior,
)
from shudao.respond.models import Grade, OralAct, Task
from shudao.respond.queries import why_not_close_now
from tests.conftest import START

pytestmark = pytest.mark.django_db


@pytest.fixture
def phoned(incident, task, as_post, standing):
    """The head confirmed the level on the telephone; the duty officer wrote it down ten minutes later."""
    finish_task(as_post("duty"), task("report"))
    standing.advance(minutes=30)
    return record_oral(
        as_post("duty"), incident, done="confirm_level", post="head", told="主任来电告知陈立",
        happened_at=START + timedelta(minutes=20), do=lambda act: confirm_level(act, incident, level="II"),
    )  # fmt: skip


def test_it_counts_as_done_by_that_post_at_that_time(phoned, incident, task):
    grade = Grade.objects.get()
    assert (grade.post, grade.level, grade.at) == ("head", "II", START + timedelta(minutes=20))
    assert (task("grade").status, task("grade").by) == ("done", "head")
    assert incident.state.milestones["graded"] == START + timedelta(minutes=20)


def test_both_entries_say_who_did_and_who_recorded(phoned, incident):
    rows = [row for row in entries_of(incident.stream) if row["verb"] in ("record_oral", "confirm_level")]
    recorded, done = rows
    assert (recorded["post"], recorded["data"]["post"], recorded["data"]["done"]) == ("duty", "head", "confirm_level")
    assert (done["post"], done["data"]["oral"], done["data"]["level"]) == ("head", "O1", "II")
    assert done["happened_at"] == recorded["happened_at"] == "2026-07-13T02:20:00.000000Z"
    assert "主任来电" not in str(rows) and verify_stream(incident.stream).ok


def test_it_is_confirmed_by_that_post_alone_and_once(phoned, as_post, refused):
    assert refused(confirm_oral, as_post("duty"), phoned) == "not_yours"
    confirm_oral(as_post("head"), phoned)
    assert OralAct.objects.get().confirmed_at and refused(confirm_oral, as_post("head"), phoned) == "state"


def test_the_limit_is_the_plans_urgent_path_and_passing_it_is_an_alarm(phoned, incident, tick):
    assert phoned.confirm_by_at == START + timedelta(minutes=90) and not phoned.is_limit_assumed
    tick(60)
    assert incident.alarm_set.filter(reason="oral_late", post="head").count() == 1


def test_once_it_is_late_the_post_and_the_recorder_are_told(phoned, tick):
    def texts(post):
        return [row.text for row in Message.objects.filter(kind="oral", post=post, confirmed_at=None)]

    assert "请补认" in texts("head")[0] and not texts("duty")
    tick(60)
    assert "逾期未补认" in texts("head")[0] and len(texts("head")) == 1
    assert "请催办" in texts("duty")[0]


def test_a_leaders_order_and_a_meeting_by_telephone(incident, as_post):
    def record(post, done, do):
        return record_oral(as_post("duty"), incident, done=done, post=post, told="来电", do=do)

    record("leader", "add_task", lambda act: add_task(act, incident, title="送水车", post="service", origin="leader"))
    assert Task.objects.get(title="送水车").given_by == "leader"
    record("head", "hold_meeting", lambda act: hold_meeting(act, incident, decision="先送水", present=["leader"]))
    assert incident.meeting_set.get().post == "head"


def test_confirmed_in_time_there_is_no_alarm(phoned, incident, as_post, tick):
    confirm_oral(as_post("head"), phoned)
    tick(61)
    assert not incident.alarm_set.filter(reason="oral_late").exists()


def test_a_dispute_leaves_the_entries_and_raises_an_alarm(phoned, incident, as_post, refused):
    assert refused(dispute_oral, as_post("head"), phoned, reason=" ") == "reason"
    dispute_oral(as_post("head"), phoned, reason="我说的是三级")
    assert incident.alarm_set.filter(reason="oral_disputed", post="duty").exists()
    assert Grade.objects.filter(level="II").exists()


def test_what_is_not_confirmed_stands_against_closing(phoned, incident, as_post, standing):
    def open_codes():
        return [row.code for row in why_not_close_now(incident, standing.now())]

    assert "urgent_unwritten" in open_codes()
    confirm_oral(as_post("head"), phoned)
    assert "urgent_unwritten" not in open_codes()


def test_what_would_refuse_the_post_refuses_the_record_and_nothing_is_left(incident, as_post, refused):
    before = len(list(entries_of(incident.stream)))

    def record(post, do, done="confirm_level"):
        return refused(record_oral, as_post("duty"), incident, done=done, post=post, do=do)

    assert record("head", lambda act: confirm_level(act, incident, level="I")) == "authority"
    assert record("duty", lambda act: confirm_level(act, incident, level="II")) == "own"
    assert record("nobody", lambda act: confirm_level(act, incident, level="II")) == "post"
    assert record("leader", lambda act: approve_statement(act, None), "approve_statement") == "verb"
    assert len(list(entries_of(incident.stream))) == before and not OralAct.objects.exists()


def test_acknowledging_and_telling_the_superior_by_telephone(incident, task, as_post):
    finish_task(as_post("duty"), task("report"))
    telling = task("tell")
    record_oral(
        as_post("duty"), incident, done="acknowledge_task", post="head", do=lambda act: acknowledge_task(act, telling)
    )
    assert (task("tell").status, task("tell").by) == ("acknowledged", "head")
    record_oral(
        as_post("duty"), incident, done="tell_superior", post="head",
        do=lambda act: tell_superior(act, incident, manner="phone"),
    )  # fmt: skip
    assert task("tell").status == "done" and "superior_told" in incident.state.milestones


def test_who_is_no_post_of_the_plan_records_for_nobody(incident, refused, office):
    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor

    stranger = Actor(LIVE, "canteen", "甲")
    found = refused(
        record_oral, stranger, incident, done="confirm_level", post="head",
        do=lambda act: confirm_level(act, incident, level="II"),
    )  # fmt: skip
    assert found == "recorder" and not Grade.objects.exists()
