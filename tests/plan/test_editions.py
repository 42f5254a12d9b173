"""Editions: adopted once, frozen, retired."""

import pytest

from shudao.base.refusal import Refused
from shudao.engine.plan.load import plan_digest
from shudao.engine.words import BadInput
from shudao.ledger.models import Entry
from shudao.library import path_of, read_folder
from shudao.plan.actions import acknowledge_not_executable, adopt_plan, retire_plan, sign_plan
from shudao.plan.models import Edition
from shudao.plan.queries import edition_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder():
    return read_folder(path_of("plans", "zh", "power"))


def test_a_signed_folder_is_in_force_and_comes_back_unchanged(duty, folder):
    edition = adopt_plan(duty, folder, kind="power")
    assert edition_in_force() == edition and edition.is_signed
    assert len(edition.plan.steps) > 10


def test_the_same_folder_twice_is_one_edition(duty, folder):
    assert adopt_plan(duty, folder) == adopt_plan(duty, folder)
    assert Edition.objects.count() == 1


def test_a_signed_version_cannot_be_replaced(duty, folder):
    edition = adopt_plan(duty, folder)
    changed = {**folder, "plan.yaml": folder["plan.yaml"].replace(edition.plan.title.encode(), "改名".encode(), 1)}
    with pytest.raises(Refused):
        adopt_plan(duty, changed)


def test_a_faulty_folder_changes_nothing(duty, folder):
    with pytest.raises(BadInput):
        adopt_plan(duty, {**folder, "levels.yaml": b"levels: 3"})
    assert not Edition.objects.exists()


def test_a_retired_edition_is_no_longer_in_force(duty, folder):
    retire_plan(duty, adopt_plan(duty, folder), reason="换版")
    assert edition_in_force() is None


def faulty(folder):
    """The folder, signed, but nobody stands in for the drafter."""
    posts = folder["posts.yaml"].replace(b"unit: info_group, deputies: [second_drafter]", b"unit: info_group", 1)
    assert posts != folder["posts.yaml"]
    return {**folder, "posts.yaml": posts}


def draft(folder):
    return {**folder, "plan.yaml": folder["plan.yaml"].replace(b"status: signed", b"status: draft", 1)}


def test_a_signed_folder_with_errors_is_refused_and_names_them(duty, folder):
    with pytest.raises(Refused, match="PL06"):
        adopt_plan(duty, faulty(folder))
    assert not Edition.objects.exists()


def test_a_faulty_edition_may_be_drilled_but_is_not_in_force(duty, folder):
    edition = adopt_plan(duty, faulty(folder), only_to_drill=True)
    assert edition.state == "draft"
    assert edition_in_force() is None


def test_a_draft_is_signed_once_it_has_no_error_and_is_frozen_then(duty, folder):
    edition = adopt_plan(duty, draft(folder))
    assert edition_in_force() is None
    sign_plan(duty, edition)
    assert edition_in_force() == edition
    assert (edition.signed_by, edition.plan.status, edition.plan.approved_by) == (
        "duty_officer",
        "signed",
        "duty_officer",
    )
    assert edition.digest == plan_digest(edition.plan)
    assert Entry.objects.filter(verb="sign_plan").count() == 1
    with pytest.raises(Refused):
        sign_plan(duty, edition)


def test_a_draft_with_errors_cannot_be_signed(duty, folder):
    edition = adopt_plan(duty, draft(faulty(folder)))
    with pytest.raises(Refused, match="PL06"):
        sign_plan(duty, edition)
    edition.refresh_from_db()
    assert edition.state == "draft"


def test_what_lies_outside_the_boundary_must_be_acknowledged_before_signing(duty, folder):
    line = "追查发帖人真实身份"
    asked = f"not_executable: [{{text: {line}, why: 要求查找发布者是谁}}]\n".encode()
    edition = adopt_plan(duty, {**draft(folder), "outside.yaml": asked})
    with pytest.raises(Refused, match="PL25"):
        sign_plan(duty, edition)
    acknowledge_not_executable(duty, edition, text=line)
    sign_plan(duty, edition)
    assert edition.plan.not_executable[0].acknowledged_by == "duty_officer"
    assert not any(line in step.title for step in edition.plan.steps)


def test_only_lines_of_the_plan_can_be_acknowledged(duty, folder):
    with pytest.raises(Refused):
        acknowledge_not_executable(duty, adopt_plan(duty, draft(folder)), text="别的话")
