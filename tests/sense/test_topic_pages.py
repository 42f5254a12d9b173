"""Topics on their pages: written after a look at the last seven days, never kept by looking."""

from datetime import timedelta

import pytest
import yaml

from shudao.base.scene import LIVE
from shudao.engine.post import Post
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch
from shudao.sense.models import Topic
from tests.site import furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
WRITE = "/sense/topics/add_topic/"


@pytest.fixture
def site(transactional_db, standing):
    furnished(standing)
    return standing


@pytest.fixture
def head(site):
    return signed_in("office_head")


def heard(standing, *texts, hours=1, source="street"):
    row = add_source(Actor(LIVE, "system"), source, name="街谈", kind="social", connector="file")
    at = standing.now() - timedelta(hours=hours)
    posts = [
        Post(id=f"{source}{n}", source="街谈", kind="social", text=text, published_at=at)
        for n, text in enumerate(texts)
    ]
    return read_batch(Actor(LIVE, "system"), row, posts).items


def written(**more):
    return {"name": "夜市", "query": "夜市 油烟", "owner_post": "duty_officer", "sources": "", "code": "market", **more}


def test_trying_shows_what_it_would_have_caught_and_keeps_nothing(site, head):
    heard(site, "夜市的油烟太大", "夜市真热闹", "油烟扰民")
    entries = Entry.objects.count()
    page = head.post(WRITE, written(**{"try": "1"}))
    text = text_of(page)
    assert page.status_code == 200 and "过去 7 天它会抓到 1 条（共 3 条）" in text
    assert '<mark title="油烟">油烟</mark>' in text
    assert not Topic.objects.filter(code="market").exists() and Entry.objects.count() == entries


def test_the_live_part_does_the_same_without_a_name(site, head):
    heard(site, "夜市的油烟太大")
    page = head.post("/sense/topics/preview/", {"query": "夜市"}, headers={"HX-Request": "true"})
    assert "它会抓到 1 条" in text_of(page)
    page = head.post("/sense/topics/preview/", {"query": "夜市 ("}, headers={"HX-Request": "true"})
    assert page.status_code == 200 and "▶" in text_of(page)


def test_posts_older_than_a_week_do_not_count(site, head):
    heard(site, "夜市的油烟太大", hours=24 * 8)
    assert "没有收到任何信息" in text_of(head.post(WRITE, written(**{"try": "1"})))


def test_keeping_puts_it_in_force_with_an_entry_of_the_post_that_may(site, head):
    page = head.post(WRITE, written(keep="1"))
    row = Topic.objects.get(code="market")
    assert page["Location"] == "/sense/topic/market/" and row.version == 1 and row.added_by == "office_head"
    assert Entry.objects.filter(verb="add_topic", post="office_head").exists()


def test_a_change_is_a_new_version_compared_with_the_old(site, head):
    heard(site, "夜市的油烟太大", "夜市真热闹")
    head.post(WRITE, written(keep="1"))
    address = "/sense/topic/market/add_topic/"
    assert "夜市 油烟" in text_of(head.get(address))
    assert "多抓 1 条，不再抓 0 条" in text_of(head.post(address, written(query="夜市", **{"try": "1"})))
    head.post(address, written(query="夜市", keep="1"))
    assert list(Topic.objects.filter(code="market", retired_at=None).values_list("version", flat=True)) == [2]
    assert "夜市 油烟" in text_of(head.get("/sense/topic/market/"))


def test_the_same_again_is_refused_in_words(site, head):
    head.post(WRITE, written(keep="1"))
    page = head.post("/sense/topic/market/add_topic/", written(keep="1"))
    assert page.status_code == 409 and "专题没有变化" in text_of(page)


@pytest.mark.parametrize("query", ["停电 (", "-停电", "NEAR", ""])
def test_what_does_not_parse_is_marked_and_kept_in_the_form(site, head, query):
    page = head.post(WRITE, written(query=query, keep="1"))
    assert page.status_code == 422 and not Topic.objects.filter(code="market").exists()
    assert 'aria-invalid="true"' in text_of(page)


def test_a_runaway_clause_is_shown_with_its_place(site, head):
    text = text_of(head.post(WRITE, written(query="夜市 | 的", **{"try": "1"})))
    assert '<mark class="fault-mark">的</mark>' in text


def test_a_topic_without_a_code_gets_one(site, head):
    head.post(WRITE, written(code="", keep="1"))
    assert Topic.objects.filter(code="topic-1").exists()


def test_retiring_takes_it_out_of_the_list(site, head):
    head.post(WRITE, written(keep="1"))
    head.post("/sense/topic/market/retire_topic/")
    assert "夜市" not in text_of(head.get("/sense/topics/"))
    assert "夜市" in text_of(head.get("/sense/topics/?state=retired"))


def test_the_export_is_taken_in_again_unchanged(site, head):
    text = text_of(head.get("/sense/topics/export/"))
    assert yaml.safe_load(text)["topics"]
    page = head.post("/sense/topics/import/", {"text": text})
    assert "没有变化" in text_of(page)


def test_a_file_is_shown_before_it_is_taken(site, head):
    text = "topics: [{id: market, name: 夜市, query: 夜市}, {id: outage, name: 停电, query: 停电, owner_post: nobody}]"
    page = text_of(head.post("/sense/topics/import/", {"text": text}))
    assert "2 个专题会改变" in page and "nobody" in page and not Topic.objects.filter(code="market").exists()
    head.post("/sense/topics/import/", {"text": text, "keep": "1"})
    assert Topic.objects.get(code="outage", retired_at=None).version == 2


def test_a_broken_file_says_where(site, head):
    page = head.post("/sense/topics/import/", {"text": "topics: [{id: a, name: b, query: '('}]"})
    assert page.status_code == 422 and "▶" in text_of(page)


def test_an_id_that_no_address_can_hold_is_refused(site, head):
    page = head.post("/sense/topics/import/", {"text": "topics: [{id: a/b, name: b, query: 夜市}]", "keep": "1"})
    assert page.status_code == 409 and not Topic.objects.filter(code="a/b").exists()


def test_watching_is_not_writing(site):
    client = signed_in("drafter")
    assert client.get("/sense/topics/").status_code == 200
    assert client.get(WRITE).status_code == 404
    assert client.post("/sense/topics/preview/", {"query": "夜市"}).status_code == 404


def test_the_list_asks_the_same_however_long_it_is(site, head):
    head.get("/sense/topics/")
    few = queries_of(head, "/sense/topics/")
    rows = [
        Topic(scene="live", code=f"t{n}", name=f"题{n}", query="夜市", added_at=site.now(), added_by="x")
        for n in range(60)
    ]
    Topic.objects.bulk_create(rows)
    assert queries_of(head, "/sense/topics/") == few
    assert "题5" in text_of(head.get("/sense/topics/?ask=题5"))


def test_what_it_caught_stands_on_its_page(site, head):
    from shudao.sense.actions import pull_scene

    head.post(WRITE, written(keep="1"))
    heard(site, "夜市的油烟太大")
    pull_scene(LIVE)
    text = text_of(head.get("/sense/topic/market/"))
    assert "过去 7 天抓到一条" in text and '<mark title="夜市">' in text
