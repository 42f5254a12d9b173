"""What is compared, for a batch: the same as for one text by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.text.compared import compared
from shudao.engine.text.frames import frames, frames_of
from shudao.engine.text.reposts import is_cut, original

PART = st.sampled_from(
    ("望湖新城今晚八点四十分起全部停电", "真的吗", "//@甲:", "//@望湖_生活:", "//@a b:", "/@乙:", "回复@丙:", "转发微博", "...全文", "停电了哦", "。",
     "http://a.example/x ", " ", ":", "，", "@丁 ", "来自iphone客户端", "展开", "//", "轉", "转")
)  # fmt: skip
TEXTS = st.lists(st.lists(PART, max_size=6).map("".join), min_size=1, max_size=5)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_batch_is_compared_as_each_text_alone(texts):
    points, starts, inside, cut = compared(texts)
    found, alone = frames_of(points, starts, inside), frames([original(text) for text in texts])
    assert found.plain.tolist() == alone.plain.tolist()
    assert found.starts.tolist() == alone.starts.tolist()
    assert cut.tolist() == [is_cut(text) for text in texts]


@pytest.mark.parametrize("texts", [[""], ["停电"], ["", "停电", ""]])
def test_short_batches_are_taken(texts):
    points, starts, inside, _ = compared(texts)
    assert inside.all()
    assert [len(text) for text in texts] == np.diff(starts).tolist()
    assert len(points) == starts[-1]
