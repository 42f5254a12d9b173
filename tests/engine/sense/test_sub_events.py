"""Sub-events: every post in exactly one, told apart by words and by time, the same whatever the order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.sub_events import sub_events
from shudao.engine.sense.told import Told

HOUR = 3600.0
CUT = [
    "望湖新城三期今晚停电，原因不明",
    "望湖新城停电了，有人知道原因吗",
    "望湖新城三期停电，供电公司说是电缆故障",
]
PAID = [
    "望湖新城停电的赔偿方案公布，每户五十元",
    "望湖新城停电赔偿每户五十元，业主不满意",
    "赔偿方案太低，望湖新城业主要求提高",
]
POSTS = [
    *(Told(f"c{n}", n * HOUR / 4, "", text, n) for n, text in enumerate(CUT)),
    *(Told(f"p{n}", 60 * HOUR + n * HOUR / 4, "", text) for n, text in enumerate(PAID)),
]
WORDS = st.text(alphabet="停电赔偿抢修恢复望湖新城", max_size=20)
MADE = st.lists(st.builds(Told, id=st.integers(0, 99).map(str), at=st.floats(0, 1e6), text=WORDS), max_size=10, unique_by=lambda post: post.id)  # fmt: skip


def test_what_happened_days_later_stands_apart():
    parts = sub_events(POSTS)
    assert len({part.posts for part in parts if any(post.startswith("c") for post in part.posts)} & {
        part.posts for part in parts if any(post.startswith("p") for post in part.posts)
    }) == 0  # fmt: skip
    assert [part.began for part in parts] == sorted(part.began for part in parts)


def test_one_thing_said_alike_at_one_time_is_one_part():
    same = [Told(str(n), n * 60.0, "", f"望湖新城三期今晚停电，原因不明{'啊' * n}", n) for n in range(4)]
    (part,) = sub_events(same)
    assert part.weight == 4 + 0 + 1 + 2 + 3
    assert part.leader in part.posts


def test_no_posts_no_parts():
    assert sub_events([]) == []
    assert len(sub_events([Told("1", 0.0)])) == 1


@settings(max_examples=60, deadline=None)
@given(MADE, st.randoms(use_true_random=False))
def test_every_post_stands_in_one_part(posts, chance):
    parts = sub_events(posts)
    assert sorted(post for part in parts for post in part.posts) == sorted(post.id for post in posts)
    mixed = list(posts)
    chance.shuffle(mixed)
    assert sub_events(mixed) == parts
