"""Tone: a hint from words, never sure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense.tone import MOST_SURE, NEUTRAL, Lexicon, ToneReader, load_lexicon
from shudao.engine.text.normalise import fold
from shudao.engine.words import BadInput
from shudao.library import path_of

READER = ToneReader(load_lexicon(path_of("lexicons", "tone.yaml").read_bytes()))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("感谢抢修师傅，很及时，辛苦了，点赞", "positive"),
        ("投诉了三次还是推诿，太寒心了", "negative"),
        ("明天下午两点开会", "neutral"),
        ("不满意", "negative"),
        ("没有危险", "positive"),
        ("感謝", "positive"),
    ],
)
def test_words_give_a_label(text, label):
    assert READER.read(fold(text)).label == label


def test_no_known_word_means_no_confidence_and_more_words_mean_more():
    assert READER.read("明天开会") == NEUTRAL
    assert 0 < READER.read("投诉").confidence < READER.read("投诉推诿失望寒心").confidence <= MOST_SURE


def test_mixed_words_are_neutral_and_unsure():
    mixed = READER.read("感谢 投诉")
    assert (mixed.label, mixed.confidence) == ("neutral", 0.0)


@given(st.text(max_size=200))
def test_any_text_has_a_tone_within_bounds(text):
    tone = READER.read(fold(text))
    assert -1 <= tone.score <= 1 and 0 <= tone.confidence <= MOST_SURE


def test_without_words_everything_is_neutral():
    assert ToneReader(Lexicon()).read("感谢") == NEUTRAL


@pytest.mark.parametrize("data", [b"[]", b"positive: 3", b"positive: [a]\nother: [b]", b"\xff", b"positive: ["])
def test_a_bad_lexicon_is_refused_in_words(data):
    with pytest.raises(BadInput):
        load_lexicon(data, "tone.yaml")
