"""Incidents are linked, or one goes into the other: work goes along, voices do not, both streams say so."""

from datetime import timedelta

import pytest

from shudao.base.scene import LIVE
from shudao.follow.actions import watch_incident
from shudao.ledger.queries import entries_of, verify_stream
from shudao.respond.actions import (
    add_demand,
    add_task,
    answer_demand,
    approve_statement,
    attach_items,
    confirm_level,
    draft_statement,
    finish_task,
    link_incidents,
    merge_incidents,
    open_incident,
    publish_statement,
    unlink_incidents,
)
from shudao.respond.models import Alarm, Attachment, Call, Deadline, Demand, IncidentKey, Merger, Task
from shudao.respond.queries import links_of, merged_into, open_demands, open_tasks, why_not_close_now
from tests.conftest import START
from tests.respond.items import hear

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(incident, plan, as_post):
    return open_incident(as_post("duty"), plan, title="城北自来水停供", origin="hotline")


def verbs(incident):
    return [row["verb"] for row in entries_of(incident.stream)]


def test_a_link_shows_in_both_and_stands_in_both_streams(incident, other, as_post):
    link_incidents(as_post("duty"), incident, other=other, note="同一处施工")
    assert [row.pk for row in links_of(incident)] == [row.pk for row in links_of(other)]
    assert verbs(incident)[-1] == verbs(other)[-1] == "link_incidents"
    unlink_incidents(as_post("head"), other, other=incident)
    assert links_of(incident) == links_of(other) == []
    link_incidents(as_post("duty"), other, other=incident)
    assert verify_stream(incident.stream).ok and verify_stream(other.stream).ok


def test_links_refused(incident, other, as_post, refused, run_scene, plan):
    from shudao.ledger.verbs import Actor

    drill = open_incident(Actor(run_scene, "duty"), plan, title="演练", origin="alert")
    assert refused(link_incidents, as_post("duty"), incident, other=incident) == "self"
    assert refused(link_incidents, as_post("duty"), incident, other=drill) == "scene"
    assert refused(unlink_incidents, as_post("duty"), incident, other=other) == "not_linked"
    link_incidents(as_post("duty"), incident, other=other)
    assert refused(link_incidents, as_post("duty"), other, other=incident) == "linked"


def test_open_demands_and_given_tasks_go_along_with_owner_and_limit(incident, other, as_post):
    demand = add_demand(as_post("duty"), incident, text="何时来水？")
    done = add_demand(as_post("duty"), incident, text="何处取水？")
    answer_demand(as_post("service"), done, text="城北广场")
    add_demand(as_post("duty"), other, text="水费怎么算？")
    task = add_task(as_post("head"), incident, title="调两辆水车", post="service", due_at=START + timedelta(hours=3))
    due, code = demand.due_at, task.code
    merger = merge_incidents(as_post("leader"), incident, into=other, reason="同一处爆管")
    demand.refresh_from_db(), done.refresh_from_db(), task.refresh_from_db()
    assert (demand.incident, demand.code, demand.owner, demand.due_at) == (other, "D2", "service", due)
    assert done.incident == incident
    assert task.incident == other and task.due_at == START + timedelta(hours=3)
    assert set(open_demands(other)) == {demand, Demand.objects.get(code="D1", incident=other)}
    open_now = set(Deadline.objects.filter(incident=other, done_at=None).values_list("key", flat=True))
    assert {"demand:D2", f"task:{task.code}"} <= open_now
    assert not Deadline.objects.filter(incident=incident, done_at=None).exists()
    assert {(row.kind, row.before, row.after) for row in merger.carried.all()} == {
        ("demand", "D1", "D2"), ("task", code, task.code),
    }  # fmt: skip


def test_the_merged_one_is_closed_and_says_where_it_went(incident, other, as_post):
    add_demand(as_post("duty"), incident, text="何时来水？")
    merge_incidents(as_post("leader"), incident, into=other, reason="同一处爆管")
    incident.refresh_from_db()
    assert not incident.is_open and [row.incident for row in merged_into(other)] == [incident]
    assert not open_tasks(incident).exists()
    assert not Call.objects.filter(task__incident=incident, answered_at=None, withdrawn_at=None).exists()
    assert not Alarm.objects.filter(incident=incident, cleared_at=None).exists()
    own = list(entries_of(incident.stream))
    (merged,) = [row["data"] for row in own if row["verb"] == "merge_incidents"]
    assert (merged["into"], merged["demands"]) == (other.number, {"D1": "D1"})
    (closed,) = [row["data"] for row in own if row["verb"] == "close_incident"]
    assert closed["merged_into"] == other.number
    assert verbs(other)[-2:] == ["add_demand", "merge_incidents"]
    assert verify_stream(incident.stream).ok and verify_stream(other.stream).ok


