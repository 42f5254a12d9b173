"""One desk for all signatures: joint stages, nobody twice, what is late is asked of others, reports take their route."""

from datetime import timedelta

import msgspec
import pytest

from shudao.base.scene import LIVE
from shudao.engine.plan.model import Plan
from shudao.ledger.verbs import Actor
from shudao.notify.queries import inbox
from shudao.respond import actions
from shudao.respond.actions.oral_approval import dispute_oral_approval
from shudao.respond.queries import (
    approvals_for,
    documents_of,
    milestones_of,
    papers_of,
    prepare_briefing,
    speaker_of,
    todos_of,
    waiting_approvals,
    why_not_close_now,
)
from tests.conftest import START
from tests.respond.conftest import PEOPLE, WHOLE

pytestmark = pytest.mark.django_db

JOINT = [
    {"id": "short", "stages": [{"post": "legal", "also": ["head"], "within": 30}, {"post": "leader", "within": 10}],
     "urgent": {"written_within": 60}},
    {"id": "strict", "stages": [{"post": "leader", "also": ["legal"], "need": "any", "deputies_ok": False}]},
    {"id": "one", "stages": [{"post": "head", "within": 20}]},
    {"id": "two", "stages": [{"post": "head", "within": 20}, {"post": "leader", "within": 30}], "urgent": {}},
]  # fmt: skip
PAPERS = [
    *WHOLE["documents"],
    {"id": "first_report", "kind": "first", "title": "首报", "route": "one"},
    {"id": "final_report", "kind": "final", "title": "终报", "route": "two"},
]


@pytest.fixture
def plan():
    return msgspec.convert({**WHOLE, "routes": JOINT, "documents": PAPERS}, Plan)


@pytest.fixture
def graded(incident, task, as_post):
    actions.finish_task(as_post("duty"), task("report"))
    actions.confirm_level(as_post("head"), incident, level="II")
    return incident


@pytest.fixture
def draft(graded, as_post):
    return actions.draft_statement(as_post("drafter"), graded, text="已知停水。")


def asked(paper):
    return [row.post for row in waiting_approvals(paper)]


def codes(incident):
    return [reason.code for reason in why_not_close_now(incident, START)]


def test_a_joint_stage_waits_for_all_of_its_posts(draft, as_post, said):
    assert asked(draft) == ["legal", "head"]
    actions.approve_statement(as_post("head"), draft)
    assert asked(draft) == ["legal"] and approvals_for(LIVE, ["leader"]) == []
    actions.approve_statement(as_post("legal"), draft)
    assert asked(draft) == ["leader"]
    actions.approve_statement(as_post("leader"), draft)
    assert draft.state == "approved"
    assert [(row["stage"], row["post"], row["final"]) for row in said("approve_statement")] == [
        (1, "head", False), (1, "legal", False), (2, "leader", True),
    ]  # fmt: skip


def test_any_one_of_several_is_enough_and_the_rest_is_spared(graded, as_post, refused):
    full = actions.draft_statement(as_post("drafter"), graded, text="通报", kind="full")
    assert [row.post for row in approvals_for(LIVE, ["leader"])] == ["leader"]
    actions.approve_statement(as_post("legal"), full)
    assert full.state == "approved" and approvals_for(LIVE, ["leader"]) == []
    assert [row.state for row in full.latest.approvals.all()] == ["spared", "approved"]
    assert refused(actions.approve_statement, as_post("leader"), full) == "state"


def test_one_person_does_not_sign_two_stages(draft, as_post, refused):
    actions.approve_statement(as_post("head"), draft)
    actions.approve_statement(Actor(LIVE, "legal", PEOPLE["leader"]), draft)
    assert refused(actions.approve_statement, as_post("leader"), draft) == "twice"
    other = Actor(LIVE, "leader", "代理")
    assert actions.approve_statement(other, draft).state == "approved"


