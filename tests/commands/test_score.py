"""`shudao score` on a ledger, a plan folder and a scenario folder."""

import json
from pathlib import Path

import pytest
import yaml

from shudao.engine.plan.load import plan_digest
from shudao.engine.review.score import score, score_json
from shudao.library import path_of
from shudao.project.cli import main
from shudao.project.folders import plan_in, scenario_in
from tests.engine.review.streams import told

PLAN = path_of("plans", "zh", "power")
STORY = path_of("scenarios", "zh", "outage")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A run in which somebody reported and told the superior."""
    acts = [(5, "finish_task", {"step": "report_head"}), (20, "tell_superior", {"unit": "city", "manner": "oral"})]
    path = tmp_path / "ledger.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in told(*acts, end=1800)))
    return path


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(word) for word in words])
    return int(done.value.code)


def test_the_command_prints_the_engines_own_score(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", ledger, "--plan", PLAN, "--scenario", STORY, "--json") == 0
    entries = [json.loads(line) for line in ledger.read_text().splitlines()]
    expected = score_json(score(entries, plan_in(PLAN), scenario_in(STORY)))
    shown = capsys.readouterr()
    assert json.loads(shown.out) == expected
    assert expected["total"] > 0
    assert shown.err == ""


def test_without_json_it_speaks_to_a_person(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", ledger, "--plan", PLAN) == 0
    assert "coverage" in capsys.readouterr().out


def test_a_changed_entry_is_scored_as_it_stands_and_said_to_be_broken(ledger: Path, capsys) -> None:
    ledger.write_text(ledger.read_text().replace("report_head", "verify"))
    assert run("score", ledger, "--plan", PLAN, "--json") == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["total"] >= 0
    assert "chain is broken" in shown.err


@pytest.mark.parametrize("text", ["", "not json\n", "[1]\n", '{"seq": 1}\n', "[" * 100_000, "\x00\n", '{"seq": NaN}\n'])
def test_a_ledger_that_is_none_ends_with_one_line(tmp_path: Path, text: str, capsys) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(text)
    assert run("score", path, "--plan", PLAN) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.strip().splitlines()) == 1


def test_missing_places_are_named(ledger: Path, tmp_path: Path, capsys) -> None:
    assert run("score", ledger, "--plan", tmp_path / "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err
    assert run("score", tmp_path / "none.jsonl", "--plan", PLAN) == 2
    assert run("score", ledger, "--plan", PLAN, "--scenario", tmp_path) == 2


def test_a_faulty_plan_is_refused_with_its_place(ledger: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump({"id": "x", "colour": "red"}))
    assert run("score", ledger, "--plan", tmp_path) == 2
    assert "colour" in capsys.readouterr().err


def test_a_line_that_is_no_entry_is_named_with_its_file_in_plain_words(ledger: Path, capsys) -> None:
    ledger.write_text(ledger.read_text() + '{"at": "2026-03-01T08:00:00+08:00", "seq": "x", "verb": "a", "data": {}}\n')
    assert run("score", ledger, "--plan", PLAN) == 2
    shown = capsys.readouterr().err
    assert "ledger.jsonl line 8" in shown
    assert "int()" not in shown


def opened(folder: Path, **data: str) -> Path:
    """A ledger that says which plan it was written under."""
    path = folder / "opened.jsonl"
    entries = told((1, "open_incident", {"incident": "1", "edition": "1", **data}))
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return path


def test_a_ledger_of_another_plan_or_scenario_is_refused(tmp_path: Path, capsys) -> None:
    assert run("score", opened(tmp_path, plan="college"), "--plan", PLAN) == 2
    assert "college" in capsys.readouterr().err
    own = plan_in(PLAN).id
    assert run("score", opened(tmp_path, plan=own, scenario="canteen"), "--plan", PLAN, "--scenario", STORY) == 2
    assert "canteen" in capsys.readouterr().err


def test_another_edition_of_the_plan_is_said_and_scored(tmp_path: Path, capsys) -> None:
    plan = plan_in(PLAN)
    assert run("score", opened(tmp_path, plan=plan.id, digest=plan_digest(plan)), "--plan", PLAN, "--json") == 0
    assert capsys.readouterr().err == ""
    assert run("score", opened(tmp_path, plan=plan.id, digest="0" * 64), "--plan", PLAN, "--json") == 0
    shown = capsys.readouterr()
    assert "not as it was" in shown.err
    assert json.loads(shown.out)["total"] >= 0
