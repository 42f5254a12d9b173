"""What a wording would have caught, and texts with what was found marked."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense.marked import LONGEST, marked
from shudao.engine.sense.match import TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.preview import preview
from shudao.engine.sense.query import QueryError, Topic

NOON = datetime(2026, 7, 20, 12, tzinfo=UTC)
HERE = timezone(timedelta(hours=8))


def post(number, text, *, hours=0, title="", source="论坛"):
    at = NOON - timedelta(hours=hours)
    return SensePost(id=str(number), at=at, source=source, title=title, text=text)


def topic(query, **more):
    return Topic(id="t", name="题", query=query, **more)


def test_it_catches_what_the_matcher_catches_and_counts_by_local_day():
    posts = [post(1, "小区停电"), post(2, "天气好"), post(3, "又停电了", hours=21), post(4, "停电演练", hours=22)]
    found = preview(posts, topic("停电 -演练"), zone=HERE, days=[date(2026, 7, 18)])
    assert (found.looked, found.caught, found.is_whole) == (4, 2, True)
    assert found.per_day == {date(2026, 7, 18): 0, date(2026, 7, 19): 1, date(2026, 7, 20): 1}
    assert [row.post.id for row in found.shown] == ["1", "3"]
    assert found.shown[0].spans[0].start == 2


def test_a_new_wording_is_compared_with_the_one_before():
    posts = [post(1, "停电"), post(2, "跳闸"), post(3, "停电演练")]
    found = preview(posts, topic("停电 -演练 | 跳闸"), topic("停电"), zone=HERE)
    assert (found.came_in, found.went_out) == (1, 1)
    assert [row.post.id for row in found.in_shown] == ["2"]
    assert [row.post.id for row in found.out_shown] == ["3"]


def test_it_says_when_not_all_was_looked_at():
    posts = (post(n, "停电") for n in range(10))
    found = preview(posts, topic("停电"), zone=HERE, most=4)
    assert (found.looked, found.caught, found.is_whole) == (4, 4, False)
    assert preview([post(1, "停电")], topic("停电"), zone=HERE, most=1).is_whole


def test_sources_and_languages_hold():
    posts = [post(1, "power outage"), post(2, "停电 outage", source="日报")]
    assert preview(posts, topic("outage", languages=("en",)), zone=HERE).caught == 1
    assert preview(posts, topic("outage", sources=("日报",)), zone=HERE).caught == 1


def test_a_wording_that_does_not_parse_is_refused():
    with pytest.raises(QueryError):
        preview([], topic("停电 ("), zone=HERE)


@given(st.lists(st.text(alphabet="停电跳闸演练a ", max_size=12), max_size=30))
def test_it_agrees_with_the_matcher(texts):
    posts = [post(n, text or "-") for n, text in enumerate(texts)]
    one = topic("停电 -演练 | 跳闸")
    alone = TopicSet([one])
    found = preview(posts, one, topic("停电"), zone=HERE)
    assert found.caught == sum(bool(alone.match(row)) for row in posts)
    assert found.caught - found.came_in + found.went_out == sum(bool(TopicSet([topic("停电")]).match(p)) for p in posts)


def test_found_words_are_marked_and_overlaps_joined():
    pieces = marked("小区停电通知", [("停电", 2, 4), ("电通", 3, 5)])
    assert [(piece.text, piece.clause) for piece in pieces] == [("小区", ""), ("停电通", "停电"), ("知", "")]


def test_a_long_text_keeps_what_stands_near():
    text = "甲" * 500 + "停电" + "乙" * 500
    pieces = marked(text, [("停电", 500, 502)])
    assert [piece.clause for piece in pieces] == ["", "停电", ""]
    assert sum(len(piece.text) for piece in pieces) < 200
    assert len(marked(text, [])[0].text) == LONGEST + 1


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6))
def test_a_short_text_stays_whole(text, places):
    pieces = marked(text, [("c", start, end) for start, end in places])
    assert "".join(piece.text for piece in pieces) == text
