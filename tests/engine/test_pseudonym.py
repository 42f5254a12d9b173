"""What pseudonyms promise: one voice under one key, nothing that leads back without it, no handle left in a text."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.post import Post
from shudao.engine.pseudonym import (
    PSEUDONYM,
    BrokenSealError,
    mask_post,
    open_handles,
    pseudonym,
    pseudonym_again,
    pseudonym_within,
    reword,
    seal_handles,
    split_author,
    strip_handles,
    tidy_handle,
)

ONE, OTHER = b"1" * 32, b"2" * 32
WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def name(handle: str) -> str:
    """Under the first key."""
    return pseudonym(ONE, handle)


def post(**fields):
    """A social post with these fields."""
    return Post(**{"id": "p1", "kind": "social", "title": "停电", "published_at": WHEN, **fields})


def masked(text: str, **fields) -> str:
    """The text of a post as stored."""
    return mask_post(post(text=text, **fields), name).text


def test_one_handle_has_one_voice_under_a_key_however_it_is_written():
    forms = ["老王_A1", "@老王_A1", " ＠老王_Ａ１ ", "老王_a1", "\u200b老王_A1\ufeff"]
    assert {pseudonym(ONE, form) for form in forms} == {name("老王_A1")}
    assert PSEUDONYM.fullmatch(name("老王_A1"))


def test_keys_and_uses_give_voices_that_do_not_meet():
    voices = [
        pseudonym(ONE, "老王"),
        pseudonym(OTHER, "老王"),
        pseudonym(ONE, "老李"),
        pseudonym_again(ONE, "老王"),
        pseudonym_within(ONE, "老王", "item 1"),
        pseudonym_within(ONE, "老王", "item 2"),
    ]
    assert len(set(voices)) == len(voices)


def test_nobody_has_no_voice():
    assert pseudonym(ONE, " @ ") == pseudonym_again(ONE, "") == pseudonym_within(ONE, "", "item") == ""


@given(st.lists(st.text(alphabet='老王ab_\n"\\😀', max_size=12), max_size=5))
def test_a_seal_gives_back_what_it_took(handles):
    sealed = seal_handles(ONE, handles, "item 1")
    assert open_handles(ONE, sealed, "item 1") == tuple(handles)


def test_a_seal_opens_under_its_key_and_beside_its_item_alone():
    sealed = seal_handles(ONE, ["老王"], "item 1")
    for key, data, item in (
        (OTHER, sealed, "item 1"),
        (ONE, sealed, "item 2"),
        (ONE, sealed[:-1], "item 1"),
        (ONE, b"", "x"),
    ):
        with pytest.raises(BrokenSealError):
            open_handles(key, data, item)


def test_the_length_of_a_seal_does_not_tell_the_length_of_a_name():
    assert len({len(seal_handles(ONE, ["x" * size], "i")) for size in range(40)}) == 1


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("转发 @老王 说得对", "转发 @{老王} 说得对"),
        ("@老王：停电了", "@{老王}：停电了"),
        ("＠老王，停电了", "@{老王}，停电了"),
        ("没电//@老王:真的//@Li_Si-99：查一下", "没电//@{老王}:真的//@{Li_Si-99}：查一下"),
        ("回复@小李电工 :好", "回复@{小李电工} :好"),
        ("hi @john. Bye @mary-", "hi @{john}. Bye @{mary}-"),
        ("@\u200b老王 在吗", "@{老王} 在吗"),
        ("@😀😀 在吗", "@{😀😀} 在吗"),
        ("来信 wang.li@mail.example 谢谢", "来信 〔邮箱〕 谢谢"),
        ("@wang@social.example 说", "@{wang@social.example} 说"),
        ("单价 5@ 元", "单价 5@ 元"),
        ("两@@老王", "两@@{老王}"),
        ("看 https://weibo.com/n/老王 和 weibo.com/u/123456 吧", "看 https://weibo.com/ 和 https://weibo.com/ 吧"),
        ("看 https://social.example/@老王/5 吧", "看 https://social.example/ 吧"),
    ],
)
def test_mentions_and_user_addresses_in_a_text(text, stored):
    for handle in (
        "老王",
        "Li_Si-99",
        "小李电工",
        "john",
        "mary",
        "😀😀",
        "wang.li@mail.example",
        "wang@social.example",
    ):
        stored = stored.replace("{" + handle + "}", name(handle))
    assert masked(text) == stored


@pytest.mark.parametrize(
    ("author", "text", "is_gone"),
    [
        ("laowang_88", "我是LaoWang_88，停电了", True),
        ("ｌａｏｗａｎｇ_88", "我是laowang_88", True),
        ("城东居民老王", "城东居民老王反映停电", True),
        ("老王", "老王：停电了", True),
        ("老王", "转自 老王", True),
        ("小雨", "今天小雨转多云", False),
        ("清江县供电公司", "清江县供电公司：明日检修停电", True),
        ("清江县供电公司", "据清江县供电公司消息，明日检修", False),
    ],
)
def test_an_authors_own_name_in_its_text(author, text, is_gone):
    stored = masked(text, author=author)
    assert (tidy_handle(author) not in tidy_handle(stored)) is is_gone
    assert (name(author) in stored) is is_gone


def test_a_news_text_keeps_the_outlets_name_where_it_is_a_word():
    assert "qingnews" in mask_post(post(kind="news", author="qingnews", text="据qingnews报道"), name).text


def test_the_whole_post_holds_no_handle():
    stored = mask_post(
        post(
            id="https://weibo.com/n/laowang_88",
            author="laowang_88",
            source="laowang_88",
            title="laowang_88 转发 @阿李电工",
            text="//@阿李电工: 看 https://weibo.com/u/55 https://forum.example/laowang_88",
            url="https://forum.example/t/laowang_88/3",
        ),
        name,
    )
    seen = " ".join([stored.id, stored.source, stored.title, stored.text, stored.url, stored.pseudonym])
    assert "laowang" not in seen and "阿李" not in seen and "/u/" not in seen
    assert stored.handles == ("laowang_88", "阿李电工")
    assert stored.pseudonym == name("laowang_88")
    assert stored.url == "https://forum.example/"


def test_an_id_that_names_nobody_stays():
    for ident in ("p1", "20260301-5", "https://news.example/a/1", "tag:news.example,2026:55"):
        assert mask_post(post(id=ident), name).id == ident


def test_an_id_that_names_somebody_stays_apart_and_the_same_under_every_key():
    def ident(key, **fields):
        return mask_post(post(**fields), lambda handle: pseudonym(key, handle)).id

    made = ident(ONE, id="laowang_88-5", author="laowang_88", text="甲 @阿李")
    assert "laowang" not in made and made.startswith("_-5#")
    assert made == ident(OTHER, id="laowang_88-5", author="laowang_88", text="甲 @阿李")
    assert made != ident(ONE, id="laowang_88-5", author="laowang_88", text="乙 @阿李")
    first = ident(ONE, id="https://forum.example/u/1", text="甲")
    assert first != ident(ONE, id="https://forum.example/u/1", text="乙")
    assert ident(ONE, id="https://weibo.com/9/Mabc12DEf") == "https://m.weibo.cn/status/Mabc12DEf"
    assert "wang" not in ident(ONE, id="tag:x.example:/user/wang/5")


def test_an_author_line_of_a_mail_gives_the_address_and_hides_the_name():
    assert split_author('"王小明" <Wang@Mail.example>') == ("wang@mail.example", ("王小明",))
    assert split_author("wang@mail.example (王小明)") == ("wang@mail.example", ("王小明",))
    assert split_author("  老王 ") == ("老王", ())
    stored = masked("来信\n王小明", author="王小明 <wang@mail.example>")
    assert stored == f"来信\n{name('wang@mail.example')}"


def test_stored_voices_can_be_given_anew():
    stored = masked("@老王 与 @老李")
    renamed = {name("老王"): "甲", name("老李"): "乙"}
    assert reword(stored, lambda before: renamed[before]) == "@甲 与 @乙"


def test_a_text_without_names_confirms_no_guess():
    assert strip_handles("@老王 说 https://weibo.com/u/5") == strip_handles("@老李 说 https://weibo.com/u/6")


handles = st.text(alphabet="王李阿电ab1_-é", min_size=2, max_size=12).filter(lambda text: len(tidy_handle(text)) > 1)


@given(
    handles,
    st.text(alphabet="停电了 ，。//:：\n", max_size=10),
    st.sampled_from(["@", "＠", "//@", "转发@", "@\u200b"]),
)
def test_a_mentioned_handle_is_in_no_stored_text(handle, around, mark):
    stored = mask_post(post(author=handle, text=f"{around} {mark}{handle} {around}", title=f"{mark}{handle}"), name)
    assert tidy_handle(handle) not in tidy_handle(stored.text + stored.title)


@given(st.text(max_size=200) | st.text(alphabet="@＠/:hps.wecibo um1王", max_size=200))
def test_any_text_can_be_masked(text):
    mask_post(post(text=text, author=text[:40], title="x", url=text, id=(text or "x")), name)


@pytest.mark.parametrize("piece", ["@", "@a", "a@b.", "//@王:", "@😀", "\u200b", "老王"])
def test_masking_takes_time_in_proportion_to_the_text(piece):
    begun = time.perf_counter()
    masked(piece * (200_000 // len(piece)), author="老王")
    assert time.perf_counter() - begun < 20
