"""Fingerprints: the same for the same text, alike for like texts, in any batch."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.text.fingerprint import bands, grams, joined, minima, windows

TEXTS = st.lists(st.text(alphabet="停电小区ab1", max_size=12), min_size=1, max_size=8)
SAYING = st.lists(st.text(alphabet="停电小区ab1", min_size=1, max_size=12), min_size=1, max_size=8)


def signatures(texts):
    points, starts = joined(texts)
    return minima(*windows(points.astype(np.uint16), starts)).T


@given(SAYING)
def test_a_texts_numbers_do_not_depend_on_its_neighbours(texts):
    whole = signatures(texts)
    for place, text in enumerate(texts):
        assert (signatures([text])[0] == whole[place]).all()


@given(TEXTS)
def test_grams_are_as_many_as_windows_and_at_least_one(texts):
    _hashes, begins = grams(texts, 3)
    assert list(np.diff(begins)) == [max(1, len(text) - 2) for text in texts]


@given(SAYING)
def test_windows_are_the_grams_of_each_text(texts):
    points, starts = joined(texts)
    hashes, begins = windows(points.astype(np.uint16), starts)
    known = {}
    for place, text in enumerate(texts):
        found = hashes[begins[place] : begins[place + 1]].tolist()
        parts = [text[n : n + 3] for n in range(max(1, len(text) - 2))]
        assert len(found) == len(parts)
        for part, number in zip(parts, found, strict=True):
            assert known.setdefault(part, number) == number
    assert len(set(known.values())) == len(known)


def test_equal_texts_have_equal_signatures_and_bands():
    found = signatures(["清江县停电通知", "清江县停电通知", "清江县停水通知"])
    assert (found[0] == found[1]).all() and (found[0] != found[2]).any()
    keys = bands(found.T)
    assert (keys[0] == keys[1]).all() and keys.shape == (3, 14) and (keys > 0).all()


def test_signature_agreement_estimates_jaccard():
    one = "".join(chr(0x4E00 + n) for n in range(400))
    other = one[:200] + "".join(chr(0x5E00 + n) for n in range(200))
    first, second = signatures([one, other])
    assert abs((first == second).mean() - 198 / 598) < 0.2


def test_a_long_batch_is_cut_into_stretches_without_a_trace():
    texts = [chr(0x4E00 + n) * 3 + "停电通知" * 40 for n in range(900)]
    whole = signatures(texts)
    assert (whole[[0, 400, 899]] == signatures([texts[0], texts[400], texts[899]])).all()