def test_voices_stay_behind_and_the_key_is_destroyed(incident, other, as_post):
    items = hear("甲某", "乙某")
    attach_items(as_post("duty"), incident, items)
    merge_incidents(as_post("leader"), incident, into=other, reason="同一件事")
    assert Attachment.objects.filter(incident=incident).count() == 2
    assert not Attachment.objects.filter(incident=other).exists()
    key, alive = IncidentKey.objects.get(incident=incident), IncidentKey.objects.get(incident=other)
    assert not key.is_alive and set(bytes(key.key)) == {0} and alive.is_alive
    attach_items(as_post("duty"), other, items)
    ours = set(Attachment.objects.filter(incident=other).values_list("voice", flat=True)) - {""}
    theirs = set(Attachment.objects.filter(incident=incident).values_list("voice", flat=True)) - {""}
    assert ours.isdisjoint(theirs)


def test_words_not_yet_out_and_promises_become_tasks_that_stand_against_closing(incident, other, task, as_post):
    finish_task(as_post("duty"), task("report"))
    confirm_level(as_post("head"), incident, level="II")
    out = draft_statement(
        as_post("drafter"), incident, text="正在抢修", kind="holding", next_update_at=START + timedelta(hours=2)
    )
    approve_statement(as_post("legal"), out)
    approve_statement(as_post("leader"), out)
    publish_statement(as_post("speaker"), out, channel="account")
    waiting = draft_statement(as_post("drafter"), incident, text="通报全文", kind="full")
    merger = merge_incidents(as_post("leader"), incident, into=other, reason="同一件事")
    kinds = {row.kind: row for row in merger.carried.all()}
    taken = Task.objects.get(incident=other, code=kinds["statement"].after)
    assert (taken.post, taken.text, kinds["statement"].before) == ("drafter", "通报全文", waiting.code)
    promise = Task.objects.get(incident=other, code=kinds["promise"].after)
    assert promise.due_at == START + timedelta(hours=2)
    subjects = {row.subject for row in why_not_close_now(other, START)}
    assert {str(taken), str(promise)} <= subjects


def test_an_owner_the_other_plan_does_not_know_gives_way(incident, plan, as_post):
    import msgspec

    from shudao.org.models import Post

    smaller = msgspec.structs.replace(
        plan, id="small", posts=tuple(post for post in plan.posts if post.id != "drafter")
    )
    target = open_incident(as_post("duty"), smaller, title="另一件", origin="hotline")
    demand = add_demand(as_post("duty"), incident, text="何时来水？", owner="drafter")
    Post.objects.filter(code="drafter").update(code="left")
    merge_incidents(as_post("leader"), incident, into=target, reason="同一件事")
    demand.refresh_from_db()
    assert demand.owner == "service"


def test_mergers_refused_and_nothing_written(incident, other, as_post, refused):
    before = verbs(incident)
    assert refused(merge_incidents, as_post("duty"), incident, into=other, reason="x") == "authority"
    assert refused(merge_incidents, as_post("leader"), incident, into=other, reason=" ") == "reason"
    assert refused(merge_incidents, as_post("leader"), incident, into=incident, reason="x") == "self"
    assert verbs(incident) == before and not Merger.objects.exists()
    merge_incidents(as_post("leader"), incident, into=other, reason="同一件事")
    assert refused(merge_incidents, as_post("leader"), other, into=incident, reason="x") == "closed"
    assert refused(watch_incident, as_post("leader"), incident) == "merged"


def test_in_a_drill_both_stand_in_the_runs_stream(plan, office, run_scene):
    from shudao.ledger.verbs import Actor

    one, two = [open_incident(Actor(run_scene, "duty"), plan, title=f"演练{n}", origin="alert") for n in (1, 2)]
    demand = add_demand(Actor(run_scene, "duty"), one, text="何时来水？")
    merge_incidents(Actor(run_scene, "leader"), one, into=two, reason="同一件事")
    demand.refresh_from_db()
    assert demand.incident == two and not one.is_open
    assert verify_stream(run_scene.stream).ok
    assert not list(entries_of("site")) or LIVE.is_live


def test_a_yes_by_telephone_is_signed_for_before_the_merger(incident, other, task, as_post, refused):
    from shudao.respond.actions import confirm_oral_approval
    from shudao.respond.models import ApprovalStep

    finish_task(as_post("duty"), task("report"))
    confirm_level(as_post("head"), incident, level="II")
    words = draft_statement(as_post("drafter"), incident, text="正在抢修", kind="holding")
    approve_statement(as_post("duty"), words, oral_of="legal")
    assert refused(merge_incidents, as_post("leader"), incident, into=other, reason="x") == "unwritten"
    confirm_oral_approval(as_post("legal"), ApprovalStep.objects.get(is_oral=True))
    merge_incidents(as_post("leader"), incident, into=other, reason="同一件事")
