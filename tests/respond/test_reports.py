"""Telling the superior, meeting, and the written report as Word with the head of the ledger on it."""

import hashlib
import io
from datetime import timedelta

import pytest
from docx import Document as WordFile

from shudao.ledger.queries import head_of
from shudao.respond.actions import attach_items, confirm_level, finish_task, hold_meeting, send_briefing, tell_superior
from shudao.respond.queries import documents_of, milestones_of, prepare_briefing
from tests.conftest import START
from tests.respond.items import hear

pytestmark = pytest.mark.django_db


def test_telling_the_superior(incident, task, as_post, said, standing):
    finish_task(as_post("duty"), task("report"))
    standing.advance(minutes=10)
    tell_superior(as_post("head"), incident, happened_at=START + timedelta(minutes=4))
    assert said("tell_superior")[0].items() >= {"unit": "parent", "manner": "oral"}.items()
    assert milestones_of(incident)["superior_told"] == START + timedelta(minutes=4)
    assert task("tell").status == "done"


def test_whom_and_how_must_be_known(incident, plan, as_post, refused):
    import msgspec

    from shudao.respond.actions import open_incident

    assert refused(tell_superior, as_post("head"), incident, manner="pigeon") == "manner"
    alone = open_incident(as_post("duty"), msgspec.structs.replace(plan, superiors=()), title="x", origin="other")
    assert refused(tell_superior, as_post("head"), alone) == "unit"
    assert refused(prepare_briefing, alone, START) == "to"


def test_a_meeting(incident, task, as_post, said, refused):
    finish_task(as_post("duty"), task("report"))
    confirm_level(as_post("leader"), incident, level="I")
    hold_meeting(as_post("head"), incident, decision="先发说明", present=["leader", "legal"])
    (entry,) = said("hold_meeting")
    assert entry["present"] == ["head", "leader", "legal"] and "commitment" in entry["decision"]
    assert milestones_of(incident)["met"] == START
    assert task("meet").status == "done"
    assert refused(hold_meeting, as_post("head"), incident, present=["stranger"]) == "post"


class TestBriefing:
    def test_it_is_word_and_prints_the_head_of_the_stream(self, incident, as_post):
        attach_items(as_post("duty"), incident, hear("a", "b"))
        head = head_of(incident.stream)
        paper = prepare_briefing(incident, START)
        assert (paper.head, paper.length) == (head.hash, head.length)
        word = WordFile(io.BytesIO(paper.content))
        words = "\n".join([*(p.text for p in word.paragraphs), *(c.text for t in word.tables for c in t._cells)])
        assert head.hash[:8] in words.replace(" ", "") and str(head.length) in words
        assert "城北多处停水" in words and "城北又停水了" in words
        assert "青岚市示例公司" in words

    def test_sending_keeps_the_file_and_says_its_digest(self, incident, task, as_post, said):
        finish_task(as_post("duty"), task("report"))
        tell_superior(as_post("head"), incident)
        paper = prepare_briefing(incident, START)
        document = send_briefing(as_post("head"), incident, paper=paper)
        assert hashlib.sha256(bytes(document.content)).hexdigest() == document.sha256
        (entry,) = said("send_briefing")
        assert {k: entry[k] for k in ("document", "kind", "to", "sha256")} == {
            "document": "2026-0001-first-1.docx", "kind": "first", "to": "parent", "sha256": document.sha256,
        }  # fmt: skip
        assert milestones_of(incident)["superior_written"] == START
        assert task("written").status == "done"
        assert list(documents_of(incident)) == [document]

    def test_refusals(self, incident, plan, as_post, refused):
        from shudao.respond.actions import open_incident

        other = open_incident(as_post("duty"), plan, title="另一件", origin="other")
        paper = prepare_briefing(other, START)
        assert refused(send_briefing, as_post("head"), incident, paper=paper) == "paper"
        assert refused(prepare_briefing, incident, START, kind="poem") == "kind"

    def test_a_drills_paper_says_so(self, db, standing, plan, run_scene):
        from shudao.ledger.verbs import Actor
        from shudao.respond.actions import open_incident

        incident = open_incident(Actor(run_scene, "duty"), plan, title="演练事件", origin="alert")
        word = WordFile(io.BytesIO(prepare_briefing(incident, START).content))
        assert "演练" in "".join(p.text for p in word.sections[0].header.paragraphs)
