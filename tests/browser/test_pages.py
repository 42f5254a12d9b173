"""Every page of a site with something on it, once: no fault of access, nothing in the console, nothing wider than the
phone, nothing that speaks of the machine. On a desk in Chinese, on a phone in English.
"""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.browser.axe import faults_of
from tests.browser.conftest import EXPECTED

DESK, PHONE = ("zh-CN", {"width": 1280, "height": 900}), ("en-US", {"width": 390, "height": 800})
LEAVES = {"account_logout", "set_language", "manifest", "service_worker", "org:sign_out"}
MACHINE = re.compile(r"Traceback|object at 0x|DoesNotExist|\bundefined\b|&lt;|&amp;|%\(\w+\)s")
NOTHING = re.compile(r"\bNone\b")
"""A word of English, but of no Chinese page."""
LEAST = 110
"""So many names of addresses are found by following links; fewer means that the site has come apart."""
WIDER = "document.scrollingElement.scrollWidth - innerWidth"


def name_of(address: str) -> str:
    """What an address is called. A drill's pages are the same pages; a few of them will do."""
    try:
        found = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return "nowhere"
    return "" if ":run_" in found and found not in {"respond:run_incident", "board:run_board"} else found


class Walk:
    """One reader going from page to page by the links there are, to each name once."""

    def __init__(self, browser, root, token, tongue, size):
        self.root, self.tongue = root, tongue
        self.context = browser.new_context(locale=tongue, viewport=size)
        self.page, self.heard, self.faults, self.names = self.context.new_page(), [], [], set()
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.on(
            "console", lambda line: self.heard.append(line.text) if line.type in {"error", "warning"} else None
        )
        self.page.goto(f"{root}/org/enter/{token}/")
        self.page.locator("main button").first.click()
        self.page.wait_for_load_state()

    def everywhere(self, *, accessible: bool) -> set[str]:
        """Names of the pages seen."""
        waiting = ["/"]
        while waiting:
            address = waiting.pop(0)
            name = name_of(address)
            if not name or name in self.names | LEAVES:
                continue
            self.names.add(name)
            if self.open(address):
                self.look(address, accessible=accessible)
                waiting += self.links(address)
        return self.names

    def open(self, address: str) -> bool:
        """Whether it is a page; what downloads is none."""
        if self.context.request.head(self.root + address).headers.get("content-type", "")[:9] != "text/html":
            return False
        self.heard.clear()
        answer = self.page.goto(self.root + address)
        if answer.status != 200:
            self.faults.append(f"{address}: {answer.status}")
        return answer.status == 200

    def look(self, address: str, *, accessible: bool) -> None:
        """Note what is wrong with the page that is open."""
        text = self.page.locator("#page").inner_text()
        said = MACHINE.search(text) or (self.tongue == "zh-CN" and NOTHING.search(text))
        wrong = [line for line in self.heard if not any(known in line for known in EXPECTED)]
        wrong += [f"says {said[0]}"] if said else []
        wrong += [f"{wider} px too wide"] if (wider := self.page.evaluate(WIDER)) > 0 else []
        wrong += [f"{rule}: {nodes[0]}" for rule, _help, nodes in faults_of(self.page)] if accessible else []
        self.faults += [f"{address}: {line}" for line in wrong]

    def links(self, address: str) -> list[str]:
        """Addresses of this site that the page leads to."""
        found = self.page.eval_on_selector_all("a[href]", "rows => rows.map(row => row.getAttribute('href'))")
        parts = [urlsplit(urljoin(self.root + address, link)) for link in found]
        ours = urlsplit(self.root).netloc
        return [f"{row.path}?{row.query}" if row.query else row.path for row in parts if row.netloc == ours]


@pytest.mark.browser
@pytest.mark.long
def test_every_page_on_a_desk_in_chinese(browser, full):
    walk = Walk(browser, full[0], full[1]["boss"], *DESK)
    names = walk.everywhere(accessible=True)
    assert walk.faults == []
    assert len(names) >= LEAST, sorted(names)


@pytest.mark.browser
@pytest.mark.long
def test_every_page_on_a_phone_in_english(browser, full):
    walk = Walk(browser, full[0], full[1]["again"], *PHONE)
    walk.everywhere(accessible=False)
    assert walk.faults == []
