"""A running incident is put on another signed edition by a signed act that lists what differs; refused with reasons."""

from datetime import timedelta

import msgspec
import pytest

from shudao.engine.plan.load import plan_digest
from shudao.engine.plan.model import Plan
from shudao.ledger.queries import verify_stream
from shudao.ledger.verbs import Actor
from shudao.org.models import Post
from shudao.respond.actions import (
    acknowledge_task,
    add_demand,
    change_plan,
    confirm_level,
    finish_task,
    open_incident,
    pass_deadline,
)
from shudao.respond.models import Alarm, Call, Deadline, PlanChange
from shudao.respond.queries import names_in, open_tasks, rehearse_change, why_not_change
from tests.conftest import START
from tests.respond.conftest import WHOLE, limit, step

pytestmark = pytest.mark.django_db


def edition(**more) -> Plan:
    return msgspec.convert({**WHOLE, "version": "2", **more}, Plan)


def steps(*gone: str, new=(), **changed):
    """The steps without some, with others, some of them changed."""
    kept = [{**row, **changed.get(row["id"], {})} for row in WHOLE["steps"] if row["id"] not in gone]
    return [*kept, *new]


def test_finished_work_stays_new_work_starts_and_what_is_gone_is_cancelled(incident, as_post, task, said, standing):
    finish_task(as_post("duty"), task("report"))
    standing.advance(minutes=5)
    new = edition(steps=steps("note", new=[step("hotline", "service", after=["report"], due=limit(20))]))
    before = incident.plan_copy_id
    change = change_plan(as_post("head"), incident, new, reason="新版昨日印发")
    assert (incident.plan, incident.plan_copy_id) == (new, plan_digest(new))
    assert (change.before_id, change.after_id) == (before, plan_digest(new))
    assert task("report").status == "done" and task("note").status == "cancelled"
    assert {row.step for row in open_tasks(incident)} == {"verify", "tell", "grade", "answer", "hotline"}
    assert task("hotline").due_at == START + timedelta(minutes=20)
    assert said("cancel_task")[-1]["reason"] == "plan"
    assert said("start_task")[-1]["step"] == "hotline"
    assert names_in(incident)["note"] == "动作note"
    assert verify_stream(incident.stream).ok


def test_the_entry_lists_the_differences_by_code_and_nothing_erasable(incident, as_post, said):
    new = edition(steps=steps("note", verify={"due": limit(60), "owner": "deputy"}))
    change_plan(as_post("leader"), incident, new, reason="时限有误")
    (entry,) = said("change_plan")
    assert entry["differences"] == {
        "step_changed": ["verify"], "step_removed": ["note"], "limit_changed": ["verify"],
    }  # fmt: skip
    assert (entry["edition_before"], entry["edition"], entry["digest"]) == ("1", "2", plan_digest(new))
    assert set(entry["reason"]) == {"commitment"}


def test_limits_move_with_their_deadlines_and_an_alarm_that_no_longer_holds_is_cleared(incident, as_post, task, tick):
    tick(16)
    assert Alarm.objects.filter(incident=incident, step="report", reason="overdue", cleared_at=None).exists()
    change_plan(as_post("head"), incident, edition(steps=steps(report={"due": limit(40)})), reason="时限放宽")
    assert task("report").due_at == START + timedelta(minutes=40)
    assert Deadline.objects.get(incident=incident, key="due:report:1", done_at=None).due_at == START + timedelta(
        minutes=40
    )
    assert not Alarm.objects.filter(incident=incident, step="report", reason="overdue", cleared_at=None).exists()
    tick(25)
    assert Alarm.objects.filter(incident=incident, step="report", reason="overdue", cleared_at=None).exists()


def test_another_owner_is_called_and_the_calls_before_are_withdrawn(incident, as_post, task):
    change_plan(as_post("head"), incident, edition(steps=steps(verify={"owner": "drafter"})), reason="改由宣传核实")
    calls = {call.post: call.withdrawn_at is None for call in Call.objects.filter(task=task("verify"))}
    assert calls == {"service": False, "drafter": True}
    assert task("verify").post == "drafter"
    acknowledge_task(as_post("drafter"), task("verify"))


