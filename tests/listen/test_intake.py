"""Batches in: every post once, every voice under the key of its day, one entry for all."""

from datetime import UTC, datetime, timedelta

import pytest

from shudao.base.scene import LIVE, Scene
from shudao.engine.ledger import canonical
from shudao.engine.post import Counts, Post, Reject
from shudao.engine.words import Words
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch, rotate_door_key, unlink_voices, wipe_seals
from shudao.listen.models import DoorKey, Item, Rejection, Source
from shudao.listen.queries import (
    heard_under,
    item_by_ext_id,
    items_after,
    items_of,
    open_door,
    source_named,
    source_of,
    text_under,
    unread,
    voice_under,
)

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 7, 13, 1, tzinfo=UTC)
KEY, OTHER_KEY = b"i" * 32, b"j" * 32


def post(ident="p1", **fields):
    """A social post."""
    return Post(**{"id": ident, "kind": "social", "title": "停电", "published_at": WHEN, **fields})


@pytest.fixture
def source(duty):
    """A source that files are read into."""
    return add_source(duty, "forum", name="青岚论坛", kind="social", connector="file")


def test_a_post_is_stored_without_its_names(duty, source):
    made = post(
        author="老王_88",
        title="<b>停电</b>",
        text="//@老李: 看 weibo.com/u/123456",
        url="https://weibo.com/123456/Mabc12DEf",
        counts=Counts(likes=3),
        source="新浪微博",
    )
    [item] = read_batch(duty, source, [made]).items
    assert (item.ext_id, item.title, item.outlet, item.counts) == ("p1", "停电", "新浪微博", {"likes": 3})
    assert item.url == "https://m.weibo.cn/status/Mabc12DEf"
    assert "老李" not in item.text and "123456" not in item.text
    assert item.published_at == WHEN and item.read_at > WHEN
    assert source_of(LIVE, "forum").last_item_at == item.read_at


def test_a_post_is_stored_once_however_often_it_comes(duty, source):
    first = read_batch(duty, source, [post("p1"), post("p2"), post("p1", title="又一次")])
    assert ([item.title for item in first.items], first.repeated) == (["停电", "停电"], 1)
    again = read_batch(duty, source, [post("p2"), post("p3")])
    assert ([item.ext_id for item in again.items], again.repeated) == (["p3"], 1)
    other = add_source(duty, "other", name="另一", kind="web", connector="file")
    assert len(read_batch(duty, other, [post("p1")]).items) == 1


def test_a_batch_is_one_entry_and_names_nobody(duty, source):
    reject = Reject(line=7, why=Words("坏行", "bad line"), raw="老王_88".encode())
    before = len(list(entries_of("site")))
    read_batch(duty, source, [post(author="老王_88"), reject, post("p2", text="@老王_88")])
    first, second = list(entries_of("site"))[before:]
    assert {entry["verb"] for entry in (first, second)} == {"read_batch", "rotate_door_key"}
    data = next(entry["data"] for entry in (first, second) if entry["verb"] == "read_batch")
    assert (data["source"], data["count"], data["rejects"], len(data["digest"])) == ("forum", 2, 1, 64)
    assert "老王".encode() not in canonical(first) + canonical(second)
    read_batch(duty, source, [post("p3")])
    assert len(list(entries_of("site"))) == before + 3


def test_a_reject_keeps_its_number_and_reason_once(duty, source):
    reject = Reject(line=7, why=Words("坏行", "bad line"), raw="老王_88".encode())
    for _ in range(2):
        assert read_batch(duty, source, [reject]).rejects == 1
    [row] = Rejection.objects.all()
    assert (row.line, row.why_zh, row.why_en) == (7, "坏行", "bad line")


def test_items_are_pulled_in_the_order_they_were_read(duty, source, run_scene):
    read_batch(duty, source, [post(f"p{n}") for n in range(5)])
    drill = Actor(run_scene, "system")
    inject = add_source(drill, "forum", name="青岚论坛", kind="social", connector="inject")
    read_batch(drill, inject, [post("p1", title="演练")])
    first = items_after(LIVE, 0, 3)
    assert [item.ext_id for item in first + items_after(LIVE, first[-1].pk, 10)] == ["p0", "p1", "p2", "p3", "p4"]
    assert [item.title for item in items_after(run_scene, 0)] == ["演练"]
    assert items_of(run_scene, [first[0].pk]) == []
    assert item_by_ext_id(LIVE, "p1").title == "停电"
    assert item_by_ext_id(Scene.run("0002"), "p1") is None


def test_drill_posts_stay_out_of_the_live_register(duty, run_scene):
    add_source(Actor(run_scene, "system"), "inject", name="情景注入", kind="social", connector="inject")
    assert source_named(LIVE, "情景注入") is None
    assert source_named(run_scene, "情景注入").code == "inject"


def test_unread_knows_what_came_before_also_after_the_key_was_turned(duty, source):
    known = post("https://forum.example/u/9/5", author="老王_88", text="@老李 停电")
    read_batch(duty, source, [known])
    rotate_door_key(duty)
    assert unread(source, [known, post("p9")]) == [post("p9")]


