"""Teams: what they do from what they see, and what they cannot know."""

from datetime import timedelta
from typing import Any

import pytest

from shudao.engine.drill.model import FieldDemand, FieldFact, FieldPost, Inject, Scenario, TeamScript
from shudao.engine.drill.team import IDEAL, moves, team_named
from shudao.engine.drill.view import (
    Move,
    SeenAlert,
    SeenDemand,
    SeenIncident,
    SeenInject,
    SeenStatement,
    SeenTask,
    View,
)
from shudao.engine.words import BadInput
from tests.engine.review.streams import T0, plan, scenario, step

LATER = T0 + timedelta(minutes=20)
CALL = Inject(id="call", at=10, channel="hotline", to="duty", opens="hotline",
              facts=(FieldFact(id="f1", text="3200户", figures={"homes": 3200}),),
              demands=(FieldDemand(id="d1", text="何时来电", owner="field", answer="23时"),))  # fmt: skip
PLAN = plan(
    step("grade", 60, act="confirm_level"), step("draft", 60, act="draft_statement:holding"),
    step("approve", 60, act="approve_statement"), step("publish", 60, act="publish_statement"),
    step("check", 60, act="add_fact"), step("reply", 60, act="answer_demand"), step("restore", 60),
    step("tell", 60, act="tell_superior:oral"),
)  # fmt: skip


def play(team: TeamScript | None = IDEAL, story: Scenario | None = None, **seen: Any) -> list[Move]:
    where = story or scenario(
        injects=(Inject(id="in1", at=0, channel="posts", posts=(FieldPost(id="p", text="停"),)), CALL)
    )
    return moves(team, where, PLAN, View(start=T0, now=LATER, **seen))


def room(**seen: Any) -> SeenIncident:
    return SeenIncident(id="1", since=T0, **seen)


def task(name: str) -> SeenTask:
    return SeenTask(id=name, step=name, post="duty", since=LATER, acknowledged_at=LATER)


def test_none_never_moves() -> None:
    assert play(None, alerts=(SeenAlert(id="1", at=T0),)) == []
    assert team_named("none", scenario()) is None


def test_an_unknown_team_is_refused() -> None:
    with pytest.raises(BadInput, match="dream"):
        team_named("dream", scenario())


def test_an_alert_is_taken_first_and_opened_then() -> None:
    assert [row.verb for row in play(alerts=(SeenAlert(id="1", at=T0),))] == ["acknowledge_alert"]
    taken = play(alerts=(SeenAlert(id="1", at=T0, acknowledged_at=LATER),))
    assert [(row.verb, row.data["origin"]) for row in taken] == [("open_incident", "alert")]


def test_what_an_alert_shows_is_put_with_the_open_incident_once() -> None:
    taken = SeenAlert(id="1", at=T0, acknowledged_at=LATER)
    assert [(row.verb, row.on) for row in play(incident=room(), alerts=(taken,))] == [("attach_items", "1")]
    held = SeenAlert(id="1", at=T0, acknowledged_at=LATER, attached=True)
    assert play(incident=room(), alerts=(held,)) == []


def test_a_call_that_is_reason_enough_opens_by_hand() -> None:
    found = play(injects=(SeenInject(id="call", at=LATER),))
    assert [(row.verb, row.post, row.data["origin"]) for row in found] == [("open_incident", "duty", "hotline")]


def test_moves_wait_for_the_teams_own_delay_and_never_lie_in_the_past() -> None:
    slow = TeamScript(react=30, delays={"acknowledge_alert": 45})
    assert play(slow, alerts=(SeenAlert(id="1", at=T0),))[0].at == T0 + timedelta(minutes=45)
    assert play(alerts=(SeenAlert(id="1", at=T0),))[0].at == LATER


def test_what_a_team_skips_it_never_does() -> None:
    lazy = TeamScript(react=1, skip=("grade", "acknowledge_alert"))
    assert play(lazy, alerts=(SeenAlert(id="1", at=T0),)) == []
    assert play(lazy, incident=room(tasks=(task("grade"),))) == []


