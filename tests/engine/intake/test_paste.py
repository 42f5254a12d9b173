"""Posts copied by hand: lines that say what they are are taken at their word, all else is the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake.paste import Pasted, cut_post, cut_posts, platform_of, read_counts, understand
from shudao.engine.post import Post
from tests.engine.intake.setting import NOW, SETTING

BLOCK = """@青岚小李
昨天 09:32 来自 某某手机
城南又停电了，冰箱里的菜怎么办
https://weibo.com/1234567890/Mabc12DEf
转发 12  评论 3  赞 1.2万"""


def test_a_block_as_it_stands_on_the_screen():
    cut = cut_post(BLOCK)
    assert cut == Pasted(
        url="https://weibo.com/1234567890/Mabc12DEf", platform="微博", text="城南又停电了，冰箱里的菜怎么办",
        when="昨天 09:32", author="青岚小李", counts={"shares": 12, "comments": 3, "likes": 12000},
    )  # fmt: skip
    found = understand(cut, SETTING)
    assert found.post.id == "https://m.weibo.cn/status/Mabc12DEf" and found.post.source == "微博"
    assert found.post.published_at.strftime("%m-%d %H:%M") == "07-12 09:32" and not found.is_time_assumed


def test_labels_are_taken_at_their_word():
    cut = cut_post(
        "标题：求助\n作者: 老周\n时间：7月1日 09:32\n平台：某论坛\n链接：https://forum.example/t/1\n正文：没有水\n第二行"
    )
    assert (cut.title, cut.author, cut.when, cut.platform, cut.url) == (
        "求助",
        "老周",
        "7月1日 09:32",
        "某论坛",
        "https://forum.example/t/1",
    )
    assert cut.text == "没有水\n第二行"


def test_several_posts_parted_by_blank_lines():
    posts = cut_posts(f"{BLOCK}\r\n\r\n\r\n三天没水\n\n \n最后一条")
    assert [post.text for post in posts] == ["城南又停电了，冰箱里的菜怎么办", "三天没水", "最后一条"]


@pytest.mark.parametrize(
    ("when", "fault"), [("明天 08:00", True), ("2027-01-01", True), ("不知道", True), ("", False), ("3小时前", False)]
)
def test_a_time_that_cannot_be_is_said_and_a_missing_one_is_now(when, fault):
    found = understand(Pasted(text="停电", when=when), SETTING)
    assert (found.post is None) == fault and (found.fault is not None) == fault
    if not fault:
        assert found.is_time_assumed == (when == "") and found.post.published_at <= NOW


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        (Pasted(text=""), "title"),
        (Pasted(text="x", url="weibo"), "网址"),
        (Pasted(text="x", url="javascript:alert(1)"), "网址"),
    ],
)
def test_what_cannot_be_kept_says_why(pasted, says):
    assert says in understand(pasted, SETTING).fault.words.zh


def test_the_same_post_pasted_again_is_known_again():
    ids = {understand(Pasted(text="停电 @老李", when=when), SETTING).post.id for when in ("昨天 09:32", "昨天 10:00")}
    assert len(ids) == 1
    assert understand(Pasted(text="停电 @老周", when="昨天 09:32"), SETTING).post.id in ids  # no guess is confirmed


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("转发 12 评论 3 赞 1.2万", {"shares": 12, "comments": 3, "likes": 12000}), ("阅读 10万+", {"views": 100_000}), ("3456次播放", {"views": 3456}),
        ("1,234 likes · 56 comments", {"likes": 1234, "comments": 56}), ("赞 5 我也是", {}), ("转发", {}), ("停电 3 天", {}), ("", {}),
    ],
)  # fmt: skip
def test_counts_of_a_line(line, counts):
    assert read_counts(line) == counts


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://m.weibo.cn/status/1", "微博"),
        ("https://www.xiaohongshu.com/explore/1", "小红书"),
        ("https://weibo.com.evil.example/1", ""),
        ("", ""),
    ],
)
def test_the_platform_of_an_address(url, name):
    assert platform_of(url) == name


@given(st.text(max_size=300))
def test_any_text_is_cut_and_understood_or_refused(text):
    for cut in cut_posts(text):
        found = understand(cut, SETTING)
        assert isinstance(found.post, Post) != (found.fault is not None)
