"""The first half of sensing, alone: the same in any batches, and carried over to another process whole."""

import pickle
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense.front import pack, unpack
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic
from shudao.engine.sense.senser import Senser, SenseSettings
from shudao.engine.sense.stories import StorySettings

AT = datetime(2026, 7, 13, tzinfo=UTC)
PIECES = [
    "停电",
    "望湖新城",
    "食堂",
    "涨价",
    "3人受伤",
    "13人受伤",
    "求证",
    "转：",
    "热线打不通",
    "😀",
    "ABC",
    "不实",
    "鬱ﾊ",
]
STREAMS = st.lists(
    st.tuples(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), st.integers(-5, 90)), max_size=40
)
TOPICS = [Topic(id="outage", name="停电", query="停电"), Topic(id="harm", name="受伤", query="/\\d+人受伤/")]
EAGER = SenseSettings(stories=StorySettings(merge_every=3))


def made(stream):
    at, posts = AT, []
    for number, (text, minutes) in enumerate(stream):
        at += timedelta(minutes=minutes)
        posts.append(SensePost(id=f"p{number}", at=at, text=text, source=f"源{number % 3}"))
    return posts


@given(STREAMS, st.integers(1, 9))
def test_two_processes_give_what_one_gives(stream, size):
    posts = made(stream)
    one, front, back = (Senser(TOPICS, EAGER) for _ in range(3))
    placed = []
    for start in range(0, len(posts), size):
        carried = pickle.loads(pickle.dumps(pack(front.ready(posts[start : start + size])), 5))
        placed += back.take(unpack(carried))
    assert placed == one.feed(posts)
    assert back.alerts() == one.alerts() and back.moves() == one.moves()
    assert back.stories_final() == one.stories_final()


def test_nothing_is_carried_over_as_nothing():
    assert unpack(pickle.loads(pickle.dumps(pack([])))) == []


def test_vectors_are_carried_over():
    senser = Senser((), EAGER, encoder=stub)
    ready = senser.ready(made([("停电了三个小时", 1), ("停电了三个小时", 1), ("食堂涨价", 1)]))
    carried = unpack(pickle.loads(pickle.dumps(pack(ready))))
    assert [row is None for row in (one.vector for one in carried)] == [False, True, False]
    assert [one._replace(terms=None, vector=None) for one in carried] == [
        one._replace(terms=None, vector=None) for one in ready
    ]


def stub(texts):
    import numpy as np

    return np.array([[len(text), text.count("电"), 1.0] for text in texts], np.float32)
