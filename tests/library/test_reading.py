"""What `plan read` finds in the written samples is what their folders say."""

import pytest

from shudao.engine.plan.read.reader import read_plan
from shudao.engine.plan.read.reading import Reading
from shudao.library import path_of
from tests.library.samples import PLANS, plan

CHINESE = [row for row in PLANS if row[0] == "zh"]
every_chinese_plan = pytest.mark.parametrize("sample", CHINESE, ids="/".join)


def reading(sample: tuple[str, str]) -> Reading:
    return read_plan(path_of("plans", *sample, "plan.docx").read_bytes(), "plan.docx")


@every_chinese_plan
def test_finds_every_post_at_its_paragraph(sample: tuple[str, str]) -> None:
    found = {(row.name, row.src) for row in reading(sample).posts}
    assert {(row.name, row.src) for row in plan(*sample).posts} - found == set()


@every_chinese_plan
def test_finds_every_unit_but_the_superiors_own(sample: tuple[str, str]) -> None:
    found = {row.name for row in reading(sample).units}
    assert {row.name for row in plan(*sample).units if row.kind in ("lead", "office", "group")} <= found


@every_chinese_plan
def test_finds_the_limit_of_every_step(sample: tuple[str, str]) -> None:
    found = {(row.minutes, row.src) for row in reading(sample).limits}
    asked = {(row.due.within, row.src) for row in plan(*sample).steps if row.due}
    assert asked - found == set()


@every_chinese_plan
def test_finds_as_many_levels(sample: tuple[str, str]) -> None:
    assert len(reading(sample).levels) == len(plan(*sample).levels)


@pytest.mark.parametrize("sample", PLANS, ids="/".join)
def test_names_the_lines_outside_the_boundary_and_no_others(sample: tuple[str, str]) -> None:
    section = next(row for row in plan(*sample).sections if row.key.startswith("not_executable"))
    assert section.src is not None
    inside = range(section.src + 1, section.src + 1 + len(section.text.splitlines()))
    found = reading(sample).not_executable
    assert {row.src for row in found} == set(inside)
    said = [row.text for row in reading(sample).duties] + [row.text for row in reading(sample).steps]
    assert [row.text for row in found if any(row.text in text for text in said)] == []
