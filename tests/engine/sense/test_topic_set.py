"""Many topics against batches: the same as each topic alone on each post, whatever way is taken to get there."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense import match
from shudao.engine.sense.anchors import plan_of, sure_run
from shudao.engine.sense.lex import QueryError, compile_pattern
from shudao.engine.sense.match import Folded, TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic, parse
from tests.engine.sense import naive

AT = datetime(2026, 7, 13, tzinfo=UTC)
POSTS = st.lists(st.tuples(naive.TEXTS, naive.TEXTS, st.sampled_from(["ab新闻", "停电日报", "x"])), max_size=6)
QUERIES = st.lists(naive.queries.filter(naive.asks), min_size=1, max_size=12)
WAYS = {
    "plain": {},
    "learning": {"_FEW": 1, "_SAMPLE": 8, "_LATER": 2},
    "arrays": {"_MANY": 0},
    "sifted": {"_MANY": 0, "_MANY_EACH": 0},
}


def post(number, title, text, source):
    return SensePost(id=str(number), at=AT, title=title, text=text, source=source)


def written(queries, chance):
    return [
        Topic(id=f"t{n}", name=f"t{n}", query=naive.written(query, lambda size: chance.randrange(size)))
        for n, query in enumerate(queries)
    ]


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=200, deadline=None)
@given(QUERIES, POSTS, st.randoms(use_true_random=False))
def test_a_batch_is_matched_as_the_naive_evaluator_says(way, queries, posts, chance):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in WAYS[way].items():
            patch.setattr(match, name, value)
        topics = TopicSet.compile(written(queries, chance))
        folded = [Folded(post(n, *one)) for n, one in enumerate(posts)]
        for _again in range(2):
            found = [[hit.topic for hit in hits] for hits in topics.match_all(folded)]
            expected = [[f"t{n}" for n, query in enumerate(queries) if naive.holds(query, _plain(p))] for p in posts]
            assert found == expected


def _plain(one):
    return dict(zip(("title", "text", "source"), map(naive.plain, one), strict=True))


@settings(max_examples=100, deadline=None)
@given(QUERIES, POSTS, st.integers(1, 4), st.randoms(use_true_random=False))
def test_it_does_not_matter_how_posts_are_cut_into_batches(queries, posts, size, chance):
    topics = TopicSet.compile(written(queries, chance))
    folded = [Folded(post(n, *one)) for n, one in enumerate(posts)]
    apart = [hits for start in range(0, len(folded), size) for hits in topics.match_all(folded[start : start + size])]
    assert topics.match_all(folded) == apart == [topics.match(one.post) for one in folded]


@settings(max_examples=100, deadline=None)
@given(QUERIES, QUERIES, POSTS, st.randoms(use_true_random=False))
def test_an_edited_set_is_the_set_compiled_afresh(before, after, posts, chance):
    old, new = TopicSet.compile(written(before, chance)), written(after, chance)
    folded = [Folded(post(n, *one)) for n, one in enumerate(posts)]
    old.match_all(folded)
    assert TopicSet.compile(new, old).match_all(folded) == TopicSet.compile(new).match_all(folded)


def test_an_edit_reads_only_what_it_changes():
    topics = [Topic(id=f"t{n}", name="t", query=f"停电{n}号 小区") for n in range(50)]
    old = TopicSet.compile(topics)
    changed = [*topics[:-1], Topic(id="t49", name="t", query="断电")]
    with pytest.MonkeyPatch.context() as patch:
        read = []
        patch.setattr(match, "parse", lambda query: read.append(query) or parse(query))
        new = TopicSet.compile(changed, old)
    assert read == ["断电"] and [hit.topic for hit in new.match(post(1, "", "断电", "x"))] == ["t49"]


def test_what_was_learned_outlives_an_edit():
    topics = [Topic(id=f"t{n}", name="t", query=f"今天 事件{n}号") for n in range(60)]
    old = TopicSet.compile(topics)
    folded = [Folded(post(n, "", "今天" * 500, "x")) for n in range(120)]
    old.match_all(folded)
    new = TopicSet.compile(topics[1:], old)
    assert new._seen == old._seen and new._seen["今天"] > 0
    assert [hit.topic for hit in new.match(post(1, "", "今天事件7号", "x"))] == ["t7"]


def test_topics_without_any_word_learn_nothing():
    topics = TopicSet.compile([Topic(id=f"t{n}", name="t", query=f"/a{{{n + 1}}}/") for n in range(60)])
    folded = [Folded(post(n, "", "b" * 5000, "x")) for n in range(30)]
    assert topics.match_all(folded) == [[]] * 30


@pytest.mark.parametrize(
    ("query", "needs", "bars"),
    [
        ("停电 小区", [("停电",), ("小区",)], []),
        ("(停电|断电) -演练", [("停电", "断电")], ["演练"]),
        ("停电 NEAR/3 (小区|学校) -ABC", [("停电",), ("小区", "学校")], []),
        ("停电 | /a+/", [], []),
        ("停电 | -演练", [], []),
        ("/\\d+人(受伤|死亡)/ 医院", [("人",), ("医院",)], []),
        ("停电 -(演练 电影) -title:通知", [("停电",)], []),
        ("NOT NOT 停电", [("停电",)], []),
    ],
)
def test_the_plan_of_a_topic_says_what_must_and_must_not_stand(query, needs, bars):
    plan = plan_of(parse(query))
    assert ([need.words for need in plan.needs], list(plan.bars)) == (needs, bars)


@pytest.mark.parametrize(
    ("pattern", "run"),
    [
        ("停电", "停电"), ("停.电", "停"), ("停电?", "停"), ("停电+网", "停电"), ("停电*网", "停"), ("停电|断电", ""),
        ("(停|断)电了", "电了"), ("[停断]电", "电"), ("[]停]电", "电"), ("[^停]{2}电", "电"), ("\\p{Han}电网", "电网"),
        ("\\x{505c}电", "电"), ("电\\d{2,3}网络", "网络"), ("[[:alpha:]]电", ""), ("\\Q停*\\E", ""), ("(?i)停电", "停电"),
        ("a|b", ""), ("abc", ""), ("(a(b|停)c)网", "网"), ("电{0,3}网", "网"), ("电{,3}网", "网"), ("\\(停电\\)", "停电"),
    ],
)  # fmt: skip
def test_the_run_that_stands_in_every_match_of_a_pattern(pattern, run):
    assert sure_run(pattern) == run


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="停电网()|[]?*+.{}2,^\\da", min_size=1, max_size=10), st.text(alphabet="停电网a2{},", max_size=12)
)
def test_a_sure_run_stands_in_every_text_a_pattern_matches(pattern, text):
    try:
        compiled = compile_pattern(pattern)
    except QueryError:
        return
    if any(True for _ in compiled.finditer(text)):
        assert sure_run(pattern) in text
