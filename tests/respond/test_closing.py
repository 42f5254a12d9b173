"""The guard of the end: one case for each code, with the place where it is dealt with; the override and who may."""

import re
from datetime import timedelta
from typing import get_args

import msgspec
import pytest

from shudao.base.refusal import Refused
from shudao.engine.plan.model import Plan
from shudao.engine.respond.closing import Code
from shudao.follow.actions import NotYet, close_incident, settle_incident
from shudao.follow.queries import closure_of
from shudao.ledger.queries import entries_of
from shudao.respond import actions
from shudao.respond.queries import prepare_briefing, why_not_close_now
from shudao.respond.screens.closing import open_rows, room_of
from tests.conftest import START
from tests.respond.conftest import WHOLE

pytestmark = pytest.mark.django_db

SMALL = {"steps": [row for row in WHOLE["steps"] if row["id"] in {"settle", "close", "verify"}]}
FIRST = {"id": "first_report", "kind": "first", "title": "首报", "route": "short"}


@pytest.fixture
def plan():
    """Of the steps only one that must be done, and the end."""
    steps = [{**row, "after": ["settle"] if row["id"] == "close" else []} for row in SMALL["steps"]]
    return msgspec.convert({**WHOLE, "steps": steps, "documents": [*WHOLE["documents"], FIRST]}, Plan)


@pytest.fixture
def ready(incident, as_post):
    """Everything is dealt with; it may be closed."""
    actions.confirm_level(as_post("head"), incident, level="II")
    actions.add_fact(as_post("service"), incident, status="known", text="已核实", step="verify")
    for manner in ("oral", "written"):
        actions.tell_superior(as_post("head"), incident, manner=manner)
    settle_incident(as_post("leader"), incident)
    return incident


def drafted(incident, as_post, **more):
    return actions.draft_statement(as_post("drafter"), incident, text="x", kind="holding", **more)


def signed(incident, as_post, **more):
    row = drafted(incident, as_post, **more)
    actions.approve_statement(as_post("legal"), row)
    actions.approve_statement(as_post("leader"), row)
    return row


def promised(incident, as_post):
    row = signed(incident, as_post, next_update_at=START + timedelta(hours=2))
    actions.publish_statement(as_post("speaker"), row, channel="account")


def by_telephone(incident, as_post):
    def tell(inner):
        return actions.add_fact(inner, incident, status="known", text="x")

    actions.record_oral(as_post("duty"), incident, done="add_fact", post="service", told="来电", do=tell)


def said_yes(incident, as_post):
    row = drafted(incident, as_post)
    actions.approve_statement(as_post("duty"), row, oral_of="legal")
    actions.approve_statement(as_post("leader"), row)
    actions.publish_statement(as_post("speaker"), row, channel="account")


LEFT = {
    "task_open": (lambda i, p: actions.add_task(p("head"), i, title="清点", post="service"), r"#task-T\d+$"),
    "demand_open": (lambda i, p: actions.add_demand(p("duty"), i, text="何时来水", owner="service"), r"#demand-D\d+$"),
    "statement_unsigned": (drafted, r"#statement-S1$"),
    "statement_unpublished": (signed, r"#statement-S1$"),
    "promise_open": (promised, r"#statement-S1$"),
    "report_unsigned": (
        lambda i, p: actions.report(p("duty"), i, paper=prepare_briefing(i, START)), r"#paper-first-1$",
    ),
    "urgent_unwritten": (said_yes, r"#room-head$"),
    "level_contested": (lambda i, p: actions.contest_level(p("leader"), i, level="I", reason="有人受伤"), r"#level$"),
}  # fmt: skip
BEFORE = {
    "not_graded": r"#level$", "task_open": r"/(plan/#step-verify|#task-T\d+)$", "not_settled": r"/follow/.*#settle_incident$",
    "superior_not_told": r"/tell_superior/$", "superior_not_written": r"/send_briefing/$",
}  # fmt: skip


def test_every_code_has_a_case():
    assert {*LEFT, *BEFORE} == set(get_args(Code))


def test_when_nothing_is_open_it_closes_without_a_reason(ready, as_post):
    assert why_not_close_now(ready, START) == ()
    assert close_incident(as_post("leader"), ready).reasons == []


@pytest.mark.parametrize("code", sorted(LEFT))
def test_what_is_left_open_stops_it_and_says_where(ready, as_post, code):
    leave, place = LEFT[code]
    leave(ready, as_post)
    reasons = why_not_close_now(ready, START)
    assert [row.code for row in reasons] == [code]
    (row,) = open_rows(reasons, ready, room_of(ready))
    assert re.search(place, row.place) and reasons[0].words.zh and reasons[0].words.en
    with pytest.raises(NotYet) as refused:
        close_incident(as_post("leader"), ready)
    assert [one.code for one in refused.value.reasons] == [code] and closure_of(ready) is None


def test_what_was_done_by_telephone_is_confirmed_before_the_end(ready, as_post):
    by_telephone(ready, as_post)
    (reason,) = why_not_close_now(ready, START)
    assert (reason.code, reason.ref) == ("urgent_unwritten", "O1")


def test_a_fresh_incident_names_all_that_is_owed_with_its_places(incident):
    rows = open_rows(why_not_close_now(incident, START), incident, room_of(incident))
    assert {row.reason.code for row in rows} == set(BEFORE)
    for row in rows:
        assert re.search(BEFORE[row.reason.code], row.place), row.place


def test_an_override_is_for_the_posts_that_may_end_it_and_stands_in_the_ledger(ready, plan, as_post):
    actions.add_demand(as_post("duty"), ready, text="何时来水", owner="service")
    with pytest.raises(Refused) as caught:
        close_incident(as_post("duty"), ready, override_reason="上级接手")
    assert caught.value.code == "authority"
    close_incident(as_post("leader"), ready, override_reason="上级接手")
    (entry,) = [row for row in entries_of(ready.stream) if row["verb"] == "close_incident"]
    assert (entry["post"], entry["data"]["left_open"]) == ("leader", ["demand_open"])
    assert "commitment" in entry["data"]["override_reason"] and "上级接手" not in str(entry)


def test_who_only_owns_the_closing_step_may_not_override(office, plan, as_post):
    steps = tuple(msgspec.structs.replace(row, owner="duty") if row.id == "close" else row for row in plan.steps)
    incident = actions.open_incident(
        as_post("duty"), msgspec.structs.replace(plan, steps=steps), title="停水", origin="other"
    )
    with pytest.raises(NotYet):
        close_incident(as_post("duty"), incident)
    with pytest.raises(Refused) as caught:
        close_incident(as_post("duty"), incident, override_reason="就这样")
    assert caught.value.code == "override" and closure_of(incident) is None
