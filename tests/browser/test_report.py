"""The observer's form on a phone: saved without a network, sent when it is back, once; and plainly without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import assert_accessible
from tests.listen.pictures import picture

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
SHOT = {"name": "a.png", "mimeType": "image/png", "buffer": picture(b"seen")}
SAID = {
    "zh-CN": {"unsent": "还没有送出（{n}）", "away": "没有网络，也可以先填好", "sent": r"\d\d:\d\d 已送出", "thanks": "收到了，谢谢您"},
    "en-US": {"unsent": "not yet sent ({n})", "away": "No network: fill it in all the same", "sent": r"[Ss]ent at \d\d:\d\d", "thanks": "Received, thank you"},
}  # fmt: skip


@pytest.fixture
def phone(site, furnished, page):
    """A phone whose owner has signed in, the service worker at work."""
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/org/enter/{furnished[1]['s17']}/")
    page.locator("main button").click()
    expect(page.locator("details.me")).to_be_visible()
    page.goto(f"{site}/listen/report/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def fill(page, words, *, shot=False):
    page.locator("textarea[name=words]").fill(words)
    if shot:
        page.locator("input[name=pictures]").set_input_files(SHOT)
    page.locator("form[data-report] button.primary").click()


def reports_of(page, site):
    """What the signed-in person has reported, as the site tells him."""
    page.goto(f"{site}/listen/report/")
    return page.locator("h2.over + ul.list > li").all_inner_texts()


def test_what_is_seen_without_a_network_is_sent_when_it_is_back_and_only_once(site, phone, tongue):
    said = SAID[tongue]
    expect(phone.locator("#unsent")).to_be_hidden()
    phone.context.set_offline(True)
    fill(phone, "城南小区停电了", shot=True)
    expect(phone.locator("#unsent")).to_be_visible()
    expect(phone.locator("#unsent h2")).to_contain_text(said["unsent"].format(n=1))
    phone.goto(f"{site}/listen/report/")
    expect(phone.locator("h1")).to_have_text(said["away"])
    expect(phone.locator("#unsent h2")).to_contain_text(said["unsent"].format(n=1))
    assert_accessible(phone)
    fill(phone, "变压器有异响")
    expect(phone.locator("#unsent h2")).to_contain_text(said["unsent"].format(n=2))
    phone.context.set_offline(False)
    expect(phone.locator("#sent")).to_have_text(re.compile(said["sent"]), timeout=20_000)
    expect(phone.locator("#unsent")).to_be_hidden()
    mine = reports_of(phone, site)
    assert len(mine) == 2 and any("城南小区停电了" in row for row in mine) and any("变压器" in row for row in mine)
    phone.reload()
    assert len(reports_of(phone, site)) == 2


def test_with_a_network_it_is_sent_at_once_and_thanked(site, phone, tongue):
    fill(phone, "城南小区停电了", shot=True)
    expect(phone.locator("h1")).to_have_text(SAID[tongue]["thanks"])
    assert_accessible(phone)
    assert len(reports_of(phone, site)) == 1
    assert phone.evaluate("ShudaoOutbox.all().then(rows => rows.length)") == 0


def test_a_fault_is_told_on_the_phone_and_nothing_is_lost(site, phone, tongue):
    phone.locator("input[name=link]").fill("没有网址")
    phone.locator("form[data-report] button.primary").click()
    expect(phone.locator("#unsent .fault")).to_be_visible()
    phone.locator("#unsent [data-drop]").click()
    expect(phone.locator("#unsent")).to_be_hidden()
    assert reports_of(phone, site) == []


def test_what_another_person_saved_is_not_sent_in_ones_own_name(site, furnished, phone):
    # Or it goes out in the background, in its owner's name.
    phone.evaluate("delete ServiceWorkerRegistration.prototype.sync")
    phone.context.set_offline(True)
    fill(phone, "城南小区停电了")
    expect(phone.locator("#unsent")).to_be_visible()
    phone.goto("about:blank")
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    phone.goto(f"{site}/org/enter/{furnished[1]['s04']}/")
    phone.locator("main button").click()
    expect(phone.locator("details.me")).to_be_visible()
    assert reports_of(phone, site) == []
    expect(phone.locator("#unsent .fault")).to_be_visible()


def test_the_plain_form_works_without_scripts(site, furnished, browser, tongue):
    context = browser.new_context(java_script_enabled=False, locale=tongue, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site}/org/enter/{furnished[1]['s17']}/")
    page.locator("main button").click()
    page.goto(f"{site}/listen/report/")
    expect(page.locator("noscript p")).to_be_visible()
    fill(page, "城南小区停电了", shot=True)
    expect(page.locator("h1")).to_have_text(SAID[tongue]["thanks"])
    assert re.search(r"/listen/report/thanks/\d+/$", page.url)
    context.close()
