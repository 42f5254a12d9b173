"""The labelled stream (`bench/labelled`): its form, its counts, and labels that agree with each other."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from shudao.engine.post import KINDS, Post, read_posts

HERE = Path(__file__).parents[2] / "bench" / "labelled"
HALVES = sorted(path.name.removesuffix(".labels.jsonl") for path in HERE.glob("*.labels.jsonl"))
FIELDS = {"id", "story", "sub", "org", "copy_of", "variant", "ask", "tone", "context"}
NUMBER = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{15}|\d{17}[\dXx]|0\d{2,3}-?\d{7,8}|\d{7,8})(?!\d)")


def posts_of(half: str) -> list[Post]:
    """The posts of a half; a line that is no post fails."""
    read = list(read_posts((HERE / f"{half}.jsonl").read_bytes().splitlines()))
    assert all(isinstance(row, Post) for row in read), [row for row in read if not isinstance(row, Post)]
    return [row for row in read if isinstance(row, Post)]


def labels_of(half: str) -> list[dict[str, Any]]:
    """The labels of a half."""
    return [json.loads(line) for line in (HERE / f"{half}.labels.jsonl").read_text("utf-8").splitlines()]


def said(post: Post) -> str:
    """All that a post says."""
    return "".join(f"{post.title or ''}{post.text or ''}".split())


def matters(half: str) -> Counter[str]:
    """How many posts each story has, singles included."""
    return Counter(row["story"] for row in labels_of(half))


@pytest.mark.parametrize("half", HALVES)
def test_posts_and_labels_stand_in_the_same_order_of_time(half: str) -> None:
    posts, labels = posts_of(half), labels_of(half)
    assert [post.id for post in posts] == [row["id"] for row in labels]
    assert len({post.id for post in posts}) == len(posts)
    assert [post.published_at for post in posts] == sorted(post.published_at for post in posts)
    assert all(set(row) == FIELDS for row in labels)


@pytest.mark.parametrize("half", HALVES)
def test_labels_hold_known_values(half: str) -> None:
    for row in labels_of(half):
        assert row["tone"] in {"negative", "neutral", "positive"}, row
        assert set(row["ask"]) <= {"question", "demand", "complaint"}, row
        assert set(row["variant"]) <= {"numbers", "negation", "place"}, row
        assert row["org"] in {"school", "hospital", "power", "government", ""}, row
        assert isinstance(row["context"], bool) and not (row["context"] and row["sub"] == ""), row
        assert (row["story"] == row["id"]) == (row["sub"] == "") == (row["org"] == ""), row


@pytest.mark.parametrize("half", HALVES)
def test_a_copy_agrees_with_what_it_copies(half: str) -> None:
    labels = {row["id"]: row for row in labels_of(half)}
    order = list(labels)
    for row in labels.values():
        if row["copy_of"] is None:
            assert not row["variant"], row
            continue
        first = labels[row["copy_of"]]
        assert first["copy_of"] is None, "a copy points to the first, not to another copy"
        assert order.index(first["id"]) < order.index(row["id"])
        assert (row["story"], row["org"]) == (first["story"], first["org"])
        assert set(first["ask"]) <= set(row["ask"])


@pytest.mark.parametrize("half", HALVES)
def test_no_text_stands_twice_unless_labelled_a_copy(half: str) -> None:
    groups = {row["id"]: row["copy_of"] or row["id"] for row in labels_of(half)}
    seen: dict[str, str] = {}
    for post in posts_of(half):
        group = seen.setdefault(said(post), groups[post.id])
        assert group == groups[post.id], post.id


@pytest.mark.parametrize("half", HALVES)
def test_a_single_names_no_other(half: str) -> None:
    ids = {row["id"] for row in labels_of(half)}
    assert [row for row in labels_of(half) if row["story"] in ids - {row["id"]}] == []


@pytest.mark.parametrize("half", HALVES)
def test_nothing_looks_like_a_telephone_or_a_number_of_a_person(half: str) -> None:
    assert [post.id for post in posts_of(half) if NUMBER.search(said(post))] == []


@pytest.mark.parametrize("half", HALVES)
def test_a_half_is_large_and_varied_enough(half: str) -> None:
    posts, labels, sizes = posts_of(half), labels_of(half), matters(half)
    shared = [name for name, size in sizes.items() if size > 1]
    assert len(posts) >= 250
    assert len(shared) >= 28
    assert sum(size == 1 for size in sizes.values()) >= len(posts) * 0.25
    assert {post.kind for post in posts} == set(KINDS)
    assert {row["org"] for row in labels} == {"school", "hospital", "power", "government", ""}
    assert {mark for row in labels for mark in row["variant"]} == {"numbers", "negation", "place"}
    assert {mark for row in labels for mark in row["ask"]} == {"question", "demand", "complaint"}
    assert all(count >= 25 for count in Counter(row["tone"] for row in labels).values())


def test_a_matter_stands_in_one_half_only() -> None:
    halves: defaultdict[str, set[str]] = defaultdict(set)
    for half in HALVES:
        for name in matters(half):
            halves[name].add(half)
    assert [name for name, found in halves.items() if len(found) > 1] == []
