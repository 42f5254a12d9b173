"""One matter walked in a real browser, in both languages: from the board into the room and back, by tapping alone."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SAID = {
    "zh-CN": {
        "board": "没有事件在发展，一条预警等签收",
        "take": "签收",
        "open": "启动处置",
        "done": "办结",
        "first": "等您办",
        "moving": "一件事在发展",
        "grade": "确认级别",
        "refused": "没有办成",
        "three": "Ⅲ级",
        "switch": "换人",
        "other": "English",
    },
    "en-US": {
        "board": "No matter is moving, one alert is not yet taken up",
        "take": "I have it",
        "open": "Open an incident",
        "done": "Done",
        "first": "for you",
        "moving": "One matter is moving",
        "grade": "Confirm the level",
        "refused": "Not done",
        "three": "Ⅲ级",
        "switch": "Switch",
        "other": "简体中文",
    },
}


def become(page, name, tongue):
    """Go on as another person of the sample organisation."""
    page.locator("details.me summary").click()
    person = page.locator("#switch-person option").filter(has_text=name)
    page.locator("#switch-person").select_option(person.get_attribute("value"))
    page.get_by_role("button", name=SAID[tongue]["switch"], exact=True).click()
    expect(page.locator(".me-name")).to_have_text(re.compile(name))


def sound(page):
    """What every page must have, whatever it shows."""
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("main")).to_have_count(1)
    assert page.evaluate("document.documentElement.lang").lower()[:2] in {"zh", "en"}
    twice = "ids => ids.filter((id, n) => ids.indexOf(id) !== n)"
    ids = page.evaluate("Array.from(document.querySelectorAll('[id]'), e => e.id)")
    assert page.evaluate(twice, ids) == []
    nameless = """Array.from(document.querySelectorAll('input:not([type=hidden]), select, textarea'))
        .filter(e => !e.labels.length && !e.getAttribute('aria-label')).map(e => e.name)"""
    assert page.evaluate(nameless) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_matter_from_the_board_into_the_room(enter, tongue):
    said = SAID[tongue]
    page = enter("duty")
    expect(page.locator("h1")).to_have_text(re.compile(re.escape(said["board"].split("，")[-1].split(", ")[-1])))
    sound(page)
    alert = page.locator(".alert-card").first
    alert.get_by_role("button", name=said["take"], exact=True).click()
    expect(page.locator(".alert-card .tag-good").first).to_be_visible()
    page.locator(".alert-card").first.get_by_role("link", name=said["open"], exact=True).click()
    sound(page)
    page.locator("input[name=title]").fill("城南片区停电")
    page.locator("main form button.primary").click()
    expect(page.locator("h1")).to_contain_text(re.compile(said["first"], re.IGNORECASE))
    expect(page).to_have_url(re.compile(r"/respond/incidents/\d{4}-0001/"))
    sound(page)
    room = page.url.split("#")[0]
    mine = page.locator("#tasks li.is-mine").first
    mine.get_by_role("button", name=said["take"], exact=True).click()
    expect(page.locator("#tasks").get_by_role("button", name=said["take"], exact=True)).to_have_count(0)
    page.locator("#tasks li.is-mine").first.get_by_role("button", name=said["done"], exact=True).click()
    expect(page.locator("#tasks details.fold summary")).to_be_visible()

    become(page, "林晓芸", tongue)
    page.goto(f"{room}confirm_level/")
    page.locator("input[name=level][value=I]").check()
    page.locator("input[name=clause]").fill("3.2")
    page.locator("textarea[name=reason]").fill("多人受伤")
    page.locator("main form button.primary").click()
    expect(page.get_by_role("alert").filter(has_text=said["refused"])).to_be_visible()
    expect(page.locator("textarea[name=reason]")).to_have_value("多人受伤")

    page.locator("input[name=level][value=III]").check()
    page.locator("input[name=clause]").fill("3.4")
    page.locator("main form button.primary").click()
    expect(page.locator(".state .level-name")).to_contain_text(said["three"])
    page.locator("#record .timeline a").first.click()
    expect(page.locator("pre.raw")).to_contain_text('"verb"')
    sound(page)
    page.goto(room.split("/respond/")[0] + "/")
    expect(page.locator("h1")).to_contain_text(said["moving"])


def test_a_statement_is_drafted_signed_twice_and_published(enter):
    page = enter("duty")
    page.locator("a[href='/respond/open_incident/']").first.click()
    page.locator("input[name=title]").fill("Outage in the south")
    page.locator("main form button.primary").click()
    expect(page.locator(".matter")).to_contain_text("Outage in the south")
    room = page.url.split("#")[0]
    become(page, "谢雨桐", "en-US")
    page.goto(f"{room}draft_statement/")
    page.locator("textarea[name=text]").fill("今晚城南停电，正在抢修。")
    page.locator("input[name=doing]").check()
    page.locator("textarea[name=figures]").fill("户数 2140")
    page.locator("main form button.primary").click()
    expect(page.locator("#statements .off")).to_be_visible()
    expect(page.locator("#statements form[action$='approve_statement/']")).to_have_count(0)
    for signer in ("林晓芸", "周敏"):
        become(page, signer, "en-US")
        page.locator("#statements form[action$='approve_statement/'] button").click()
        expect(page.locator("#statements form[action$='approve_statement/']")).to_have_count(0)
    become(page, "罗玉梅", "en-US")
    page.locator("#statements a[href*='publish_statement/']").click()
    page.locator("select[name=channel]").select_option("account")
    page.locator("main form button.primary").click()
    expect(page.locator("#statements .tag-good")).to_be_visible()
    sound(page)


def test_the_language_is_changed_by_a_tap(enter, tongue):
    page = enter("s04")
    page.get_by_role("button", name=SAID[tongue]["other"], exact=True).click()
    other = "en-US" if tongue == "zh-CN" else "zh-CN"
    expect(page.get_by_role("button", name=SAID[other]["other"], exact=True)).to_be_visible()


def test_a_phone_shows_the_whole_width(enter, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page = enter("s04")
    for place in ("/", "/drill/", "/respond/open_incident/"):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + place)
        sound(page)


def test_without_scripts_everything_still_works(browser, site, furnished):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/org/enter/{furnished[1]['s04']}/")
    page.locator("main button").click()
    page.goto(f"{site}/respond/open_incident/")
    page.locator("input[name=title]").fill("热线反映电线起火")
    page.locator("main form button.primary").click()
    expect(page.locator(".matter")).to_contain_text("热线反映电线起火")
    context.close()


def test_the_keyboard_reaches_the_page_first(enter):
    page = enter("s04")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#page")).to_be_focused()
