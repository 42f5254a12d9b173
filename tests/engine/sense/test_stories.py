"""Stories: like joins like, time parts, merges follow, idle stories close; one post after another."""

from shudao.engine.sense.features import terms
from shudao.engine.sense.stories import Stories, StorySettings
from shudao.engine.text.normalise import fold

HOUR = 3600.0
OUTAGE = ["望湖新城突然停电电梯停运", "望湖新城停电两小时了", "望湖新城停电热线打不通", "望湖新城停电抢修到几点"]
NOISE = [
    f"{a}{b}"
    for a in ("食堂", "操场", "河边", "车站", "菜场", "书店")
    for b in ("今天人很多", "新开了一家", "正在装修呢")
]


def place(stories, text, at, copies=None):
    return stories.place(terms(fold(text)), at, copies)


def grown(settings=None):
    """A stream with a little history, so that common words are known to be common."""
    stories = Stories(settings)
    for n, text in enumerate(NOISE):
        place(stories, text, n * HOUR / 4)
    return stories


def test_posts_of_one_matter_come_together_and_others_stay_apart():
    stories = grown()
    at = 6 * HOUR
    first = place(stories, OUTAGE[0], at)
    rest = {stories.final(place(stories, text, at + 60 * n)) for n, text in enumerate(OUTAGE[1:], 1)}
    other = place(stories, "图书馆延长开放时间", at + HOUR)
    stories.settle()
    assert {stories.final(story) for story in rest} == {stories.final(first)}
    assert stories.final(other) != stories.final(first)


def test_the_same_words_weeks_later_are_a_new_story():
    stories = grown()
    first = place(stories, OUTAGE[0], 6 * HOUR)
    assert place(stories, OUTAGE[0], 30 * 24 * HOUR) != first


def test_a_copy_goes_where_its_original_is():
    stories = grown()
    first = place(stories, OUTAGE[0], 6 * HOUR)
    assert place(stories, "转发", 6.1 * HOUR, copies=len(NOISE)) == first


def test_a_copy_of_a_closed_story_is_placed_anew():
    stories = Stories(StorySettings(merge_every=1, tau=60.0, tau_posts=2))
    first = place(stories, OUTAGE[0], 0.0)
    for n in range(40):
        place(stories, f"无关{n}" * 3, 10_000.0 * (n + 1))
    assert place(stories, OUTAGE[0], 500_000.0, copies=0) != first


def test_merging_keeps_the_earlier_number_and_says_so():
    stories = grown()
    a = place(stories, "清江水质检测报告公布", 6 * HOUR)
    b = place(stories, "自来水有异味居民投诉", 6.1 * HOUR)
    assert a != b
    for n in range(6):
        place(stories, "清江水质检测报告公布自来水有异味居民投诉", 6.2 * HOUR + n)
    stories.settle()
    moves = stories.moves()
    assert stories.final(a) == stories.final(b) == a
    assert [(move.gone, move.into) for move in moves if move.gone == b] == [(b, a)]
    assert stories.moves() == []


def test_open_stories_are_bounded():
    stories = Stories(StorySettings(most_open=50))
    for n in range(400):
        place(stories, f"编号{n:05d}号来信" + chr(0x4E00 + n * 3) * 4 + chr(0x6E00 + n * 3) * 4, float(n))
        assert stories.open_count <= 50
    assert len(stories._open.postings) == sum(len(opened.terms) for opened in stories._open.by_number.values())


def test_a_text_without_terms_is_a_story_of_its_own():
    stories = grown()
    assert place(stories, "！！！", 6 * HOUR) != place(stories, "😀", 6 * HOUR)


def test_a_story_of_many_words_sheds_the_light_ones():
    stories = Stories(StorySettings(centroid_terms=40))
    first = place(stories, OUTAGE[0], 0.0)
    for n in range(30):
        place(stories, OUTAGE[0] + f"补充{n}则" + chr(0x4E00 + n * 5) * 2, float(n))
    assert len(stories._open.by_number[first].terms) <= 40
    assert stories._open.by_number[first].squared > 0


def test_late_posts_do_not_turn_time_back():
    stories = grown()
    first = place(stories, OUTAGE[0], 6 * HOUR)
    assert stories.final(place(stories, OUTAGE[1], 1 * HOUR)) == first


def test_terms_keep_latin_words_whole_and_without_common_endings():
    assert terms("outages").numbers.tolist() == terms("outage").numbers.tolist()
    assert len(terms("停电了 abc 12").numbers) == 4
    assert terms("").numbers.size == 0
