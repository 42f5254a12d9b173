"""Editions: adopted once, frozen, retired."""

import pytest

from shudao.base.refusal import Refused
from shudao.engine.words import BadInput
from shudao.library import path_of, read_folder
from shudao.plan.actions import adopt_plan, retire_plan
from shudao.plan.models import Edition
from shudao.plan.queries import edition_in_force, plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder():
    return read_folder(path_of("plans", "zh", "power"))


def test_a_signed_folder_is_in_force_and_comes_back_unchanged(duty, folder):
    edition = adopt_plan(duty, folder, kind="power")
    assert edition_in_force() == edition and edition.is_signed
    assert len(plan_of(edition).steps) > 10


def test_the_same_folder_twice_is_one_edition(duty, folder):
    assert adopt_plan(duty, folder) == adopt_plan(duty, folder)
    assert Edition.objects.count() == 1


def test_a_signed_version_cannot_be_replaced(duty, folder):
    edition = adopt_plan(duty, folder)
    changed = {**folder, "plan.yaml": folder["plan.yaml"].replace(plan_of(edition).title.encode(), "改名".encode(), 1)}
    with pytest.raises(Refused):
        adopt_plan(duty, changed)


def test_a_faulty_folder_changes_nothing(duty, folder):
    with pytest.raises(BadInput):
        adopt_plan(duty, {**folder, "levels.yaml": b"levels: 3"})
    assert not Edition.objects.exists()


def test_a_retired_edition_is_no_longer_in_force(duty, folder):
    retire_plan(duty, adopt_plan(duty, folder), reason="换版")
    assert edition_in_force() is None