def test_open_demands_follow_the_new_limit_and_those_given_by_hand_stay(incident, as_post):
    demand = add_demand(as_post("duty"), incident, text="何时来水？")
    own = add_demand(as_post("duty"), incident, text="何处取水？", due_at=START + timedelta(hours=9))
    demands = {"owner": "service", "answer_due": limit(60)}
    change_plan(as_post("head"), incident, edition(demands=demands), reason="答复从速")
    demand.refresh_from_db(), own.refresh_from_db()
    assert demand.due_at == START + timedelta(minutes=60)
    assert own.due_at == START + timedelta(hours=9)
    row = Deadline.objects.get(incident=incident, key=f"demand:{demand.code}", done_at=None)
    assert row.due_at == demand.due_at


def test_a_rehearsal_says_what_would_happen_and_writes_nothing(incident, plan, standing):
    new = edition(steps=steps("note", new=[step("hotline", "service")]))
    kinds = {type(order).__name__ for order in rehearse_change(incident, new, START)}
    assert {"MarkTask", "OpenTask", "CallPost"} <= kinds
    incident.refresh_from_db()
    assert incident.plan == plan and not PlanChange.objects.exists()


def test_back_again_goes_on_where_it_was(incident, plan, as_post, task):
    finish_task(as_post("duty"), task("report"))
    change_plan(
        as_post("head"),
        incident,
        edition(steps=steps("report", "note", tell={"after": []}, grade={"after": []}, answer={"after": []})),
        reason="试",
    )
    change_plan(as_post("head"), incident, plan, reason="改回")
    assert task("report").status == "done"
    assert (task("note").round, task("note").status) == (2, "called")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"status": "draft"}, "plan"),
        ({"id": "another"}, "other_plan"),
        ({"version": "1"}, "same"),
    ],
)
def test_refused_editions(incident, as_post, refused, more, code):
    assert refused(change_plan, as_post("head"), incident, edition(**more), reason="x") == code
    assert not PlanChange.objects.exists()


def test_refused_by_whom_and_without_a_reason(incident, as_post, refused, said):
    assert refused(change_plan, as_post("service"), incident, edition(), reason="x") == "authority"
    assert refused(change_plan, as_post("head"), incident, edition(), reason="  ") == "reason"
    assert said("change_plan") == []


def test_refused_when_the_level_or_a_post_with_open_work_is_gone(incident, as_post, task, refused):
    finish_task(as_post("duty"), task("report"))
    confirm_level(as_post("head"), incident, level="III")
    levels = [row for row in WHOLE["levels"] if row["code"] != "III"]
    severity = {**WHOLE["severity"], "default": "II"}
    new = edition(levels=levels, severity=severity)
    assert refused(change_plan, as_post("head"), incident, new, reason="x") == "level"
    add_demand(as_post("duty"), incident, text="何时来水？", owner="speaker")
    Post.objects.filter(code="speaker").update(code="gone_from_office")
    posts = [row for row in WHOLE["posts"] if row["id"] != "speaker"]
    new = edition(posts=posts, steps=steps("publish", settle={"after": ["answer"]}))
    assert {row.code for row in why_not_change(incident.scene_value, incident, new)} == {"post_gone"}


def test_a_drill_keeps_the_edition_it_is_scored_by(office, plan, run_scene, refused):
    actor = Actor(run_scene, "head")
    drill = open_incident(actor, plan, title="演练", origin="alert")
    assert refused(change_plan, actor, drill, edition(), reason="x") == "drill"


def test_a_deadline_claimed_before_the_change_is_harmless_after_it(incident, as_post, standing, refused):
    row = Deadline.objects.get(incident=incident, key="due:report:1", done_at=None)
    standing.advance(minutes=15)
    change_plan(as_post("head"), incident, edition(steps=steps(report={"due": limit(40)})), reason="放宽")
    assert refused(pass_deadline, Actor(incident.scene_value, "system"), row) == "not_due"
