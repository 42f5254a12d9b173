"""What the next hours may bring stands on a topic's page; how it decides is read inside."""

from datetime import timedelta

import pytest

from shudao.sense.models import Reading, Topic
from tests.site import furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(standing):
    furnished(standing)


def readings(standing, topic, hours, posts=6):
    end = standing.now().replace(minute=0, second=0, microsecond=0)
    Topic.objects.filter(pk=topic.pk).update(added_at=end - timedelta(hours=hours))
    Reading.objects.bulk_create(
        Reading(scene="live", topic_code=topic.code, hour_at=end - timedelta(hours=n), posts=posts)
        for n in range(1, hours + 1)
    )


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "接下来 6 小时大约"), ("en", "in the next 6 hours")])
def test_a_topic_says_what_the_next_hours_may_bring(site, standing, language, said):
    topic = Topic.objects.order_by("code").first()
    readings(standing, topic, 200)
    page = text_of(signed_in("duty_officer", language).get(f"/sense/topic/{topic.code}/"))
    assert said in page and page.count("–") >= 6


def test_a_topic_with_a_short_past_says_nothing_of_it(site, standing):
    topic = Topic.objects.order_by("code").first()
    readings(standing, topic, 5)
    assert "coming-title" not in text_of(signed_in("duty_officer").get(f"/sense/topic/{topic.code}/"))


def test_the_page_asks_the_same_however_long_the_past(site, standing):
    short, long = Topic.objects.order_by("code")[:2]
    readings(standing, short, 30)
    readings(standing, long, 600)
    client = signed_in("duty_officer")
    client.get("/sense/topics/")
    assert queries_of(client, f"/sense/topic/{long.code}/") == queries_of(client, f"/sense/topic/{short.code}/")


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "它怎样判断"), ("en", "How it decides")])
def test_how_it_decides_is_read_inside(site, language, title):
    page = text_of(signed_in("recorder", language).get("/sense/how/"))
    assert title in page and "pulse" in page and "<table" in page
    assert "10/h steady" not in page and "**" not in page and "`" not in page.split("<main")[1].split("</main")[0]
