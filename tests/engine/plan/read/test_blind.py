"""Invented plans marked by hand before the rules were mended: the reader stays as good on them as it was measured."""

import pytest

from bench.plan_reading import plans, tallies

DEV = tallies("dev")
TEST = tallies("test")


@pytest.mark.parametrize("found", [DEV, TEST], ids=["dev", "test"])
def test_no_limit_is_invented_and_hardly_one_missed(found):
    assert found["limits"].wrong == []
    assert found["limits"].recall >= 0.95


@pytest.mark.parametrize("found", [DEV, TEST], ids=["dev", "test"])
@pytest.mark.parametrize("kind", ["units", "posts"])
def test_units_and_posts(found, kind: str):
    assert found[kind].f1 >= 0.9


@pytest.mark.parametrize("found", [DEV, TEST], ids=["dev", "test"])
def test_nothing_harmless_is_called_outside_the_boundary(found):
    assert found["outside"].wrong == []
    assert found["outside"].recall >= 0.9


def test_duties_go_to_their_owner():
    assert DEV["duties with owner"].f1 >= 0.9
    assert TEST["duties with owner"].f1 >= 0.8


def test_both_splits_hold_plans_in_both_languages():
    for split in ("dev", "test"):
        names = [path.name for path, _ in plans(split)]
        assert {".en." in name for name in names} == {True, False}
