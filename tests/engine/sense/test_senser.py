"""The whole engine: the same answers in any batches and after a restart, using nothing later."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from shudao.engine.post import Post, read_posts
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Topic
from shudao.engine.sense.senser import VERSION, Senser, SenseSettings, StorySplit
from shudao.engine.sense.stories import StorySettings
from shudao.engine.sense.tone import load_lexicon
from shudao.engine.sense.topics import load_topics
from shudao.library import path_of

AT = datetime(2026, 7, 13, tzinfo=UTC)
PIECES = ["停电", "望湖新城", "食堂", "涨价", "3人受伤", "13人受伤", "求证", "转：", "热线打不通", "😀", "ABC", "不实"]
STREAMS = st.lists(
    st.tuples(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), st.integers(-5, 90)), max_size=40
)


@pytest.fixture(scope="module")
def sample():
    """The sample stream, its topics and the tone words."""
    posts = [
        SensePost.of(row) for row in read_posts(path_of("streams", "power.jsonl").open("rb")) if isinstance(row, Post)
    ]
    topics = load_topics(path_of("topics", "power.yaml").read_bytes())
    lexicon = load_lexicon(path_of("lexicons", "tone.yaml").read_bytes())
    return posts, topics, SenseSettings(lexicon=lexicon)


def made(stream):
    at, posts = AT, []
    for number, (text, minutes) in enumerate(stream):
        at += timedelta(minutes=minutes)
        posts.append(SensePost(id=f"p{number}", at=at, text=text, source=f"源{number % 3}"))
    return posts


TOPICS = [Topic(id="outage", name="停电", query="停电"), Topic(id="harm", name="受伤", query="/\\d+人受伤/")]
EAGER = SenseSettings(stories=StorySettings(merge_every=3))


@settings(max_examples=60, deadline=None)
@given(STREAMS, st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_batches_do_not_matter(stream, sizes):
    posts = made(stream)
    whole, parts = Senser(TOPICS, EAGER), Senser(TOPICS, EAGER)
    placed = whole.feed(posts)
    pieces, start, turn = [], 0, 0
    while start < len(posts):
        size = sizes[turn % len(sizes)]
        pieces += parts.feed(posts[start : start + size])
        start, turn = start + size, turn + 1
    assert pieces == placed
    assert parts.alerts() == whole.alerts()
    assert parts.moves() == whole.moves()
    assert parts.stories_final() == whole.stories_final()


@settings(max_examples=40, deadline=None)
@given(STREAMS, st.integers(0, 40))
def test_nothing_later_is_used(stream, end):
    posts = made(stream)
    assert Senser(TOPICS, EAGER).feed(posts)[:end] == Senser(TOPICS, EAGER).feed(posts[:end])


@settings(max_examples=60, deadline=None)
@given(STREAMS)
def test_every_post_is_placed_and_names_lead_to_posts_before_it(stream):
    posts = made(stream)
    senser = Senser(TOPICS, EAGER)
    order = {post.id: number for number, post in enumerate(posts)}
    for number, placed in enumerate(senser.feed(posts)):
        assert placed.id == posts[number].id
        assert order[placed.story] <= number
        assert placed.copy_of is None or order[placed.copy_of] < number
    final = senser.stories_final()
    assert set(final) == set(order)
    assert all(order[story] <= order[post] and final[story] == story for post, story in final.items())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=10))
def test_any_texts_are_taken(texts):
    posts = [SensePost(id=str(n), at=AT, title=text, text=text[::-1]) for n, text in enumerate(texts)]
    assert len(Senser(TOPICS).feed(posts)) == len(texts)


def test_lone_surrogates_and_a_very_long_line_are_taken():
    posts = [SensePost(id="1", at=AT, text="停电\ud800"), SensePost(id="2", at=AT, text="停电" * 500_000)]
    first, second = Senser(TOPICS).feed(posts)
    assert first.topics and second.topics


def test_a_restart_that_recalls_changes_nothing(sample):
    posts, topics, chosen = sample
    whole = Senser(topics, chosen)
    placed, told = whole.feed(posts), whole.alerts()
    for size in (7, 61, 200):
        again, retold, final = restarted(posts, topics, chosen, size)
        assert (again, said(retold), final) == (placed, said(told), whole.stories_final())


def said(told):
    """Alerts without how many stories were new: of stories recalled, those that became one since count as one."""
    return [structs.replace(alert, case=None) for alert in told]


def restarted(posts, topics, chosen, size):
    """The stream with a restart after every `size` posts, rebuilt from what a site keeps."""
    placed, told, final = [], [], {}
    for start in range(0, len(posts), size):
        senser = Senser(topics, chosen)
        senser.recall(posts[:start], [final[post.id] for post in posts[:start]])
        for alert in told:
            if alert.story is not None:
                senser.remember_alert(alert.topic, final[alert.story], alert.at)
        for post in posts[start : start + size]:
            (row,) = senser.feed([post])
            for move in senser.moves():
                follow(final, move)
            placed.append(row)
            final[row.id] = row.story
        if start + size >= len(posts):
            senser.settle()
        for move in senser.moves():
            follow(final, move)
        told += senser.alerts()
    return placed, told, final


def follow(final, move):
    """What a site does with a merge or a split: post -> story by now."""
    if isinstance(move, StorySplit):
        assert all(final.get(post, move.story) == move.story for post in move.posts)
        final.update(dict.fromkeys(move.posts, move.new))
    else:
        final.update({post: move.into for post, story in final.items() if story == move.gone})


def test_the_growing_matter_of_the_sample_is_told_with_the_right_topic(sample):
    posts, topics, chosen = sample
    senser = Senser(topics, chosen)
    placed = {row.id: row for row in senser.feed(posts)}
    told = senser.alerts()
    assert {"outage", "outage_harm"} <= {alert.topic for alert in told}
    assert len(told) <= 10  # of some hundreds of posts: one a matter
    for alert in told:
        assert all(alert.topic in [match.topic for match in placed[item].topics] for item in alert.items)


def test_topics_may_change_under_way():
    senser = Senser(TOPICS)
    senser.feed([SensePost(id="1", at=AT, text="停电了")])
    senser.set_topics([Topic(id="new", name="食堂", query="食堂")])
    (placed,) = senser.feed([SensePost(id="2", at=AT, text="食堂停电")])
    assert [match.topic for match in placed.topics] == ["new"]


def test_an_alert_of_an_unknown_topic_or_story_is_passed_over():
    Senser(TOPICS).remember_alert("gone", "p1", AT)
    Senser(TOPICS).remember_alert("outage", "p1", AT)


def test_the_version_names_every_part():
    assert VERSION.count("+") >= 7
