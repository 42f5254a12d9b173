"""Sources on their pages: looked at first, registered by what was seen, their health in words."""

from datetime import timedelta

import pytest

from shudao.base.models import InnerHost
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.listen import robots
from shudao.listen.actions import (
    add_source,
    change_source,
    claim_source,
    hasten_source,
    pause_source,
    release_source,
    resume_source,
    retire_source,
)
from shudao.listen.models import Item, Source
from shudao.listen.queries import due_sources
from shudao.listen.screens.faults import FAULTS, fault_of
from tests.site import acting, furnished, let_in, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "/listen/sources/add_source/"
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>清江公告</title>
<item><guid>1</guid><title>计划停电</title><link>https://a.example/1</link><pubDate>Mon, 13 Jul 2026 01:00:00 GMT</pubDate>
<author>小满</author><description>@小满 说石桥停电</description></item>
<item><guid>2</guid><title>恢复供电</title><pubDate>Mon, 13 Jul 2026 01:30:00 GMT</pubDate></item></channel></rss>"""


@pytest.fixture
def head(transactional_db, standing):
    furnished(standing)
    robots.forget()
    return signed_in("office_head")


@pytest.fixture
def site(httpserver, head):
    let_in("127.0.0.1")
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 60\nDisallow: /private")
    httpserver.expect_request("/feed").respond_with_data(FEED, content_type="application/rss+xml")
    return httpserver


def at(site, path):
    """An address at the peer by number, as the guard allows it."""
    return site.url_for(path).replace("localhost", "127.0.0.1")


def looked(client, address):
    return client.post(ADD, {"address": address, "look": "1"})


def seen(page):
    return page.context["adding"]["seen"].initial or page.context["adding"].initial["seen"]


def test_looking_shows_what_is_there_and_registers_nothing(head, site):
    entries = Entry.objects.count()
    before = Source.objects.count()
    page = looked(head, at(site, "/feed"))
    text = text_of(page)
    assert page.status_code == 200
    assert "读得到：2 条" in text and "清江公告" in text and "恢复供电" in text and "要求间隔 1 分钟" in text
    assert "小满" not in text
    assert (Source.objects.count(), Entry.objects.count()) == (before, entries)


def test_what_was_seen_is_registered_and_read_at_the_next_turn(head, site, standing):
    from shudao.listen.jobs import poll_sources

    page = looked(head, at(site, "/feed"))
    told = {
        "seen": seen(page),
        "name": "公告",
        "kind": "news",
        "every": "30",
        "terms": "网站声明第三条",
        "agreed": "on",
    }
    page = head.post(ADD, {**told, "add": "1"})
    row = Source.objects.get(name="公告")
    assert page["Location"] == f"/listen/source/{row.code}/" and row.every_seconds == 1800 and row.terms
    assert "还没有读过" in text_of(head.get(page["Location"]))
    poll_sources()
    text = text_of(head.get(page["Location"]))
    assert Item.objects.filter(source=row).count() == 2 and "正常" in text and "计划停电" in text


def test_an_address_nobody_looked_at_is_not_registered(head, site):
    told = {"seen": at(site, "/feed"), "name": "公告", "kind": "news", "every": "30", "agreed": "on", "add": "1"}
    page = head.post(ADD, told)
    assert page.status_code == 422 and "已过期" in text_of(page) and not Source.objects.filter(name="公告").exists()


def test_without_saying_by_what_right_it_is_not_registered(head, site):
    page = looked(head, at(site, "/feed"))
    page = head.post(ADD, {"seen": seen(page), "name": "公告", "kind": "news", "every": "30", "add": "1"})
    assert page.status_code == 422 and not Source.objects.filter(name="公告").exists()


def test_the_same_address_twice_is_refused(head, site):
    told = {"name": "公告", "kind": "news", "every": "30", "agreed": "on", "add": "1"}
    for expected in (302, 409):
        page = looked(head, at(site, "/feed"))
        assert head.post(ADD, {**told, "seen": seen(page)}).status_code == expected


def test_a_web_page_offers_its_feeds(head, site):
    html = '<html><head><link rel="alternate" type="application/rss+xml" title="最新" href="/feed"></head><body>hi</body></html>'
    site.expect_request("/").respond_with_data(html, content_type="text/html")
    text = text_of(looked(head, at(site, "/")))
    assert "这是网页，不是订阅源" in text and at(site, "/feed") in text and "看这一个" in text


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/private", "x", 200, "robots.txt 不允许"),
        ("/gone", "", 404, "没有内容（404）"),
        ("/wall", "", 403, "拒绝访问（403）"),
        ("/often", "", 429, "太勤"),
        ("/broken", "", 503, "服务器出错"),
        ("/gate", "<html><body>请完成验证 captcha</body></html>", 200, "人机验证"),
        ("/json", '{"a": 1}', 200, "不是能读的订阅源"),
        ("/plain", "hello", 200, "不是能读的订阅源"),
    ],
)
def test_every_failure_says_what_to_do(head, site, path, body, status, said):
    site.expect_request(path).respond_with_data(body, status=status, content_type="text/html")
    page = looked(head, at(site, path))
    text = text_of(page)
    assert said in text and "怎么办" in text and "登记为信源" not in text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://10.1.2.3/feed", "不允许访问"),
        ("http://127.0.0.1:22/feed", "不允许访问"),
        ("ftp://a.example/feed", "不允许访问"),
        ("http://no-such-host.invalid/feed", "查不到这个主机名"),
    ],
)
def test_what_the_guard_refuses_is_said(head, address, said):
    assert said in text_of(looked(head, address))


def test_every_fault_has_words_in_both_languages():
    for fault in FAULTS.values():
        assert all((words.zh and words.en) for words in fault)
    assert fault_of("status:502") == FAULTS["status:5"] and fault_of("robots:status:503") == FAULTS["robots:"]
    assert fault_of("status:418") == FAULTS["status:"] and fault_of("??") == FAULTS["unknown"]


def test_a_failing_source_says_so_with_the_way_to_mend_it(head, site):
    from shudao.listen.jobs import poll_sources

    site.expect_request("/gone").respond_with_data("", status=404)
    add_source(Actor(LIVE, "system"), "gone", name="旧站", kind="web", connector="feed", address=at(site, "/gone"))
    poll_sources()
    row = Source.objects.get(code="gone")
    assert (row.state, row.fault_code) == ("failing", "status:404")
    text = text_of(head.get("/listen/sources/"))
    assert "一个信源读不到" in text and "没有内容（404）" in text and "核对地址" in text
    assert "旧站" in text_of(head.get("/listen/sources/?state=failing"))
    assert "the address" in text_of(signed_in("office_head", "en").get("/listen/source/gone/"))


def test_a_source_by_file_is_registered_without_an_address(head):
    page = head.post(ADD, {"way": "file", "name": "服务商周报", "kind": "news", "agreed": "on"})
    row = Source.objects.get(name="服务商周报")
    assert page.status_code == 302 and row.connector == "file" and row.next_at is None
    assert "还没有导入过" in text_of(head.get(f"/listen/source/{row.code}/"))


@pytest.fixture
def feed(head, standing):
    told = {"name": "公告", "kind": "web", "connector": "feed", "address": "https://a.example/feed"}
    return add_source(Actor(LIVE, "system"), "feed", **told)


def test_pausing_stops_the_readings_and_resuming_starts_them(head, feed, standing):
    page = head.post("/listen/source/feed/pause_source/", {"reason": "对方维护"})
    assert page.status_code == 302
    assert due_sources(LIVE, standing.now() + timedelta(days=1)) == []
    assert "已暂停" in text_of(head.get("/listen/source/feed/"))
    head.post("/listen/source/feed/resume_source/")
    assert due_sources(LIVE, standing.now()) == [feed.pk]


def test_a_source_paused_while_it_is_read_stays_paused(head, feed, standing):
    reading = claim_source(feed.pk, standing.now())
    pause_source(acting("office_head"), Source.objects.get(pk=feed.pk), reason="x")
    release_source(reading, standing.now(), next_at=standing.now())
    feed.refresh_from_db()
    assert (feed.state, feed.next_at) == ("paused", None)


def test_a_retired_source_leaves_the_register_and_may_come_back(head, feed, standing):
    head.post("/listen/source/feed/retire_source/", {"reason": "停刊"})
    assert "公告" not in text_of(head.get("/listen/sources/"))
    assert "公告" in text_of(head.get("/listen/sources/?state=retired"))
    feed.refresh_from_db()
    for verb in (pause_source, retire_source, hasten_source):
        with pytest.raises(Refused):
            verb(acting("office_head"), feed)
    with pytest.raises(Refused):
        change_source(acting("office_head"), feed, name="x", kind="web", every_seconds=60)
    assert resume_source(acting("office_head"), feed).state == "ok"


def test_changing_and_hastening_leave_entries(head, feed, standing):
    page = head.post(
        "/listen/source/feed/change_source/", {"name": "公告栏", "kind": "news", "every": "60", "terms": "许可"}
    )
    feed.refresh_from_db()
    assert page.status_code == 302 and (feed.name, feed.every_seconds, feed.terms) == ("公告栏", 3600, "许可")
    standing.advance(minutes=1)
    head.post("/listen/source/feed/hasten_source/")
    feed.refresh_from_db()
    assert feed.next_at == standing.now()
    assert {"change_source", "hasten_source"} <= set(Entry.objects.values_list("verb", flat=True))


def test_watching_is_not_changing(head, feed):
    client = signed_in("drafter")
    assert client.get("/listen/sources/").status_code == 200
    assert client.get(ADD).status_code == 404
    assert client.post("/listen/source/feed/pause_source/", {"reason": "x"}).status_code == 404


def test_the_register_asks_the_same_however_long_it_is(head, standing):
    head.get("/listen/sources/")
    few = queries_of(head, "/listen/sources/")
    rows = [Source(scene="live", code=f"s{n}", name=f"源{n}", kind="web", connector="file") for n in range(80)]
    Source.objects.bulk_create(rows)
    assert queries_of(head, "/listen/sources/") == few
    assert "源7" in text_of(head.get("/listen/sources/?ask=源7"))


def test_a_server_of_the_offices_own_is_let_through_by_who_runs_the_site(head, httpserver):
    httpserver.expect_request("/robots.txt").respond_with_data("", 404)
    httpserver.expect_request("/feed").respond_with_data(FEED)
    address = at(httpserver, "/feed")
    assert signed_in("drafter").get("/listen/inner-hosts/").status_code == 404
    assert "去放行" in text_of(looked(head, address))
    page = head.post("/listen/inner-hosts/allow_inner_host/", {"host": "10.0.0.0/8", "reason": "x"})
    assert page.status_code == 422 and "范围" in text_of(page)
    told = {"host": f"127.0.0.1:{httpserver.port}", "reason": "本单位公告栏"}
    assert head.post("/listen/inner-hosts/allow_inner_host/", told).status_code == 302
    assert head.post("/listen/inner-hosts/allow_inner_host/", told).status_code == 409
    assert "读得到：2 条" in text_of(looked(head, address))
    row = InnerHost.objects.get()
    head.post(f"/listen/inner-hosts/{row.pk}/withdraw_inner_host/")
    assert "不允许访问" in text_of(looked(head, address))
    assert {"allow_inner_host", "withdraw_inner_host"} <= set(Entry.objects.values_list("verb", flat=True))
