"""Trials: beside what was decided, never instead of it; and a setup taken into force from the next post on."""

from datetime import timedelta

import numpy as np
import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.post import Post, read_posts
from shudao.engine.sense.topics import load_topics
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.library import path_of
from shudao.listen.actions import add_source, read_batch
from shudao.sense import actions, queries
from shudao.sense.actions import pull, trials
from shudao.sense.jobs import trial_waits, try_again
from shudao.sense.models import Alert, AlertItem, Placement, Story, Trial
from shudao.sense.screens import trials as screens
from tests.site import furnished, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path
    pull.forget_all()
    trials._running.clear()
    yield
    pull.forget_all()


@pytest.fixture
def sensed(standing, duty):
    """The sample stream, heard and sensed."""
    furnished(standing)
    posts = [row for row in read_posts(path_of("streams", "power.jsonl").open("rb")) if isinstance(row, Post)]
    standing.set(max(post.published_at for post in posts) + timedelta(days=1))
    actions.add_topics(duty, load_topics(path_of("topics", "power.yaml").read_bytes()))
    source = add_source(Actor(LIVE, "system"), "all", name="清江论坛", kind="web", connector="file")
    items = read_batch(Actor(LIVE, "system"), source, posts).items
    actions.pull_scene(LIVE)
    return items


@pytest.fixture
def meaning(monkeypatch):
    """An encoder that stands in for the extra."""

    def encode(texts):
        return np.array([[len(text), text.count("电"), text.count("，"), 1.0] for text in texts], np.float32)

    for place in (trials, queries, screens):
        monkeypatch.setattr(place, "is_installed", lambda: True)
    monkeypatch.setattr(trials, "_loaded", lambda: encode)


def tried(duty, **chosen):
    trial = actions.begin_trial(duty, **({"with_vectors": False} | chosen))
    while actions.run_trial(LIVE):
        pass
    trial.refresh_from_db()
    return trial


def standing_rows():
    told = list(Alert.objects.order_by("pk").values_list("number", "why_zh", "version", "story"))
    return told, list(Placement.objects.order_by("pk").values_list("item", "story", "version"))


def test_the_same_algorithms_on_the_same_posts_change_nothing(sensed, duty, monkeypatch):
    monkeypatch.setattr(trials, "WARM", len(sensed) + 1)
    before = standing_rows()
    trial = tried(duty)
    found = trial.found
    assert trial.done_at and trial.version == Placement.objects.first().version
    assert found["posts"] == found["compared"] == len(sensed)
    assert [found[kind]["count"] for kind in ("lost", "gained", "parted", "joined")] == [0, 0, 0, 0]
    assert found["alerts"][0] == found["alerts"][1] > 0 and found["stories"][0] == found["stories"][1]
    assert standing_rows() == before
    rows = np.frombuffer(__import__("zlib").decompress(trial.placed), "<i8").reshape(-1, 3)
    assert rows[:, 0].tolist() == [item.pk for item in sensed]


def test_what_differs_is_told_and_what_stood_stays(sensed, duty, monkeypatch):
    monkeypatch.setattr(trials, "WARM", len(sensed) + 1)
    gone, other = Alert.objects.order_by("number")[:2]
    AlertItem.objects.filter(alert=gone).delete()
    fresh = Story.objects.exclude(pk=other.story_id).first()
    moved = list(Placement.objects.filter(story__posts__gte=6).order_by("pk")[:3])
    Placement.objects.filter(pk__in=[row.pk for row in moved]).update(story=fresh)
    before = standing_rows()
    found = tried(duty).found
    assert found["gained"]["count"] >= 1 and found["gained"]["shown"][0]["zh"]
    assert found["joined"]["count"] >= 1
    assert standing_rows() == before