def test_the_level_is_the_key_unless_the_team_has_its_own() -> None:
    assert play(incident=room(tasks=(task("grade"),)))[0].data == {"level": "II"}
    assert play(TeamScript(level="I"), incident=room(tasks=(task("grade"),)))[0].data == {"level": "I"}


def test_a_draft_states_only_figures_on_the_sheet_and_what_the_team_falsifies() -> None:
    seen = (SeenInject(id="call", at=T0),)
    unknown = play(incident=room(tasks=(task("draft"),)), injects=seen)
    assert next(row for row in unknown if row.verb == "draft_statement").data["figures"] == {}
    known = play(incident=room(tasks=(task("draft"),), facts=("f1",)), injects=seen)
    assert next(row for row in known if row.verb == "draft_statement").data["figures"] == {"homes": 3200}
    liar = TeamScript(figures={"homes": 32}, leave_out=("contact",))
    told = next(row for row in play(liar, incident=room(tasks=(task("draft"),), facts=("f1",))) if row.step == "draft")
    assert told.data["figures"] == {"homes": 32}
    assert told.data["checklist"]["contact"] is False


def test_the_first_check_without_any_report_is_written_down_as_not_known() -> None:
    found = play(incident=room(tasks=(task("check"),)))
    assert [(row.verb, row.data) for row in found] == [("add_fact", {"status": "not_known"})]


def test_new_facts_go_on_the_sheet_once_checking_has_begun() -> None:
    seen = (SeenInject(id="call", at=T0),)
    facts = [row.on for row in play(incident=room(facts=("f0",)), injects=seen) if row.verb == "add_fact"]
    assert facts == ["f1"]
    assert not [row for row in play(incident=room(facts=("f1",)), injects=seen) if row.verb == "add_fact"]


def test_demands_are_taken_up_given_to_their_owner_and_answered() -> None:
    seen = (SeenInject(id="call", at=T0),)
    found = play(incident=room(), injects=seen)
    assert [(row.verb, row.on, row.post) for row in found if "demand" in row.verb] == [("add_demand", "d1", "field")]
    taken = SeenDemand(id="9", known_as="d1", owner="field", since=T0)
    again = play(incident=room(demands=(taken,)), injects=seen)
    assert [(row.verb, row.on) for row in again if "demand" in row.verb] == [("answer_demand", "9")]


def test_the_reply_step_is_finished_by_hand_only_where_nobody_asked() -> None:
    assert [row.verb for row in play(incident=room(tasks=(task("reply"),)))] == ["finish_task"]
    taken = SeenDemand(id="9", known_as="d1", owner="field", since=T0)
    found = play(incident=room(tasks=(task("reply"),), demands=(taken,)), injects=(SeenInject(id="call", at=T0),))
    assert [row.verb for row in found] == ["answer_demand"]


def test_a_statement_is_approved_by_the_post_it_waits_for_and_published_after() -> None:
    waiting = SeenStatement(id="1", kind="holding", state="waiting", waits_for="boss", stage=1, since=LATER)
    found = play(incident=room(tasks=(task("approve"), task("publish")), statements=(waiting,)))
    assert [(row.verb, row.post) for row in found] == [("approve_statement", "boss")]
    ready = SeenStatement(id="1", kind="holding", state="approved", since=LATER)
    assert [row.verb for row in play(incident=room(tasks=(task("publish"),), statements=(ready,)))] == [
        "publish_statement"
    ]


def test_the_matter_itself_sets_the_earliest_time() -> None:
    story = scenario(injects=(CALL,), earliest={"restore": 240})
    assert play(story=story, incident=room(tasks=(task("restore"),)))[0].at == T0 + timedelta(minutes=240)


def test_acts_with_a_kind_keep_it() -> None:
    assert play(incident=room(tasks=(task("tell"),)))[0].data == {"kind": "oral"}


def test_nothing_is_done_in_a_closed_incident() -> None:
    assert play(incident=room(closed=True, tasks=(task("grade"),))) == []
