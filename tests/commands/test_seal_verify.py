"""`seal` and `verify` as a user runs them: one line, the right exit code, and a bundle that holds against the paper."""

import json
from typing import NamedTuple

import pytest

from shudao.ledger.queries import head_of
from shudao.library import path_of
from shudao.project.cli import main
from shudao.project.folders import plan_in
from shudao.respond.actions import open_incident
from tests.ledger.bundles import chain, change_an_entry, rewrite, seal


class Answer(NamedTuple):
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys):
    """Run a command as `shudao` does."""

    def run_one(*words):
        with pytest.raises(SystemExit) as done:
            main([str(word) for word in words])
        return Answer(int(done.value.code), *capsys.readouterr())

    return run_one


def is_one_line(text):
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text


def test_verify_says_whether_a_bundle_holds(run, tmp_path):
    sound = seal(tmp_path)
    answer = run("verify", sound, "--head", chain()[1]["hash"], "--json")
    assert answer.code == 0 and json.loads(answer.out)["asked_head"]["seq"] == 2
    changed = rewrite(sound, tmp_path / "y.zip", change_an_entry)
    answer = run("verify", changed)
    assert answer.code == 1 and "ledger.jsonl:4" in answer.out and answer.err == ""


@pytest.mark.parametrize("words", [["none.zip"], ["x.zip", "--head", "abc"], []])
def test_verify_refuses_what_is_no_bundle_with_one_line(run, tmp_path, monkeypatch, words):
    seal(tmp_path)
    monkeypatch.chdir(tmp_path)
    answer = run("verify", *words)
    assert answer.code == 2 and is_one_line(answer.err) and answer.out == ""


@pytest.mark.django_db
def test_seal_writes_a_bundle_that_holds_against_the_head(run, tmp_path, monkeypatch, duty):
    monkeypatch.setenv("SHUDAO_DATA", str(tmp_path))
    (tmp_path / "shudao.sqlite3").touch()
    plan = plan_in(path_of("plans", "zh", "power"))
    incident = open_incident(duty, plan, title="城东停电", origin="hotline")
    head, out = head_of(incident.stream).hash, tmp_path / "x.zip"
    answer = run("seal", incident.number, "--out", out, "--data", tmp_path, "--json")
    assert answer.code == 0 and json.loads(answer.out)["head"] == head
    assert run("verify", out, "--head", head).code == 0
    unknown = run("seal", "2026-9999", "--out", tmp_path / "z.zip", "--data", tmp_path)
    assert unknown.code == 2 and is_one_line(unknown.err) and incident.number in unknown.err
    nowhere = run("seal", incident.number, "--out", out / "z.zip", "--data", tmp_path)
    assert nowhere.code == 2 and is_one_line(nowhere.err)


def test_seal_without_a_site_writes_nothing(run, tmp_path):
    answer = run("seal", "2026-0001", "--out", tmp_path / "x.zip", "--data", tmp_path / "none")
    assert answer.code == 2 and is_one_line(answer.err)
    assert list(tmp_path.iterdir()) == []


def test_seal_makes_no_site_in_a_folder_that_is_none(run, tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    answer = run("seal", "2026-0001", "--out", tmp_path / "x.zip", "--data", tmp_path)
    assert answer.code == 2 and is_one_line(answer.err)
    assert list(tmp_path.iterdir()) == []
