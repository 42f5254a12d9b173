"""What a copy changes: figures and polarity whole, the rest by character, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense.differences import AROUND, differences


def marked(first, copy):
    return [(piece.mark, piece.text) for piece in differences(first, copy) if piece.mark in {"gone", "new"}]


@pytest.mark.parametrize(
    ("first", "copy", "changes"),
    [
        ("停电致3人中暑", "停电致13人中暑", [("gone", "3"), ("new", "13")]),
        ("十三人中暑", "三人中暑", [("gone", "十三"), ("new", "三")]),
        ("此事属实", "此事不实", [("gone", "属实"), ("new", "不实")]),
        ("已恢复供电", "没有恢复供电", [("gone", "已"), ("new", "没有")]),
        ("转发 停电了", "停电了", [("gone", "转发 ")]),
        ("停电了", "停电了", []),
        ("停电了  大家", "停电了 大家", []),
    ],
)
def test_a_change_is_told_whole(first, copy, changes):
    assert marked(first, copy) == changes


def test_what_stands_far_from_a_change_is_left_out():
    pieces = differences("供电" * 40 + "3人" + "抢修" * 40, "供电" * 40 + "13人" + "抢修" * 40)
    assert [piece.mark for piece in pieces] == ["cut", "same", "gone", "new", "same", "cut"]
    assert all(len(piece.text) <= AROUND for piece in pieces if piece.mark == "same")


@given(st.text("停电3人不实 13", max_size=40), st.text("停电3人不实 13", max_size=40))
def test_both_texts_can_be_read_from_the_pieces_when_short(first, copy):
    pieces = differences(first, copy)
    ours, theirs = " ".join(first.split()), " ".join(copy.split())
    assert (not pieces) == (ours == theirs)
    if pieces and all(piece.mark != "cut" for piece in pieces):
        assert "".join(piece.text for piece in pieces if piece.mark != "new") == ours
        assert "".join(piece.text for piece in pieces if piece.mark != "gone") == theirs