def test_a_late_stage_is_an_alarm_and_asks_the_deputies(draft, graded, tick):
    assert not [row for row in inbox(LIVE, ["deputy"]) if row.kind == "approval"]
    tick(30)
    assert {row.post for row in graded.alarm_set.filter(reason="approval_late")} == {"legal", "head"}
    assert [row.kind for row in inbox(LIVE, ["deputy"]) if row.kind == "approval"]
    assert [row.kind for row in todos_of(["deputy"], START)].count("approval") == 2


def test_a_yes_by_telephone_that_is_not_written_up_in_time_is_an_alarm(draft, graded, as_post, tick):
    actions.approve_statement(as_post("duty"), draft, oral_of="legal")
    tick(59)
    assert not graded.alarm_set.filter(reason="oral_late").exists()
    tick(1)
    assert graded.alarm_set.get(reason="oral_late").post == "legal"
    assert "writing" in [row.kind for row in todos_of(["legal"], START)]


def test_what_is_written_up_in_time_is_none(draft, graded, as_post, tick):
    step = actions.approve_statement(as_post("duty"), draft, oral_of="legal")
    actions.confirm_oral_approval(as_post("legal"), step)
    tick(61)
    assert not graded.alarm_set.filter(reason="oral_late").exists()


def test_a_report_whose_only_signer_sends_it_is_out_at_once(graded, as_post, said, standing):
    actions.tell_superior(as_post("head"), graded)
    document = actions.report(as_post("head"), graded, paper=prepare_briefing(graded, standing.now()))
    assert document.state == "sent" and list(documents_of(graded)) == [document]
    assert [(row.post, row.by, row.signer) for row in document.approvals.all()] == [("head", "head", PEOPLE["head"])]
    assert len(said("send_briefing")) == 1 and "superior_written" in milestones_of(graded)


def test_a_report_by_somebody_else_waits_for_its_signer(graded, task, as_post, said, refused, standing):
    actions.tell_superior(as_post("head"), graded)
    paper = prepare_briefing(graded, standing.now())
    assert refused(actions.send_briefing, as_post("duty"), graded, paper=paper) == "unsigned"
    document = actions.report(as_post("duty"), graded, paper=paper)
    assert (document.state, asked(document)) == ("waiting", ["head"])
    assert not documents_of(graded) and list(papers_of(graded)) == [document] and said("send_briefing") == []
    assert "report_unsigned" in codes(graded) and task("written").is_open
    assert refused(actions.report, as_post("duty"), graded, paper=paper) == "state"
    assert refused(actions.approve_briefing, as_post("legal"), document) == "not_yours"
    assert [row.kind for row in todos_of(["head"], START)].count("approval") == 1
    actions.approve_briefing(as_post("head"), document)
    assert document.state == "sent" and task("written").status == "done"
    (entry,) = said("send_briefing")
    assert (entry["document"], entry["kind"]) == (document.name, "first") and "report_unsigned" not in codes(graded)


def test_a_report_of_two_stages_returned_and_signed_by_telephone(graded, as_post, said, refused, standing):
    paper = prepare_briefing(graded, standing.now(), kind="final")
    document = actions.report(as_post("head"), graded, paper=paper)
    assert (document.state, asked(document), said("draft_briefing")[0]["signed"]) == ("waiting", ["leader"], True)
    assert refused(actions.return_briefing, as_post("leader"), document, reason=" ") == "reason"
    actions.return_briefing(as_post("leader"), document, reason="缺诉求答复")
    assert document.state == "returned" and "report_unsigned" not in codes(graded)
    assert any(row.kind == "approval" for row in inbox(LIVE, ["head"]))
    again = actions.report(as_post("head"), graded, paper=prepare_briefing(graded, standing.now(), kind="final"))
    step = actions.approve_briefing(as_post("duty"), again, oral_of="leader")
    assert again.state == "sent" and "urgent_unwritten" in codes(graded)
    actions.confirm_oral_approval(as_post("leader"), step)
    assert said("confirm_oral_approval")[0]["document"] == again.name and "urgent_unwritten" not in codes(graded)


