"""Levels: proposed with evidence, confirmed by who may, assumed visibly when nobody does."""

import pytest

from shudao.respond.actions import confirm_level, finish_task, propose_level
from shudao.respond.models import Grade
from shudao.respond.queries import latest_grade, latest_proposal, milestones_of
from tests.conftest import START

pytestmark = pytest.mark.django_db


def test_a_proposal_keeps_its_evidence_and_decides_nothing(incident, as_post, said):
    propose_level(as_post("duty"), incident, facts={"posts_1h": 25})
    proposal = latest_proposal(incident)
    assert (proposal.level, proposal.clauses, proposal.missing) == ("II", ["3.2"], ["harm"])
    assert [(row["criterion"], row["holds"]) for row in proposal.evidence] == [("I-a", None), ("II-a", True)]
    assert said("propose_level") == [{"level": "II", "clauses": ["3.2"], "by": said("propose_level")[0]["by"]}]
    assert incident.level == ""


def test_what_was_known_before_still_counts(incident, as_post):
    propose_level(as_post("duty"), incident, facts={"harm": True})
    propose_level(as_post("duty"), incident, facts={"posts_1h": 3})
    assert latest_proposal(incident).level == "I"


def test_confirming_sets_the_level_its_clause_and_the_milestone(incident, as_post, said):
    propose_level(as_post("duty"), incident, facts={"posts_1h": 25})
    confirm_level(as_post("head"), incident, level="II")
    assert incident.level == "II"
    grade = latest_grade(incident)
    assert (grade.clause, grade.post) == ("3.2", "head")
    (entry,) = said("confirm_level")
    assert (entry["level"], entry["clause"], entry["reason"]) == ("II", "3.2", "")
    assert milestones_of(incident)["graded"] == START
    assert incident.task_set.get(step="grade").status == "done"


@pytest.mark.parametrize(("post", "level", "code"), [("head", "I", "authority"), ("duty", "III", "authority"),
                                                     ("leader", "V", "level")])  # fmt: skip
def test_who_may_not(incident, as_post, refused, post, level, code):
    assert refused(confirm_level, as_post(post), incident, level=level) == code
    assert not Grade.objects.exists()


def test_another_level_than_proposed_needs_a_reason(incident, as_post, refused):
    propose_level(as_post("duty"), incident, facts={"posts_1h": 25})
    assert refused(confirm_level, as_post("head"), incident, level="III") == "reason"
    confirm_level(as_post("head"), incident, level="III", reason="多为重复转发")
    assert latest_grade(incident).reason == "多为重复转发"


def test_nobody_confirms_then_the_default_holds_and_is_an_alarm(incident, task, as_post, tick):
    finish_task(as_post("duty"), task("report"))
    tick(60)
    incident.refresh_from_db()
    assert (incident.level, incident.is_level_assumed) == ("III", True)
    assert incident.alarm_set.filter(reason="level_assumed").exists()
    confirm_level(as_post("head"), incident, level="III")
    assert incident.is_level_assumed is False


def test_facts_open_steps_that_wait_for_them(office, plan, as_post):
    import msgspec

    from shudao.respond.actions import open_incident

    conditional = msgspec.structs.replace(plan.step("note"), when="posts_1h >= 20")
    steps = tuple(conditional if row.id == "note" else row for row in plan.steps)
    incident = open_incident(as_post("duty"), msgspec.structs.replace(plan, steps=steps), title="停水", origin="other")
    assert not incident.task_set.filter(step="note").exists()
    propose_level(as_post("duty"), incident, facts={"posts_1h": 25})
    assert incident.task_set.filter(step="note").exists()
