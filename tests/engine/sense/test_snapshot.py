"""A senser that was frozen and thawed goes on as if nothing had been; a foreign file runs nothing."""

import pickle
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.post import Post, read_posts
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic
from shudao.engine.sense.senser import Senser, SenseSettings
from shudao.engine.sense.snapshot import SnapshotError, freeze, thaw
from shudao.engine.sense.tone import load_lexicon
from shudao.engine.sense.topics import load_topics
from shudao.library import path_of

AT = datetime(2026, 7, 13, tzinfo=UTC)
TOPICS = [Topic(id="outage", name="停电", query="停电")]


@pytest.fixture(scope="module")
def sample():
    posts = [
        SensePost.of(row) for row in read_posts(path_of("streams", "power.jsonl").open("rb")) if isinstance(row, Post)
    ]
    topics = load_topics(path_of("topics", "power.yaml").read_bytes())
    lexicon = load_lexicon(path_of("lexicons", "tone.yaml").read_bytes())
    return posts, topics, SenseSettings(lexicon=lexicon)


def thawed(senser, topics, settings=None):
    other = Senser(topics, settings)
    thaw(freeze(senser), other)
    return other


def test_a_stream_goes_on_after_every_restart_as_if_there_had_been_none(sample):
    posts, topics, chosen = sample
    whole, cut = Senser(topics, chosen), Senser(topics, chosen)
    ends = [whole.feed(posts), whole.alerts(), whole.moves(), whole.stories_final()]
    placed, told, moved = [], [], []
    for start in range(0, len(posts), 90):
        cut = thawed(cut, topics, chosen)
        placed += cut.feed(posts[start : start + 90])
        told += cut.alerts()
        moved += cut.moves()
    assert [placed, told] == ends[:2]
    assert cut.stories_final() == ends[3]
    assert moved == ends[2][: len(moved)]


@given(st.lists(st.tuples(st.text(max_size=30), st.integers(-5, 2000)), max_size=12), st.integers(0, 12))
def test_any_texts_freeze(stream, cut):
    posts = [
        SensePost(id=str(n), at=AT + timedelta(minutes=minutes), text=text) for n, (text, minutes) in enumerate(stream)
    ]
    whole, part = Senser(TOPICS), Senser(TOPICS)
    placed = whole.feed(posts)
    first = part.feed(posts[:cut])
    assert first + thawed(part, TOPICS).feed(posts[cut:]) == placed


def test_topics_and_settings_are_the_callers():
    senser = Senser(TOPICS)
    senser.feed([SensePost(id="1", at=AT, text="停电了")])
    other = thawed(senser, [Topic(id="food", name="食堂", query="食堂")])
    (placed,) = other.feed([SensePost(id="2", at=AT, text="食堂停电")])
    assert [match.topic for match in placed.topics] == ["food"]


def test_a_fresh_one_is_small():
    assert len(freeze(Senser(TOPICS))) < 100_000


@pytest.mark.parametrize("made", [print, open, type, datetime.now, eval])
def test_a_foreign_file_runs_nothing(made):
    class Evil:
        def __reduce__(self):
            return made, ("x",)

    with pytest.raises(SnapshotError):
        thaw(pickle.dumps({"_now": Evil()}), Senser(TOPICS))


@given(st.binary(max_size=200))
def test_damaged_bytes_are_refused_and_leave_the_senser_as_it_was(data):
    senser = Senser(TOPICS)
    with pytest.raises(SnapshotError):
        thaw(data, senser)
    assert senser.posts == 0


def test_half_a_snapshot_is_refused():
    senser = Senser(TOPICS)
    senser.feed([SensePost(id="1", at=AT, text="停电了")])
    with pytest.raises(SnapshotError):
        thaw(freeze(senser)[:-20], Senser(TOPICS))
