"""Reposts: the comment apart from what is passed on, boilerplate gone, never a handle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.text.normalise import fold
from shudao.engine.text.reposts import LEAST, is_cut, only_tags, original, split_repost

SAYS = "望湖新城今晚八点四十分起全部停电"
HANDLES = st.text(alphabet="甲乙丙丁x9_-", min_size=1, max_size=8)
WORDS = st.text(alphabet="停电求证望湖新城有人管吗，。", max_size=20).map(str.strip)


@pytest.mark.parametrize(
    ("text", "comment", "quoted"),
    [
        (SAYS, SAYS, ()),
        (f"求证//@某人:真的吗//@望湖生活:{SAYS}", "求证", ("真的吗", SAYS)),
        (f"求证／／＠某人：{SAYS}", "求证", (SAYS,)),
        ("转发微博", "", ()),
        ("Repost", "", ()),
        (f"转发微博//@甲:{SAYS}", "", (SAYS,)),
        ("回复@甲:已经报修了//@甲:报修了吗", "", ("已经报修了", "报修了吗")),
        ("@甲 @乙 快看停电", "快看停电", ()),
        ("停电了 http://a.example/x 来自iPhone客户端", "停电了", ()),
        ("来自望湖的网友说停电", "来自望湖的网友说停电", ()),
        ("请大家转发", "请大家转发", ()),
        ("【全文】清江县停电通知", "清江县停电通知", ()),
        ("今晚全部停电……全文", "今晚全部停电", ()),
        ("今晚停电 O网页链接", "今晚停电", ()),
        ("RT @abc: no power in town", "", ("no power in town",)),
    ],
)
def test_a_post_is_split(text, comment, quoted):
    assert split_repost(text) == (comment, quoted)


@given(WORDS, st.lists(st.tuples(HANDLES, WORDS), max_size=4), WORDS)
def test_a_chain_gives_its_parts_back_and_no_handle(comment, links, last):
    chain = [*links, ("望湖生活报", last)]
    text = comment + "".join(f"//@{handle}:{words}" for handle, words in chain)
    found = split_repost(text)
    assert found.comment == comment
    assert found.quoted == tuple(words for _, words in chain if words)
    assert "@" not in "".join((found.comment, *found.quoted)) and "望湖生活报" not in "".join(found.quoted)


@given(st.text(alphabet="停电求证@:/全文转发微博.… 甲来自#http", max_size=60))
def test_what_is_compared_is_a_part_of_the_post(text):
    found = split_repost(text)
    assert original(text) == found.original
    assert found.original in (found.comment, *found.quoted)
    assert split_repost(fold(text)).original is not None


def test_the_original_is_the_farthest_that_says_enough():
    assert split_repost(f"{SAYS}//@甲:真的吗").original == SAYS
    assert len("真的吗") < LEAST
    assert split_repost("求证//@甲:真的吗").original == "真的吗"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("今晚停电...全文", True),
        ("今晚停电…", True),
        ("今晚停电【展开全文】", True),
        ("今晚停电。", False),
        ("请看全文", False),
    ],
)
def test_a_cut_text_says_so(text, cut):
    assert is_cut(text) is cut


@pytest.mark.parametrize(
    ("text", "alone"),
    [("#望湖停电# #求助#", True), ("@甲 #望湖停电#", True), ("#望湖停电# 有人管吗", False), ("转发微博", False)],
)
def test_a_post_of_hashtags_alone_is_known(text, alone):
    assert only_tags(text) is alone
