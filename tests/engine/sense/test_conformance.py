"""The written cases of the query language, feature by feature: what holds and where, what does not, what is refused.

A case is `[query, text]`; ⟦ ⟧ in a text mark exactly the places that must be found. A text without marks is one in
which the query must not hold, unless the case says that it `holds` without anything being found. Longer forms name `title`, `text`, `source`, the `clauses` told, or a query compiled `beside` it. `refused` is the place.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from shudao.engine.sense.match import TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import QueryError, Topic, parse

FOLDER = Path(__file__).parent / "conformance"
AT = datetime(2026, 7, 13, tzinfo=UTC)


def read(path):
    """The cases of a file in their long form."""
    for raw in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
        yield raw if isinstance(raw, dict) else {"q": raw[0], "text": raw[1]}


CASES = [
    pytest.param(case, id=f"{path.stem}:{case['q'][:30]}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in read(path)
]
REFUSED = [case for case in CASES if "refused" in case.values[0]]
HELD = [case for case in CASES if "refused" not in case.values[0]]


def plain(marked):
    """A text without its marks, and the spans between them."""
    letters, opened, spans = [], [], set()
    for char in marked:
        if char == "⟦":
            opened.append(len(letters))
        elif char == "⟧":
            spans.add((opened.pop(), len(letters)))
        else:
            letters.append(char)
    assert not opened
    return "".join(letters), spans


@pytest.mark.parametrize("case", HELD)
def test_a_query_holds_where_it_is_written_that_it_does(case):
    texts, expected = {}, set()
    for field in ("title", "text", "source"):
        texts[field], spans = plain(case.get(field, "清江论坛" if field == "source" else ""))
        expected |= {(field, *span) for span in spans}
    topics = [Topic(id=name, name=name, query=case[name]) for name in ("q", "beside") if name in case]
    found = TopicSet.compile(topics).match(SensePost(id="1", at=AT, **texts))
    (match,) = [one for one in found if one.topic == "q"] or [None]
    assert (match is not None) == (bool(expected) or case.get("holds", False))
    if match is not None:
        assert {(place.field, place.start, place.end) for place in match.spans} == expected
        assert {place.clause for place in match.spans} == set(match.clauses)
        assert list(match.clauses) == case.get("clauses", list(match.clauses))


@pytest.mark.parametrize("case", REFUSED)
def test_a_query_is_refused_at_the_place_written(case):
    with pytest.raises(QueryError) as refusal:
        parse(case["q"])
    assert refusal.value.at == case["refused"]
    assert "▶" in refusal.value.where and refusal.value.what.zh and refusal.value.what.en


def test_there_are_enough_cases_and_each_says_something_of_its_own():
    assert len(CASES) >= 300
    told = [tuple(sorted((key, str(value)) for key, value in case.values[0].items())) for case in CASES]
    assert len(set(told)) == len(told)
