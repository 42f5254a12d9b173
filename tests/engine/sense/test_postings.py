"""Candidates are those that counting one by one finds, by either way of counting."""

from heapq import nsmallest

from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense import postings
from shudao.engine.sense.postings import Postings, by_weight

STORIES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3000)), max_size=120, unique=True)
VECTORS = st.dictionaries(st.integers(0, 14), st.sampled_from([0.1, 0.25, 0.25, 0.4, 0.5]), min_size=1, max_size=12)


def naive(held, vector, weighty, youngest, most, left_out):
    found, rest = {}, 1.0
    for term, weight in nsmallest(weighty, vector.items(), key=by_weight):
        rest -= weight * weight
        for story in sorted(story for held_term, story in held if held_term == term)[-youngest:]:
            found[story] = found.get(story, 0.0) + weight * weight
    for story in left_out:
        found.pop(story, None)
    best = nsmallest(most, ((-share, story) for story, share in found.items()))
    return [(-share, story) for share, story in best], max(rest, 0.0)


@given(
    STORIES,
    VECTORS,
    st.integers(1, 12),
    st.integers(1, 30),
    st.integers(1, 9),
    st.sets(st.integers(0, 20)),
    st.booleans(),
)
def test_the_same_as_one_by_one(held, vector, weighty, youngest, most, left_out, few):
    made = Postings()
    for term, story in held:
        made.add(term, story)
    before, postings.FEW = postings.FEW, 10**6 if few else 0
    try:
        for _ in range(2):
            asked = (vector, weighty, youngest, most, tuple(left_out))
            assert made.candidates(*asked) == naive(held, *asked)
    finally:
        postings.FEW = before


@given(STORIES)
def test_what_is_dropped_is_gone(held):
    made = Postings()
    for term, story in held:
        made.add(term, story)
    assert len(made) == len(held)
    for term, story in held:
        made.drop((term,), story)
    assert len(made) == 0
