"""Tasks: whose they are, how they go on, and that silence climbs."""

import pytest

from shudao.base.scene import LIVE
from shudao.notify.queries import inbox
from shudao.respond.actions import acknowledge_task, clear_alarm, finish_task, return_task, skip_task, submit_task
from shudao.respond.models import Call, Deadline, Task
from shudao.respond.queries import milestones_of, open_alarms, tasks_for
from tests.conftest import START

pytestmark = pytest.mark.django_db


def statuses(incident) -> dict[str, str]:
    return dict(incident.task_set.values_list("step", "status"))


def test_the_path_of_a_task(incident, task, as_post, said):
    acknowledge_task(as_post("duty"), task("report"))
    assert statuses(incident)["report"] == "acknowledged"
    submit_task(as_post("duty"), task("report"))
    return_task(as_post("head"), task("report"), reason="缺时间")
    submit_task(as_post("duty"), task("report"))
    finish_task(as_post("duty"), task("report"))
    row = task("report")
    assert (row.status, row.by, row.ended_at) == ("done", "duty", START)
    about = {"task": row.code, "step": "report"}
    assert said("acknowledge_task") == [{**about, "post": "duty", "by": said("acknowledge_task")[0]["by"]}]
    assert said("submit_task")[0].items() >= about.items()
    (returned,) = said("return_task")
    assert set(returned) == {"task", "step", "reason", "by"} and "commitment" in returned["reason"]
    (finished,) = said("finish_task")
    assert (finished["task"], finished["step"], finished["post"]) == (row.code, "report", "duty")


def test_what_follows_opens_and_the_milestone_is_set(incident, task, as_post):
    finish_task(as_post("duty"), task("report"))
    assert {"tell", "grade", "answer"} <= set(statuses(incident))
    assert milestones_of(incident)["reported"] == START


def test_done_by_telephone_counts_from_when_it_happened(incident, task, as_post, standing):
    standing.advance(minutes=20)
    finish_task(as_post("duty"), task("report"), happened_at=START)
    assert milestones_of(incident)["reported"] == START


def test_a_deputy_may_act_and_a_stranger_may_not(incident, task, as_post, refused):
    assert refused(acknowledge_task, as_post("speaker"), task("report")) == "not_yours"
    acknowledge_task(as_post("deputy"), task("report"))
    assert task("report").by == "deputy"


def test_refusals(incident, task, as_post, refused):
    duty = as_post("duty")
    assert refused(return_task, as_post("head"), task("report"), reason="x") == "state"
    assert refused(return_task, as_post("head"), task("report"), reason=" ") == "reason"
    assert refused(skip_task, duty, task("report"), reason="") == "reason"
    assert refused(skip_task, as_post("speaker"), task("report"), reason="x") == "authority"
    acknowledge_task(duty, task("report"))
    assert refused(acknowledge_task, duty, task("report")) == "taken"
    submit_task(duty, task("report"))
    assert refused(submit_task, duty, task("report")) == "state"
    assert refused(return_task, duty, task("report"), reason="x") == "own"
    finish_task(duty, task("report"))
    assert refused(finish_task, duty, task("report")) == "state"
    assert refused(skip_task, duty, task("report"), reason="x") == "state"


def test_a_refused_act_leaves_no_entry(incident, task, as_post, refused, said):
    refused(finish_task, as_post("speaker"), task("report"))
    assert said("finish_task") == []


def test_a_task_with_a_verb_of_its_own_is_not_just_finished(incident, task, as_post, refused):
    assert refused(finish_task, as_post("service"), task("verify")) == "needs_act"


def test_answering_may_be_finished_when_nobody_asked(incident, task, as_post, refused):
    from shudao.respond.actions import add_demand

    finish_task(as_post("duty"), task("report"))
    add_demand(as_post("service"), incident, text="什么时候来水？")
    assert refused(finish_task, as_post("service"), task("answer")) == "demands"
    assert task("answer").is_open


def test_a_skipped_task_lets_the_next_one_open(incident, task, as_post, said):
    skip_task(as_post("head"), task("report"), reason="主任在场")
    assert statuses(incident)["report"] == "skipped"
    assert "tell" in statuses(incident)
    (entry,) = said("skip_task")
    assert entry["step"] == "report" and "commitment" in entry["reason"]


def test_silence_calls_the_next_rung_and_says_so(incident, task, said, tick):
    tick(5)
    calls = Call.objects.filter(task=task("report")).values_list("post", "rung")
    assert list(calls) == [("duty", 0), ("deputy", 1)]
    assert [row for row in inbox(LIVE, ["deputy"]) if row.kind == "call"]
    assert {(row["post"], row["rung"]) for row in said("call_post") if row["step"] == "report"} == {
        ("duty", 0), ("deputy", 1),
    }  # fmt: skip
    assert [task.step for task in tasks_for(LIVE, ["deputy"])] == ["report"]


def test_an_answer_withdraws_the_other_calls(incident, task, as_post, tick):
    tick(5)
    acknowledge_task(as_post("deputy"), task("report"))
    rows = {call.post: call for call in task("report").calls.all()}
    assert rows["deputy"].answered_at and rows["duty"].withdrawn_at
    assert {row.step for row in tasks_for(LIVE, ["duty"])} == {"report", "note"}
    assert not Deadline.objects.filter(done_at=None, key__startswith="rung:report").exists()


def test_a_passed_limit_is_an_alarm_until_somebody_clears_it(incident, task, as_post, tick, said, refused):
    tick(15)
    row = task("report")
    assert row.is_late(row.due_at) is False
    (alarm,) = [alarm for alarm in open_alarms(incident) if (alarm.reason, alarm.step) == ("overdue", "report")]
    assert {"reason": "overdue", "step": "report", "post": "duty"} in said("raise_alarm")
    clear_alarm(as_post("head"), alarm)
    assert alarm not in open_alarms(incident)
    assert refused(clear_alarm, as_post("head"), alarm) == "state"


def test_a_level_that_no_longer_wants_a_step_cancels_its_task(incident, task, as_post, said):
    from shudao.respond.actions import confirm_level

    finish_task(as_post("duty"), task("report"))
    confirm_level(as_post("leader"), incident, level="I")
    assert statuses(incident)["meet"] == "called"
    confirm_level(as_post("leader"), incident, level="II", reason="已恢复供电")
    assert statuses(incident)["meet"] == "cancelled"
    assert said("cancel_task")[0]["reason"] == "level"
    confirm_level(as_post("leader"), incident, level="I", reason="再次停电")
    assert [row.round for row in Task.objects.filter(incident=incident, step="meet")] == [1, 2]
