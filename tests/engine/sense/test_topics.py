"""Topic files: read whole or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense.topics import load_topics
from shudao.engine.words import BadInput


def test_a_file_gives_its_topics():
    data = "topics:\n  - {id: a, name: 停电, query: 停电+小区, sources: [清江论坛], languages: [zh], owner_post: duty_officer}\n"
    (topic,) = load_topics(data.encode())
    assert (topic.id, topic.query, topic.sources, topic.owner_post) == ("a", "停电+小区", ("清江论坛",), "duty_officer")


def test_a_number_as_id_is_taken_as_text_and_an_empty_list_is_no_fault():
    assert load_topics(b"topics: [{id: 7, name: a, query: b}]")[0].id == "7"
    assert load_topics(b"topics: []") == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"topics: 3",
        b"topics: [{id: a, name: b}]",
        b"topics: [{id: a, name: b, query: c, color: red}]",
        b"topics: [{id: a, name: b, query: c}, {id: a, name: d, query: e}]",
        b"topics: [{id: ' ', name: b, query: c}]",
        b"topics: [{id: a, name: b, query: 'c AND'}]",
        b"topics: [{id: a, name: b, query: c, languages: [klingon]}]",
        b"\xff\xfe\x00",
        b"topics: [",
        b"a: &a [1]\ntopics: *a",
        b"!!python/object/apply:os.system ['true']",
        b"topics: " + b"[" * 5000,
        b"x" * (9 << 20),
    ],
    ids=range(15),
)
def test_a_bad_file_is_refused_in_words(data):
    with pytest.raises(BadInput) as refusal:
        load_topics(data, "topics.yaml")
    assert refusal.value.line("zh").startswith("topics.yaml") and len(refusal.value.line("en")) < 600


def test_a_bad_query_is_refused_with_topic_and_place():
    with pytest.raises(BadInput) as refusal:
        load_topics("topics: [{id: outage, name: b, query: 停电 AND OR 小区}]".encode(), "t.yaml")
    assert "t.yaml outage" in refusal.value.where and "停电 AND ▶OR 小区" in refusal.value.where


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_garbage_is_refused_in_words(data):
    try:
        load_topics(data)
    except BadInput as refusal:
        assert refusal.line("zh")
