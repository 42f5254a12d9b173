"""What corrections teach: exact, without chance, never surer than it was found to be, and only when it is better."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.tone import LABELS, Lexicon, ToneReader
from shudao.engine.sense.tone_model import (
    BUCKETS,
    COUNTS,
    SUREST,
    Correction,
    LearnedReader,
    ToneModel,
    can_learn,
    held_out,
    train,
)
from shudao.engine.text.normalise import fold

WORDS = Lexicon(positive=("谢谢",), negative=("投诉",), negators=("不",))
SAID = {
    "negative": ("我真服了{}", "{}也太抠了吧", "就这{}，笑死"),
    "positive": ("{}绝绝子", "爱了爱了{}", "{}真香"),
    "neutral": ("{}明天开放", "关于{}的公告", "{}在二楼"),
}
ABOUT = ("食堂", "电梯", "校车", "热水", "公交", "菜场", "路灯", "宿舍")


def corrections(drawn=True):
    return [
        Correction(form.format(about), label, f"{about}{place}", drawn)
        for about in ABOUT
        for label, forms in SAID.items()
        for place, form in enumerate(forms)
    ]


def model(**more):
    return ToneModel(
        **{"count": 40, "tested": 40, "right": 30, "lexicon_right": 20, "differing": 20, "weights": ()} | more
    )


def test_it_learns_a_sites_own_ways_of_speaking():
    learned = train(corrections(), WORDS, "model-1")
    reader = LearnedReader(WORDS, learned)
    said = {label: reader.read(fold(forms[0].format("操场"))) for label, forms in SAID.items()}
    assert {label: tone.label for label, tone in said.items()} == {label: label for label in LABELS}
    assert all(tone.by == "model-1" for tone in said.values())
    assert learned.is_better and learned.right > learned.lexicon_right
    assert learned.tested == learned.count == len(corrections())


def test_it_goes_on_knowing_the_lexicon():
    reader = LearnedReader(
        WORDS, train([*corrections(), *[Correction("谢谢", "positive", str(n)) for n in range(9)]], WORDS)
    )
    assert reader.read(fold("谢谢老师傅")).label == "positive"


def test_the_same_corrections_give_the_same_numbers_and_only_whole_ones():
    one, other = train(corrections(), WORDS), train(corrections(), WORDS)
    assert one == other and one.digest == other.digest
    assert len(one.weights) == (BUCKETS + COUNTS) * len(LABELS)
    assert msgspec.json.decode(msgspec.json.encode(one), type=ToneModel) == one


def test_a_group_never_answers_for_itself():
    """Every copy of one text stands in one group: held out together, nothing of it was learned."""
    odd = [Correction("关于嗷呜的公告", "positive", "同一话题") for _ in range(12)]
    alone = [Correction(row.text, row.label, str(place)) for place, row in enumerate(odd)]
    assert set(held_out([*corrections(), *odd], WORDS)[-12:]) == {"neutral"}
    assert set(held_out([*corrections(), *alone], WORDS)[-12:]) == {"positive"}


def test_only_posts_drawn_by_chance_tell_it_from_the_lexicon():
    learned = train([*corrections(drawn=False), Correction("谢谢", "positive", "x")], WORDS)
    assert (learned.tested, learned.lexicon_right) == (1, 1)
    assert not learned.is_better


@pytest.mark.parametrize(
    ("right", "differing", "better"), [(30, 20, True), (21, 1, False), (21, 20, False), (20, 0, False), (15, 20, False)]
)
def test_a_lead_that_luck_may_bring_is_none(right, differing, better):
    assert model(right=right, differing=differing).is_better is better


def test_it_claims_no_more_than_it_was_found_right():
    learned = train(corrections(), WORDS)
    reader = LearnedReader(WORDS, learned)
    assert max(reader.read(fold(row.text)).confidence for row in corrections()) <= learned.surest <= SUREST
    assert model(right=20).surest == 0.5
    assert model(tested=0).surest == 0.0


def test_too_few_or_too_much_alike_is_not_learned_from():
    rows = corrections()
    assert can_learn(rows)
    assert not can_learn(rows[:29])
    assert not can_learn([row for row in rows if row.label == "neutral"] * 3)
    assert not can_learn(corrections(drawn=False))


READER = LearnedReader(WORDS, train(corrections(), WORDS))


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_has_a_tone_within_bounds(text):
    tone = READER.read(fold(text))
    assert tone.label in LABELS and -1 <= tone.score <= 1 and 0 <= tone.confidence <= SUREST


def test_nothing_said_is_neutral_without_confidence():
    assert (READER.read(" ").label, READER.read("").confidence) == ("neutral", 0.0)


def test_the_lexicon_counts_what_it_knows():
    assert ToneReader(WORDS).counts(fold("谢谢，不投诉了")) == (2, 0)
    assert ToneReader(Lexicon()).counts("谢谢") == (0, 0)


def test_a_senser_reads_by_what_it_was_taught_from_the_next_post_on():
    from datetime import UTC, datetime

    from shudao.engine.sense.post import SensePost
    from shudao.engine.sense.senser import VERSION, Senser, SenseSettings

    def post(name):
        return SensePost(id=name, at=datetime(2026, 3, 2, tzinfo=UTC), text="操场绝绝子")

    senser = Senser((), SenseSettings(lexicon=WORDS))
    [before] = senser.feed([post("a")])
    senser.set_tone(train(corrections(), WORDS, "tone-model-1"))
    [after] = senser.feed([post("b")])
    assert (before.tone.label, after.tone.label, after.tone.by) == ("neutral", "positive", "tone-model-1")
    assert senser.version == f"{VERSION}+tone-model-1"
    senser.set_tone(None)
    assert senser.feed([post("c")])[0].tone == before.tone
    assert senser.version == VERSION
