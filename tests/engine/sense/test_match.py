"""Matching against the naive evaluator; clauses and places in the text as written."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.match import MAX_SPANS, TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import QueryError, Topic
from shudao.engine.text.normalise import fold
from tests.engine.sense import naive

AT = datetime(2026, 7, 13, tzinfo=UTC)


def post(text="", title="", source="清江论坛"):
    return SensePost(id="1", at=AT, title=title, text=text, source=source)


def topic(query, ident="t", **more):
    return Topic(id=ident, name=ident, query=query, **more)


@settings(max_examples=1000, deadline=None)
@given(
    naive.queries,
    naive.TEXTS,
    naive.TEXTS,
    st.sampled_from(["ab新闻", "停电日报", "x"]),
    st.randoms(use_true_random=False),
)
def test_a_query_holds_exactly_where_the_naive_evaluator_says(query, title, text, source, chance):
    written = naive.written(query, lambda n: chance.randrange(n))
    fields = {"title": naive.plain(title), "text": naive.plain(text), "source": naive.plain(source)}
    if not naive.asks(query):
        with pytest.raises(QueryError):
            TopicSet.compile([topic(written)])
        return
    matches = TopicSet.compile([topic(written)]).match(post(text, title, source))
    assert bool(matches) == naive.holds(query, fields), written


@settings(max_examples=100, deadline=None)
@given(
    st.lists(naive.queries.filter(naive.asks), min_size=2, max_size=6), naive.TEXTS, st.randoms(use_true_random=False)
)
def test_topics_together_match_as_each_alone(queries, text, chance):
    topics = [topic(naive.written(query, lambda n: chance.randrange(n)), f"t{n}") for n, query in enumerate(queries)]
    alone = [match for one in topics for match in TopicSet.compile([one]).match(post(text))]
    assert TopicSet.compile(topics).match(post(text)) == alone


@settings(max_examples=150, deadline=None)
@given(naive.queries.filter(naive.asks), naive.TEXTS, naive.TEXTS, st.randoms(use_true_random=False))
def test_every_span_lies_in_its_field_and_its_clause_in_the_query(query, title, text, chance):
    written = naive.written(query, lambda n: chance.randrange(n))
    one = post(text, title)
    for match in TopicSet.compile([topic(written)]).match(one):
        for place in match.spans:
            assert 0 <= place.start < place.end <= len(getattr(one, place.field))
            assert place.clause in match.clauses
        assert all(clause in written for clause in match.clauses)


def test_places_point_into_the_text_as_written():
    text = "昨晚ＣＯＶＩＤ－１９通報：停\u200b電"
    (match,) = TopicSet.compile([topic("COVID-19 停电")]).match(post(text))
    assert match.clauses == ("COVID-19", "停电")
    assert [text[place.start : place.end] for place in match.spans] == ["ＣＯＶＩＤ－１９", "停\u200b電"]
    assert {place.field for place in match.spans} == {"text"}


def test_only_what_makes_the_query_hold_is_named():
    (match,) = TopicSet.compile([topic("停电 (小区 OR 学校) -演练 OR 断电")]).match(post("学校停电"))
    assert match.clauses == ("停电", "学校")


def test_near_names_the_whole_clause_and_both_places():
    (match,) = TopicSet.compile([topic("停电 NEAR/3 小区")]).match(post("停电，很久很久以后，小区又停电"))
    assert match.clauses == ("停电 NEAR/3 小区",)
    assert [(place.start, place.end) for place in match.spans] == [(10, 12), (13, 15)]


def test_an_exclusion_is_local_to_its_topic():
    found = TopicSet.compile([topic("停电 -演练", "a"), topic("停电", "b")]).match(post("停电演练"))
    assert [match.topic for match in found] == ["b"]


def test_sources_and_languages_narrow_a_topic():
    topics = [
        topic("停电", "a", sources=("清江日报",)),
        topic("停电", "b", languages=("en",)),
        topic("停电", "c", languages=("zh",)),
    ]
    assert [match.topic for match in TopicSet.compile(topics).match(post("停电了"))] == ["c"]
    assert [match.topic for match in TopicSet.compile(topics).match(post("停电了", source="清江日報"))] == ["a", "c"]


def test_a_clause_found_everywhere_is_shown_in_a_few_places():
    (match,) = TopicSet.compile([topic("电")]).match(post("电" * 10_000))
    assert len(match.spans) == MAX_SPANS


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_post_can_be_matched(title, text):
    TopicSet.compile([topic("停电 OR /a+/ OR x* -演练")]).match(post(text, title))


def test_no_topics_match_nothing():
    assert TopicSet.compile([]).match(post("停电")) == []


def test_hits_and_folding_agree_on_a_changed_length():
    (match,) = TopicSet.compile([topic("株")]).match(post("㈱清江"))
    assert (match.spans[0].start, match.spans[0].end) == (0, 1)
    assert fold("㈱") == "(株)"
