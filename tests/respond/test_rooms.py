"""What pages and later stages ask."""

from datetime import timedelta

import pytest

from shudao.base.scene import LIVE
from shudao.respond.actions import (
    add_demand,
    approve_statement,
    confirm_level,
    draft_statement,
    finish_task,
    publish_statement,
)
from shudao.respond.queries import (
    incident_by_number,
    incidents_of,
    open_incidents,
    promises_of,
    statements_of,
    why_not_close_now,
)
from tests.conftest import START

pytestmark = pytest.mark.django_db


def test_incidents_of_a_scene_only(incident, run_scene):
    assert incident_by_number(LIVE, "2026-0001") == incident
    assert incident_by_number(run_scene, "2026-0001") is None
    assert list(open_incidents(LIVE)) == list(incidents_of(LIVE)) == [incident]
    assert list(open_incidents(run_scene)) == []


def test_reasons_against_closing(incident, as_post):
    add_demand(as_post("duty"), incident, text="什么时候来水？")
    codes = [reason.code for reason in why_not_close_now(incident, START)]
    assert {
        "not_graded",
        "task_open",
        "demand_open",
        "superior_not_told",
        "superior_not_written",
        "not_settled",
    } == set(codes)


def test_a_promise_is_kept_by_the_next_publication(incident, task, as_post, standing):
    finish_task(as_post("duty"), task("report"))
    confirm_level(as_post("head"), incident, level="II")

    def put_out(**more) -> None:
        row = draft_statement(as_post("drafter"), incident, text="正在抢修", kind="holding", **more)
        approve_statement(as_post("legal"), row)
        approve_statement(as_post("leader"), row)
        publish_statement(as_post("speaker"), row, channel="account")

    put_out(next_update_at=START + timedelta(hours=2))
    assert [(row.statement, row.kept) for row in promises_of(incident, START)] == [("S1 临时口径", False)]
    standing.advance(minutes=30)
    put_out()
    assert [row.kept for row in promises_of(incident, START)] == [True]
    assert len(statements_of(incident)) == 2
