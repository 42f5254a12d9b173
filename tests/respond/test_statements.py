"""Statements: drafted, approved by the plan's route with separation of duties, published on public channels."""

import hashlib
from datetime import timedelta

import pytest

from shudao.base.scene import LIVE
from shudao.notify.queries import inbox
from shudao.respond.actions import (
    add_fact,
    approve_statement,
    confirm_level,
    confirm_oral_approval,
    draft_statement,
    finish_task,
    publish_statement,
    return_statement,
)
from shudao.respond.queries import approvals_for, figures_off, milestones_of, waiting_approval, why_not_close_now
from tests.conftest import START

pytestmark = pytest.mark.django_db

ALL = dict.fromkeys(("known", "not_known", "doing", "next_update_at", "contact", "empathy"), True)


@pytest.fixture
def graded(incident, task, as_post):
    """The drafting step is open."""
    finish_task(as_post("duty"), task("report"))
    confirm_level(as_post("head"), incident, level="II")
    return incident


@pytest.fixture
def draft(graded, as_post):
    """A holding statement under approval."""
    return draft_statement(
        as_post("drafter"), graded, text="已知停水，正在抢修。", checklist=ALL, figures={"户数": 312}
    )


def test_a_draft_completes_its_step_and_goes_to_the_first_stage(draft, task, said, graded):
    assert (draft.code, draft.kind, draft.document, draft.route, draft.step) == (
        "S1", "holding", "holding_statement", "short", "draft",
    )  # fmt: skip
    assert (task("draft").status, task("approve").status) == ("done", "called")
    (entry,) = said("draft_statement")
    assert (entry["statement"], entry["kind"], entry["checklist"], entry["figures"]) == (
        "S1", "holding", ALL, {"户数": 312},
    )  # fmt: skip
    assert "commitment" in entry["text"]
    assert waiting_approval(draft).post == "legal"
    assert [row.kind for row in inbox(LIVE, ["legal"])] == ["approval"]
    assert [row.stage for row in approvals_for(LIVE, ["deputy"])] == [1]
    assert approvals_for(LIVE, ["leader"]) == []


def test_stage_by_stage_to_the_last_yes(draft, task, as_post, said, graded):
    approve_statement(as_post("legal"), draft, stage=1)
    assert (draft.state, task("approve").status) == ("waiting", "working")
    approve_statement(as_post("leader"), draft)
    assert (draft.state, task("approve").status) == ("approved", "done")
    values = [(row["statement"], row["stage"], row["post"], row["final"]) for row in said("approve_statement")]
    assert values == [("S1", 1, "legal", False), ("S1", 2, "leader", True)]
    assert milestones_of(graded)["statement_approved"] == START


def test_a_deputy_signs_where_the_route_lets_him(draft, graded, as_post, refused):
    approve_statement(as_post("deputy"), draft, stage=1)
    strict = draft_statement(as_post("drafter"), graded, text="通报", kind="full")
    assert strict.route == "strict"
    assert refused(approve_statement, as_post("deputy"), strict) == "not_yours"


def test_who_may_not_sign(draft, as_post, refused):
    assert refused(approve_statement, as_post("leader"), draft, stage=2) == "state"
    assert refused(approve_statement, as_post("leader"), draft) == "not_yours"
    assert refused(approve_statement, as_post("drafter"), draft) == "not_yours"


def test_the_drafter_does_not_sign_not_even_in_another_post(graded, as_post, refused):
    from shudao.ledger.verbs import Actor

    own = draft_statement(as_post("legal"), graded, text="x")
    assert refused(approve_statement, as_post("legal"), own) == "separation"
    same_person = Actor(LIVE, "deputy", as_post("legal").name)
    assert refused(approve_statement, same_person, own) == "separation"


def test_a_returned_draft_goes_back_to_its_step_and_comes_again(draft, graded, task, as_post, said, refused):
    assert refused(return_statement, as_post("legal"), draft, reason=" ") == "reason"
    return_statement(as_post("legal"), draft, reason="数字未核")
    assert (draft.state, task("draft").status, task("approve").status) == ("returned", "returned", "pending")
    assert said("return_statement")[0]["stage"] == 1
    assert [row["step"] for row in said("return_task")] == ["draft"]
    assert refused(approve_statement, as_post("legal"), draft) == "state"
    draft_statement(as_post("drafter"), graded, text="改后", checklist=ALL, statement=draft)
    assert (draft.latest.number, draft.state) == (2, "waiting")
    assert (task("draft").status, task("approve").status) == ("done", "called")


