"""The search page: what is found and shown, what narrows it, what is refused, what an empty page teaches."""

from datetime import timedelta

import pytest
from django.test import Client

from shudao.base.scene import LIVE
from shudao.engine.post import Post
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, index_scene, read_batch
from shudao.listen.actions.retention import delete_items
from shudao.listen.models import Item
from shudao.listen.queries import source_of
from shudao.sense.actions import pull_scene
from shudao.sense.screens import search
from tests.site import furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db
PAGE = "/sense/search/"


@pytest.fixture
def reader(standing):
    furnished(standing)
    return signed_in("duty_officer")


def hear(standing, *texts, kind="social", scene=LIVE, days=0, title=""):
    """Items, indexed and sensed."""
    name = {"social": "微言", "news": "清江日报"}[kind]
    row = source_of(scene, name) or add_source(Actor(scene, "system"), name, name=name, kind=kind, connector="file")
    at = standing.now() - timedelta(days=days)
    posts = [
        Post(id=f"{kind}{days}-{n}-{len(text)}", kind=kind, title=title, text=text, published_at=at, url=f"https://a.example/{n}")
        for n, text in enumerate(texts)
    ]  # fmt: skip
    read_batch(Actor(scene, "system"), row, posts)
    index_scene(scene)


def asked(reader, query, **more):
    return text_of(reader.get(PAGE, {"q": query, **more}))


def test_words_are_found_across_the_borders_of_words_and_marked_without_spaces(reader, standing):
    hear(standing, "清江市人民医院昨晚停电了", "与此无关")
    page = asked(reader, "院昨")
    assert "找到 1 条" in page and '清江市人民医<mark title="院昨">院昨</mark>晚停电了' in page
    assert "与此无关" not in page and 'href="https://a.example/0"' in page and "原文" in page


def test_a_result_leads_to_its_story_and_says_what_caught_it(reader, standing):
    hear(standing, "城南片区停电两小时了", "城南片区停电两小时了，没人管")
    pull_scene(LIVE)
    page = asked(reader, "城南 停电")
    assert "找到 2 条" in page and "/sense/stories/" in page and "话题，2 条信息" in page and "命中" in page


def test_an_empty_page_teaches_the_language(reader):
    page = text_of(reader.get(PAGE))
    assert "写上要找的字词" in page and "检索式怎么写" in page and "NEAR/8" in page


@pytest.mark.parametrize(
    ("query", "shown", "why"),
    [
        ("停电 AND OR 小区", "停电 AND <mark>O</mark>R 小区", "不能放在这里"),
        ("-演练", "<mark>-</mark>演练", "只有排除"),
        ("停电 (小区", "停电 <mark>(</mark>小区", "括号没有合上"),
        ("停电 AND", "停电 <mark>A</mark>ND", "后面缺少内容"),
        ("/(a)\\1/", "<mark>/</mark>(a)", "正则不能用"),
    ],
)
def test_a_query_that_cannot_be_read_is_explained_at_its_place(reader, query, shown, why):
    page = reader.get(PAGE, {"q": query})
    assert page.status_code == 422 and shown in text_of(page) and why in text_of(page)
    english = signed_in("duty_officer", "en").get(PAGE, {"q": query})
    assert shown in text_of(english) and why not in text_of(english)


def test_kind_date_and_topic_narrow_it(reader, standing):
    hear(standing, "前天停电", days=2)
    hear(standing, "今天停电")
    hear(standing, "报道停电", kind="news")
    pull_scene(LIVE)
    assert "找到 3 条" in asked(reader, "停电")
    assert "找到 1 条" in asked(reader, "停电", kind="news") and "报道" in asked(reader, "停电", kind="news")
    day = (standing.now() - timedelta(days=1)).date().isoformat()
    assert "找到 2 条" in asked(reader, "停电", since=day) and "找到 1 条" in asked(reader, "停电", until=day)
    assert "找到 1 条" in asked(reader, "/停.?电/", until=day)
    assert "没有找到" in asked(reader, "停电", topic="none") and "这个范围里没有" in asked(reader, "停电", topic="none")
    assert "找到 3 条" in asked(reader, "停电", since="when", kind="x")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("停电 NEAR/2 小区", 1),
        ("/停.电/", 1),
        ("source:微言 停电", 2),
        ("3人受伤", 1),
        ("停电 -演练", 1),
        ("停電", 2),
        ("停", 4),
        ("title:停电", 0),
    ],
)
def test_the_whole_language_of_topics_is_understood(reader, standing, query, count):
    hear(standing, "小区又停电", "停电演练", "停水电，3人受伤", "停工", "13人受伤")
    page = asked(reader, query)
    assert (f"找到 {count} 条" in page) if count else ("没有找到" in page)


def test_many_hits_are_paged_with_a_constant_number_of_questions(reader, standing):
    hear(standing, *[f"第{n}次停电" for n in range(45)])
    first, last = asked(reader, "停电"), asked(reader, "停电", page=3)
    assert "找到 45 条" in first and "第44次" in first.replace("<mark", "") and "第 1 页，共 3 页 45 条" in first
    assert last.count('id="item-') == 5 and 'rel="next"' not in last and "q=%E5%81%9C%E7%94%B5" in last
    few = queries_of(reader, f"{PAGE}?q=停电&page=3")
    assert queries_of(reader, f"{PAGE}?q=停电") <= few + 1 < 30


def test_what_cannot_be_counted_says_how_far_it_looked(reader, standing, monkeypatch):
    monkeypatch.setattr(search, "LOOKED", 10)
    hear(standing, *[f"第{n}次停 电" for n in range(30)])
    page = asked(reader, "/停.电/")
    assert "找到 10 条" in page and "更早的没有看" in page
    assert "更早的没有看" not in asked(reader, "停电")


def test_words_written_in_one_are_offered_apart(reader, standing):
    hear(standing, "小区今天停电")
    page = asked(reader, "小区停电")
    assert "没有找到" in page and "分开找：小区 停电" in page
    assert "找到 1 条" in asked(reader, "小区 停电")


def test_what_was_erased_is_not_found(reader, standing):
    hear(standing, "停电一夜", "又停电")
    delete_items([Item.objects.order_by("pk").first().pk])
    page = asked(reader, "停电")
    assert "找到 1 条" in page and "停电一夜" not in page


def test_a_drill_has_its_own(reader, standing, run_scene):
    hear(standing, "真停电")
    hear(standing, "练停电", scene=run_scene)
    page = asked(reader, "停电")
    assert "找到 1 条" in page and "练" not in page.split("<main")[1].split("检索式怎么写")[0].replace("演练", "")
    run = text_of(reader.get(f"/sense/runs/{run_scene.run_code}/search/", {"q": "停电"}))
    assert "找到 1 条" in run and "真" not in run.split("<ul")[1]


def test_nobody_searches_without_signing_in(reader):
    assert Client().get(PAGE).status_code == 302
