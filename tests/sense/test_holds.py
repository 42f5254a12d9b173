"""A person's merge and split of stories: kept at once, followed by the engine, never undone, and known after a restart."""

from datetime import UTC, datetime, timedelta

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.post import Post
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch
from shudao.sense import actions
from shudao.sense.actions import holds, pull, state
from shudao.sense.jobs import something_waits
from shudao.sense.models import EngineState, Placement, Story, StoryHold
from shudao.sense.queries import holds_waiting

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 11, 8, 12, tzinfo=UTC)
CUT = "望湖新城三期今晚八点四十分起全部停电，居民反映电梯停运，热线占线"
FOOD = "清江一中食堂午餐涨价三元，家长要求公开采购价格和供货商名单"
ROAD = "东风路雨水管破裂，路面塌陷两米，公交改道，抢修围挡已经设好"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, standing):
    settings.DATA = tmp_path
    standing.set(START + timedelta(days=1))
    pull.forget_all()
    yield
    pull.forget_all()


def read(*texts, start=0):
    actor = Actor(LIVE, "system")
    known = add_source(actor, "forum", name="清江论坛", kind="web", connector="file") if not start else None
    source = known or Placement.objects.first().item.source
    posts = [
        Post(
            id=f"p{start + n}", source="forum", kind="web", published_at=START + timedelta(minutes=start + n), text=text
        )
        for n, text in enumerate(texts)
    ]
    items = read_batch(actor, source, posts).items
    actions.pull_scene(LIVE)
    return items


def told():
    """Which texts stand together."""
    groups = {}
    for row in Placement.objects.select_related("story", "item").order_by("item_id"):
        groups.setdefault(row.story.first_item_id, []).append(row.item.ext_id)
    return sorted(groups.values())


def stories():
    return list(Story.objects.filter(merged_into=None).order_by("first_item_id"))


def test_two_stories_become_one_and_stay_so(duty):
    read(CUT, FOOD, CUT + "，求证", FOOD + "，学校没有回应")
    one, other = stories()
    hold = actions.merge_stories(duty, one, other)
    assert something_waits() and told() == [["p0", "p2"], ["p1", "p3"]]
    assert actions.pull_items(LIVE) == 0
    assert told() == [["p0", "p1", "p2", "p3"]]
    hold.refresh_from_db()
    assert hold.done_at and not hold.failed and not something_waits()
    read(FOOD + "，涨价从下周一开始", CUT + "，还没有恢复", start=10)
    assert len(stories()) == 1 and stories()[0].posts == 6
    assert Entry.objects.filter(verb="merge_stories").count() == 1


def test_posts_leave_a_story_and_none_of_their_kind_comes_back(duty):
    read(CUT, CUT + "，求证", FOOD, FOOD + "，学校没有回应")
    one, other = stories()
    actions.merge_stories(duty, one, other)
    actions.pull_items(LIVE)
    foods = list(Placement.objects.filter(item__text__startswith=FOOD).values_list("item_id", flat=True))
    actions.split_story(duty, stories()[0], foods)
    actions.pull_items(LIVE)
    assert told() == [["p0", "p1"], ["p2", "p3"]]
    assert [row.posts for row in stories()] == [2, 2]
    read(FOOD + "，涨价从下周一开始", start=10)
    assert told() == [["p0", "p1"], ["p10", "p2", "p3"]] or told() == [["p0", "p1"], ["p2", "p3", "p10"]]


def test_copies_go_with_what_they_copy(duty):
    items = read(CUT, FOOD, FOOD + "！", FOOD + "。")
    one, other = stories()
    actions.merge_stories(duty, one, other)
    actions.pull_items(LIVE)
    hold = actions.split_story(duty, stories()[0], [items[1].pk])
    assert hold.items == [item.pk for item in items[1:]]


@pytest.mark.parametrize("kept", [True, False])
def test_a_restart_knows_what_persons_said(duty, monkeypatch, kept):
    monkeypatch.setattr(state, "is_due", lambda posts, saved: kept)
    read(CUT, FOOD, ROAD)
    one, other, third = stories()
    actions.merge_stories(duty, one, other)
    actions.pull_items(LIVE)
    actions.split_story(duty, stories()[0], [other.first_item_id])
    actions.pull_items(LIVE)
    actions.merge_stories(duty, third, one)
    actions.pull_items(LIVE)
    before = told()
    assert before == [["p0", "p2"], ["p1"]]
    if not kept:
        EngineState.objects.all().delete()
    pull.forget_all()
    read(CUT + "，求证", FOOD + "，学校没有回应", ROAD + "，何时修好", start=10)
    assert told() == [["p0", "p2", "p10", "p12"], ["p1", "p11"]]


def test_a_word_said_while_the_worker_is_stopped_is_followed_when_it_starts(duty):
    read(CUT, FOOD)
    one, other = stories()
    actions.merge_stories(duty, other, one)
    pull.forget_all()
    read(CUT + "，求证", start=10)
    assert told() == [["p0", "p1", "p10"]]
    assert not holds_waiting(LIVE).exists()


def test_stories_older_than_the_engines_memory_are_merged_and_split_by_their_rows(duty, monkeypatch):
    monkeypatch.setattr(pull, "RECALLED", 1)
    monkeypatch.setattr(state, "is_due", lambda posts, saved: False)
    items = read(CUT, FOOD, CUT + "，求证", FOOD + "，学校没有回应", ROAD)
    EngineState.objects.all().delete()
    pull.forget_all()
    one, other = stories()[:2]
    actions.split_story(duty, one, [items[2].pk])
    actions.pull_items(LIVE)
    assert told() == [["p0"], ["p1", "p3"], ["p2"], ["p4"]]
    actions.merge_stories(duty, other, one)
    actions.pull_items(LIVE)
    assert ["p0", "p1", "p3"] in told()
    assert all(row.done_at for row in StoryHold.objects.all())


def test_what_makes_no_sense_is_refused(duty):
    read(CUT, FOOD, CUT + "，求证")
    one, other = stories()
    for story, items in ((one, []), (one, [other.first_item_id]), (other, [other.first_item_id])):
        with pytest.raises(Refused):
            actions.split_story(duty, story, items)
    with pytest.raises(Refused):
        actions.merge_stories(duty, one, one)
    actions.merge_stories(duty, one, other)
    with pytest.raises(Refused, match="没生效"):
        actions.merge_stories(duty, other, one)
    with pytest.raises(Refused):
        actions.split_story(duty, one, [one.first_item_id])
    assert StoryHold.objects.count() == 1


def test_a_raced_worker_follows_nothing_twice(duty):
    read(CUT, FOOD)
    one, other = stories()
    actions.merge_stories(duty, one, other)
    memory = pull._memory(LIVE, Placement.objects.order_by("-item_id").first().item_id)
    StoryHold.objects.update(done_at=START)
    assert holds.follow_holds(LIVE, memory.place, memory.senser) is True
    assert len(stories()) == 2
