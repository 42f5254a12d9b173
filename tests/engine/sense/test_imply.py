"""What one clause says about another must hold on every text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from shudao.engine.sense.imply import implies
from shudao.engine.sense.match import TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic, parse
from tests.engine.sense import naive

CLAUSES = naive.words | naive.stars | naive.fields | naive.nears | naive.patterns


@settings(max_examples=600, deadline=None)
@given(CLAUSES, CLAUSES, naive.TEXTS, naive.TEXTS)
def test_what_is_implied_holds_wherever_the_other_does(one, other, title, text):
    first, second = naive.written(one, lambda _n: 1), naive.written(other, lambda _n: 1)
    if implies(parse(first), parse(second)):
        post = SensePost(id="1", at=datetime(2026, 7, 13, tzinfo=UTC), title=title, text=text, source="停电ab")
        topics = TopicSet.compile([Topic(id="a", name="a", query=first), Topic(id="b", name="b", query=second)])
        found = [match.topic for match in topics.match(post)]
        assert found != ["a"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("小区停电", "停电", True),
        ("停电", "小区停电", False),
        ("停电", "title:停电", False),
        ("title:停电", "停电", True),
        ("source:停电", "停电", False),
        ("powerful", "power", False),
        ("powerful", "power*", True),
        ("power*", "power", False),
        ("13人受伤", "3人受伤", False),
        ("停电 NEAR/2 小区", "停电", True),
        ("(停电|断电) NEAR/2 小区", "停电", False),
        ("停电", "停电 NEAR/2 小区", False),
        ("/a+/", "/a+/", True),
        ("/a+/", "a", False),
    ],
)
def test_plain_cases(one, other, expected):
    assert implies(parse(one), parse(other)) is expected
