"""What a post costs does not grow with what is stored, and hardly with the number of topics: counted, not timed.

Counts of what is looked at (stories held against a post, entries of their terms walked, topics tried), at 2,000 and at
20,000 stored posts, for 1,000 and for 10,000 topics. The limits are generous: they are there for what grows with all.
"""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from shudao.engine.sense import nearest
from shudao.engine.sense.match import Folded, TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.postings import Postings
from shudao.engine.sense.query import Topic
from shudao.engine.sense.senser import Senser, SenseSettings
from shudao.engine.sense.stories import StorySettings

AT = datetime(2026, 7, 13, tzinfo=UTC)
SMALL, LARGE, LOOKED_AT = 2_000, 20_000, 400
SIGNS = [chr(code) for code in range(0x4E00, 0x4E00 + 900)]
WORDS = ["".join(pair) for pair in zip(SIGNS[::2], SIGNS[1::2], strict=True)]


@cache
def stream(count):
    """Posts of which half say what an earlier one said, the others something new in common words."""
    chance = random.Random(3)
    told, posts = [], []
    weights = [1 / (rank + 5) for rank in range(len(WORDS))]
    for number in range(count):
        if told and chance.random() < 0.5:
            text = told[-1 - chance.randrange(min(len(told), 500))]
        else:
            text = "，".join(chance.choices(WORDS, weights, k=12))
            told.append(text)
        at = AT + timedelta(seconds=4 * number)
        posts.append(SensePost(id=f"p{number}", at=at, text=text, source=f"源{number % 9}"))
    return posts


@pytest.fixture
def seen(monkeypatch):
    """What is looked at: entries of terms walked, stories held against a post."""
    counts = Counter()
    candidates, shared = Postings.candidates, nearest._shared

    def walked(self, vector, weighty, youngest, *rest):
        heavy = sorted(vector, key=lambda term: (-vector[term], term))[:weighty]
        counts["entries"] += sum(min(len(self._stories.get(term, ())), youngest) for term in heavy)
        return candidates(self, vector, weighty, youngest, *rest)

    def held(*asked):
        counts["held against"] += 1
        return shared(*asked)

    monkeypatch.setattr(Postings, "candidates", walked)
    monkeypatch.setattr(nearest, "_shared", held)
    return counts


def test_what_a_post_is_held_against_does_not_grow_with_what_is_stored(seen):
    senser, found = Senser((), SenseSettings(stories=StorySettings(join=0.5, merge=0.5))), []
    posts = stream(LARGE + LOOKED_AT)
    for start, stored in ((0, SMALL), (SMALL + LOOKED_AT, LARGE)):
        senser.feed(posts[start:stored])
        opened = senser._stories.open_count
        seen.clear()
        senser.feed(posts[stored : stored + LOOKED_AT])
        found.append((opened, dict(seen)))
    (opened_few, few), (opened_many, many) = found
    assert opened_many > 5 * opened_few
    assert min(few.values()) > LOOKED_AT // 4
    for what, count in few.items():
        assert many[what] < 4 * count, (what, count, many[what])


def topics(count):
    """Topics of two groups of four words of two signs each."""
    chance = random.Random(5)
    words = ["".join(chance.choices(SIGNS, k=2)) for _ in range(4_000)] + WORDS

    def group():
        return " OR ".join(chance.choices(words, k=4))

    return [Topic(id=f"t{number}", name="t", query=f"({group()}) AND ({group()})") for number in range(count)]


def test_ten_times_the_topics_are_not_tried_much_more_than_ten_times(monkeypatch):
    tried = []
    candidates = TopicSet._candidates

    def counted(self, texts):
        numbers, places = candidates(self, texts)
        tried.append(len(numbers))
        return numbers, places

    monkeypatch.setattr(TopicSet, "_candidates", counted)
    folded = Folded.all_of(stream(LARGE + LOOKED_AT)[:LOOKED_AT])
    for count in (1_000, 10_000):
        TopicSet.compile(topics(count)).match_all(folded)
    few, many = tried
    assert 0 < few < LOOKED_AT * 1_000 / 10
    assert many < 20 * few
