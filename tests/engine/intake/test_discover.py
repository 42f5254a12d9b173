"""What a page is that is no feed."""

from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake.discover import MOST_FEEDS, feeds_of, is_gate, is_page

BASE = "https://a.example/news/index.html"


def test_feeds_are_found_in_order_each_once_with_whole_addresses():
    page = b"""<html><head><LINK REL="alternate" TYPE="application/atom+xml; charset=utf-8" HREF="../atom.xml" title="All &amp; new">
    <link rel="alternate" type="application/rss+xml" href="https://b.example/rss"><link rel="stylesheet" href="x.css">
    <link rel="alternate" type="application/rss+xml" href="/atom.xml"><link rel=alternate type=text/html href=/en></head>"""
    assert feeds_of(page, BASE) == [("All & new", "https://a.example/atom.xml"), ("https://b.example/rss",) * 2]


def test_only_web_addresses_and_not_many():
    rows = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n}">' for n in range(20))
    bad = '<link rel="alternate" type="application/rss+xml" href="javascript:x"><link rel="alternate" type="application/rss+xml" href="http://[x">'
    found = feeds_of((bad + rows).encode(), BASE)
    assert len(found) == MOST_FEEDS and all(address.startswith("https://") for _, address in found)


def test_pages_and_gates_are_told():
    assert is_page(b"  <!DOCTYPE html><p>") and is_page(b"<HTML>") and not is_page(b"<rss><channel>")
    assert is_gate("<p>请完成验证后继续</p>".encode()) and is_gate(b'<div id="captcha">') and not is_gate(b"<p>hello")


@given(st.binary(max_size=300))
def test_anything_is_read(data):
    assert isinstance(feeds_of(data, BASE), list)
    is_page(data)
    is_gate(data)
