"""A story told by its posts, in parts; merged and split on its pages by those who may."""

import pytest

from shudao.base.scene import LIVE
from shudao.org.models import PostRight, Right
from shudao.sense import actions
from shudao.sense.actions import pull
from shudao.sense.models import Placement, Story, StoryHold
from tests.sense.test_pages import heard
from tests.site import acting, furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db
CUT = "望湖新城三期今晚八点四十分起全部停电，居民反映电梯停运。"
FOOD = "清江一中食堂午餐涨价三元，家长要求公开采购价格。"


@pytest.fixture
def site(standing, settings, tmp_path):
    settings.DATA = tmp_path
    furnished(standing)
    pull.forget_all()
    yield
    pull.forget_all()


@pytest.fixture
def two(site, standing):
    heard(
        standing,
        CUT,
        FOOD,
        "望湖新城三期停电，电梯停运，供电公司说正在抢修电缆。",
        "清江一中食堂涨价，家长要求公开采购价格，学校没有回应。",
    )
    actions.pull_scene(LIVE)
    return list(Story.objects.filter(merged_into=None).order_by("first_item_id"))


def living():
    return [row.posts for row in Story.objects.filter(merged_into=None, posts__gt=0).order_by("first_item_id")]


def test_a_story_is_told_by_sentences_of_its_posts(two):
    page = text_of(signed_in("duty_officer").get(f"/sense/stories/{two[0].pk}/"))
    assert "说了什么" in page and "居民反映电梯停运" in page and "谁先说的" in page
    assert f"?post={two[0].first_item_id}#item-{two[0].first_item_id}" in page


def test_a_post_is_found_on_its_page(site, standing):
    heard(standing, *(f"{CUT}{chr(0x4E00 + n) * 3}" for n in range(30)))
    actions.pull_scene(LIVE)
    story = Story.objects.filter(merged_into=None).order_by("-posts").first()
    last = Placement.objects.filter(story=story).order_by("-at", "-pk").first().item_id
    client, address = signed_in("duty_officer"), f"/sense/stories/{story.pk}/"
    assert story.posts > 20
    assert f'id="item-{last}"' not in text_of(client.get(address))
    assert f'id="item-{last}"' in text_of(client.get(f"{address}?post={last}"))
    for odd in ("x", "99999999", "", "²"):
        assert client.get(address, {"post": odd}).status_code == 200


def test_two_stories_are_merged_on_the_page(two):
    client, address = signed_in("duty_officer"), f"/sense/stories/{two[0].pk}/"
    assert f'value="{two[1].pk}"' in text_of(client.get(f"{address}merge_stories/"))
    assert f'value="{two[1].pk}"' in text_of(client.get(f"{address}merge_stories/?q=食堂"))
    assert "没有别的话题" in text_of(client.get(f"{address}merge_stories/?q=台风"))
    assert client.post(f"{address}merge_stories/", {}).status_code == 422
    assert client.post(f"{address}merge_stories/", {"other": two[0].pk}).status_code == 409
    assert client.post(f"{address}merge_stories/", {"other": 10**7}).status_code == 404
    done = client.post(f"{address}merge_stories/", {"other": two[1].pk}, follow=True)
    assert "几秒内生效" in text_of(done) and living() == [2, 2]
    actions.pull_items(LIVE)
    assert living() == [4]
    page = text_of(client.get(address))
    assert f"合并：{two[1].title[:29]}" in page and "几秒内生效" not in page


def test_chosen_posts_are_split_off_on_the_page(two):
    actions.merge_stories(acting("duty_officer"), *two)
    actions.pull_items(LIVE)
    client, address = signed_in("duty_officer"), f"/sense/stories/{two[0].pk}/"
    story = text_of(client.get(address))
    assert "分几段" in story and f"split_story/?part={two[1].first_item_id}" in story
    page = text_of(client.get(f"{address}split_story/?part={two[1].first_item_id}"))
    assert page.count(" checked") >= 1 and f'value="{two[1].first_item_id}" checked' in page
    assert client.post(f"{address}split_story/", {}).status_code == 422
    assert client.post(f"{address}split_story/", {"item": ["999999"]}).status_code == 422
    every = [str(key) for key in Placement.objects.values_list("item_id", flat=True)]
    wrong = client.post(f"{address}split_story/", {"item": every})
    assert wrong.status_code in (409, 422) and StoryHold.objects.filter(together=False).count() == 0
    foods = [str(row.item_id) for row in Placement.objects.filter(item__text__startswith="清江一中", copy_of=None)]
    assert client.post(f"{address}split_story/", {"item": foods}).status_code == 302
    actions.pull_items(LIVE)
    assert living() == [2, 2]
    again = text_of(client.get(f"{address}split_story/"))
    assert "没生效" not in again


def test_a_story_of_one_post_cannot_be_split(site, standing):
    heard(standing, CUT)
    actions.pull_scene(LIVE)
    client, address = signed_in("duty_officer"), f"/sense/stories/{Story.objects.get().pk}/"
    assert "无可拆" in text_of(client.get(f"{address}split_story/"))
    assert "split_story" not in text_of(client.get(address))


def test_who_may_not_take_up_alerts_neither_sees_nor_does_it(two):
    client, address = signed_in("duty_officer"), f"/sense/stories/{two[0].pk}/"
    assert "merge_stories" in text_of(client.get(address))
    PostRight.objects.filter(post__code="duty_officer", right=Right.RECEIVE).delete()
    assert "merge_stories" not in text_of(client.get(address))
    assert client.get(f"{address}merge_stories/").status_code == 404
    assert client.post(f"{address}split_story/", {"item": ["1"]}).status_code == 404


def test_a_page_asks_as_many_questions_for_many_posts_as_for_few(site, standing):
    heard(standing, CUT, CUT + "求证")
    actions.pull_scene(LIVE)
    client = signed_in("duty_officer")
    story = Story.objects.filter(merged_into=None).get()
    addresses = [f"/sense/stories/{story.pk}/{verb}" for verb in ("", "split_story/", "merge_stories/")]
    few = [queries_of(client, address) for address in addresses]
    heard(standing, *(f"{CUT}{chr(0x4E00 + n) * 3}" for n in range(15)), *(chr(0x5E00 + n) * 30 for n in range(8)))
    actions.pull_scene(LIVE)
    assert [queries_of(client, address) <= count + 1 for address, count in zip(addresses, few, strict=True)] == [
        True
    ] * 3
