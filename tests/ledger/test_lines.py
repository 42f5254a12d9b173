"""Turning the pages of a record, whatever the address asks for."""

import pytest

from shudao.ledger.lines import page_number


@pytest.mark.parametrize(
    ("asked", "page"),
    [("3", 3), ("0", 1), ("", 1), ("-2", 1), ("²", 1), ("x", 1), ("9" * 40, 1), ("99999999", 1_000_000)],
)
def test_an_address_asks_for_a_page_that_can_be(asked, page):
    assert page_number(asked) == page
