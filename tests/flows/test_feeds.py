"""From two real feeds on this machine to an opened incident, through the worker's own jobs."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from shudao.base.scene import LIVE
from shudao.engine.sense.query import Topic
from shudao.ledger.queries import verify_stream
from shudao.library import path_of, read_folder
from shudao.listen import jobs as listening
from shudao.listen import robots
from shudao.listen.actions import add_source
from shudao.listen.models import Item
from shudao.plan.actions import adopt_plan
from shudao.respond.actions import open_incident
from shudao.respond.models import Attachment
from shudao.sense.actions import add_topic, pull_scene
from shudao.sense.queries import items_of_alert, open_alerts
from tests.site import let_in

pytestmark = pytest.mark.django_db
TITLES = {
    "/forum": ["石桥新村突然停电，有人知道吗", "石桥新村停电半小时，热线占线", "停电了，石桥新村全黑"],
    "/news": ["石桥新村部分楼栋停电，抢修进行中", "石桥停电影响千余户居民", "停电原因仍在查找"],
}


def feed(path, now):
    items = "".join(
        f"<item><title>{title}</title><guid isPermaLink='false'>{path}{n}</guid><author>路人{n}@x.invalid (路人{n})</author>"
        f"<pubDate>{format_datetime(now - timedelta(minutes=9 - n))}</pubDate></item>"
        for n, title in enumerate(TITLES[path])
    )
    return f"<rss version='2.0'><channel><title>{path}</title>{items}</channel></rss>"


def test_what_two_feeds_say_becomes_an_alert_and_an_incident(duty, standing, httpserver):
    let_in("127.0.0.1")
    robots.forget()
    httpserver.expect_request("/robots.txt").respond_with_data("", 404)
    for path, kind in (("/forum", "web"), ("/news", "news")):
        httpserver.expect_request(path).respond_with_data(feed(path, standing.now()))
        address = httpserver.url_for(path).replace("localhost", "127.0.0.1")
        add_source(duty, path.strip("/"), name=path, kind=kind, connector="feed", address=address)
    add_topic(duty, Topic(id="outage", name="停电", query="停电 -演练"))

    for _ in range(3):  # one site is asked once a turn
        listening.poll_sources()
        standing.advance(seconds=10)
    assert Item.objects.count() == 6 and not Item.objects.filter(pseudonym__contains="路人").exists()
    pull_scene(LIVE)

    alert = open_alerts(LIVE).get()
    behind = items_of_alert(alert)
    assert {item.source.code for item in behind} == {"forum", "news"} and "停电" in alert.why_zh
    edition = adopt_plan(duty, read_folder(path_of("plans", "zh", "power")))
    incident = open_incident(duty, edition.plan, title="石桥新村停电", origin="alert", alert=alert.code, items=behind)
    assert Attachment.objects.filter(incident=incident).count() == len(behind)
    assert verify_stream(incident.stream).ok and verify_stream("site").ok
