"""The drill desk in a real browser: a run is started, played on, ended and scored, always in its frame."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_walk import sound

pytestmark = pytest.mark.browser
SAID = {
    "zh-CN": {
        "start": "开始演练",
        "on": "走到下一刻",
        "end": "结束并评分",
        "minute": r"第 \d+ 分钟",
        "points": r"得 [\d.]+ 分",
    },
    "en-US": {
        "start": "Start the drill",
        "on": "To the next moment",
        "end": "End and score",
        "minute": r"Minute \d+",
        "points": r"[\d.]+ points",
    },
}


def test_a_run_is_played_on_and_scored(enter, tongue, site):
    said = SAID[tongue]
    page = enter("s04")
    page.goto(f"{site}/drill/")
    sound(page)
    card = page.locator("article.card").filter(has_text="石桥花园")
    card.locator("summary").click()
    card.locator("input[value=scripted]").check()
    card.get_by_role("button", name=said["start"], exact=True).click()
    expect(page.locator("#frame.drill")).to_have_count(1)
    expect(page.locator("h1")).to_have_text(re.compile(said["minute"]))
    before = page.locator("h1").inner_text()
    for _ in range(2):
        page.get_by_role("button", name=said["on"], exact=True).click()
        expect(page.locator("h1")).not_to_have_text(before)
        before = page.locator("h1").inner_text()
    expect(page.locator(".inject-sent").first).to_be_visible()
    sound(page)

    page.locator(".players a").first.click()
    expect(page.locator("#frame.drill .drill-band")).to_be_visible()
    page.go_back()
    page.locator(".steer details.act summary").click()
    page.get_by_role("button", name=said["end"], exact=True).click()
    expect(page.locator("h1")).to_have_text(re.compile(said["points"]))
    expect(page.locator("#score-title")).to_be_visible()
    page.locator("form[action$='write_after_action/'] button").click()
    paper = page.locator("a[href$='.docx']")
    expect(paper).to_be_visible()
    with page.expect_download() as waiting:
        paper.click()
    assert waiting.value.suggested_filename.endswith(".docx")
    sound(page)
