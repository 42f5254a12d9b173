"""What changed between two drafts."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.text.changes import changes


def told(old, new):
    return [(row.kind, row.text) for row in changes(old, new)]


def test_the_changed_words_alone_are_shown():
    assert told("影响三千户。\n今晚恢复。", "影响3200户。\n今晚恢复。") == [
        ("same", "影响"), ("gone", "三千"), ("new", "3200"), ("same", "户。\n今晚恢复。"),
    ]  # fmt: skip


def test_lines_that_have_nothing_in_common_are_shown_whole():
    assert told("停电", "来水了吗") == [("gone", "停电"), ("new", "来水了吗")]
    assert told("", "新稿") == [("new", "新稿")] and told("旧稿", "") == [("gone", "旧稿")] and told("", "") == []


def test_a_long_paper_is_compared_by_lines():
    old = "\n".join(f"第{n}行" for n in range(3000))
    found = changes(old, old.replace("第1500行", "第一千五百行"))
    assert "".join(row.text for row in found if row.kind == "new") in ("一千五百", "第一千五百行\n")


@given(st.text(alphabet="停电来水\n三3", max_size=40), st.text(alphabet="停电来水\n三3", max_size=40))
def test_old_and_new_can_be_read_back(old, new):
    found = changes(old, new)
    assert "".join(row.text for row in found if row.kind != "new") == old
    assert "".join(row.text for row in found if row.kind != "gone") == new
    assert all(a.kind != b.kind for a, b in itertools.pairwise(found))
