"""The demo command: the whole loop, its papers, its proofs."""

import json
import os
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest
from docx import Document

from shudao.engine.ledger import check_chain
from shudao.engine.plan.model import MILESTONES


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """One demo for all tests here: its JSON, its folder, what it said."""
    out = tmp_path_factory.mktemp("demo")
    env = {**os.environ, "SHUDAO_LANG": "zh", "DJANGO_SETTINGS_MODULE": "shudao.project.settings"}
    command = [sys.executable, "-m", "shudao.project.cli", "demo", "--out", str(out), "--seed", "7", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout), out, done.stderr


def words_of(path):
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_every_milestone_is_reached_in_a_possible_order(demo):
    reached = demo[0]["milestones"]
    assert set(MILESTONES) <= set(reached)
    order = ["first_seen", "detected", "acknowledged", "reported", "graded", "activated", "statement_approved"]
    order += ["published", "settled", "closed"]
    assert [reached[name] for name in order] == sorted(reached[name] for name in order)


def test_counts_and_score_are_of_a_whole_matter(demo):
    counts, score = demo[0]["counts"], demo[0]["score"]
    assert counts["items"] > 300 and counts["stories"] > 100 and counts["alerts"] >= 1
    assert counts["tasks"] > 10 and counts["demands"] == 3 and counts["statements"] >= 1
    assert 60 <= score["total"] <= 100


def test_the_ladder_climbed_closing_was_refused_and_the_recurrence_found(demo):
    _, out, said = demo
    entries = [json.loads(line) for line in (out / "ledger.jsonl").read_text().splitlines()]
    assert max(e["data"]["rung"] for e in entries if e["verb"] == "call_post") >= 1
    assert any(e["verb"] == "raise_recurrence" for e in entries)
    assert "尚不能结束" in said


def test_the_ledger_is_the_bundles_and_holds(demo):
    _, out, _ = demo
    lines = (out / "ledger.jsonl").read_bytes()
    report = check_chain(json.loads(line) for line in lines.splitlines())
    assert report.ok and report.length == demo[0]["counts"]["entries"]
    with zipfile.ZipFile(out / "incident.zip") as archive:
        name = next(name for name in archive.namelist() if name.endswith("data/ledger.jsonl"))
        assert archive.read(name) == lines


def test_papers_print_a_head_of_the_chain(demo):
    _, out, _ = demo
    hashes = {json.loads(line)["hash"] for line in (out / "ledger.jsonl").read_text().splitlines()}
    assert any(found in words_of(out / "briefing.docx").replace("\n", "") for found in hashes)


def test_the_drills_paper_says_drill_everywhere(demo):
    with zipfile.ZipFile(BytesIO((demo[1] / "after-action.docx").read_bytes())) as archive:
        headers = [archive.read(name).decode() for name in archive.namelist() if "/header" in name]
    assert headers and all("演练" in text for text in headers)


def test_quotes_are_cut_from_posts(demo):
    """Every quotation in the written report stands, letter for letter, in a post of the sample stream."""
    import re

    from shudao.library import path_of

    stream = path_of("streams", "power.jsonl").read_text()
    posts = [(row.get("title") or "") + "\n" + (row.get("text") or "") for row in map(json.loads, stream.splitlines())]
    quotes = re.findall(r"“([^”]{6,})”（[^）]*编号", words_of(demo[1] / "briefing.docx"))
    assert quotes
    for quote in quotes:
        assert any(quote in post for post in posts), quote
