"""Polling real servers on this machine: conditional, patient, bounded, and never where it may not go."""

from datetime import UTC, datetime, timedelta

import pytest

from shudao.base.scene import LIVE
from shudao.engine.words import BadInput
from shudao.ledger.queries import entries_of
from shudao.listen import jobs, robots
from shudao.listen.actions import add_source, claim_source, read_batch
from shudao.listen.connectors import connector_of, kinds
from shudao.listen.fetch import FetchError, fetch
from shudao.listen.models import Item, Source
from shudao.listen.queries import due_sources, open_door
from tests.listen.test_intake import post
from tests.site import let_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 13, 2, tzinfo=UTC)
RSS = (
    "<rss version='2.0'><channel><title>青岚晚报</title><item><title>城东停电</title><guid isPermaLink='false'>n1</guid><link>/a/1</link></item>"
    "<item><title>{}</title><guid>n2</guid></item></channel></rss>"
)


@pytest.fixture
def loopback(db):
    """The one address of this machine is allowed, for the test peer."""
    let_in("127.0.0.1")


@pytest.fixture
def feed(duty, httpserver, loopback, db):
    """A polled feed at the test peer, which has no rules for machines."""
    robots.forget()
    httpserver.expect_request("/robots.txt").respond_with_data("", 404)
    address = httpserver.url_for("/rss").replace("localhost", "127.0.0.1")
    return add_source(duty, "feed", name="青岚晚报", kind="news", connector="feed", address=address, every_seconds=600)


def at(httpserver, path="/rss") -> str:
    """An address at the peer by number, as the policy allows it."""
    return httpserver.url_for(path).replace("localhost", "127.0.0.1")


def asked(httpserver) -> list:
    """The requests for content, without those for the site's rules."""
    return [request for request, _ in httpserver.log if request.path != "/robots.txt"]


def reread(source: Source) -> Source:
    """The row as it now stands."""
    return Source.objects.get(pk=source.pk)


def test_nobody_there_is_a_network_fault(httpserver, loopback):
    with pytest.raises(FetchError) as error:
        fetch("http://127.0.0.1:1/", now=NOW)
    assert error.value.code == "network"


@pytest.mark.parametrize(
    ("stated", "wait"),
    [("120", timedelta(minutes=2)), ("Mon, 13 Jul 2026 02:05:00 GMT", timedelta(minutes=5)), ("99999999999", timedelta(days=1)),
     ("Mon, 13 Jul 2020 02:05:00 GMT", timedelta()), ("soon", None), ("", None)],
)  # fmt: skip
def test_how_long_the_other_side_asks_to_wait(httpserver, loopback, stated, wait):
    httpserver.expect_request("/busy").respond_with_data("", 503, {"Retry-After": stated})
    with pytest.raises(FetchError) as error:
        fetch(at(httpserver, "/busy"), now=NOW)
    assert (error.value.status, error.value.wait) == (503, wait)


def test_a_due_feed_is_read_and_its_items_come_once(feed, httpserver, standing):
    httpserver.expect_request("/rss").respond_with_data(
        RSS.format("来电了"), headers={"ETag": '"v1"', "Last-Modified": "then"}
    )
    jobs.poll_sources()
    assert [item.title for item in Item.objects.order_by("pk")] == ["城东停电", "来电了"]
    assert Item.objects.get(ext_id="n1").url == at(httpserver, "/a/1")
    source = reread(feed)
    assert (source.etag, source.last_modified, source.state, source.failures) == ('"v1"', "then", "ok", 0)
    assert source.next_at == standing.now() + timedelta(seconds=600) and source.lease_until is None
    entries = len(list(entries_of("site")))
    jobs.poll_sources()
    assert len(asked(httpserver)) == 1
    standing.advance(seconds=600)
    jobs.poll_sources()
    assert len(asked(httpserver)) == 2
    stated = asked(httpserver)[1].headers
    assert (stated["If-None-Match"], stated["If-Modified-Since"]) == ('"v1"', "then")
    assert (Item.objects.count(), len(list(entries_of("site")))) == (2, entries)


def test_an_unchanged_feed_keeps_its_validators(feed, httpserver, standing):
    httpserver.expect_oneshot_request("/rss").respond_with_data(RSS.format("x"), headers={"ETag": '"v1"'})
    httpserver.expect_request("/rss", headers={"If-None-Match": '"v1"'}).respond_with_data("", 304)
    for _ in range(3):
        jobs.poll_sources()
        standing.advance(seconds=600)
    assert (reread(feed).etag, reread(feed).failures, Item.objects.count()) == ('"v1"', 0, 2)


def test_a_failing_feed_is_asked_later_each_time_and_never_given_up(feed, httpserver, standing):
    httpserver.expect_request("/rss").respond_with_data("", 500)
    waits = []
    for _ in range(12):
        jobs.poll_sources()
        source = reread(feed)
        waits.append((source.next_at - standing.now()).total_seconds())
        standing.set(source.next_at)
    assert waits[:3] == [600, 1200, 2400] and waits[-1] == 86400 == max(waits)
    assert (source.state, source.failures) == ("failing", 12)
    assert "500" in source.last_fault
    httpserver.clear()
    httpserver.expect_request("/robots.txt").respond_with_data("", 404)
    httpserver.expect_request("/rss").respond_with_data(RSS.format("回来了"))
    jobs.poll_sources()
    assert (reread(feed).state, reread(feed).failures, reread(feed).last_fault) == ("ok", 0, "")
    assert Item.objects.count() == 2


