"""Reports and lessons: written from the ledger alone, kept with their hash, each act an entry."""

import hashlib
import io
from datetime import timedelta

import docx
import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE, Scene
from shudao.engine.words import BadInput
from shudao.ledger.queries import entries_of, head_of, verify_stream
from shudao.ledger.verbs import Actor, verb
from shudao.review.actions import add_lesson, finish_lesson, make_after_action
from shudao.review.models import Subject
from shudao.review.queries import documents_of, lessons_of, open_lessons, reports_of, score_of
from tests.conftest import START
from tests.engine.papers.matter import PLAN

pytestmark = pytest.mark.django_db
STREAM = "incident/2026-0001"


@verb(zh="试办", en="act for a test")
def act_for_a_test(act, *, of, **data):
    act.use(of)
    act.note(**data)


@pytest.fixture
def subject(standing):
    """A matter with a few acts in its stream."""
    actor = Actor(LIVE, "office_head")
    for name in ("detected", "superior_told"):
        standing.advance(minutes=10)
        act_for_a_test(actor, of=STREAM, milestone=name)
    return Subject(LIVE, STREAM, "城东停电", PLAN)


@pytest.fixture
def head(standing):
    return Actor(LIVE, "office_head", "林青")


def words(report):
    document = docx.Document(io.BytesIO(bytes(report.document)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def test_the_report_prints_the_head_it_was_made_at_and_is_kept_with_its_hash(subject, head):
    before = head_of(STREAM)
    report = make_after_action(head, subject)
    assert (report.head, report.length) == before
    assert before.hash in words(report) and "城东停电" in words(report)
    assert report.sha256 == hashlib.sha256(bytes(report.document)).hexdigest()
    last = list(entries_of(STREAM))[-1]
    assert last["verb"] == "write_after_action" and last["data"]["sha256"] == report.sha256
    assert verify_stream(STREAM).ok and before.hash in {entry["hash"] for entry in entries_of(STREAM)}


def test_the_score_kept_is_the_score_of_the_ledger(subject, head):
    expected = score_of(subject)
    report = make_after_action(head, subject)
    assert report.score["total"] == expected.total and report.grade == expected.grade


def test_a_second_report_stands_beside_the_first(subject, head):
    first, second = make_after_action(head, subject), make_after_action(head, subject)
    assert [row.number for row in reports_of(STREAM)] == [second.number, first.number]
    assert set(documents_of(STREAM)) == {first.file_name, second.file_name}


def test_an_empty_stream_has_nothing_to_report(head):
    with pytest.raises(BadInput):
        make_after_action(head, Subject(LIVE, "incident/none", "x", PLAN))
    assert reports_of("incident/none") == []


def test_a_run_is_reported_in_its_own_stream_and_marked(standing):
    run = Scene.run("0007")
    actor = Actor(run, "office_head")
    act_for_a_test(actor, of="anything", milestone="detected")
    report = make_after_action(actor, Subject(run, run.stream, "停电", PLAN))
    assert report.stream == "run/0007" and head_of("run/0007").length == 2 and head_of("site").length == 0


def test_a_lesson_is_entered_done_once_and_its_words_can_be_erased(subject, head, standing):
    due = START + timedelta(days=30)
    lesson = add_lesson(head, subject, text="为办公室主任增设副岗", post="office_head", due_at=due, proof="新版岗位表")
    entry = list(entries_of(STREAM))[-1]
    assert entry["data"]["lesson"] == "L1" and "commitment" in entry["data"]["text"]
    assert [row.code for row in open_lessons(LIVE)] == ["L1"]
    finish_lesson(head, lesson, proof="已发文")
    assert open_lessons(LIVE) == [] and lessons_of(STREAM)[0].done_by == "office_head"
    with pytest.raises(Refused):
        finish_lesson(head, lesson, proof="再发一次")
    assert "为办公室主任增设副岗" in words(make_after_action(head, subject))


@pytest.mark.parametrize("wrong", [{"text": " "}, {"post": "nobody"}, {"due_at": START - timedelta(days=1)}])
def test_a_lesson_without_words_owner_or_time_is_refused(subject, head, wrong):
    settled = {"text": "x", "post": "office_head", "due_at": START + timedelta(days=1)} | wrong
    length = head_of(STREAM).length
    with pytest.raises(Refused):
        add_lesson(head, subject, **settled)
    assert lessons_of(STREAM) == [] and head_of(STREAM).length == length