def test_the_worker_goes_on_in_turns_and_begins_anew_after_a_stop(sensed, duty, monkeypatch):
    monkeypatch.setattr(trials, "AT_ONCE", 100)
    monkeypatch.setattr(trials, "BATCH", 100)
    actions.begin_trial(duty, with_vectors=False)
    assert trial_waits()
    try_again()
    first = Trial.objects.get()
    assert first.done_at is None and first.place == sensed[99].pk
    trials._running.clear()
    try_again()
    assert Trial.objects.get().place == sensed[99].pk
    while trial_waits():
        try_again()
    assert Trial.objects.get().found["posts"] == len(sensed)


def test_refusals(sensed, duty, monkeypatch):
    monkeypatch.setattr(trials, "is_installed", lambda: False)
    with pytest.raises(Refused, match="vectors"):
        actions.begin_trial(duty, with_vectors=True)
    trial = actions.begin_trial(duty, with_vectors=False)
    with pytest.raises(Refused, match="under way"):
        actions.begin_trial(duty, with_vectors=False)
    with pytest.raises(Refused, match="not done"):
        actions.adopt_trial(duty, trial)
    actions.remove_trial(duty, trial)
    assert actions.run_trial(LIVE) == 0
    with pytest.raises(Refused, match="done so already"):
        actions.adopt_trial(duty, tried(duty))


def test_nothing_to_try(duty):
    with pytest.raises(Refused, match="nothing was sensed"):
        actions.begin_trial(duty, with_vectors=False)


def test_vectors_hold_from_the_next_post_on_once_adopted(sensed, duty, meaning):
    trial = tried(duty, with_vectors=True)
    assert "vectors" in trial.version and not queries.vectors_in_force()
    before = standing_rows()
    actions.adopt_trial(duty, trial)
    with pytest.raises(Refused, match="in force"):
        actions.remove_trial(duty, trial)
    assert queries.vectors_in_force() and standing_rows() == before
    source = sensed[0].source
    post = Post(id="new", kind="web", text="望湖新城又停电了", published_at=sensed[-1].published_at)
    read_batch(Actor(LIVE, "system"), source, [post])
    actions.pull_scene(LIVE)
    versions = Placement.objects.order_by("-pk").values_list("version", flat=True)
    assert "vectors" in versions[0] and "vectors" not in versions[1]
    assert [row.verb for row in Entry.objects.filter(verb__endswith="trial").order_by("pk")] == [
        "begin_trial",
        "adopt_trial",
    ]
    actions.adopt_trial(duty, tried(duty))
    assert not queries.vectors_in_force()


def test_without_the_extra_an_adopted_setup_falls_back_to_words(sensed, duty, meaning, monkeypatch):
    actions.adopt_trial(duty, tried(duty, with_vectors=True))
    monkeypatch.setattr(queries, "is_installed", lambda: False)
    assert not queries.vectors_in_force() and trials.encoder_in_force() is None


def test_pages(sensed, duty, meaning, monkeypatch):
    browser = signed_in("office_head")
    page = browser.get("/sense/trials/").content.decode()
    assert "话题按字词归并" in page and "还没有试算过" in page and "begin_trial" in page
    answer = browser.post("/sense/trials/begin_trial/", {"with_vectors": "1"})
    trial = Trial.objects.get()
    assert trial.with_vectors and answer.url == f"/sense/trials/{trial.pk}/"
    assert "正在试算，完成 0%" in browser.get(answer.url).content.decode()
    assert browser.post("/sense/trials/begin_trial/", follow=True).content.decode().count("已有一次试算") == 1
    while actions.run_trial(LIVE):
        pass
    shown = browser.get(answer.url).content.decode()
    assert "前后对照" in shown and "adopt_trial" in shown
    assert "已采用" in browser.post(f"{answer.url}adopt_trial/", follow=True).content.decode()
    assert "话题按字词和含义归并" in browser.get("/sense/trials/").content.decode()
    assert browser.post(f"{answer.url}remove_trial/", follow=True).content.decode().count("正在使用") >= 1
    assert browser.get("/sense/trials/999/").status_code == 404
