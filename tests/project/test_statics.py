"""Static files: whole, packed where the browser takes it, a part where it asks for one, nothing again that it has."""

import pytest

from shudao.project.statics import StaticFiles


@pytest.fixture
def site(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_text("body { color: red }" * 200)
    (tmp_path / "a.css.gz").write_bytes(b"\x1f\x8bpacked")
    return StaticFiles(lambda request: None)


def ask(site, rf, **headers):
    return site(rf.get("/static/a.css", headers=headers))


def test_a_file_comes_whole_and_in_no_stream(site, rf):
    answer = ask(site, rf)
    assert not answer.streaming and answer.content == b"body { color: red }" * 200
    assert answer["Content-Type"].startswith("text/css") and answer["Content-Length"] == "3800"


def test_a_packed_one_where_it_is_taken(site, rf):
    answer = ask(site, rf, accept_encoding="gzip")
    assert answer.content == b"\x1f\x8bpacked" and answer["Content-Encoding"] == "gzip"


def test_a_part_where_one_is_asked_for(site, rf):
    answer = ask(site, rf, range="bytes=0-3")
    assert answer.status_code == 206 and answer.content == b"body"


def test_nothing_again_that_the_browser_has(site, rf):
    answer = ask(site, rf, if_modified_since=ask(site, rf)["Last-Modified"])
    assert answer.status_code == 304 and answer.content == b""


def test_a_head_has_no_body(site, rf):
    answer = site(rf.head("/static/a.css"))
    assert answer.status_code == 200 and answer.content == b"" and answer["Content-Length"] == "3800"