def test_some_stages_may_not_return(graded, as_post, refused):
    strict = draft_statement(as_post("drafter"), graded, kind="full")
    assert refused(return_statement, as_post("leader"), strict, reason="x") == "stage"


def test_only_a_returned_statement_is_redrafted(draft, graded, as_post, refused):
    assert refused(draft_statement, as_post("drafter"), graded, statement=draft) == "state"


def test_a_kind_without_a_route_is_refused(graded, as_post, refused):
    import msgspec

    from shudao.respond.actions import open_incident

    bare = msgspec.structs.replace(graded.plan, routes=(), documents=())
    other = open_incident(as_post("duty"), bare, title="x", origin="other")
    assert refused(draft_statement, as_post("drafter"), other, text="x") == "route"


def test_publishing_records_channel_and_digest(draft, graded, task, as_post, said):
    approve_statement(as_post("legal"), draft)
    approve_statement(as_post("leader"), draft)
    record = publish_statement(as_post("speaker"), draft, channel="account")
    digest = hashlib.sha256("已知停水，正在抢修。".encode()).hexdigest()
    assert (record.channel, record.digest, draft.state) == ("account", digest, "published")
    (entry,) = said("publish_statement")
    assert (entry["statement"], entry["channel"], entry["digest"]) == ("S1", "account", digest)
    reached = milestones_of(graded)
    assert reached["first_word"] == reached["published"] == START
    assert task("publish").status == "done"


def test_who_may_not_publish(draft, as_post, refused):
    assert refused(publish_statement, as_post("speaker"), draft, channel="account") == "unapproved"
    approve_statement(as_post("legal"), draft)
    approve_statement(as_post("leader"), draft)
    assert refused(publish_statement, as_post("leader"), draft, channel="account") == "authority"
    assert refused(publish_statement, as_post("speaker"), draft, channel="im") == "channel"
    publish_statement(as_post("speaker"), draft, channel="account")
    assert refused(publish_statement, as_post("speaker"), draft, channel="account") == "twice"


def test_a_yes_by_telephone_is_recorded_by_another_and_written_up(draft, graded, as_post, refused):
    step = approve_statement(as_post("duty"), draft, oral_of="legal")
    assert (step.by, step.is_oral, step.written_by_at) == ("legal", True, START + timedelta(minutes=60))
    assert "urgent_unwritten" in [reason.code for reason in why_not_close_now(graded, START)]
    assert refused(confirm_oral_approval, as_post("duty"), step) == "not_yours"
    confirm_oral_approval(as_post("legal"), step)
    assert "urgent_unwritten" not in [reason.code for reason in why_not_close_now(graded, START)]
    assert refused(confirm_oral_approval, as_post("legal"), step) == "state"


def test_no_yes_by_telephone_without_an_urgent_path_nor_recorded_by_the_drafter(draft, graded, as_post, refused):
    assert refused(approve_statement, as_post("drafter"), draft, oral_of="legal") == "separation"
    strict = draft_statement(as_post("drafter"), graded, kind="full")
    assert refused(approve_statement, as_post("duty"), strict, oral_of="leader") == "oral"


def test_a_stage_that_takes_too_long_is_an_alarm(draft, graded, as_post, tick):
    tick(30)
    assert graded.alarm_set.filter(reason="approval_late", post="legal").exists()


def test_a_stage_signed_in_time_is_none(draft, graded, as_post, tick):
    approve_statement(as_post("legal"), draft)
    tick(31)
    assert not graded.alarm_set.filter(reason="approval_late").exists()


def test_figures_that_differ_from_the_sheet_are_shown(draft, graded, as_post):
    assert figures_off(draft) == {"户数": (312, None)}
    add_fact(as_post("service"), graded, status="known", figures={"户数": 297})
    assert figures_off(draft) == {"户数": (312, 297)}
    add_fact(as_post("service"), graded, status="known", figures={"户数": 312})
    assert figures_off(draft) == {}
