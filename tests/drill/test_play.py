"""Whole runs without people, on the real stages: listening, sensing, responding, following."""

from collections import Counter

import msgspec
import pytest

from shudao.base.scene import LIVE
from shudao.drill import actions
from shudao.drill.models import Run
from shudao.drill.queries import view_of
from shudao.engine.drill.team import IDEAL, team_named
from shudao.engine.sense.topics import load_topics
from shudao.ledger.queries import entries_of, head_of, verify_stream
from shudao.ledger.verbs import Actor
from shudao.library import path_of
from shudao.notify.models import Message
from shudao.respond.models import Incident
from shudao.sense.actions import add_topics


@pytest.fixture
def played(edition, scenario):
    """Play the shipped scenario by a team; the run, its score and its entries."""

    def go(team, name="file", story=scenario, seed=1):
        run = actions.make_run(story, edition, seed=seed, team=name)
        topics = load_topics(path_of("topics", "power.yaml").read_bytes(), "power.yaml")
        add_topics(Actor(run.scene, "controller"), topics)
        run = actions.play(run, team)
        score = actions.score_run(Actor(run.scene, "controller"), run)
        return run, score.data, list(entries_of(run.stream))

    return go


def short(scenario, minutes: float):
    """The first part of a scenario."""
    injects = tuple(row for row in scenario.injects if row.at < minutes)
    kept = {row.id for row in injects}
    awaited = tuple(row for row in scenario.expectations if not row.inject or row.inject in kept)
    return msgspec.structs.replace(scenario, injects=injects, expectations=awaited, ends_after=minutes)


def test_ideal_beats_scripted_beats_none(played, scenario) -> None:
    before = head_of("site")
    found = {name: played(team_named(name, scenario), name) for name in ("none", "scripted", "ideal")}
    totals = {name: score["total"] for name, (_, score, _) in found.items()}
    assert totals["ideal"] > totals["scripted"] > totals["none"] == 0
    assert [row["id"] for row in found["none"][1]["hard_fails"]] == ["superior_not_told"]
    assert found["ideal"][1]["hard_fails"] == found["scripted"][1]["hard_fails"] == []
    for run, _, entries in found.values():
        assert verify_stream(run.stream).ok
        assert "start_run" in {entry["verb"] for entry in entries}
        assert {entry["stream"] for entry in entries} == {run.stream}
    verbs = Counter(entry["verb"] for entry in found["scripted"][2])
    whole = {"raise_alert", "open_incident", "attach_items", "confirm_level", "tell_superior", "send_briefing",
             "hold_meeting", "approve_statement", "publish_statement", "answer_demand", "settle_incident",
             "close_incident"}  # fmt: skip
    assert whole <= set(verbs)
    assert not Incident.objects.in_scene(LIVE).exists()
    assert head_of("site") == before
    assert set(Message.objects.values_list("channel", flat=True)) == {"inbox"}


def test_the_same_seed_and_team_give_the_same_run(played, scenario) -> None:
    part = short(scenario, 60)
    first, second = played(IDEAL, story=part)[2], played(IDEAL, story=part)[2]
    told = [[(e["verb"], e["at"], e["post"], e["data"].get("step")) for e in entries] for entries in (first, second)]
    assert told[0] == told[1]


def test_another_seed_moves_the_public_and_not_the_plan(played, scenario) -> None:
    part = short(scenario, 60)
    runs = [played(IDEAL, story=part, seed=seed) for seed in (1, 2)]
    reads = [[e["at"] for e in entries if e["verb"] == "read_batch"] for _, _, entries in runs]
    assert reads[0] != reads[1]
    ids = [[row["id"] for row in score["expectations"]] for _, score, _ in runs]
    assert ids[0] == ids[1]


def test_a_team_that_falsifies_a_figure_fails(played, scenario) -> None:
    liar = msgspec.structs.replace(IDEAL, figures={"就诊人数": 13}, delays={"draft": 80})
    _, score, _ = played(liar, story=short(scenario, 240))
    assert "false_figure" in [row["id"] for row in score["hard_fails"]]
    assert score["total"] <= 59


def test_a_refused_move_is_no_end_of_the_run(played, scenario) -> None:
    """A level that only a higher post may confirm: the verb refuses, the team tries again, the run goes on."""
    reaching = msgspec.structs.replace(IDEAL, level="nonsense")
    run, score, entries = played(reaching, story=short(scenario, 120))
    assert run.state == Run.State.FINISHED
    assert "confirm_level" not in {entry["verb"] for entry in entries}
    assert next(row["rating"] for row in score["expectations"] if row["id"] == "level") in ("U", None)


def test_a_call_alone_opens_where_nothing_is_heard(played, scenario) -> None:
    calls = tuple(row for row in scenario.injects if row.channel != "posts" and row.at < 60)
    part = msgspec.structs.replace(short(scenario, 60), injects=calls, expectations=())
    _, _, entries = played(IDEAL, story=part)
    opened = next(entry for entry in entries if entry["verb"] == "open_incident")
    assert opened["data"]["origin"] == "hotline"
    assert "raise_alert" not in {entry["verb"] for entry in entries}


def test_players_see_nothing_of_what_is_still_to_come(played, scenario, edition) -> None:
    run = actions.make_run(scenario, edition, seed=1, team="people")
    actions.start_run(Actor(run.scene, "controller"), run, simulated=True)
    run.refresh_from_db()
    actions.send_due(run)
    seen = view_of(run)
    assert [row.id for row in seen.injects] == ["in01"]
    assert seen.incident is None
    assert seen.alerts == ()
