"""Folding: what is equal to what, and the way back to the characters as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.text.normalise import fold, is_latin, language_of, original_span, spans_of

TRICKY = (
    st.text(
        alphabet=st.sampled_from("停電电國国a\u0301éＡ１（）“｜\u200b\ufeff\u00ad ｶﾞ㈱ß\ufe0f👩\u200d🚒‑−\u3000\nZ乾著")
    )
    | st.text()
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＣＯＶＩＤ－１９", "covid-19"),
        ("電網停電", "电网停电"),
        ("停\u200b电\ufeff", "停电"),
        ("臺灣裏", "台湾里"),
        ("e\u0301", "é"),
        ("ｶﾞｽ", "ガス"),
        ("a\u2011b\u2212c", "a-b-c"),
        ("一\u3000二\t三\n四", "一 二 三 四"),
        ("Straße", "strasse"),
        ("㈱", "(株)"),
        ("so\u00adft", "soft"),
        ("❤\ufe0f", "❤"),
        ("", ""),
    ],
)
def test_equal_forms_fold_to_one(written, folded):
    assert fold(written) == folded


@given(TRICKY)
def test_every_folded_character_knows_its_origin(written):
    folded, back = fold(written), spans_of(written)
    assert len(back) == len(folded)
    assert all(0 <= start < end <= len(written) for start, end in back)
    assert back == sorted(back)


@given(TRICKY, st.data())
def test_the_original_of_a_span_folds_to_the_span_or_holds_it(written, data):
    folded, back = fold(written), spans_of(written)
    if not folded:
        return
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    low, high = original_span(back, start, end)
    assert folded[start:end] in fold(written[low:high])


@given(st.text(alphabet="停電国國ａA１ \u200b"), st.text(alphabet="停電国國ａA１ \u200b"))
def test_folding_a_joined_text_is_joining_folded_texts(one, other):
    """So a word folds alike wherever it is cut out; phrase-wise conversion would break this."""
    assert fold(one + other) == fold(one) + fold(other)


@given(TRICKY)
def test_folding_again_changes_nothing_but_combining(written):
    once = fold(written)
    assert fold(fold(once)) == fold(once)


def test_a_lone_surrogate_becomes_a_plain_sign():
    assert fold("a\ud800b") == "a\ufffdb"
    fold("a\ud800b").encode("utf-8")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("今天停电了", "zh"),
        ("今天iPhone停电", "zh"),
        ("power outage in town", "en"),
        ("停電のお知らせです", "ja"),
        ("정전 안내", "ko"),
        ("!!! 123", ""),
    ],
)
def test_the_language_is_read_from_the_script(text, language):
    assert language_of(fold(text)) == language


def test_latin_letters_are_letters_of_latin_script_only():
    assert is_latin("a") and is_latin("é") and not is_latin("1") and not is_latin("电") and not is_latin("я")
