"""A shipped plan in an office's own name, a written plan in the frame of a shipped one, and a plan as a zipped folder."""

import contextlib
import io
import zipfile

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.plan.lint import lint
from shudao.engine.plan.load import load_plan, plan_json
from shudao.engine.plan.own import for_organisation, framed, next_version, rename_part, rename_text
from shudao.engine.plan.read.reader import read_plan
from shudao.engine.plan.zipped import folder_of, pack, zip_of
from shudao.engine.words import BadInput
from shudao.library import HERE, read_folder

SHIPPED = ("zh/power", "zh/university", "en/power")


def shipped(name="zh/power"):
    return load_plan(read_folder(HERE / "plans" / name))


def errors(plan):
    return [row for row in lint(plan) if row.severity == "error"]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_sample_becomes_the_offices_own_draft(name):
    plan = shipped(name)
    own = for_organisation(plan, "松岭县供电公司", "2026-11-23")
    assert plan.organisation not in plan_json(own).decode() and "松岭县供电公司" in own.title
    assert (own.status, own.version, own.id, own.doc_no) == ("draft", "2026-11-23", plan.id, "")
    assert not any(row.acknowledged_by for row in own.not_executable)
    assert {row.rule for row in errors(own)} <= {"PL25"}, "nothing but lines to take note of stands against signing"


def test_references_are_never_renamed():
    plan = msgspec.structs.replace(shipped(), organisation="leader")
    own = for_organisation(plan, "chief", "1")
    assert own.post("leader").id == "leader" and own.approved_by == "leader"


def test_a_written_plan_gets_the_frames_steps_and_keeps_its_own_text():
    data = (HERE / "plans" / "zh" / "university" / "plan.docx").read_bytes()
    reading = read_plan(data, "plan.docx")
    plan = framed(shipped(), reading, "某校", "1")
    assert [step.id for step in plan.steps] == [step.id for step in shipped().steps]
    assert plan.title == reading.title and len(plan.sections) > 20
    assert {row.text for row in plan.not_executable} == {row.text for row in reading.not_executable}
    assert all(step.src is None for step in plan.steps), "the frame's paragraphs are not this text's"
    assert [row.src for row in plan.sections if row.src], "its own are"


def test_a_name_is_changed_in_one_place_or_in_all():
    plan = shipped()
    unit = plan.units[0]
    assert rename_part(plan, "units", unit.id, "新组").units[0].name == "新组"
    everywhere = rename_text(plan, unit.name, "新领导小组")
    assert unit.name not in plan_json(everywhere).decode()


def test_a_day_may_have_several_versions():
    assert next_version("2026-11-23", []) == "2026-11-23"
    assert next_version("2026-11-23", ["2026-11-23", "2026-11-23-2"]) == "2026-11-23-3"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_plan_comes_back_from_its_zip(name):
    plan = shipped(name)
    assert load_plan(folder_of(zip_of(plan))) == plan
    assert zip_of(plan) == zip_of(plan), "the same plan gives the same bytes"


def test_a_folder_is_found_below_others_and_strangers_are_left_out():
    files = folder_of(pack({
        "x/p/plan.yaml": b"id: a", "x/p/steps/one.yaml": b"", "x/p/texts/a.md": b"", "__MACOSX/p/plan.yaml": b"",
        "other.yaml": b"", "../plan.yaml": b"", "/etc/plan.yaml": b"",
    }))  # fmt: skip
    assert set(files) == {"plan.yaml", "steps/one.yaml"}


@pytest.mark.parametrize("data", [b"", b"no zip", pack({"a.txt": b"x"})])
def test_what_is_no_plan_folder_is_refused(data):
    with pytest.raises(BadInput):
        folder_of(data, "x.zip")


def test_a_bomb_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.yaml", b"0" * (40 << 20))
    with pytest.raises(BadInput):
        folder_of(packed.getvalue())


@given(st.binary(max_size=400))
def test_any_bytes_are_a_folder_or_refused(data):
    with contextlib.suppress(BadInput):
        assert isinstance(folder_of(data), dict)
