"""The invented streams can be read, follow in time, and hold a matter that grows out of the noise."""

import json
from collections import Counter
from datetime import timedelta

import pytest

from shudao.engine.sense.check import check_topics
from shudao.engine.sense.match import TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.senser import Senser
from shudao.engine.sense.tone import load_lexicon
from shudao.engine.sense.topics import load_topics
from shudao.library import path_of
from tests.library.samples import ORGANISATIONS, STREAMS, TOPICS, posts, roster

every_stream = pytest.mark.parametrize("name", STREAMS)
GROWING = [("power", "outage"), ("college", "canteen")]


def labels(name: str) -> dict[str, str | None]:
    lines = path_of("streams", f"{name}.labels.jsonl").read_text().splitlines()
    return {row["id"]: row["story"] for row in map(json.loads, lines)}


@every_stream
def test_follows_in_time_with_ids_of_its_own(name: str) -> None:
    rows = posts(name)
    assert [row.published_at for row in rows] == sorted(row.published_at for row in rows)
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.published_at.utcoffset() == timedelta(hours=8) for row in rows)


@every_stream
def test_every_address_is_an_example(name: str) -> None:
    assert all(".example/" in (row.url or "") for row in posts(name))


@pytest.mark.parametrize(("name", "topic"), GROWING)
def test_the_matter_grows_out_of_a_majority_of_noise(name: str, topic: str) -> None:
    marks = labels(name)
    assert set(marks) == {row.id for row in posts(name)}
    counts = Counter(marks.values())
    assert 300 <= len(posts(name)) <= 600
    assert 0.25 < counts["matter"] / len(marks) < 0.5
    assert len(counts) >= 5, "several small unrelated matters beside it"


@pytest.mark.parametrize(("name", "topic"), GROWING)
def test_is_noticed_within_two_hours_of_its_first_post(name: str, topic: str) -> None:
    senser = Senser(load_topics(path_of("topics", f"{name}.yaml").read_bytes()))
    senser.feed([SensePost.of(row) for row in posts(name)])
    first = min(row.published_at for row in posts(name) if labels(name)[row.id] == "matter")
    heard = [row for row in senser.alerts() if row.topic == topic and row.at >= first]
    assert heard
    assert heard[0].at - first < timedelta(hours=2)
    told = [labels(name)[item] for item in heard[0].items]
    assert told.count("matter") > len(told) / 2


@pytest.mark.parametrize(("name", "topic"), GROWING)
def test_a_week_later_old_claims_come_back(name: str, topic: str) -> None:
    before = {"".join(row.text or "").rstrip("！!。") for row in posts(name)}
    again = [row for row in posts(f"{name}-after") if (row.text or "").rstrip("！!。") in before]
    assert len(again) >= 2
    assert posts(f"{name}-after")[0].published_at - posts(name)[0].published_at > timedelta(days=6)


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_has_an_owner_and_catches_something(name: str) -> None:
    topics = load_topics(path_of("topics", f"{name}.yaml").read_bytes(), name)
    owners = {row.code for row in roster(name).posts}
    assert {row.owner_post for row in topics} <= owners
    matching = TopicSet.compile(topics)
    found = {hit.topic for row in posts(name) for hit in matching.match(SensePost.of(row))}
    assert len(found) >= len(topics) - 1


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_every_source_of_the_stream_is_in_the_register(name: str) -> None:
    stream = roster(name).stream.removeprefix("streams/").removesuffix(".jsonl")
    known = {row.code for row in roster(name).registers.sources}
    assert {row.source for row in posts(stream)} <= known


def test_the_lexicon_reads() -> None:
    lexicon = load_lexicon(path_of("lexicons", "tone.yaml").read_bytes())
    assert not set(lexicon.positive) & set(lexicon.negative)
    assert len(lexicon.negative) > 40


@pytest.mark.parametrize("name", TOPICS)
def test_the_topics_hold_no_fault(name: str) -> None:
    topics = load_topics(path_of("topics", f"{name}.yaml").read_bytes(), name)
    assert check_topics(topics) == []
