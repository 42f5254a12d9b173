"""`shudao plan read | lint` as a person meets them: exit codes, one line for bad input, nothing half-written."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from shudao.library import path_of
from shudao.project.cli import main
from shudao.project.folders import plan_in
from tests.engine.plan.read.word_files import bomb, utility_plan

PLAN = Path(__file__).parent.parent / "engine" / "plan" / "fixtures" / "school.txt"


def run(capsys, *words: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of one command."""
    with pytest.raises(SystemExit) as stop:
        main(["plan", *map(str, words)])
    said = capsys.readouterr()
    return int(stop.value.code or 0), said.out, said.err


def test_read_leaves_a_draft_folder_and_prints_the_reading(tmp_path, capsys):
    code, out, _ = run(capsys, "read", PLAN, "--out", tmp_path / "draft", "--json", "--lang", "en")
    assert code == 0
    value = json.loads(out)
    assert {row["name"] for row in value["units"]} >= {"德育处", "信息中心"}
    assert value["not_executable"][0]["why"].startswith("asks for")
    assert json.loads((tmp_path / "draft" / "reading.json").read_text()) == value
    plan = plan_in(tmp_path / "draft")
    assert plan.status == "draft"
    assert plan.title == "青岚市望湖中学网络舆情应急处置预案"


def test_read_says_in_words_what_it_found(tmp_path, capsys):
    code, out, _ = run(capsys, "read", PLAN, "--out", tmp_path / "draft", "--lang", "zh")
    assert code == 0
    assert "时限: 8" in out
    assert "要求列名或盯控个人: 对重点学生进行监控" in out


def test_the_draft_can_be_linted_and_its_holes_are_named(tmp_path, capsys):
    run(capsys, "read", PLAN, "--out", tmp_path / "draft")
    code, out, _ = run(capsys, "lint", tmp_path / "draft", "--json")
    assert code == 1
    rows = json.loads(out)
    assert {"PL05", "PL17", "PL25", "PL26"} <= {row["rule"] for row in rows if row["severity"] == "error"}
    assert all(set(row) == {"rule", "severity", "where", "clause", "message", "mend"} for row in rows)


def test_a_word_file_is_read(tmp_path, capsys):
    (tmp_path / "plan.docx").write_bytes(utility_plan())
    assert run(capsys, "read", tmp_path / "plan.docx", "--out", tmp_path / "draft")[0] == 0


@pytest.mark.parametrize("kind", ["power", "university"])
def test_the_shipped_plans_have_no_error(kind: str, capsys):
    code, out, _ = run(capsys, "lint", path_of("plans", "zh", kind), "--json", "--lang", "en")
    assert code == 0
    assert {row["severity"] for row in json.loads(out)} <= {"warning", "note", "not_checked"}


def test_an_organisation_file_serves_as_a_roster(capsys):
    words = ("lint", path_of("plans", "zh", "power"), "--roster", path_of("organisations", "power.yaml"), "--json")
    code, out, _ = run(capsys, *words)
    assert code == 0
    assert "PL09" not in {row["rule"] for row in json.loads(out)}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("plan.docx", b"PK\x03\x04 broken", "zip"), ("plan.docx", bomb(), "bomb"), ("plan.pdf", b"%PDF-1.4 nothing", "PDF"),
        ("plan.txt", bytes(range(256)) * 40, "encoding"), ("plan.exe", b"MZ", "save as .docx"), ("plan.md", b" \n ", "no readable text"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_exit_2_and_nothing_written(tmp_path, capsys, monkeypatch, name, data, said):
    monkeypatch.setenv("SHUDAO_LANG", "en")
    (tmp_path / name).write_bytes(data)
    code, out, err = run(capsys, "read", tmp_path / name, "--out", tmp_path / "draft")
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert [row.name for row in tmp_path.iterdir()] == [name]


def test_a_form_that_needs_an_office_program_says_save_as_docx_where_there_is_none(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SHUDAO_LANG", "en")
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "plan.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    code, _, err = run(capsys, "read", tmp_path / "plan.doc", "--out", tmp_path / "draft")
    assert code == 2
    assert "save as .docx" in err


def test_a_folder_with_something_in_it_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("keep")
    assert run(capsys, "read", PLAN, "--out", tmp_path)[0] == 2
    assert [row.name for row in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("count", [2_000, 10_000])
def test_too_many_steps_are_refused(tmp_path, capsys, count: int):
    steps = [{"id": f"s{n}", "title": "t", "phase": "p", "owner": "o", "clause": "1"} for n in range(count)]
    head = {"id": "p", "title": "t", "version": "1", "status": "draft"}
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump({**head, "steps": steps}))
    code, _, err = run(capsys, "lint", tmp_path)
    assert code == 2
    assert err.count("\n") == 1


def test_a_missing_folder_or_roster_is_exit_2(tmp_path, capsys):
    assert run(capsys, "lint", tmp_path / "nowhere")[0] == 2
    assert run(capsys, "lint", path_of("plans", "zh", "power"), "--roster", tmp_path / "none.yaml")[0] == 2


@pytest.mark.parametrize("text", ["", "topics: []\n", "[]\n", "holder: []\n"])
def test_a_file_that_is_no_roster_is_refused(tmp_path, capsys, text: str):
    (tmp_path / "people.yaml").write_text(text)
    code, out, err = run(
        capsys, "lint", path_of("plans", "zh", "power"), "--roster", tmp_path / "people.yaml", "--json"
    )
    assert (code, out, len(err.strip().splitlines())) == (2, "", 1)
    assert "people.yaml" in err


def test_two_editions_are_compared_in_words(tmp_path, capsys):
    old = path_of("plans", "zh", "power")
    shutil.copytree(old, tmp_path / "new")
    first = sorted((tmp_path / "new" / "steps").iterdir())[0]
    first.write_text(first.read_text().replace("ack_within: 15", "ack_within: 3", 1))
    code, out, _ = run(capsys, "diff", old, tmp_path / "new", "--json", "--lang", "en")
    (row,) = json.loads(out)
    assert code == 0 and (row["part"], row["how"], row["code"]) == ("step", "changed", "report_head")
    assert "minutes to answer: 15 → 3" in row["message"]
    assert run(capsys, "diff", old, old, "--json")[1].strip() == "[]"
    assert run(capsys, "diff", old, tmp_path / "nowhere")[0] == 2
