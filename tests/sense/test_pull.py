"""Items through the engine into rows: once each, whatever stops the worker in between."""

from datetime import timedelta

import pytest

from shudao.base.cursor import read_cursor
from shudao.base.scene import LIVE
from shudao.engine.post import Post, read_posts
from shudao.engine.sense.topics import load_topics
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.library import path_of
from shudao.listen.actions import add_source, read_batch
from shudao.listen.models import Item
from shudao.listen.queries import scenes_heard
from shudao.notify.queries import inbox
from shudao.sense import actions
from shudao.sense.actions import keep, pull
from shudao.sense.jobs import sense_items
from shudao.sense.models import Alert, Hit, Placement, Reading, Story
from shudao.sense.queries import (
    echoes_of,
    hits_of_topic,
    items_of_alert,
    items_of_story,
    open_alerts,
    readings_of,
)

SYSTEM = Actor(LIVE, "system")


@pytest.fixture(autouse=True)
def fresh_engine():
    pull.forget_all()
    yield
    pull.forget_all()


@pytest.fixture
def stream(db, standing):
    """The sample stream, read a day after its last post."""
    posts = [row for row in read_posts(path_of("streams", "power.jsonl").open("rb")) if isinstance(row, Post)]
    standing.set(max(post.published_at for post in posts) + timedelta(days=1))
    return posts


@pytest.fixture
def watched(stream, duty):
    actions.add_topics(duty, load_topics(path_of("topics", "power.yaml").read_bytes()))


def heard(posts, scene=LIVE, code="forum"):
    actor = Actor(scene, "system")
    source = add_source(actor, code, name="清江论坛", kind="web", connector="file")
    return read_batch(actor, source, posts).items


def rows():
    """What stands, by content and not by key of row."""
    placed = [
        (
            row.item.ext_id,
            row.story.first_item.ext_id,
            row.story_placed.first_item.ext_id,
            row.copy_of_id and row.copy_of.ext_id,
        )
        for row in Placement.objects.select_related(
            "item", "copy_of", "story__first_item", "story_placed__first_item"
        ).order_by("item")
    ]
    told = [
        (a.kind, a.topic.code, a.why_zh, [i.ext_id for i in items_of_alert(a)])
        for a in Alert.objects.order_by("number")
    ]
    hits = sorted(
        (h.placement.item.ext_id, h.topic.code, tuple(h.clauses))
        for h in Hit.objects.select_related("placement__item", "topic")
    )
    counts = list(
        Reading.objects.order_by("topic_code", "hour_at").values_list(
            "topic_code", "hour_at", "posts", "copies", "stories"
        )
    )
    return placed, told, hits, counts


@pytest.mark.django_db(transaction=True)
def test_every_item_is_placed_once_and_the_cursor_stands_at_the_last(stream, watched):
    items = heard(stream)
    assert actions.pull_scene(LIVE) == len(items)
    assert Placement.objects.count() == len(items)
    assert read_cursor(LIVE, "sense") == items[-1].pk
    assert actions.pull_scene(LIVE) == 0


@pytest.mark.django_db(transaction=True)
def test_a_growing_matter_raises_alerts_with_reasons_items_a_message_and_an_entry(stream, watched):
    heard(stream)
    actions.pull_scene(LIVE)
    alerts = list(open_alerts(LIVE))
    assert {alert.topic.code for alert in alerts} >= {"outage", "outage_harm"}
    for alert in alerts:
        assert alert.why_zh and alert.why_en and items_of_alert(alert)
        assert all(
            Hit.objects.filter(topic=alert.topic, placement__item=item).exists() for item in items_of_alert(alert)
        )
    entries = Entry.objects.filter(verb="raise_alert")
    assert entries.count() == len(alerts)
    assert inbox(LIVE, {alert.topic.owner_post for alert in alerts}).filter(kind="alert").count() == len(alerts)


@pytest.mark.django_db(transaction=True)
def test_small_batches_and_restarts_change_nothing(stream, watched):
    heard(stream)
    actions.pull_scene(LIVE)
    whole = rows()
    for model in (Alert, Hit, Reading, Placement):
        model.objects.all().delete()
    Story.objects.update(merged_into=None)
    Story.objects.all().delete()
    reset_cursor()
    pull.forget_all()
    while actions.pull_items(LIVE, limit=37):
        pull.forget_all()
    assert rows() == whole


def reset_cursor():
    from shudao.base.cursor import move_cursor
    from shudao.base.write import short_write

    with short_write():
        move_cursor(LIVE, "sense", 0)


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_fails_half_way_leaves_nothing_and_is_taken_in_whole_later(stream, watched, monkeypatch):
    heard(stream)

    def broken(_batch):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(keep, "_keep_readings", broken)
        with pytest.raises(OSError, match="disk full"):
            actions.pull_scene(LIVE)
    assert not Placement.objects.exists() and not Alert.objects.exists() and read_cursor(LIVE, "sense") == 0
    actions.pull_scene(LIVE)
    assert Placement.objects.count() == len(stream)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_comes_too_late_drops_its_work(stream, watched):
    heard(stream)
    items = list(Item.objects.order_by("pk")[:5])
    actions.pull_items(LIVE, limit=5)
    late = pull._memories[LIVE.key]
    late.place = 0
    with pytest.raises(keep.Raced):
        pull._take_in(LIVE, late, list(Item.objects.order_by("pk")[5:8]))
    assert Placement.objects.count() == len(items)


@pytest.mark.django_db(transaction=True)
def test_a_drill_run_is_sensed_apart_with_the_topics_of_the_real_world(stream, watched, run_scene):
    heard(stream, run_scene)
    actions.pull_scene(run_scene)
    assert Alert.objects.in_scene(run_scene).exists()
    assert not Alert.objects.in_scene(LIVE).exists()
    assert Entry.objects.filter(verb="raise_alert").exclude(stream="run/0001").count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_job_pulls_in_every_scene(stream, watched, run_scene):
    heard(stream[:20])
    heard(stream[:30], run_scene)
    sense_items()
    assert scenes_heard() == [LIVE, run_scene]
    assert Placement.objects.in_scene(LIVE).count() == 20
    assert Placement.objects.in_scene(run_scene).count() == 30


@pytest.mark.django_db(transaction=True)
def test_stories_readings_and_echoes_can_be_asked_for(stream, watched):
    heard(stream[:300])
    actions.pull_scene(LIVE)
    alert = Alert.objects.exclude(story=None).filter(topic__code="outage_harm").earliest("number")
    assert set(items_of_alert(alert)) & set(items_of_story(alert.story))
    begin = stream[0].published_at.replace(minute=0)
    hits = hits_of_topic(LIVE, "outage_harm", begin)
    assert hits.count() == sum(row.posts for row in readings_of(LIVE, "outage_harm", begin)) > 5
    last = Item.objects.order_by("-pk").first().pk
    later = read_batch(SYSTEM, Item.objects.first().source, stream[300:]).items
    actions.pull_scene(LIVE)
    echoes = list(echoes_of(LIVE, [item.pk for item in items_of_alert(alert)], last))
    assert echoes and {row.item_id for row in echoes} <= {item.pk for item in later}
