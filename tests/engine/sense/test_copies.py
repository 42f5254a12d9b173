"""Near-copies: the earliest one, variants told, the same in any batches, memory bounded."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.bandtable import BandTable
from shudao.engine.sense.copies import Copies, CopySettings, plain_of
from shudao.engine.text.normalise import fold

LONG = "望湖新城三期今晚八点四十分起全部停电，居民反映电梯停运，热线占线，目前原因不明，物业表示正在联系供电部门核实。"
ALPHABET = st.text(alphabet="停电小区受伤人3不实属", min_size=1, max_size=14)


def jaccard(one, other):
    """By the definition, with Python's sets."""
    ours, theirs = ({text[n : n + 3] for n in range(max(1, len(text) - 2))} for text in map(plain_of, (one, other)))
    return len(ours & theirs) / len(ours | theirs)


def feed(*texts, settings_=None, step=60.0):
    copies = Copies(settings_)
    return copies.feed([fold(text) for text in texts], [step * n for n in range(len(texts))])


def test_an_exact_copy_names_the_first():
    assert [copy and copy.row for copy in feed("停电了吗", "别的", "停电了吗", "停电了吗")] == [None, None, 0, 0]


def test_small_edits_marks_and_width_make_a_copy():
    edited = ("转：" + LONG, LONG.replace("，", " "), LONG.replace("热线", "電話热线"), LONG + "https://a.example/x")
    for text in edited:
        assert feed(LONG, text)[1].row == 0, text


def test_different_posts_are_no_copies():
    assert feed("望湖新城停电", "食堂饭菜涨价", LONG, LONG[::-1]) == [None] * 4


def test_changed_numbers_and_negations_are_variants_of_the_copy():
    found = feed("清江县医院3人受伤", "清江县医院13人受伤", "网传水库决堤属实", "网传水库决堤不实", "清江县医院3人受伤")
    assert [copy and (copy.row, copy.variant) for copy in found] == [
        None,
        (0, ("numbers",)),
        None,
        (2, ("negation",)),
        (0, ()),
    ]


def test_chinese_numerals_count_as_numbers():
    assert feed("望湖停电已有三人中暑送医求证", "望湖停电已有十三人中暑送医求证")[1].variant == ("numbers",)


def test_a_copy_of_a_copy_names_the_earliest_it_is_near_to():
    second, third = LONG + "转发微博请看", LONG + "转发微博请看评论区"
    assert [copy and copy.row for copy in feed(LONG, second, third)] == [None, 0, 0]


def test_long_texts_are_compared_by_signature():
    article = "".join(chr(0x4E00 + n * 7 % 3000) for n in range(3000))
    assert feed(article, article[:2800] + "编辑：甲")[1].row == 0
    assert feed(article, article[1500:] + article[::-1][:1500])[1] is None


@settings(max_examples=60, deadline=None)
@given(st.lists(ALPHABET, min_size=1, max_size=30), st.data())
def test_batches_do_not_matter(texts, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(texts)), max_size=4)) | {0, len(texts)})
    rows = CopySettings(rows=7, window=400.0)
    whole = Copies(rows).feed(texts, [60.0 * n for n in range(len(texts))])
    parts, copies = [], Copies(rows)
    for start, end in pairwise(cuts):
        parts += copies.feed(texts[start:end], [60.0 * n for n in range(start, end)])
    assert parts == whole


@settings(max_examples=60, deadline=None)
@given(st.lists(ALPHABET, min_size=2, max_size=20))
def test_nothing_later_is_used_and_a_leader_comes_before(texts):
    whole = feed(*texts)
    for end in range(1, len(texts)):
        assert feed(*texts[:end]) == whole[:end]
    assert all(copy is None or copy.row < place for place, copy in enumerate(whole))


@given(st.lists(ALPHABET, min_size=2, max_size=20, unique=True))
def test_what_is_called_a_plain_copy_is_near_indeed(texts):
    for place, copy in enumerate(feed(*texts)):
        if copy is not None and not copy.variant:
            assert jaccard(texts[place], texts[copy.row]) >= 0.5


def test_old_texts_are_forgotten_but_a_living_group_keeps_its_first_name():
    hour = 3600.0
    copies = Copies(CopySettings(window=hour))
    alive = [copies.feed([fold(LONG)], [n * 0.9 * hour])[0] for n in range(6)]
    assert [copy and copy.row for copy in alive] == [None, 0, 0, 0, 0, 0]
    other = [
        copies.feed([fold(text)], [n * 3 * hour + 10 * hour])[0] for n, text in enumerate(("甲乙丙", "丁", "戊", LONG))
    ]
    assert other == [None] * 4


def test_empty_and_odd_texts_are_taken():
    assert feed("", "！！！", "😀", "a", "a")[-1].row == 3


def test_what_says_nothing_copies_nothing():
    assert feed("") == [None]
    assert feed("！！！", "😀", "", "转发微博", "Repost") == [None] * 5


def test_a_repost_is_a_copy_of_what_it_passes_on():
    texts = (
        f"求证//@某人:真的假的//@望湖生活:{LONG}",
        f"转发微博//@某人:{LONG}",
        f"【热】{LONG} 来自iPhone客户端",
        LONG[:30] + "...全文",
    )
    assert [copy.row for copy in feed(LONG, *texts)[1:]] == [0] * 4
    assert (
        feed(LONG, "已辟谣//@某人:" + LONG)[1].variant == ()
    )  # the comment is told apart, not as a change of the copy


def test_an_original_that_comes_after_its_repost_joins_it():
    cut = LONG[:30] + "……全文"
    assert [copy and (copy.row, copy.variant) for copy in feed(cut, LONG)] == [None, (0, ())]
    assert feed("求证//@某人:" + LONG, LONG)[1].row == 0


def test_a_text_cut_off_unmarked_or_elsewhere_is_no_copy_by_its_beginning():
    assert feed(LONG, LONG[:20])[1] is None
    assert feed(LONG, LONG[:20] + "又是另外一回事，说的是学校食堂...全文")[1] is None


def test_bare_quotes_do_not_bind_different_comments():
    one, other = ("望湖新城的物业电话一直打不通呢//@甲:真的吗", "食堂今天的饭菜又涨价了有人管吗//@乙:真的吗")
    assert feed(one, other) == [None, None]


def test_a_group_is_named_by_one_row_however_it_is_told():
    """Each text near the first names it, though it came by another copy."""
    edits = [LONG[:n] + "啊" + LONG[n:] for n in range(5, 50, 5)]
    assert {copy.row for copy in feed(LONG, *edits)[1:]} == {0}


def test_memory_grows_by_what_is_new():
    copies = Copies()
    texts = [fold(f"{LONG}{chr(0x4E00 + n) * 20}") for n in range(300)]
    copies.feed(texts, [0.0] * 300)
    before = copies.nbytes
    for _ in range(5):
        copies.feed(texts, [0.0] * 300)
    assert copies.nbytes == before


def test_the_table_gives_each_key_to_the_first_row():
    table = BandTable(slots=8)
    chance = np.random.Generator(np.random.PCG64(1))
    keys = chance.integers(1, 400, (100, 4), dtype=np.uint32)
    owners = table.claim(keys, np.arange(100, dtype=np.int32))
    first: dict[int, int] = {}
    for row in range(100):
        for key in keys[row]:
            first.setdefault(int(key), row)
    assert owners.tolist() == [[first[int(key)] for key in row] for row in keys]
    assert table.find(keys).tolist() == owners.tolist()
    assert table.find(np.array([[4_000_000]], np.uint32)).tolist() == [[-1]]
