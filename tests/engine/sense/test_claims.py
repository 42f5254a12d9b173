"""Earlier answers found from a text that repeats the claim; nothing is said of truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.claims import NEAR, Claim, ClaimIndex, nearest_claims, pieces

HELD = {
    "water": "听说望河水厂进了污水，自来水不能喝",
    "fire": "二号配电室爆炸，听到一声巨响",
    "fee": "救护车八公里收费两千八",
    "gate": "东门六月一日起收门票",
}
INDEX = ClaimIndex([Claim(name, text) for name, text in HELD.items()])


def nearest(text, least=NEAR):
    return [row.id for row in nearest_claims(text, INDEX, 5, least)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("有人说水厂进污水了，自来水还能喝吗？", "water"),
        ("配电室是不是爆炸了，刚才那声巨响好大", "fire"),
        ("打了120，救护车跑8公里收费2800，真的假的", "fee"),
        ("聽說東門要收門票了", "gate"),
        ("转发//@某某：听说望河水厂进了污水，自来水不能喝", "water"),
    ],
)
def test_a_retelling_finds_what_was_answered(text, first):
    assert nearest(text)[:1] == [first]


@pytest.mark.parametrize("text", ["", "。！？", "今天的云像没拧干的被子", "https://example.invalid/水厂进污水"])
def test_what_has_nothing_to_do_with_any_finds_nothing(text):
    assert nearest(text) == []


def test_the_same_words_are_nearest_of_all():
    for name, text in HELD.items():
        first, *others = nearest_claims(text, INDEX, 5)
        assert (first.id, first.likeness) == (name, 1.0)
        assert all(row.likeness < 1 for row in others)


def test_at_most_n_come_back_and_an_empty_index_knows_nothing():
    assert len(nearest_claims("听说收费", INDEX, 1)) <= 1
    assert nearest_claims("听说收费", ClaimIndex([]), 5) == []


def test_equal_claims_keep_the_order_of_the_index():
    index = ClaimIndex([Claim("new", "东门收门票"), Claim("old", "东门收门票")])
    assert [row.id for row in nearest_claims("东门收门票吗", index)] == ["new", "old"]


def test_meaning_finds_what_shares_no_word():
    """An encoder of two senses: water and not water."""

    def encode(texts):
        return np.array(
            [[1, 0] if any(word in text for word in ("水", "喝")) else [0, 1] for text in texts], np.float32
        )

    index = ClaimIndex([Claim(name, text) for name, text in HELD.items()], encode)
    assert nearest_claims("龙头里的还敢喝吗", index, 1)[0].id == "water"


@settings(max_examples=80)
@given(st.text(max_size=200))
def test_any_text_is_alike_between_nothing_and_all(text):
    rows = nearest_claims(text, INDEX, 9)
    assert [row.likeness for row in rows] == sorted((row.likeness for row in rows), reverse=True)
    assert all(0 <= row.likeness <= 1 for row in rows)


@given(st.text(alphabet="水厂污ab1 ，", max_size=40))
def test_pieces_do_not_hang_on_width_or_case(text):
    wide = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert pieces(wide) == pieces(text.upper())
