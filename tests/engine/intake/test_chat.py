"""Records of chats: every form an office meets, every utterance once, nicknames nowhere but in the author."""

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shudao.engine.intake.chat import is_chat, read_chat
from shudao.engine.intake.files import form_of, read_file
from shudao.engine.intake.setting import CHINA
from shudao.engine.post import Post, Reject
from shudao.engine.pseudonym import mask_post, tidy_handle
from shudao.engine.words import BadInput
from tests.engine.intake.setting import SETTING, posts_of, rejects_of

QQ = """消息记录（此消息记录为文本格式，不支持重新导入）

================================================================
消息分组:我的群聊
================================================================
消息对象:青岚小区业主群
================================================================

2026-07-12 08:00:01 【管理员】青岚小李(123456789)
停电了，@夜航 船 你那里呢

2026-07-12 8:00:31 夜航 船<yehang@mail.example>
也停了，青岚小李说得对
第二行

2026-07-12 8:01:00 系统消息(10000)
青岚小李 撤回了一条消息

2026-07-12 8:02:00 小周(55555555)
[图片]
"""
FORMS = {
    "wecom": "青岚小李 2026-07-12 08:00:01\n停电了\n\n老周@微信 2026-07-12 08:01:01\n青岚小李说的对\n",
    "feishu": "青岚小李  7月12日 08:00\n停电了\n老周  7月12日 08:01\n@青岚小李 对，几点来\n",
    "dingtalk": "[2026-07-12 08:00:01] 青岚小李: 停电了\n[2026-07-12 08:01:01] 老周：都停了\n还没有来\n",
    "dingtalk_id": "青岚小李(xiaoli.q) 2026/7/12 8:00:01\n停电了\n老周 2026/7/12 8:01:01\n好\n",
    "days_apart": "—————  2026-07-12  —————\n\n\n青岚小李  08:00\n\n停电了\n\n\n老周  08:01\n\n@青岚小李 嗯嗯\n",
    "plain": "2026-07-12 08:00 青岚小李\n停电了\n2026-07-12 08:01 老周\n好的\n",
    "one_line": "2026-07-12 08:00 青岚小李：停电了\n2026-07-12 08:01 老周：好的\n",
    "half_day": "2026年7月12日 上午8:00 青岚小李\n停电了\n2026年7月12日 上午8:01 老周\n好的\n",
}


def stored(posts) -> str:
    """What would be stored of them."""
    kept = [mask_post(post, lambda handle: "v" + "a" * 12) for post in posts]
    return " ".join(f"{one.id} {one.title} {one.text} {one.source} {one.pseudonym}" for one in kept)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_every_form_is_recognised(name, encoding):
    data = FORMS[name].replace("\n", "\r\n").encode(encoding)
    first, second = posts_of(read_chat(data, SETTING))
    assert (first.text, first.author, second.author) == ("停电了", "青岚小李", "老周")
    assert first.published_at.replace(second=0) == datetime(2026, 7, 12, 8, 0, tzinfo=CHINA)
    assert "青岚小李" not in stored([first, second]) and "老周" not in stored([first, second])
    assert is_chat(data) and form_of("群聊.txt", data) == "chat"


def test_a_record_with_roles_numbers_notices_and_pictures():
    results = list(read_chat(QQ.encode(), SETTING))
    first, second = posts_of(results)
    assert second.text == "也停了，@青岚小李 说得对\n第二行" and tidy_handle(second.author) == "夜航·船"
    assert [(one.line, one.why.zh[:2]) for one in rejects_of(results)] == [(16, "系统"), (19, "只有")]
    kept = stored([first, second])
    for handle in ("青岚小李", "夜航", "123456789", "yehang", "船"):
        assert handle not in kept


def test_the_same_voice_is_the_same_author_however_it_is_written():
    text = "【群主】小李飞刀(123456) 2026-07-12 08:00:01\n一\n小李飞刀 2026-07-12 08:01:01\n二\n小李飞刀@微信 2026-07-12 08:02:01\n三\n"
    assert {post.author for post in posts_of(read_chat(text.encode(), SETTING))} == {"小李飞刀"}


def test_the_same_record_again_gives_the_same_ids_and_equal_words_stay_apart():
    text = "老周 2026-07-12 08:00:01\n好\n小李 2026-07-12 08:00:01\n好\n"
    first, again = ([post.id for post in read_chat(text.encode(), SETTING)] for _ in range(2))
    assert first == again and len(set(first)) == 2


def test_a_time_without_a_day_is_of_the_files_day_or_the_day_before():
    text = "09:00 小李：早\n23:30 老周：晚\n"
    early, late = posts_of(read_chat(text.encode(), SETTING))
    assert [post.published_at.day for post in (early, late)] == [1, 1]


@pytest.mark.parametrize("text", ["", "停电了\n好的\n", "2026-07-12 没有时刻\n" * 5, "标题,时间\n停电,2026-03-01\n"])
def test_what_is_no_record_says_what_one_looks_like(text):
    with pytest.raises(BadInput) as fault:
        list(read_chat(text.encode(), SETTING))
    assert "2026-07-13" in fault.value.line("zh")


def test_a_text_that_is_a_table_goes_to_the_table():
    data = "标题\t正文\t时间\n停电\tx\t2026-03-01\n".encode()
    [post] = read_file("导出.txt", data, SETTING)
    assert post.title == "停电"


NAMES = (
    st.text(alphabet="青岚小李老周阿飞Abc_88. ·-", min_size=2, max_size=12).map(str.strip).filter(lambda n: len(n) > 1)
)


@example([("88", 0, 0, "0"), ("··", 0, 0, "")])
@given(
    st.lists(st.tuples(NAMES, st.integers(0, 23), st.integers(0, 59), st.text(max_size=40)), min_size=2, max_size=12)
)
def test_every_utterance_is_told_once_as_a_post_or_a_reject(lines):
    text = "".join(f"2026-07-12 {h:02}:{m:02}:00 {name}\n{words}\n" for name, h, m, words in lines)
    try:
        results = list(read_chat(text.encode("utf-8", "ignore"), SETTING))
    except BadInput:
        return
    assert len(results) >= len(lines) and all(isinstance(one, Post | Reject) for one in results)
    assert [one.line for one in rejects_of(results)] == sorted(one.line for one in rejects_of(results))


@given(
    st.lists(
        NAMES.filter(lambda name: sum(ch in "青岚小李老周阿飞" for ch in name) > 1), min_size=2, max_size=6, unique=True
    ),
    st.data(),
)
def test_a_speakers_name_stands_in_nobodys_words(names, data):
    spoken = [data.draw(st.sampled_from(names)) for _ in names]
    text = "".join(f"{name} 2026-07-12 08:00:0{at}\n听说{spoken[at]}那里停电了\n" for at, name in enumerate(names))
    for post in posts_of(read_chat(text.encode(), SETTING)):
        words = mask_post(post, lambda handle: "v" + "a" * 12).text
        assert not any(name in words for name in names), words


@given(st.binary(max_size=400) | st.text(alphabet="2026-07年月日 08:00小李：[]()\n【】@", max_size=200).map(str.encode))
def test_any_bytes_as_a_record(data):
    try:
        assert all(isinstance(one, Post | Reject) for one in read_chat(data, SETTING))
    except BadInput:
        return
