"""Fingerprints: the same for the same text, alike for like texts, in any batch."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.text.fingerprint import bands, exact_keys, grams, signatures

TEXTS = st.lists(st.text(alphabet="停电小区ab👩1", max_size=12), min_size=1, max_size=8)


@given(TEXTS)
def test_a_texts_numbers_do_not_depend_on_its_neighbours(texts):
    whole = signatures(texts)
    for place, text in enumerate(texts):
        assert (signatures([text])[0] == whole[place]).all()


@given(TEXTS)
def test_grams_are_as_many_as_windows_and_at_least_one(texts):
    _hashes, begins = grams(texts, 3)
    assert list(np.diff(begins)) == [max(1, len(text) - 2) for text in texts]


def test_equal_texts_have_equal_signatures_bands_and_keys():
    found = signatures(["清江县停电通知", "清江县停电通知", "清江县停水通知"])
    assert (found[0] == found[1]).all() and (found[0] != found[2]).any()
    assert (bands(found)[0] == bands(found)[1]).all()
    keys = exact_keys(["甲", "甲", "乙"])
    assert keys[0] == keys[1] != keys[2]


def test_signature_agreement_estimates_jaccard():
    one = "".join(chr(0x4E00 + n) for n in range(400))
    other = one[:200] + "".join(chr(0x5E00 + n) for n in range(200))
    first, second = signatures([one, other])
    assert abs((first == second).mean() - 198 / 598) < 0.2


def test_no_batch_gives_no_rows():
    assert signatures([]).shape == (0, 64)
