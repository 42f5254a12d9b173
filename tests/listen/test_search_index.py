"""The search index: whatever holds is found, what went is gone, and it stands where the cursor says."""

from datetime import UTC, datetime
from itertools import count

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shudao.base.cursor import move_cursor, read_cursor
from shudao.base.scene import LIVE
from shudao.base.write import short_write
from shudao.engine.post import Post
from shudao.engine.sense.query import parse
from shudao.engine.sense.wanted import wanted
from shudao.engine.text.normalise import fold
from shudao.engine.text.terms import terms
from shudao.listen.actions import add_source, index_items, index_scene, read_batch, tidy_index, unlink_voices
from shudao.listen.actions.indexing import CURSOR
from shudao.listen.actions.retention import delete_items, empty_items
from shudao.listen.jobs import index_heard, index_waits
from shudao.listen.models import Item
from shudao.listen.search import Entry, Within, the_index
from tests.engine.sense import naive

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 7, 13, 1, tzinfo=UTC)
TEXTS = ["清江市人民医院昨晚停电 zeta", "某小区 停电 一夜", "COVID-19 通报：3人受伤", "演练：模拟停电", "停水通知"]


@pytest.fixture
def heard(duty):
    """Five items, read one after another."""
    source = add_source(duty, "forum", name="青岚论坛", kind="social", connector="file")
    posts = [Post(id=f"p{n}", kind="social", text=text, published_at=WHEN) for n, text in enumerate(TEXTS)]
    read_batch(duty, source, [*posts, Post(id="t", kind="news", title="停电通知", text="明早恢复", published_at=WHEN)])
    return source


def found(query, within=Within(), start=0, most=20):  # noqa: B008 - a plain value
    keys = the_index().find("live", wanted(parse(query)).wish, within, start, most)
    known = dict(Item.objects.values_list("pk", "ext_id"))
    return [known[key] for key in keys]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("停电", ["t", "p3", "p1", "p0"]),
        ("市人", ["p0"]),
        ("院昨", ["p0"]),
        ("人民医院", ["p0"]),
        ("人医", []),
        ("停电 -演练", ["t", "p1", "p0"]),
        ("停电 | 停水", ["t", "p4", "p3", "p1", "p0"]),
        ("(停电 | 停水) 通知", ["t", "p4"]),
        ("title:停电", ["t"]),
        ("text:停电", ["p3", "p1", "p0"]),
        ("COVID-19", ["p2"]),
        ("cov*", ["p2"]),
        ("cov", []),
        ("3人受伤", ["p2"]),
        ("停電", ["t", "p3", "p1", "p0"]),
        ("停电 NEAR/3 一夜", ["p1"]),
        ("不存在", []),
    ],
)
def test_what_is_asked_is_found_the_last_read_first(heard, query, expected):
    index_scene(LIVE)
    assert found(query) == expected


def test_hits_are_counted_cut_into_pages_and_narrowed(heard):
    index_scene(LIVE)
    wish = wanted(parse("停电")).wish
    assert the_index().count("live", wish, Within(), 100) == 4 and the_index().count("live", wish, Within(), 3) == 3
    assert found("停电", start=1, most=2) == ["p3", "p1"]
    news = Within("i.kind = %s", ("news",))
    assert found("停电", news) == ["t"] and the_index().count("live", wish, news, 100) == 1
    assert found("停电", Within(since=209901)) == []


def test_another_scene_is_not_searched(heard):
    index_scene(LIVE)
    assert the_index().find("run:x", wanted(parse("停电")).wish, Within(), 0, 20) == []


def test_items_are_taken_in_once_as_they_come(heard):
    assert index_waits() and index_items(LIVE, 4) == 4 and found("停电") == ["p3", "p1", "p0"]
    index_heard()
    assert not index_waits() and index_items(LIVE) == 0 and len(found("停电")) == 4


def test_an_index_that_does_not_stand_where_the_cursor_says_is_made_anew(heard):
    index_scene(LIVE)
    with short_write():
        move_cursor(LIVE, CURSOR, read_cursor(LIVE, CURSOR) - 1)  # as after a restored backup
    index_scene(LIVE)
    assert len(found("停电")) == 4 and not index_waits()


def test_what_is_erased_is_no_longer_found_and_leaves_the_index(heard):
    index_scene(LIVE)
    assert "zeta" in held()
    gone = list(Item.objects.filter(ext_id__in=["p0", "p3"]).values_list("pk", flat=True))
    delete_items(gone[:1])
    empty_items(gone[1:], WHEN)
    assert found("停电") == ["t", "p1"] and found("人民医院") == []
    while tidy_index():
        pass
    assert not the_index().is_dirty() and found("停电") == ["t", "p1"]
    assert "zeta" not in held() and "covid" in held()


def test_a_month_of_which_nothing_is_left_goes_as_a_whole(heard):
    index_scene(LIVE)
    delete_items(Item.objects.values_list("pk", flat=True))
    assert held() == "" and found("停电") == []
    assert index_items(LIVE) == 0


def test_what_was_never_taken_in_can_be_erased(heard):
    delete_items(Item.objects.values_list("pk", flat=True))
    assert not Item.objects.exists() and not the_index().is_dirty()


def held():
    """All that the index holds, as text."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT words::text FROM search_words")
            return " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT id FROM search_month")
        blocks = []
        for (ident,) in cursor.fetchall():
            cursor.execute(f"SELECT block FROM search_words_{ident}_data")
            blocks += [bytes(row[0]).decode("utf-8", "replace") for row in cursor.fetchall()]
        return " ".join(blocks)  # a term is stored behind the part it shares with the term before


def test_a_voice_that_is_cut_loose_is_found_under_its_new_name_only(duty, heard):
    read_batch(duty, heard, [Post(id="v", kind="social", text="问 @老李 停电没有", published_at=WHEN)])
    index_scene(LIVE)
    item = Item.objects.get(ext_id="v")
    before = item.text
    unlink_voices([item])
    assert item.text != before
    old, new = terms(fold(before)), terms(fold(item.text))
    for term in set(old) - set(new):
        assert "v" not in found(f'"{term}"')
    assert all("v" in found(f'"{term}"') for term in new)


numbers = count()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    naive.queries.filter(naive.asks),
    st.lists(st.tuples(naive.TEXTS, naive.TEXTS), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_the_index_finds_all_that_holds(query, posts, chance):
    wish = wanted(parse(naive.written(query, lambda n: chance.randrange(n)))).wish
    if wish is None:
        return
    scene, index = f"run:{next(numbers)}", the_index()
    index.prepare()
    index.add(scene, [_entry(n, *one) for n, one in enumerate(posts, 1)])
    keys = set(index.find(scene, wish, Within(), 0, 100))
    for n, (title, text) in enumerate(posts, 1):
        if naive.holds(query, {"title": naive.plain(title), "text": naive.plain(text), "source": ""}):
            assert n in keys
    index.forget(scene)


def _entry(number, title, text):
    return Entry(number, 202607, " ".join(terms(fold(title))), " ".join(terms(fold(text))))


@given(st.text(max_size=60))
def test_terms_of_any_text_are_letters_and_digits(text):
    for term in terms(fold(text)):
        assert term and not set(term) & set(" '\"()*:&|!<>\\-")
