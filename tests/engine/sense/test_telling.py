"""Title and summary: cut from the posts as they stand, from what many say, the same whatever the order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.telling import SENTENCES, tell
from shudao.engine.sense.told import Told

POSTS = [
    Told("1", 0.0, "", "望湖新城三期停电了，有人知道怎么回事吗？", 4),
    Told(
        "2",
        60.0,
        "清江供电公司通报望湖新城停电",
        "8日20时40分，望湖新城三期因电缆故障停电。抢修人员已到场，预计23时前恢复供电。",
        9,
    ),
    Told("3", 120.0, "望湖新城停电", "望湖新城三期因电缆故障停电，约两千户受影响。预计23时前恢复供电。"),
    Told("4", 180.0, "", "食堂今天的鱼不错。"),
    Told("5", 240.0, "", "转发微博//@某人:望湖新城三期停电了，电梯也停了。"),
]
FIELDS = {post.id: {"title": post.title, "text": post.text} for post in POSTS}
WORDS = st.text(alphabet="停电抢修恢复，。？望湖3 \n", max_size=40)
MADE = st.lists(st.builds(Told, id=st.integers(0, 99).map(str), at=st.floats(0, 1e6), title=WORDS, text=WORDS), max_size=8, unique_by=lambda post: post.id)  # fmt: skip


def test_the_title_is_that_of_the_post_nearest_to_all():
    told = tell(POSTS)
    assert told.title.post in {"2", "3"} and told.title.field == "title"


def test_the_summary_says_what_many_say_and_not_what_one_says():
    told = tell(POSTS)
    assert 1 <= len(told.summary) <= SENTENCES
    assert any("预计23时前恢复供电" in cut.text for cut in told.summary)
    assert not any("食堂" in cut.text for cut in told.summary)
    assert not any("@" in cut.text for cut in told.summary)


def test_a_story_of_one_post_is_told_by_it():
    told = tell([Told("1", 0.0, "", "望湖新城停电。请大家注意安全。")])
    assert told.title.text == "望湖新城停电。"
    assert [cut.text for cut in told.summary] == ["请大家注意安全。"]


def test_a_title_begins_behind_whom_it_is_addressed_to():
    assert tell([Told("1", 0.0, "", "@vabc 回复@xyz: 望湖新城停电半小时了")]).title.text == "望湖新城停电半小时了"
    assert tell([Told("1", 0.0, "", "@vabc ")]).title is None


def test_nothing_said_nothing_told():
    assert tell([]) == tell([Told("1", 0.0, "", "！！！")])
    assert tell([]).title is None


@settings(max_examples=60, deadline=None)
@given(MADE, st.randoms(use_true_random=False))
def test_every_cut_is_there_word_for_word_and_order_does_not_matter(posts, chance):
    told = tell(posts)
    fields = {post.id: {"title": post.title, "text": post.text} for post in posts}
    for cut in [*told.summary, *([told.title] if told.title else [])]:
        assert fields[cut.post][cut.field][cut.start : cut.end] == cut.text != ""
    mixed = list(posts)
    chance.shuffle(mixed)
    assert tell(mixed) == told
