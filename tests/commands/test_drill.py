"""`shudao drill run`: a whole drill in its own process and folder; what it leaves, what it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

from shudao.engine.ledger import check_chain
from shudao.library import path_of
from shudao.project.cli import main

STORY = path_of("scenarios", "zh", "canteen")


@pytest.fixture(scope="module")
def left(tmp_path_factory) -> tuple[Path, dict]:
    """One drill by the scripted team: its folder and its document."""
    out = tmp_path_factory.mktemp("drill") / "out"
    words = [
        sys.executable,
        "-m",
        "shudao.project.cli",
        "drill",
        "run",
        "canteen",
        "--seed",
        "7",
        "--out",
        str(out),
        "--json",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return out, json.loads(done.stdout)


def test_it_prints_one_document_of_the_promised_form(left) -> None:
    _, found = left
    assert set(found) >= {"score", "field", "forecast"}
    assert set(found["score"]) >= {"total", "coverage", "objectives", "hard_fails"}
    assert all({"id", "rating", "evidence"} <= set(row) for row in found["score"]["objectives"])
    assert 0 < found["score"]["total"] <= 100
    assert found["field"]["reason"]
    assert found["forecast"]["reason"]


def test_it_leaves_ledger_plan_score_and_report(left) -> None:
    out, found = left
    entries = [json.loads(line) for line in (out / "ledger.jsonl").read_text().splitlines()]
    assert check_chain(entries).ok
    assert {entry["stream"] for entry in entries} == {"run/0001"}
    assert json.loads((out / "score.json").read_text()) == found["score"]
    assert (out / "plan" / "plan.yaml").read_bytes() == path_of("plans", "zh", "university", "plan.yaml").read_bytes()
    text = "\n".join(row.text for row in Document(out / "after-action.docx").paragraphs)
    assert "演练" in text


def test_evidence_leads_to_entries_of_its_ledger(left) -> None:
    out, found = left
    count = len((out / "ledger.jsonl").read_text().splitlines())
    seqs = {seq for row in found["score"]["objectives"] for seq in row["evidence"]}
    assert seqs
    assert seqs <= set(range(1, count + 1))


def test_score_recomputes_exactly_what_it_wrote(left, capsys) -> None:
    out, _ = left
    with pytest.raises(SystemExit) as done:
        main(["score", str(out / "ledger.jsonl"), "--plan", str(out / "plan"), "--scenario", str(STORY), "--json"])
    assert done.value.code == 0
    assert json.loads(capsys.readouterr().out) == json.loads((out / "score.json").read_text())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "nowhere"),
        (["outage", "--team", "dream"], "dream"),
        (["outage", "--team", "nobody.yaml"], "nobody.yaml"),
        (["outage", "--plan", "nowhere"], "nowhere"),
        (["outage", "--seed", "-1"], "seed"),
        (["outage", "--seed", "x"], "seed"),
    ],
)
def test_bad_input_ends_with_one_line_and_writes_nothing(words, said, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as done:
        main(["drill", "run", *words, "--out", str(out)])
    assert done.value.code == 2
    shown = capsys.readouterr().err.strip()
    assert said in shown
    assert len(shown.splitlines()) == 1
    assert not out.exists()


def test_a_scenario_for_another_plan_is_refused(tmp_path, capsys) -> None:
    with pytest.raises(SystemExit) as done:
        main(
            [
                "drill",
                "run",
                "outage",
                "--plan",
                str(path_of("plans", "zh", "university")),
                "--out",
                str(tmp_path / "out"),
            ]
        )
    assert done.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_faulty_team_file_is_named(tmp_path, capsys) -> None:
    team = tmp_path / "team.yaml"
    team.write_text("hurry: 3\n")
    with pytest.raises(SystemExit):
        main(["drill", "run", "outage", "--team", str(team), "--out", str(tmp_path / "out")])
    assert "team.yaml" in capsys.readouterr().err


def test_an_output_that_is_a_file_is_refused(tmp_path) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    with pytest.raises(SystemExit) as done:
        main(["drill", "run", "outage", "--out", str(out)])
    assert done.value.code == 2
    assert out.read_text() == "mine"


def test_an_output_that_cannot_be_made_is_refused_before_the_drill(tmp_path, capsys) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SystemExit) as done:
        main(["drill", "run", "outage", "--out", str(tmp_path / "file" / "out")])
    assert done.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_output_that_holds_another_plan_is_refused(tmp_path, capsys) -> None:
    other = tmp_path / "plan" / "own.yaml"
    other.parent.mkdir()
    other.write_text("id: mine\n")
    with pytest.raises(SystemExit) as done:
        main(["drill", "run", "outage", "--out", str(tmp_path)])
    assert done.value.code == 2
    assert "plan" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["own.yaml", "plan"]
