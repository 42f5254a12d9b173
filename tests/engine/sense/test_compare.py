"""What two ways of deciding made of the same posts."""

from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense.compare import Changed, Told, paired, parted


def test_a_story_in_two_is_parted_and_the_other_way_round_joined():
    before = {1: 1, 2: 1, 3: 1, 4: 1, 5: 5, 6: 5}
    after = {1: 1, 2: 1, 3: 3, 4: 3, 5: 5, 6: 5}
    assert parted(before, after) == [Changed(1, ((1, 2), (3, 2)))]
    assert parted(after, before) == []
    assert parted(before, {1: 1, 2: 1, 3: 1, 4: 4, 5: 5, 6: 5}) == []


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 5)))
def test_the_same_is_no_change(stories):
    assert parted(stories, stories) == []


def test_alerts_answer_to_one_another_by_topic_and_evidence():
    before = [Told("a", frozenset((1, 2))), Told("a", frozenset((3,))), Told("b", frozenset((1,)))]
    after = [Told("a", frozenset((2, 9))), Told("a", frozenset((1,))), Told("c", frozenset((3,)))]
    assert paired(before, after) == ([1, 2], [1, 2])
    assert paired(before, before) == ([], [])
    assert paired([], after) == ([], [0, 1, 2])
