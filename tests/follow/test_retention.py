"""What is kept for a while only: counted before, erased with a signed record, everything else stays sound."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from shudao.base.refusal import Refused
from shudao.base.retention import due, kinds, kinds_named
from shudao.base.scene import LIVE
from shudao.engine.deletion import holds
from shudao.engine.post import Post
from shudao.engine.sense.query import Topic
from shudao.follow.models import Archive
from shudao.ledger.actions import erase_class, erase_old, set_retention
from shudao.ledger.actions import retention as erasing
from shudao.ledger.jobs import apply_retention
from shudao.ledger.models import Entry, SideRecord
from shudao.ledger.queries import deletion_records, period_of, periods, verify_stream
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch
from shudao.listen.models import ErasedItem, Item, Rejection
from shudao.respond.actions import attach_items, open_incident
from shudao.respond.models import Attachment
from shudao.sense.actions import add_topic, pull_scene
from shudao.sense.actions.pull import forget_all
from shudao.sense.models import Alert, Placement, Story
from tests.follow.test_follow import PLAN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA = settings.MEDIA_ROOT = tmp_path
    forget_all()


@pytest.fixture
def forum(duty):
    return add_source(duty, "forum", name="青岚论坛", kind="social", connector="file")


def hear(duty, source, now, *texts, first=0):
    """Items read now, one a text, and sensed."""
    posts = [
        Post(id=f"p{first + n}", kind="social", text=text, published_at=now, author=f"网友{n}", source=f"媒体{n}")
        for n, text in enumerate(texts)
    ]
    items = read_batch(duty, source, posts).items
    pull_scene(LIVE)
    return items


@pytest.fixture
def incident(duty, standing):
    """An incident with nothing attached yet."""
    return open_incident(duty, PLAN, title="城东停电", origin="hotline")


def kind(code):
    return kinds_named([code])[0]


OTHER = "食堂二楼今天的鱼不新鲜，吃完肚子疼，希望后勤查一查"
COPY = "城东三个小区停电三天没人管，打电话一直占线，老人孩子怎么办"


def test_every_class_says_what_why_and_how_long():
    found = kinds()
    codes = [one.code for one in found]
    assert {"items", "attached", "alerts", "evidence", "reports", "contacts", "looks", "messages", "archives"} <= set(
        codes
    )
    assert len(set(codes)) == len(codes)
    for one in found:
        assert one.words.zh and one.words.en and one.what.zh and one.what.en and one.why.zh and one.why.en
        assert one.days is None or one.days >= one.least


def test_a_look_first_counts_and_writes_nothing(duty, forum, standing):
    hear(duty, forum, standing.now(), COPY, OTHER)
    standing.advance(days=200)
    before = standing.now() - timedelta(days=180)
    entries = Entry.objects.count()
    found = due(kind("items"), before)
    assert (found.count, found.oldest, found.newest) == (
        2,
        standing.now() - timedelta(days=200),
        standing.now() - timedelta(days=200),
    )
    assert (Item.objects.count(), Entry.objects.count()) == (2, entries)
    assert due(kind("items"), before - timedelta(days=30)).count == 0


def test_items_go_and_the_record_is_signed(duty, forum, standing):
    hear(duty, forum, standing.now(), COPY, OTHER)
    standing.advance(days=200)
    hear(duty, forum, standing.now(), "新近的一条：南区自来水发黄", first=50)
    assert erase_class(duty, kind("items"), standing.now() - timedelta(days=180)) == 2
    assert [item.ext_id for item in Item.objects.all()] == ["p50"]
    assert (Placement.objects.count(), Story.objects.count()) == (1, 1)
    record = deletion_records().get().as_value()
    assert holds(record) and (record["data"]["kind"], record["data"]["count"], record["post"]) == (
        "items",
        2,
        "duty_officer",
    )
    published = Entry.objects.get(verb="publish_site_key").as_value()
    assert published["data"]["public_key"] == record["data"]["public_key"] and published["seq"] < record["seq"]
    assert verify_stream("site").ok
    assert "停电" not in json.dumps(record, ensure_ascii=False)


@pytest.mark.parametrize("field", ["count", "before", "digest", "kind", "oldest"])
def test_a_changed_record_does_not_hold(duty, forum, standing, field):
    hear(duty, forum, standing.now(), COPY)
    standing.advance(days=200)
    erase_class(duty, kind("items"), standing.now())
    record = deletion_records().get().as_value()
    changed = {**record, "data": {**record["data"], field: "2020-01-01" if field != "count" else 9}}
    assert holds(record) and not holds(changed) and not holds({**record, "post": "leader"})
    assert not holds({**record, "at": "2020-01-01T00:00:00.000000Z"}) and not holds({}) and not holds({"data": {}})


def test_what_went_does_not_come_back_from_a_source_that_still_lists_it(duty, forum, standing):
    now = standing.now()
    hear(duty, forum, now, COPY, OTHER)
    standing.advance(days=200)
    erase_class(duty, kind("items"), standing.now())
    batch = read_batch(
        duty,
        forum,
        [
            Post(id="p0", kind="social", text=COPY, published_at=now),
            Post(id="new", kind="social", text="新", published_at=now),
        ],
    )
    assert [item.ext_id for item in batch.items] == ["new"] and batch.repeated == 1
    assert ErasedItem.objects.count() == 2 and "p0" not in str(list(ErasedItem.objects.values()))


def test_a_story_that_goes_on_stays_though_its_first_item_goes(duty, forum, standing):
    old = hear(duty, forum, standing.now(), COPY)[0]
    standing.advance(days=6)
    hear(duty, forum, standing.now(), COPY + "！", COPY + "？", first=10)
    story = Story.objects.get(merged_into=None)
    assert story.first_item_id == old.pk and story.posts == 3
    standing.advance(days=2)
    assert erase_class(duty, kind("items"), standing.now() - timedelta(days=5)) == 1
    story.refresh_from_db()
    first = Item.objects.get(pk=old.pk)
    assert (first.text, first.title, first.pseudonym, bytes(first.sealed), first.erased_at) == (
        "",
        "",
        "",
        b"",
        standing.now(),
    )
    assert story.posts == 2 and story.title == "〔首条已按期清除〕"
    standing.advance(hours=1)
    again = hear(duty, forum, standing.now(), COPY + "。", first=20)[0]
    assert Placement.objects.get(item=again).story == story
    standing.advance(days=100)
    assert erase_class(duty, kind("items"), standing.now()) == 3
    assert (Story.objects.count(), Item.objects.count(), Placement.objects.count()) == (0, 0, 0)


def test_a_worker_that_still_knows_what_went_is_rebuilt(duty, forum, standing):
    """The engine in memory holds the erased item as the earliest copy; the next batch must not point to it."""
    hear(duty, forum, standing.now(), COPY)
    standing.advance(hours=2)
    erase_class(duty, kind("items"), standing.now() - timedelta(hours=1))
    assert Item.objects.count() == 0
    later = hear(duty, forum, standing.now(), COPY, first=5)[0]
    placed = Placement.objects.get(item=later)
    assert placed.copy_of_id is None and placed.story.first_item_id == later.pk


def test_items_of_incidents_and_alerts_are_not_taken_with_the_rest(duty, forum, standing, incident):
    add_topic(duty, Topic(id="power", name="停电", query="停电"))
    attached, alerted, _free = hear(duty, forum, standing.now(), COPY, OTHER, "另外一条不相干的话，说说天气")
    attach_items(duty, incident, [attached])
    alert = Alert.objects.create(scene="live", number=99, kind="burst", topic=_topic(), level_hint="IV", why_zh="x", why_en="x", version="1", at=standing.now(), raised_at=standing.now())  # fmt: skip
    alert.evidence.create(item=alerted, place=0)
    standing.advance(days=400)
    assert erase_class(duty, kind("items"), standing.now()) == 1
    assert set(Item.objects.values_list("pk", flat=True)) == {attached.pk, alerted.pk}
    assert erase_class(duty, kind("alerts"), standing.now()) == 1
    assert erase_class(duty, kind("items"), standing.now()) == 1
    assert set(Item.objects.values_list("pk", flat=True)) == {attached.pk}


def _topic():
    from shudao.sense.models import Topic as Row

    return Row.objects.get(code="power")


def test_an_alert_that_led_to_an_incident_stays(duty, forum, standing, incident):
    add_topic(duty, Topic(id="power", name="停电", query="停电"))
    for number in (7, 8):
        Alert.objects.create(scene="live", number=number, kind="burst", topic=_topic(), level_hint="IV", why_zh="x", why_en="x", version="1", at=standing.now(), raised_at=standing.now())  # fmt: skip
    incident.alert = "7"
    incident.save()
    standing.advance(days=400)
    assert erase_class(duty, kind("alerts"), standing.now()) == 1
    assert Alert.objects.get().number == 7


def test_words_of_an_incident_go_only_after_it_has_ended(duty, forum, standing, incident):
    item = hear(duty, forum, standing.now(), COPY)[0]
    attach_items(duty, incident, [item])
    standing.advance(days=4000)
    assert due(kind("attached"), standing.now()).count == 0
    incident.closed_at = standing.now() - timedelta(days=2000)
    incident.save()
    assert erase_class(duty, kind("attached"), standing.now() - timedelta(days=1095)) == 1
    row = Attachment.objects.get()
    assert (row.title, row.text, row.voice, row.item.text) == ("", "", "", "")
    assert verify_stream(incident.stream).ok and verify_stream("site").ok
    assert due(kind("attached"), standing.now()).count == 0


def test_rejects_and_names_of_those_who_looked(duty, forum, standing):
    from shudao.engine.post import Reject
    from shudao.engine.words import Words

    read_batch(duty, forum, [Reject(line=3, why=Words("x", "x"), raw=b"y")])
    standing.advance(days=400)
    assert erase_class(duty, kind("rejections"), standing.now()) == 1 and not Rejection.objects.exists()


def test_archives_are_kept_unless_the_office_says_otherwise(
    duty, standing, incident, tmp_path, django_capture_on_commit_callbacks
):
    (tmp_path / "archives").mkdir()
    (tmp_path / "archives" / "x.zip").write_bytes(b"zip")
    Archive.objects.create(incident=incident, sealed_at=standing.now(), post="leader", length=1, head="0" * 64, sha256="0" * 64, name="x.zip")  # fmt: skip
    standing.advance(days=20_000)
    apply_retention()
    assert (tmp_path / "archives" / "x.zip").exists()
    with pytest.raises(Refused):
        set_retention(duty, kind("archives"), days=365, is_on=True, reason="省地方")
    set_retention(duty, kind("archives"), days=3650, is_on=True, reason="本单位档案规定第六条")
    with django_capture_on_commit_callbacks(execute=True):
        apply_retention()
    assert not (tmp_path / "archives" / "x.zip").exists() and Archive.objects.get().erased_at


def test_the_daily_job_keeps_to_what_the_office_set(duty, forum, standing):
    hear(duty, forum, standing.now(), COPY)
    standing.advance(days=100)
    apply_retention()
    assert Item.objects.exists()  # nobody turned it on
    with pytest.raises(Refused):
        set_retention(duty, kind("items"), days=60, is_on=True)
    with pytest.raises(Refused):
        set_retention(duty, kind("items"), days=5, is_on=True, reason="太短")
    with pytest.raises(Refused):
        set_retention(duty, kind("archives"), days=None, is_on=True)
    set_retention(duty, kind("items"), days=60, is_on=True, reason="本单位规定")
    apply_retention()
    assert not Item.objects.exists()
    assert deletion_records().get().post == "system"
    assert period_of(kind("items")).row.set_by == "duty_officer"
    assert {one.kind.code for one in periods() if one.is_applied} >= {"items", "contacts"}
    apply_retention()
    assert deletion_records().count() == 1


def test_a_large_amount_goes_in_parts_each_with_its_record(duty, forum, standing, monkeypatch):
    monkeypatch.setattr(erasing, "AT_ONCE", 3)
    posts = [
        Post(id=f"n{n}", kind="social", text=f"第{n}条完全不同的事情{n * 7919}", published_at=standing.now())
        for n in range(8)
    ]
    read_batch(duty, forum, posts)
    standing.advance(days=300)
    assert erase_class(duty, kind("items"), standing.now()) == 8
    records = [row.as_value()["data"] for row in deletion_records().order_by("seq")]
    assert [row["count"] for row in records] == [3, 3, 2] and len({row["digest"] for row in records}) == 3


def test_nothing_due_and_a_day_ahead_are_refused(duty, standing):
    with pytest.raises(Refused):
        erase_old(duty, kind("items"), before=standing.now())
    with pytest.raises(Refused):
        erase_old(duty, kind("items"), before=standing.now() + timedelta(days=1))
    assert erase_class(duty, kind("items"), standing.now()) == 0


def test_the_words_are_gone_from_every_table(duty, forum, standing):
    hear(duty, forum, standing.now(), COPY)
    standing.advance(days=300)
    erase_class(Actor(LIVE, "office_head", "周宁"), kind("items"), standing.now())
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert COPY not in str(cursor.fetchall()), table
    assert not SideRecord.objects.filter(text__contains="停电").exists()
