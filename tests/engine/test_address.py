"""What may be kept of an address: the way to the post, or the site, never the user."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.address import clean_address, clean_in_text, is_site_only, replace_addresses

KEPT = [
    ("https://weibo.com/1234567890/Mabc12DEf?refer_flag=1", "https://m.weibo.cn/status/Mabc12DEf"),
    ("https://www.weibo.com/laowang/Mabc12DEf", "https://m.weibo.cn/status/Mabc12DEf"),
    ("https://m.weibo.cn/detail/4890123456789012", "https://m.weibo.cn/status/4890123456789012"),
    ("https://weibo.com/u/1234567890", "https://weibo.com/"),
    ("https://weibo.com/n/老王", "https://weibo.com/"),
    ("https://weibo.com/1234567890/followers", "https://weibo.com/"),
    ("https://www.zhihu.com/people/lao-wang", "https://zhihu.com/"),
    ("https://www.zhihu.com/question/123/answer/456?utm=x", "https://www.zhihu.com/question/123/answer/456"),
    ("https://zhuanlan.zhihu.com/p/99887", "https://zhuanlan.zhihu.com/p/99887"),
    ("https://www.douyin.com/user/MS4wLjABAAAA?modal_id=7301", "https://www.douyin.com/video/7301"),
    ("https://www.douyin.com/user/MS4wLjABAAAA", "https://douyin.com/"),
    ("https://space.bilibili.com/12345/dynamic", "https://space.bilibili.com/"),
    ("https://www.bilibili.com/video/BV1xx411c7mD?mid=55", "https://www.bilibili.com/video/BV1xx411c7mD"),
    ("https://tieba.baidu.com/home/main?un=laowang", "https://tieba.baidu.com/"),
    ("https://tieba.baidu.com/p/123456?author=9", "https://tieba.baidu.com/p/123456"),
    ("https://mp.weixin.qq.com/s?__biz=MzA4&mid=26&idx=1", "https://mp.weixin.qq.com/"),
    ("https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOp", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOp"),
    ("https://x.com/laowang/status/1790000000000000000?s=20", "https://x.com/i/status/1790000000000000000"),
    ("https://twitter.com/laowang", "https://twitter.com/"),
    ("https://www.tiktok.com/@laowang/video/73", "https://www.tiktok.com/embed/v2/73"),
    ("https://www.youtube.com/watch?list=PL1&v=abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk"),
    ("https://www.youtube.com/@laowang", "https://youtube.com/"),
    ("https://laowang.lofter.com/post/1", "https://lofter.com/"),
    ("https://forum.example/u/laowang/post/5", "https://forum.example/"),
    ("https://forum.example/t/5?uid=77", "https://forum.example/"),
    ("https://forum.example/space-uid-77.html", "https://forum.example/"),
    ("https://forum.example/home.php?mod=space&do=x", "https://forum.example/"),
    ("https://social.example/@laowang/110", "https://social.example/"),
    ("https://social.example/%40laowang/110", "https://social.example/"),
    ("https://forum.example/#/user/77", "https://forum.example/"),
    ("https://old.example/~wang/x.html", "https://old.example/"),
    ("https://wang:secret@news.example/a/1", "https://news.example/a/1"),
    ("https://news.example:8443/2026/03/01/a.html?id=5#p2", "https://news.example:8443/2026/03/01/a.html?id=5#p2"),
    ("https://forum.example/thread-123-1-1.html", "https://forum.example/thread-123-1-1.html"),
    ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a"),
    ("javascript:alert(1)", ""),
    ("file:///etc/passwd", ""),
    ("/relative", ""),
    ("http://[broken", ""),
    ("https://news.example/" + "a" * 3000, "https://news.example/"),
]


@pytest.mark.parametrize(("url", "kept"), KEPT, ids=[url[:60] for url, _ in KEPT])
def test_an_address_keeps_the_post_and_loses_the_user(url, kept):
    assert clean_address(url) == kept


def test_what_was_cleaned_stays_as_it_is():
    for _, kept in KEPT:
        assert clean_address(kept) == kept


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://forum.example/laowang88/5", "https://forum.example/"),
        ("https://forum.example/x?q=LaoWang88", "https://forum.example/"),
        ("https://laowang88.blogs.example/5", "https://blogs.example/"),
        ("https://forum.example/%E8%80%81%E7%8E%8B/5", "https://forum.example/"),
        ("https://laowang88.example/5", "https://laowang88.example/5"),
        ("https://news.example/5", "https://news.example/5"),
    ],
)
def test_a_known_handle_stands_in_no_part_but_the_sites_own_name(url, kept):
    assert clean_address(url, ["laowang88", "老王"]) == kept


def test_a_site_alone_is_known_as_such():
    assert is_site_only("https://forum.example/") and is_site_only("")
    assert not is_site_only("https://forum.example/5") and not is_site_only("https://forum.example/?p=5")


def test_addresses_in_text_are_found_with_and_without_a_scheme():
    text = "看 weibo.com/u/123456，还有https://news.example/a/1。详见weibo.com/n/老王 今天3.5/5分"
    found = []
    result = replace_addresses(text, lambda url: found.append(url) or "<>", str.upper)
    assert found == ["weibo.com/u/123456", "https://news.example/a/1", "weibo.com/n/老王"]
    assert result == "看 <>，还有<>。详见<> 今天3.5/5分"


def test_an_address_in_text_without_a_user_is_left_alone():
    assert clean_in_text("news.example/a/1") == "news.example/a/1"
    assert clean_in_text("weibo.com/u/123456") == "https://weibo.com/"


@given(st.text(alphabet="htps:/.@ab1%-_?&=#[]王￥\x00 ", max_size=80))
def test_any_address_gives_an_address_or_nothing(url):
    kept = clean_address(url)
    assert kept == "" or kept.startswith(("http://", "https://"))
    assert "@" not in kept


@pytest.mark.parametrize("piece", ["a.", "a-", "http://", "a.b/", "https://a@", "@", "/u/", "www.a.cn/?uid="])
def test_searching_takes_time_in_proportion_to_the_text(piece):
    text = piece * (300_000 // len(piece))
    begun = time.perf_counter()
    replace_addresses(text, clean_in_text, str)
    assert time.perf_counter() - begun < 20
