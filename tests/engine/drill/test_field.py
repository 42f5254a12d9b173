"""The simulated public: deterministic by seed, in order, within the drill."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.drill.field import batches, release
from shudao.engine.drill.model import FieldPost, Inject
from tests.engine.review.streams import T0, scenario

POSTS = (FieldPost(id="a", text="停电了", copies=5, spread=30), FieldPost(id="b", at=10, text="几点来电", copies=3))
WAVE = Inject(id="in1", at=0, channel="posts", posts=POSTS)


def rows(seed: int = 1, wave: Inject = WAVE, ends_after: float = 600):
    return release(scenario(injects=(wave,), ends_after=ends_after), seed, T0, wave, T0)


def test_the_same_seed_gives_the_same_public_and_another_one_another() -> None:
    assert rows(7) == rows(7)
    assert [row.at for row in rows(7)] != [row.at for row in rows(8)]


def test_every_post_and_copy_comes_once_in_order_of_time() -> None:
    found = rows()
    assert len(found) == 10
    assert len({row.post.id for row in found}) == 10
    assert [row.at for row in found] == sorted(row.at for row in found)
    assert all(row.post.published_at == row.at for row in found)


def test_copies_come_after_their_post_and_within_the_spread() -> None:
    found = {row.post.id: row.at for row in rows()}
    copies = [at for name, at in found.items() if name.startswith("s-a-")]
    assert all(timedelta(0) <= at - found["s-a"] <= timedelta(minutes=30) for at in copies)


def test_adding_a_post_leaves_the_others_where_they_were() -> None:
    more = Inject(id="in1", at=0, channel="posts", posts=(FieldPost(id="c", text="别的", copies=2), *POSTS))
    assert {row.post.id for row in rows()} < {row.post.id for row in rows(wave=more)}
    before = {row.post.id: row for row in rows()}
    assert all(before[row.post.id] == row for row in rows(wave=more) if row.post.id in before)


def test_nothing_comes_after_the_end() -> None:
    assert all(row.at <= T0 + timedelta(minutes=12) for row in rows(ends_after=12))


@given(st.integers(0, 10**6), st.integers(1, 60))
def test_batches_hold_every_post_once_in_order_and_none_before_its_time(seed: int, every: int) -> None:
    found = rows(seed)
    parts = list(batches(found, timedelta(minutes=every)))
    assert [row for _, part in parts for row in part] == found
    assert all(row.at <= at for at, part in parts for row in part)
    assert all(part[-1].at - part[0].at <= timedelta(minutes=every) for _, part in parts)
