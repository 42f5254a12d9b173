"""Live pages against a real server: what one does arrives at the other; a stranger hears nothing; a drill stays in its run."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
import requests
from playwright.sync_api import expect

from shudao.base.live import PER_USER
from shudao.project.serve import MOST
from tests.browser.conftest import ROOT, surroundings

PATIENCE = 30


class Reader:
    """A person at a terminal of his own, without a browser."""

    def __init__(self, site, token):
        self.site, self.session = site, requests.Session()
        self.session.headers["Accept-Language"] = "zh-hans"
        place = f"{site}/org/enter/{token}/"
        self.session.get(place)
        self.post(place)

    def post(self, place, **said):
        token = self.session.cookies.get("csrftoken", "")
        return self.session.post(place, {"csrfmiddlewaretoken": token, **said}, headers={"Referer": place})

    def open(self, **said):
        said = {"title": "城南片区停电", "origin": "hotline", **said}
        answer = self.post(f"{self.site}/respond/open_incident/", **said)
        assert answer.ok, answer.status_code
        return answer.url

    def watch(self, *keys, last=""):
        return self.session.get(f"{self.site}/live/", params={"see": keys, "last": last}, stream=True, timeout=PATIENCE)


def events(answer):
    """(event, data) as they come."""
    name = ""
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def next_of(stream, wanted):
    return next(data for name, data in stream if name == wanted)


@pytest.fixture
def people(site, furnished):
    """`people("duty")`: signed in from a place of his own."""
    return lambda name: Reader(site, furnished[1][name])


def test_an_act_of_one_arrives_at_the_other(people):
    duty, head = people("duty"), people("s04")
    answer = head.watch("live")
    assert answer.headers["Content-Type"] == "text/event-stream" and answer.headers["Cache-Control"] == "no-store"
    stream = events(answer)
    assert next_of(stream, "hello")["unread"] >= 0
    duty.open()
    assert next_of(stream, "moved") == {}
    answer.close()


def test_a_stranger_hears_nothing(site):
    answer = requests.get(f"{site}/live/?see=live", allow_redirects=False, timeout=PATIENCE)
    assert answer.status_code == 302 and "/org/sign-in/" in answer.headers["Location"]


@pytest.mark.parametrize("key", ["run/0099", "incident/2026-9999", "site", "incident/../x", "audit"])
def test_what_is_not_there_cannot_be_watched(people, key):
    assert people("duty").watch(key).status_code == 404


def test_a_drill_and_the_real_world_do_not_hear_of_each_other(people, site):
    duty = people("duty")
    page = duty.post(f"{site}/drill/start_run/", scenario="zh/outage", team="ideal", speed="1")
    found = re.search(r"/runs/(\d+)/", page.url)
    assert found, page.url
    run = found[1]
    real, drill = duty.watch("live"), duty.watch(f"run/{run}")
    heard, played = events(real), events(drill)
    next_of(heard, "hello"), next_of(played, "hello")
    duty.post(f"{site}/drill/runs/{run}/play_on/")
    next_of(played, "moved")
    place = duty.watch("live", f"run/{run}")
    after = events(place)
    next_of(after, "hello")
    duty.open()
    next_of(heard, "moved")  # the first thing the real world hears is its own matter
    next_of(after, "moved")
    for answer in (real, drill, place):
        answer.close()


def test_a_connection_ends_when_one_signs_out(people, site):
    duty = people("duty")
    stream = events(duty.watch("live"))
    next_of(stream, "hello")
    duty.post(f"{site}/org/sign-out/")
    assert next_of(stream, "bye") == {"why": "signed-out"}


def test_one_person_has_only_so_many_connections(people):
    duty, answers, streams = people("duty"), [], []
    while (answer := duty.watch("live")).status_code == 200:
        answers.append(answer)
        streams.append(events(answer))  # held, or the connections would be let go
        next_of(streams[-1], "hello")
    assert answer.status_code == 429 and PER_USER <= len(answers) <= PER_USER * MOST
    for answer in answers:
        answer.close()


def test_the_server_stops_at_once_with_connections_open(furnished, tmp_path):
    import shutil

    from tests.browser.conftest import free_port, wait_for

    folder = tmp_path / "data"
    shutil.copytree(furnished[0], folder)
    port = free_port()
    command = [sys.executable, "-m", "shudao.project.serve", "127.0.0.1", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=surroundings(folder), stderr=subprocess.PIPE)
    site = f"http://127.0.0.1:{port}"
    wait_for(f"{site}/org/alive/")
    stream = events(Reader(site, furnished[1]["duty"]).watch("live"))
    next_of(stream, "hello")
    begun = time.monotonic()
    os.kill(server.pid, signal.SIGTERM)
    assert next_of(stream, "bye") == {"why": "stopping"}
    assert server.wait(20) in {0, -signal.SIGTERM} and time.monotonic() - begun < 10
    assert "Cancel" not in server.stderr.read().decode()


@pytest.mark.browser
def test_the_board_of_one_moves_when_the_other_acts(enter, people):
    page = enter("s04")
    with page.expect_request(re.compile("/live/")):
        page.reload()
    people("duty").open(title="热线反映电线起火")
    expect(page.locator("#matters")).to_contain_text("热线反映电线起火", timeout=PATIENCE * 1000)
    expect(page.locator("#lost")).to_be_hidden()


UNFOLD = """part => { const box = document.createElement("details"); box.id = "";
  box.innerHTML = "<summary>结束</summary><form><button>好</button></form>"; part.append(box); }"""


@pytest.mark.browser
def test_an_answer_on_its_way_does_not_fold_what_was_opened_meanwhile(enter):
    page, held = enter("s04"), []
    part = page.locator("[data-live]").first
    part.evaluate(UNFOLD)
    page.route(lambda _: True, lambda route: held.append(route))
    with page.expect_request(lambda request: "hx-request" in request.headers):
        part.evaluate("part => htmx.trigger(part, 'sse:moved')")
    page.get_by_text("结束", exact=True).click()
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        for route in held:
            route.continue_()
    page.evaluate("() => new Promise(done => setTimeout(done, 0))")
    expect(page.get_by_role("button", name="好", exact=True)).to_be_visible()
