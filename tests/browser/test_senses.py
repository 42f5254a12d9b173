"""What is known of a story, on its page in a real browser: how it grew, who copied it, what was changed, who came first."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import assert_accessible

pytestmark = pytest.mark.browser
DRAWN = "image => image.complete && image.naturalWidth > 300"


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN"}


@pytest.fixture
def story(quiet, full):
    """The page of the rumour that everything has, found by its words."""
    quiet.set_default_timeout(60_000)
    token = full[1].pop("story", None) or full[1].pop("order")  # each link lets in once
    quiet.goto(f"{full[0]}/org/enter/{token}/")
    quiet.locator("main button").first.click()
    quiet.goto(f"{full[0]}/sense/stories/?q=东门菜场")
    quiet.locator("main .list a.title").first.click()
    expect(quiet.locator(".matter")).to_contain_text("东门菜场")
    return quiet


def test_a_story_shows_how_it_grew_and_what_was_changed(story):
    expect(story.locator("h1")).to_contain_text("10 条信息")
    picture = story.locator("#growth-title ~ figure img").first
    picture.scroll_into_view_if_needed()
    story.wait_for_function(DRAWN, arg=picture.element_handle())
    assert picture.get_attribute("alt").strip()
    story.locator("#growth-title ~ figure summary").first.click()
    assert story.locator("#growth-title ~ figure table tbody tr").count() >= 2  # the same numbers without a picture
    copies = story.locator("section[aria-labelledby=copies-title]")
    expect(copies.locator(".variant .tag").first).to_have_text("改了数字")
    expect(copies.locator(".variant del").first).to_have_text("40")
    expect(copies.locator(".variant ins").first).to_have_text("400")
    assert_accessible(story)


def test_a_story_tells_its_posts_in_order_and_its_sources(story):
    shown = story.locator("section[aria-labelledby=posts-title] li[id^=item-] .quiet").all_inner_texts()
    times = [re.search(r"\d\d:\d\d", line)[0] for line in shown]
    assert len(times) == 10 and shown[0].startswith("清江论坛")
    rows = story.locator("section[aria-labelledby=sources-title] tbody tr")
    expect(rows).to_have_count(5)
    assert {row.split("\t")[2].strip() for row in rows.all_inner_texts()} == {"2"}
