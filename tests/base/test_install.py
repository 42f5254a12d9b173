"""The site can be put on a phone's first screen; nothing of a signed-in page is kept there."""

import json

import pytest
from django.test import Client

from shudao.base import install

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "疏导"), ("en", "Shudao")])
def test_the_manifest_speaks_the_readers_language_and_names_icons_that_exist(language, name):
    from django.contrib.staticfiles import finders

    said = json.loads(Client(headers={"Accept-Language": language}).get("/manifest.webmanifest").content)
    assert said["short_name"] == name and said["start_url"] == "/" and said["display"] == "standalone"
    assert {icon["sizes"] for icon in said["icons"]} == {"192x192", "512x512"}
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in said["icons"])


def test_the_service_worker_stands_at_the_root_and_keeps_only_what_everybody_sees():
    answer = Client().get("/sw.js")
    first, body = answer.content.decode().split("\n", 1)
    told = json.loads(first.removeprefix("self.SHUDAO = ").rstrip(";"))
    assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
    assert all(name.startswith("/static/") for name in told["files"]) and "/" not in told["pages"]
    assert all(Client().get(page).status_code == 200 for page in told["pages"])
    assert "addEventListener" in body


def test_a_new_file_makes_a_new_version(monkeypatch):
    before = Client().get("/sw.js").content.split(b"\n", 1)[0]
    monkeypatch.setattr(install, "WORKER_PARTS", ["base/live.js"])
    after = Client().get("/sw.js").content.split(b"\n", 1)[0]
    assert before != after and b"/static/base/live.js" in after


def test_the_page_for_no_network_needs_nobody():
    page = Client(headers={"Accept-Language": "zh-hans"}).get("/away/")
    assert page.status_code == 200 and "没有网络" in page.content.decode()
