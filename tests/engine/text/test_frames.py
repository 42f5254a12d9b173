"""Comparable forms: what is kept, what is masked and told, the same in any batch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.text.frames import facts, frames, mask, numeral

TEXTS = st.lists(st.text(alphabet="停电3十万人第.1，!n ot不属实没有无𠀀😀", max_size=14), min_size=1, max_size=8)


def masked(texts):
    """Everything of a batch: plain texts, their frames, what was masked."""
    held = frames(texts)
    hidden = mask(held.plain, held.starts)
    numbers, polarity = facts(held.plain, hidden, held.starts)
    return held, hidden, numbers, polarity + held.denied


def said(text):
    held, hidden, _, _ = masked([text])
    return "".join(map(chr, held.plain)), "".join(map(chr, hidden.frame))


@pytest.mark.parametrize(
    ("text", "plain", "frame"),
    [
        ("清江县医院3人受伤！", "清江县医院3人受伤", "清江县医院0人受伤"),
        ("十三人", "十三人", "0人"),
        ("千万别去", "千万别去", "千万别去"),
        ("三级响应，第四批", "三级响应第四批", "0级响应第0批"),
        ("3.5级 12、13", "3.5级12、13", "0级0"),
        ("并不属实，此事属实", "并不属实此事属实", "否此事否"),
        ("没有人，无人", "没有人无人", "否人否人"),
        ("#停电# a_b", "停电ab", "停电ab"),
        ("😀！", "", ""),
    ],
)
def test_what_is_kept_and_what_is_masked(text, plain, frame):
    assert said(text) == (plain, frame)


@pytest.mark.parametrize(
    ("one", "other", "numbers", "polarity"),
    [
        ("3人受伤", "13人受伤", False, True),
        ("十三人受伤", "13人受伤", True, True),
        ("3.5级", "35级", False, True),
        ("3万多人", "3千多人", False, True),
        ("此事属实", "此事不实", True, False),
        ("不属实", "不实", True, True),
        ("已恢复，给您带来不便", "已恢复", True, True),
        ("给您带来不便，已恢复", "给您带来不便，未恢复", True, False),
        ("有人", "没有人", True, False),
        ("it is true", "it is not true", True, False),
        ("a note", "b nothing", True, True),
        ("先3后5", "先5后3", False, True),
    ],
)
def test_changes_of_numbers_and_polarity_are_told(one, other, numbers, polarity):
    _, _, found, said_so = masked([one, other])
    assert bool(found[0] == found[1]) is numbers
    assert bool(said_so[0] == said_so[1]) is polarity


@given(TEXTS)
def test_a_text_does_not_depend_on_its_neighbours(texts):
    whole = masked(texts)
    for place, text in enumerate(texts):
        alone = masked([text])
        for part, name in ((0, "plain"), (1, "frame")):
            begin, end = whole[part].starts[place : place + 2]
            assert (getattr(whole[part], name)[begin:end] == getattr(alone[part], name)).all()
        assert whole[0].hashes[place] == alone[0].hashes[0]
        assert (whole[2][place], whole[3][place]) == (alone[2][0], alone[3][0])


@given(st.lists(st.text(alphabet="停电3人", min_size=1, max_size=8), unique=True, min_size=2))
def test_different_texts_have_different_hashes(texts):
    assert len(np.unique(frames(texts).hashes)) == len(texts)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十三", 13),
        ("两千零五", 2005),
        ("三万", 30_000),
        ("二〇二六", 2026),
        ("一万三千", 13_000),
        ("三千万零五十", 30_000_050),
    ],
)
def test_numerals_mean_numbers(text, value):
    assert numeral(text) == value
