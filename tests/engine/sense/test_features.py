"""Terms: pairs of characters, words, numbers; the same for a text in any company."""

import re
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense.features import BUCKETS, MAX_TERMS, _number, terms, terms_all
from shudao.engine.text.fingerprint import mix
from shudao.engine.text.normalise import fold

TEXTS = st.one_of(st.text(max_size=40), st.text("停电小区ab 1.2，。3", max_size=40)).map(fold)
RUN = re.compile(r"[a-zß-ɏ]+|\d+(?:\.\d+)?|[^\W\d_a-zß-ɏ]+")


def naive(text):
    """Count the terms one after the other."""
    found = Counter()
    for run in RUN.findall(text):
        if run[0].isdigit() or run[0] < "\u0250":
            found[_number(run)] += 1
        elif len(run) == 1:
            found[pair(run, "\0")] += 1
        else:
            found.update(pair(*run[place : place + 2]) for place in range(len(run) - 1))
    return found


def pair(one, other):
    return int(mix(np.array([ord(one) << 21 | ord(other)], np.uint64))[0]) & (BUCKETS - 1)


@given(TEXTS)
def test_the_same_as_counting_one_by_one(text):
    if "http" in text or "@" in text:
        return
    found, counts = terms(text), naive(text)
    assert found.numbers.tolist() == sorted(counts)
    assert np.allclose(found.damped, [1 + np.log(counts[number]) for number in found.numbers.tolist()])


@given(st.lists(TEXTS, max_size=8))
def test_a_text_has_the_same_terms_in_any_company(texts):
    for together, text in zip(terms_all(texts), texts, strict=True):
        alone = terms(text)
        assert together.numbers.tolist() == alone.numbers.tolist()
        assert together.damped.tolist() == alone.damped.tolist()


def test_links_and_names_are_left_out_and_words_are_stemmed():
    assert terms("看 https://a.example/停电 呀").numbers.tolist() == terms("看  呀").numbers.tolist()
    assert terms("@清江人 停电").numbers.tolist() == terms("停电").numbers.tolist()
    assert terms("warnings").numbers.tolist() == terms("warned").numbers.tolist() != terms("war").numbers.tolist()


def test_a_long_text_keeps_what_it_says_first():
    text = "".join(chr(0x4E00 + number) for number in range(390))
    found = terms(text)
    assert len(found.numbers) == MAX_TERMS
    assert set(found.numbers.tolist()) == set(terms(text[: MAX_TERMS + 1]).numbers.tolist())
