"""Feeds: well made, odd, broken and hostile; and the real ones where they are present."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake.feed import read_feed
from shudao.engine.intake.setting import CHINA
from shudao.engine.post import Post, Reject
from shudao.engine.words import BadInput
from tests.engine.intake.setting import MADE, SETTING, posts_of

HEAD = '<?xml version="1.0"{0}?><rss version="2.0"><channel><title>青岚晚报</title>'
ITEM = (
    "<item><title>城东片区停电</title><link>https://news.example/a/1</link><guid>n1</guid><author>wang@news.example (王记者)"
    "</author><pubDate>Sun, 01 Mar 2026 08:05:00 +0800</pubDate><description>&lt;p&gt;半小时了&lt;/p&gt;</description></item>"
)
TAIL = "</channel></rss>"
RSS = HEAD.format(' encoding="utf-8"') + ITEM + TAIL


def read(text, **headers):
    """The results of a feed given as text or bytes."""
    data = text.encode() if isinstance(text, str) else text
    return read_feed(data, SETTING, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_an_item_becomes_a_post():
    reading = read(RSS)
    assert (reading.title, reading.is_broken) == ("青岚晚报", False)
    assert reading.results == (
        Post(
            id="n1",
            source="青岚监测",
            kind="web",
            url="https://news.example/a/1",
            title="城东片区停电",
            text="半小时了",
            published_at=datetime(2026, 3, 1, 8, 5, tzinfo=CHINA),
            author="wang@news.example (王记者)",
        ),
    )


def test_atom_rdf_and_json_say_the_same():
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>n1</id><title type="html">&lt;b&gt;停电&lt;/b&gt;</title>'
        '<link href="https://news.example/a/1"/><published>2026-03-01T08:05:00+08:00</published><content type="html">'
        "&lt;p&gt;半小时了&lt;/p&gt;</content><author><name>王记者</name></author></entry></feed>"
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="n1"><title>停电</title><link>https://news.example/a/1</link>'
        "<description>半小时了</description><dc:date>2026-03-01T08:05:00+08:00</dc:date><dc:creator>王记者</dc:creator></item></rdf:RDF>"
    )
    item = {"id": "n1", "url": "https://news.example/a/1", "title": "停电", "content_text": "半小时了"}
    item |= {"date_published": "2026-03-01T08:05:00+08:00", "authors": [{"name": "王记者"}]}
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [item]})
    [first], [second], [third] = read(atom).results, read(rdf).results, read(feed).results
    assert first == second == third
    assert first.author == "王记者"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("", "utf-8"), ("", "gb18030"), ("utf-8", "gb18030"), ("gb2312", "gb18030"), ("gb2312", "utf-8"), ("gbk", "gbk"),
     ("big5", "big5"), ("", "utf-16"), ("utf-16", "utf-16")],
)  # fmt: skip
def test_chinese_is_read_whatever_the_feed_says(declared, encoding):
    text = HEAD.format(f' encoding="{declared}"' if declared else "") + "<item><title>城市中文</title></item>" + TAIL
    if encoding == "big5":
        text = text.replace("青岚晚报", "中文")
    assert [post.title for post in read(text.encode(encoding)).results] == ["城市中文"]


def test_a_feed_with_broken_bytes_or_cut_short_gives_what_is_there():
    broken = RSS.encode().replace("半小时".encode(), b"\xff\xfe\x80")
    assert [post.title for post in posts_of(read(broken).results)] == ["城东片区停电"]
    many = HEAD.format("") + ITEM + ITEM.replace("n1", "n2") + ITEM.replace("n1", "n3")[:60]
    reading = read(many)
    assert reading.is_broken
    assert [post.id for post in posts_of(reading.results)][:2] == ["n1", "n2"]
    gbk = (HEAD.format(' encoding="gb2312"') + ITEM).encode("gb18030") + b"\xff\xff"
    assert [post.title for post in posts_of(read(gbk).results)] == ["城东片区停电"]


def test_markup_and_controls_in_a_title_are_gone():
    title = "&lt;script&gt;alert(1)&lt;/script&gt;停&lt;b onclick='x'&gt;电&lt;/b&gt;&#x202e;"
    [post] = read(RSS.replace("城东片区停电", title)).results
    assert post.title == "停电"
    raw = RSS.replace("城东片区", "城\x00\x08东")
    assert posts_of(read(raw).results)[0].title.endswith("停电")


@pytest.mark.parametrize(
    "date", ["", "not a date", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 2199 00:00:00 GMT", "0000-00-00"]
)
def test_an_item_without_a_usable_date_is_dated_by_the_reading(date):
    [post] = read(RSS.replace("Sun, 01 Mar 2026 08:05:00 +0800", date)).results
    assert post.published_at == MADE


def test_items_without_an_id_get_one_from_the_address_or_the_content():
    item = "<item><title>{}</title></item>"
    made = read(
        HEAD.format("") + item.format("甲") + item.format("乙") + item.format("@老王") + item.format("@老李") + TAIL
    )
    ids = [post.id for post in made.results]
    assert ids[0] != ids[1] and ids[2] == ids[3]
    linked = read(RSS.replace("<guid>n1</guid>", "")).results
    assert linked[0].id == "https://news.example/a/1"


def test_an_item_that_says_nothing_is_a_numbered_reject():
    results = read(HEAD.format("") + ITEM + "<item><link>https://news.example/2</link></item>" + TAIL).results
    assert [type(result) for result in results] == [Post, Reject]
    assert results[1].line == 2
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "1", "title": "停电"}, 5, {"id": {}}, {"id": "4"}],
    }
    results = read(json.dumps(feed)).results
    assert [type(result) for result in results] == [Post, Reject, Reject, Reject]


def test_relative_links_are_resolved_against_the_feeds_own_address():
    relative = RSS.replace("https://news.example/a/1", "/a/1")
    [post] = read(relative, content_location="https://news.example/feed", content_type="application/rss+xml").results
    assert post.url == "https://news.example/a/1"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "停"}">' for n in range(12))


@pytest.mark.parametrize(
    "hostile",
    [
        f'<!DOCTYPE x [{LAUGHS}]><rss version="2.0"><channel><item><title>&l11;</title></item></channel></rss>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + RSS.split("?>")[1].replace("城东片区停电", "&e;"),
        "<rss><channel>" + "<item>" * 50_000,
        "<rss version='2.0'><channel><item><title>" + "<b>" * 50_000,
        "<!ENTITY a 'b'>" * 1000 + RSS,
        "<" * 200_000,
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 50_000,
        "<rss>" + "x" * 11_000_000,
    ],
    ids=["laughs", "file", "nested", "markup", "entities", "angles", "json", "long"],
)
def test_hostile_feeds_are_refused_or_harmless(hostile):
    try:
        reading = read(hostile)
    except BadInput:
        return
    assert len(str(reading.results)) < 3_000_000
    assert "root:" not in str(reading.results)


def test_bytes_are_never_taken_for_an_address_or_a_file(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(RSS)
    for data in (str(path), "https://news.example/feed", "file://" + str(path)):
        with pytest.raises(BadInput):
            read(data)


@pytest.mark.parametrize("data", ["", "<html><body>停电</body></html>", "停电", '{"a": 1}', "[]", '{"version": 5}'])
def test_what_is_no_feed_is_bad_input(data):
    with pytest.raises(BadInput):
        read(data)


@given(
    st.text(alphabet="<>/rsitemle! [CDATA]&;#\"'=停-?", max_size=150)
    | st.binary(max_size=150).map(lambda b: b.decode("latin-1"))
)
def test_any_text_inside_or_instead_of_a_feed(junk):
    for text in (junk, RSS.replace("半小时了", junk), HEAD.format(junk[:20]) + junk):
        try:
            results = read(text).results
        except BadInput:
            continue
        assert all(isinstance(result, Post | Reject) for result in results)


def test_real_feeds_give_what_is_expected_of_them():
    from bench import feeds

    if feeds.shared("data", feeds.FEEDS) is None:
        pytest.skip("the public data is not present")
    counts, _ = feeds.judge_all()
    assert counts["passed"] >= 200
    assert counts["failed"] <= 0.02 * counts["passed"]
    assert feeds.read_more()[1] == 0