def test_a_feed_that_asks_for_patience_gets_it(feed, httpserver, standing):
    httpserver.expect_request("/rss").respond_with_data("", 429, {"Retry-After": "7200"})
    jobs.poll_sources()
    assert reread(feed).next_at == standing.now() + timedelta(hours=2)


@pytest.mark.parametrize("body", ["<html>登录</html>", "", "\x00\x01", "<rss><channel>" + "<item>" * 5000])
def test_a_page_that_is_no_feed_is_a_fault_of_the_source(feed, httpserver, body):
    httpserver.expect_request("/rss").respond_with_data(body)
    jobs.poll_sources()
    assert reread(feed).state == "failing" and reread(feed).last_fault
    assert Item.objects.count() == 0


def test_a_fault_of_ours_costs_one_source_its_turn_and_no_other(feed, duty, httpserver, monkeypatch):
    httpserver.expect_request("/rss").respond_with_data(RSS.format("x"))
    broken = add_source(duty, "broken", name="坏", kind="web", connector="feed", address="http://192.0.2.1/")
    Source.objects.filter(pk=broken.pk).update(next_at=NOW - timedelta(days=1))
    monkeypatch.setattr(jobs, "connector_of", lambda kind: broken_or(connector_of(kind)))
    jobs.poll_sources()
    assert (reread(broken).state, reread(broken).last_fault) == ("failing", "ZeroDivisionError")
    assert Item.objects.count() == 2


def broken_or(connector):
    """The connector, but failing for one source."""

    class Broken:
        def collect(self, source, now):
            return connector.collect(source, now) if source.code != "broken" else 1 // 0

    return Broken()


def test_one_site_is_asked_once_a_turn(feed, duty, httpserver, standing):
    httpserver.expect_request("/rss").respond_with_data(RSS.format("x"))
    second = add_source(duty, "second", name="二", kind="web", connector="feed", address=f"{feed.address}?part=2")
    jobs.poll_sources()
    assert len(asked(httpserver)) == 1
    assert reread(second).lease_until is None
    standing.advance(seconds=5)
    jobs.poll_sources()
    assert len(asked(httpserver)) == 2
    assert Item.objects.count() == 4


def test_two_workers_never_read_one_source_at_once(feed, standing):
    assert due_sources(LIVE, standing.now()) == [feed.pk]
    assert claim_source(feed.pk, standing.now())
    assert due_sources(LIVE, standing.now()) == []
    assert claim_source(feed.pk, standing.now()) is None
    standing.advance(minutes=3)
    assert due_sources(LIVE, standing.now()) == [feed.pk]


def test_a_paused_source_has_no_turn(feed, standing):
    Source.objects.filter(pk=feed.pk).update(state=Source.State.PAUSED)
    assert due_sources(LIVE, standing.now()) == []


def test_the_keys_turn_in_time_without_any_reading(duty, standing, db):
    source = add_source(duty, "forum", name="论坛", kind="social", connector="file")
    read_batch(duty, source, [post(author="老王_88")])
    door = open_door(LIVE)
    jobs.turn_door_keys()
    assert open_door(LIVE) == door
    standing.advance(days=7)
    jobs.turn_door_keys()
    assert open_door(LIVE) != door
    assert bytes(Item.objects.get().sealed) == b""


def test_connectors_are_found_by_their_folder(tmp_path, duty, db):
    assert kinds() == ["feed", "file"]
    with pytest.raises(BadInput):
        connector_of("telepathy")
    path = tmp_path / "posts.csv"
    path.write_text("标题,时间\n停电,2026-07-01\n")
    source = add_source(duty, "drop", name="投递", kind="web", connector="file", address=str(path))
    [found] = connector_of("file").collect(source, NOW).results
    assert (found.title, found.source) == ("停电", "投递")


@pytest.mark.parametrize(
    ("rules", "status", "reads"),
    [("User-agent: *\nDisallow: /rss", 200, False), ("User-agent: Shudao\nDisallow: /", 200, False), ("", 503, False),
     ("User-agent: *\nDisallow: /private", 200, True), ("", 410, True), ("\x00\xff not rules", 200, True)],
)  # fmt: skip
def test_a_site_is_read_only_as_its_robots_txt_lets(feed, httpserver, rules, status, reads, standing):
    robots.forget()
    httpserver.clear()
    httpserver.expect_request("/robots.txt").respond_with_data(rules, status)
    httpserver.expect_request("/rss").respond_with_data(RSS.format("通知"))
    jobs.poll_sources()
    visits = [request.path for request, _ in httpserver.log]
    assert ("/rss" in visits) is reads
    assert (reread(feed).failures == 0) is reads and Item.objects.exists() is reads


def test_a_site_is_asked_for_its_rules_once_a_day_and_its_pause_is_kept(feed, httpserver, standing):
    robots.forget()
    httpserver.clear()
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 3600")
    httpserver.expect_request("/rss").respond_with_data(RSS.format("通知"))
    jobs.poll_sources()
    assert reread(feed).next_at == standing.now() + timedelta(hours=1)
    standing.advance(hours=2)
    jobs.poll_sources()
    assert [request.path for request, _ in httpserver.log].count("/robots.txt") == 1
    standing.advance(hours=23)
    jobs.poll_sources()
    assert [request.path for request, _ in httpserver.log].count("/robots.txt") == 2