def test_one_author_has_one_voice_in_an_incident(duty, source):
    posts = [post("p1", author="老王_88"), post("p2", author="@老王_88"), post("p3", author="老李"), post("p4")]
    one, two, three, none = read_batch(duty, source, [*posts[:3], posts[3]]).items
    assert voice_under(one, KEY) == voice_under(two, KEY) != voice_under(three, KEY)
    assert voice_under(one, KEY) != voice_under(one, OTHER_KEY)
    assert voice_under(none, KEY) == ""
    assert voice_under(one, KEY) != one.pseudonym


def test_a_mention_and_its_author_are_one_voice(duty, source):
    one, two = read_batch(
        duty, source, [post("p1", author="老王_88"), post("p2", title="@老王_88 说", text="//@老王_88:好")]
    ).items
    voice = voice_under(one, KEY)
    assert text_under(two, KEY) == f"//@{voice}:好"
    assert heard_under(two, KEY).title == f"@{voice} 说"


def test_the_voice_lasts_over_a_turn_of_the_key_for_items_asked_in_their_own_day(duty, source, standing):
    [before] = read_batch(duty, source, [post("p1", author="老王_88")]).items
    kept = voice_under(before, KEY)
    standing.advance(days=8)
    [after] = read_batch(duty, source, [post("p2", author="老王_88")]).items
    assert voice_under(after, KEY) == kept
    assert before.pseudonym != after.pseudonym


def test_after_its_day_an_item_has_a_separate_but_steady_voice(duty, source):
    one, two = read_batch(duty, source, [post("p1", author="老王_88"), post("p2", author="老王_88")]).items
    kept = voice_under(one, KEY)
    rotate_door_key(duty)
    one, two = Item.objects.order_by("pk")
    assert voice_under(one, KEY) == voice_under(two, KEY) != kept
    assert voice_under(one, KEY) != voice_under(one, OTHER_KEY)


def test_two_incidents_cannot_be_joined_by_what_is_stored(duty, source):
    text = "@老李 停电"
    one, two = read_batch(
        duty, source, [post("p1", author="老王_88", text=text), post("p2", author="老王_88", text=text)]
    ).items
    first, second = heard_under(one, KEY), heard_under(two, OTHER_KEY)
    unlink_voices([one])
    unlink_voices([two])
    one, two = Item.objects.order_by("pk")
    stored = {*(one.pseudonym, one.text), *(two.pseudonym, two.text)}
    assert len(stored) == 4
    assert not stored & {first.voice, second.voice, first.text, second.text}
    assert (heard_under(one, KEY), heard_under(two, OTHER_KEY)) == (first, second)
    rotate_door_key(duty)
    one, two = Item.objects.order_by("pk")
    assert voice_under(one, KEY) != voice_under(two, KEY)


def test_unlinking_twice_or_after_the_key_is_gone_is_harmless(duty, source):
    [item] = read_batch(duty, source, [post(author="老王_88")]).items
    rotate_door_key(duty)
    item = Item.objects.get()
    before = item.pseudonym
    unlink_voices([item])
    after = Item.objects.get().pseudonym
    unlink_voices([Item.objects.get()])
    assert before != after == Item.objects.get().pseudonym


def test_the_key_turns_by_itself_when_its_time_is_over(duty, source, standing):
    read_batch(duty, source, [post("p1", author="老王_88")])
    door = open_door(LIVE)
    standing.set(door.closes_at - timedelta(seconds=1))
    read_batch(duty, source, [post("p2")])
    assert open_door(LIVE) == door
    standing.set(door.closes_at)
    read_batch(duty, source, [post("p3")])
    door.refresh_from_db()
    assert open_door(LIVE) != door
    assert (bytes(door.key), door.destroyed_at) == (bytes(32), door.closes_at)


def test_seals_are_emptied_once_nobody_can_open_them(duty, source):
    read_batch(duty, source, [post("p1", author="老王_88"), post("p2")])
    assert wipe_seals() == 0
    rotate_door_key(duty)
    read_batch(duty, source, [post("p3", author="老王_88")])
    assert wipe_seals() == 1
    assert [bool(item.sealed) for item in Item.objects.order_by("pk")] == [False, False, True]
    assert DoorKey.objects.filter(is_wiped=True).count() == 1
    assert wipe_seals() == 0


def test_a_seal_moved_to_another_item_opens_nothing(duty, source):
    one, two = read_batch(duty, source, [post("p1", author="老王_88"), post("p2", author="老李")]).items
    two.sealed = one.sealed
    assert voice_under(two, KEY) not in (voice_under(one, KEY), "")


def test_a_source_is_registered_with_an_entry(duty):
    source = add_source(
        duty, "feed", name="青岚晚报", kind="news", connector="feed", address="https://news.example/rss"
    )
    assert source.next_at is not None and source.state == Source.State.OK
    assert list(entries_of("site"))[-1]["data"]["source"] == "feed"
