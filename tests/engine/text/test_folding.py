"""Folding many texts at once is folding each."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.text.folding import _SEPARATE, fold_all
from shudao.engine.text.normalise import fold

ODD = [
    "ＡＢＣ　停電",
    "e\u0301té",
    "ㄏ\u3099",
    "か\u3099き\u309a",
    "㎏㍿",
    "\u200b停\ufe0f电",
    "ß",
    "\ud800",
    "가\u11a8",
    "İ",
    "",
    "①",
]


@given(
    st.lists(
        st.one_of(st.text(max_size=30), st.sampled_from(ODD), st.text("停電电ABab12，。 🙂", max_size=20)), max_size=8
    )
)
def test_the_same_as_each_by_itself(texts):
    assert fold_all(texts) == [fold(text) for text in texts]


def test_odd_ones():
    assert fold_all(ODD) == [fold(text) for text in ODD]


def test_what_is_held_to_be_separate_never_joins_what_stands_before():
    for low, high in _SEPARATE:
        for code in range(low, high):
            char = chr(code)
            if unicodedata.category(char) == "Cn":
                continue
            if fold(char) == char:
                assert unicodedata.combining(char) == 0 and unicodedata.is_normalized("NFC", char), hex(code)
