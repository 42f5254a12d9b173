"""The sample plans are signed, whole, and say the same as their written form."""

import io

import docx
import pytest

from shudao.engine.plan.expr import parse_expr
from shudao.engine.plan.lint import lint
from shudao.engine.plan.model import MILESTONES, Plan, Step
from shudao.engine.respond.expectations import check_cases, load_cases
from shudao.library import path_of, read_folder
from shudao.library.build_docx import print_plan
from tests.library.samples import PLANS, names_used, plan

every_plan = pytest.mark.parametrize("sample", PLANS, ids="/".join)
PROMISED = {"power": 4, "university": 3}


def paragraphs(data: bytes) -> list[str]:
    """The non-empty paragraphs of a Word file; `src` counts them from 1."""
    return [row.text for row in docx.Document(io.BytesIO(data)).paragraphs if row.text.strip()]


def written(sample: tuple[str, str]) -> list[str]:
    return paragraphs(path_of("plans", *sample, "plan.docx").read_bytes())


def limit_words(minutes: int, language: str) -> set[str]:
    amounts = {(minutes, "分钟", "minutes"), (minutes / 60, "小时", "hours"), (minutes / 1440, "日", "days")}
    return {f"{amount:g}{zh}" if language == "zh" else f"{amount:g} {en}" for amount, zh, en in amounts}


@every_plan
def test_is_signed_and_says_how_many_levels_it_has(sample: tuple[str, str]) -> None:
    one = plan(*sample)
    assert one.status == "signed"
    assert one.language == sample[0]
    assert len(one.levels) == PROMISED[sample[1]]


@every_plan
def test_refers_only_to_what_it_defines(sample: tuple[str, str]) -> None:
    one = plan(*sample)
    posts, units = {row.id for row in one.posts}, {row.id for row in one.units}
    documents, channels = {row.id for row in one.documents}, {row.id for row in one.channels}
    assert names_used(one) <= posts
    assert {row.unit for row in one.posts} | {row.owner for row in one.channels} <= units
    assert {unit for row in one.documents for unit in row.to} | {row.unit for row in one.superiors} <= units
    assert {name for row in one.steps for name in row.outputs} <= documents
    assert {name for row in one.posts for name in row.authority.approve} <= documents
    assert {row.fallback for row in one.channels if row.fallback} <= channels
    assert {name for row in one.ladders for rung in row.rungs for name in rung.channels} <= channels


@every_plan
def test_steps_stand_on_clauses_ladders_and_steps_that_exist(sample: tuple[str, str]) -> None:
    one = plan(*sample)
    clauses, ladders = {row.number for row in one.sections}, {row.id for row in one.ladders}
    marks = {*MILESTONES, *(row.id for row in one.milestones)}
    set_by_steps = {row.sets for row in one.steps if row.sets} | {"first_seen", "detected", "acknowledged"}
    for step in one.steps:
        assert step.clause in clauses
        assert step.ladder in ladders
        assert {*step.after, *step.after_any} <= {row.id for row in one.steps}
        assert step.due is not None
        assert step.due.of in set_by_steps
        assert step.due.source
        assert step.sets is None or step.sets in marks
        parse_expr(step.when)


@every_plan
def test_reaches_every_common_milestone(sample: tuple[str, str]) -> None:
    reached = {row.sets for row in plan(*sample).steps}
    assert set(MILESTONES) - reached == {"first_seen", "detected", "acknowledged"}


@every_plan
def test_criteria_ask_only_for_measures_it_names(sample: tuple[str, str]) -> None:
    one = plan(*sample)
    assert one.severity is not None
    for row in one.severity.criteria:
        assert set(parse_expr(row.expr).facts) <= set(one.severity.measures)
        assert row.clause in {section.number for section in one.sections}


@every_plan
def test_its_own_expectations_hold(sample: tuple[str, str]) -> None:
    cases = load_cases(read_folder(path_of("plans", *sample)))
    assert len(cases) >= 8
    assert [miss.words.zh for miss in check_cases(plan(*sample), cases)] == []


@every_plan
def test_who_drafts_never_signs(sample: tuple[str, str]) -> None:
    one = plan(*sample)
    drafters = {row.owner for row in one.steps if (row.act or "").startswith("draft_statement")}
    drafters |= {name for post in drafters for name in one.post(post).deputies}
    routes = {row.route for row in one.documents if row.kind in ("holding", "full", "reply")}
    assert drafters.isdisjoint(stage.post for route in routes if route for stage in one.route(route).stages)


@every_plan
def test_every_document_has_a_template_with_its_fields(sample: tuple[str, str]) -> None:
    files = read_folder(path_of("plans", *sample))
    for document in plan(*sample).documents:
        text = files[f"texts/{document.id}.md"].decode()
        assert [row.key for row in document.fields if f"{{{row.key}}}" not in text] == []


@every_plan
def test_the_word_file_is_what_the_folder_prints(sample: tuple[str, str]) -> None:
    assert written(sample) == paragraphs(print_plan(path_of("plans", *sample)))


@every_plan
def test_src_leads_to_the_paragraph_that_says_it(sample: tuple[str, str]) -> None:
    one, lines = plan(*sample), written(sample)
    for row in (*one.units, *one.posts):
        assert row.src is not None
        assert row.name.lower() in lines[row.src - 1].lower()
    for section in one.sections:
        assert section.src is not None
        assert lines[section.src - 1].endswith(section.title)
    for step in one.steps:
        assert_said(one, step, lines)


def assert_said(one: Plan, step: Step, lines: list[str]) -> None:
    """The paragraph of a step names its owner and its limit."""
    assert step.src is not None
    assert step.due is not None
    line = lines[step.src - 1].lower()
    assert one.post(step.owner).name.lower() in line
    assert any(words in line for words in limit_words(step.due.within, one.language)), step.id


@every_plan
def test_lines_outside_the_boundary_stay_text(sample: tuple[str, str]) -> None:
    one = plan(*sample)
    outside = [row for row in one.sections if row.key.startswith("not_executable")]
    assert outside
    assert outside[0].text
    assert outside[0].number not in {step.clause for step in one.steps}
    findings = [row for row in lint(one) if row.rule == "PL25"]
    assert findings, "the linter names them"


@every_plan
def test_is_lint_clean(sample: tuple[str, str]) -> None:
    findings = [row for row in lint(plan(*sample)) if row.severity in ("error", "warning")]
    assert [(row.rule, row.where, row.message.zh) for row in findings] == []