def test_a_late_report_is_an_alarm_too(graded, as_post, standing, tick):
    actions.report(as_post("duty"), graded, paper=prepare_briefing(graded, standing.now()))
    tick(20)
    assert graded.alarm_set.filter(reason="approval_late", step="first-1/1", post="head").exists()


def approved(draft, as_post):
    for post in ("head", "legal", "leader"):
        actions.approve_statement(as_post(post), draft)
    return draft


def test_only_the_named_spokesperson_or_a_deputy_publishes_where_the_plan_says_so(office, plan, as_post, refused):
    posts = tuple(
        msgspec.structs.replace(row, deputies=("service",)) if row.id == "speaker" else row for row in plan.posts
    )
    strict = msgspec.structs.replace(plan, posts=posts, spokesperson="speaker")
    incident = actions.open_incident(as_post("duty"), strict, title="停水", origin="other")
    draft = approved(actions.draft_statement(as_post("drafter"), incident, text="x", kind="holding"), as_post)
    assert speaker_of(incident) == "speaker"
    assert refused(actions.publish_statement, as_post("duty"), draft, channel="account") == "authority"
    actions.publish_statement(as_post("service"), draft, channel="account")
    assert refused(actions.hand_over_role, as_post("duty"), incident, role="spokesperson", post="duty") == "authority"
    actions.hand_over_role(as_post("leader"), incident, role="spokesperson", post="head", note="夜间由主任发言")
    assert speaker_of(incident) == "head"
    again = approved(actions.draft_statement(as_post("drafter"), incident, text="y", kind="holding"), as_post)
    assert refused(actions.publish_statement, as_post("speaker"), again, channel="account") == "authority"
    assert actions.publish_statement(as_post("head"), again, channel="account").post == "head"


def test_where_the_plan_does_not_say_so_the_authority_is_enough(draft, as_post, graded):
    approved(draft, as_post)
    actions.hand_over_role(as_post("head"), graded, role="spokesperson", post="head")
    assert actions.publish_statement(as_post("speaker"), draft, channel="account").post == "speaker"


def test_limits_of_the_rows_are_the_plans(draft):
    (first, _) = waiting_approvals(draft)
    assert first.due_at == START + timedelta(minutes=30)
    assert (first.is_late(START), first.is_late(START + timedelta(minutes=31))) == (False, True)


def test_a_yes_by_telephone_has_its_own_time_and_who_told_whom(draft, as_post, said):
    then = START - timedelta(minutes=5)
    step = actions.approve_statement(as_post("duty"), draft, oral_of="legal", told="法务来电", happened_at=then)
    assert step.at == then
    (entry,) = said("approve_statement")
    assert entry["post"] == "legal" and entry["told"] and "法务来电" not in str(entry)


def test_a_yes_that_was_never_given_is_asked_for_again_and_raises_an_alarm(draft, graded, as_post, said, tick, refused):
    step = actions.approve_statement(as_post("duty"), draft, oral_of="legal")
    assert refused(dispute_oral_approval, as_post("legal"), step, reason=" ") == "reason"
    assert refused(dispute_oral_approval, as_post("duty"), step, reason="没有") == "not_yours"
    dispute_oral_approval(as_post("legal"), step, reason="我没有同意")
    step.refresh_from_db()
    assert (step.state, step.is_oral, step.by) == ("waiting", False, "")
    assert graded.alarm_set.filter(reason="oral_disputed", post="legal").exists()
    assert said("dispute_oral_approval")[0]["reopened"] and "urgent_unwritten" not in codes(graded)
    assert refused(dispute_oral_approval, as_post("legal"), step, reason="再说") == "state"
    tick(61)
    assert not graded.alarm_set.filter(reason="oral_late").exists()
    assert actions.approve_statement(as_post("legal"), draft).by == "legal"
