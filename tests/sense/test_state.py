"""A worker that stops anywhere goes on as if it had not; what it keeps for that goes when its words must go."""

from datetime import timedelta
from pathlib import Path

import pytest

from shudao.base.scene import LIVE
from shudao.base.write import short_write
from shudao.engine.post import Post, read_posts
from shudao.engine.sense.query import Topic as Watched
from shudao.engine.sense.topics import load_topics
from shudao.ledger.verbs import Actor
from shudao.library import path_of
from shudao.listen.actions import add_source, read_batch
from shudao.sense import actions
from shudao.sense.actions import keep, pull, state
from shudao.sense.actions.retention import release_items
from shudao.sense.models import Alert, EngineState, Placement
from shudao.sense.queries import items_of_alert

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path
    pull.forget_all()
    yield tmp_path
    pull.forget_all()


@pytest.fixture
def stream(standing, duty):
    """The sample stream, read a day after its last post, and its topics."""
    posts = [row for row in read_posts(path_of("streams", "power.jsonl").open("rb")) if isinstance(row, Post)]
    standing.set(max(post.published_at for post in posts) + timedelta(days=1))
    actions.add_topics(duty, load_topics(path_of("topics", "power.yaml").read_bytes()))
    actor = Actor(LIVE, "system")
    source = add_source(actor, "forum", name="清江论坛", kind="web", connector="file")
    return read_batch(actor, source, posts).items


def rows():
    placed = Placement.objects.order_by("item_id").values_list(
        "item_id", "story__first_item_id", "story_placed__first_item_id", "copy_of_id", "changes", "tone"
    )
    told = [
        (row.kind, row.topic.code, row.at, row.why_zh, row.story and row.story.first_item_id, items_of_alert(row))
        for row in Alert.objects.order_by("number")
    ]
    return list(placed), told


def undone():
    """As before the first batch."""
    from shudao.base.cursor import move_cursor

    found = rows()
    Alert.objects.all().delete()
    Placement.objects.all().delete()
    keep.Story.objects.update(merged_into=None)
    keep.Story.objects.all().delete()
    keep.Reading.objects.all().delete()
    EngineState.objects.all().delete()
    pull.forget_all()
    with short_write():
        move_cursor(LIVE, keep.CURSOR, 0)
    return found


@pytest.mark.parametrize("every", [1, 3, 1000])
def test_stopping_after_every_batch_changes_nothing(stream, monkeypatch, every):
    actions.pull_scene(LIVE)
    whole = undone()
    monkeypatch.setattr(state, "is_due", lambda posts, saved: posts - saved >= every * 45)
    while actions.pull_items(LIVE, limit=45):
        pull.forget_all()
    assert rows() == whole


def test_a_topic_edited_between_two_stops_is_watched_from_the_same_post_on(stream, duty):
    def run(stops):
        for place in range(8):
            actions.pull_items(LIVE, limit=50)
            if place == 3:
                actions.add_topic(duty, Watched(id="outage", name="停电", query=f"停电 OR 抢修 OR {'x' * (stops + 1)}"))
            if stops:
                pull.forget_all()
        actions.pull_scene(LIVE)

    run(0)
    whole = undone()
    actions.add_topic(
        duty, next(t for t in load_topics(path_of("topics", "power.yaml").read_bytes()) if t.id == "outage")
    )
    run(1)
    assert rows() == whole


def test_an_engine_that_grows_too_large_begins_anew_at_the_same_post(stream, monkeypatch):
    monkeypatch.setattr(pull, "FORGET_AFTER", 170)
    monkeypatch.setattr(pull, "RECALLED", 60)
    actions.pull_scene(LIVE)
    whole = undone()
    while actions.pull_items(LIVE, limit=37):
        pull.forget_all()
    assert rows() == whole


def test_a_batch_that_fails_leaves_no_file_and_no_row(stream, own_folder, monkeypatch):
    def broken(_batch):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(keep, "_keep_readings", broken)
        with pytest.raises(OSError, match="disk full"):
            actions.pull_items(LIVE, limit=50)
    assert not EngineState.objects.exists() and not files(own_folder)
    actions.pull_items(LIVE, limit=50)
    assert files(own_folder) == [EngineState.objects.get().file]


def files(folder: Path):
    return sorted(path.name for path in (folder / "sense").glob("*"))


@pytest.mark.parametrize("harm", ["gone", "cut", "version"])
def test_without_a_fitting_file_the_latest_items_are_recalled(stream, own_folder, harm):
    actions.pull_items(LIVE, limit=200)
    row = EngineState.objects.get()
    path = own_folder / "sense" / row.file
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    else:
        EngineState.objects.update(version="older")
    pull.forget_all()
    assert actions.pull_scene(LIVE) == len(stream) - 200
    assert Placement.objects.count() == len(stream)
    assert files(own_folder) == [EngineState.objects.get().file]


def test_a_full_disk_stops_no_sensing(stream, own_folder):
    (own_folder / "sense").write_text("no folder")
    actions.pull_scene(LIVE)
    assert Placement.objects.count() == len(stream) and not EngineState.objects.exists()


def test_the_file_is_for_one_user_and_goes_when_retention_takes_words(stream, own_folder):
    actions.pull_items(LIVE, limit=200)
    (name,) = files(own_folder)
    assert (own_folder / "sense" / name).stat().st_mode & 0o077 == 0
    with short_write():
        release_items(LIVE, [stream[5].pk])
    assert not files(own_folder) and not EngineState.objects.exists()
    actions.pull_scene(LIVE)
    assert Placement.objects.count() == len(stream) - 1
