"""A care referral: handed once, read by its post alone, named nowhere, gone in time. Nobody else, by no way."""

import json
import logging
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from shudao.base import clock
from shudao.base.refusal import Refused
from shudao.engine.text.names import hide_names
from shudao.follow.actions import hand_to_care, handing, settle_care
from shudao.follow.care import unseal
from shudao.follow.jobs import remind_care
from shudao.follow.models import CareReferral
from shudao.ledger.actions import set_retention
from shudao.ledger.jobs import apply_retention
from shudao.ledger.models import Entry, SideRecord
from shudao.ledger.queries import as_lines, verify_stream
from shudao.ledger.verbs import Actor
from shudao.listen.actions import read_batch
from shudao.listen.models import Item
from shudao.listen.queries import source_of
from shudao.notify.models import Message
from shudao.org.models import Holding, Post, PostRight, Right, Staff, Unit
from tests.follow.test_retention import kind
from tests.site import LIVE, acting, furnished, signed_in, text_of

pytestmark = pytest.mark.django_db
SECRET = "桥上一直在哭说不想活了"
LINK = "https://forum.example/t/7788"
HAND = "/follow/care/hand_to_care/"


@pytest.fixture(autouse=True)
def _office(standing, settings, tmp_path):
    settings.DATA = tmp_path
    furnished(standing)
    post = Post.objects.create(code="care", name="心理咨询值守岗", unit=Unit.objects.first())
    PostRight.objects.create(post=post, right=Right.CARE)
    person = Staff.objects.exclude(user=None).last()
    Holding.objects.filter(staff=person).delete()
    Holding.objects.create(post=post, staff=person, from_at=standing.now())


def counsellor() -> Client:
    """The browser of whoever holds the post of care."""
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(Holding.objects.get(post__code="care").staff.user)
    return client


def hand(client, note=SECRET, link=LINK, token=None):
    """Hand something over."""
    return client.post(HAND, {"token": str(token or uuid.uuid4()), "note": note, "link": link})


def everything() -> str:
    """Every value of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [
                cell.tobytes().hex()
                if isinstance(cell, memoryview)
                else cell.hex()
                if isinstance(cell, bytes)
                else str(cell)
                for row in cursor
                for cell in row
            ]
    return "\n".join(found)


def test_it_is_handed_over_and_only_its_post_reads_it(standing):
    assert hand(signed_in("duty_officer")).status_code == 302
    page = counsellor().get("/follow/care/")
    assert SECRET in text_of(page) and LINK in text_of(page) and 'rel="noreferrer noopener"' in text_of(page)
    assert "no-store" in page["Cache-Control"]
    assert [row.text for row in Message.objects.filter(post="care")] == ["有一条关怀转介，请在关怀页查看"]


def test_nothing_of_it_stands_in_any_table_entry_file_or_log(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    hand(signed_in("duty_officer"))
    whole = everything()
    for words in (SECRET, "不想活", "forum.example", SECRET.encode().hex(), json.dumps(SECRET)[1:-1]):
        assert words not in whole and words not in caplog.text
        for path in tmp_path.rglob("*"):
            assert not path.is_file() or words.encode() not in path.read_bytes()
    entry = Entry.objects.get(verb="hand_to_care")
    assert (entry.stream, entry.post, entry.as_value()["data"]) == ("site", "staff", {"referrals": 1})
    assert not SideRecord.objects.filter(stream="site", seq=entry.seq).exists()
    assert verify_stream("site").ok


def test_no_other_person_reaches_it_by_any_address(standing):
    token = uuid.uuid4()
    hand(signed_in("duty_officer"), token=token)
    mine = Holding.objects.get(post__code="care").staff
    others = list(Staff.objects.exclude(user=None).exclude(pk=mine.pk))
    admin = others[0]
    admin.is_administrator = True
    admin.save()
    addresses = ["/", "/follow/care/", "/follow/archive/?words=" + SECRET[:4], "/ledger/", "/ledger/streams/site/", "/ledger/streams/site/download/",
                 "/settings/", "/operations/", "/notify/inbox/", "/respond/incidents/", "/respond/demands/", "/sense/stories/", "/listen/reports/"]  # fmt: skip
    for person in others:
        client = Client(headers={"Accept-Language": "zh-hans"})
        client.force_login(person.user)
        for address in addresses:
            page = client.get(address)
            body = b"".join(page) if page.streaming else page.content
            assert SECRET not in body.decode("utf-8", "replace") and LINK not in body.decode("utf-8", "replace")
        assert client.get("/follow/care/").status_code == 404
        assert client.post(f"/follow/care/{token}/settle_care/", {"state": "contacted"}).status_code == 404
    assert Client().get("/follow/care/").status_code == 302
    assert CareReferral.objects.get().state == "waiting"


def test_who_is_given_the_right_later_does_not_read_what_was_handed_before():
    hand(signed_in("duty_officer"))
    PostRight.objects.create(post=Post.objects.get(code="office_head"), right=Right.CARE)
    later = signed_in("office_head")
    page = later.get("/follow/care/")
    assert page.status_code == 200 and SECRET not in text_of(page) and "没有待查看" in text_of(page)
    row = CareReferral.objects.get()
    assert later.post(reverse("follow:settle_care", args=[row.token]), {"state": "received"}).status_code == 404
    hand(signed_in("duty_officer"), note="第二件事，请看一下")
    assert "第二件事" in text_of(later.get("/follow/care/")) and "第二件事" in text_of(
        counsellor().get("/follow/care/")
    )


@pytest.mark.parametrize("state", ["contacted", "not_needed"])
def test_settled_its_words_go_at_once(state):
    hand(signed_in("duty_officer"))
    row, client = CareReferral.objects.get(), counsellor()
    address = reverse("follow:settle_care", args=[row.token])
    assert client.post(address, {"state": "received"}).status_code == 302
    assert SECRET in text_of(client.get("/follow/care/"))
    assert client.post(address, {"state": state}).status_code == 302
    row.refresh_from_db()
    assert (row.state, bytes(row.sealed), unseal(bytes(row.sealed))) == (state, b"", None)
    assert SECRET not in text_of(client.get("/follow/care/"))
    again = client.post(address, {"state": "received"}, follow=True)
    assert "已处理" in text_of(again) and client.post(address, {"state": "reopened"}).status_code == 404
    assert [entry.as_value()["data"] for entry in Entry.objects.filter(verb="settle_care")] == [{"referrals": 1}] * 2


def test_it_is_deleted_in_time_though_nobody_read_it_and_its_post_is_reminded_before(standing):
    hand(signed_in("duty_officer"))
    standing.advance(days=10)
    remind_care()
    apply_retention()
    assert CareReferral.objects.count() == 1 and not Entry.objects.filter(verb="remind_of_care").exists()
    standing.advance(days=1)
    remind_care()
    remind_care()
    assert Entry.objects.filter(verb="remind_of_care").count() == 1
    assert "1 条关怀转介还没有查看" in Message.objects.get(post="care").text
    standing.advance(days=3, hours=1)
    apply_retention()
    assert CareReferral.objects.count() == 0
    record = Entry.objects.filter(verb="erase_old").latest("seq").as_value()["data"]
    assert (record["kind"], record["count"]) == ("care", 1)


def test_the_number_of_days_is_the_offices(standing):
    set_retention(acting("office_head"), kind("care"), days=5, is_on=True, reason="值守岗每天都在")
    hand(signed_in("duty_officer"))
    assert "5 天" in text_of(signed_in("duty_officer").get(HAND))
    standing.advance(days=6)
    apply_retention()
    assert not CareReferral.objects.exists()


@pytest.mark.parametrize(
    ("note", "gone", "left"),
    [
        ("王小明同学在楼顶，电话13800001234", ["王小明", "13800001234"], "在楼顶"),
        ("姓名：张三，学号2026000123，哭了很久", ["张三", "2026000123"], "哭了很久"),
        ("@半夜的猫 发帖说想走", ["半夜的猫"], "想走"),
        ("My name is Li Lei and I am tired of it all", ["Li Lei"], "tired"),
    ],
)
def test_it_holds_no_name_that_can_be_known_as_one(note, gone, left):
    hand(signed_in("duty_officer"), note=note, link="https://weibo.com/1987654321/Mabc12DEf")
    words = unseal(bytes(CareReferral.objects.get().sealed))
    assert left in words.note and not any(name in words.note for name in gone)
    assert "1987654321" not in words.link


@pytest.mark.parametrize(
    "text", ["高兴的同学们", "任何同学都可以", "安全老师讲课", "有位女同学哭了", "叫什么不清楚", "白天下雨"]
)
def test_ordinary_words_are_no_names(text):
    assert hide_names(text) == text


def test_the_form_begins_from_a_post_and_does_not_hand_over_its_text(standing):
    source = source_of(LIVE, "微言")
    from shudao.engine.post import Post as Heard

    read_batch(
        acting("duty_officer"),
        source,
        [Heard(id="x", kind="social", text=SECRET, url=LINK, published_at=clock.now(LIVE))],
    )
    item = Item.objects.get(ext_id="x")
    duty = signed_in("duty_officer")
    page = text_of(duty.get(f"{HAND}?item={item.pk}"))
    assert SECRET in page and f'value="{LINK}"' in page and "110" in page
    duty.post(HAND, {"token": str(uuid.uuid4()), "note": "请看这个帖子", "link": LINK})
    assert unseal(bytes(CareReferral.objects.get().sealed)) == ("请看这个帖子", LINK)
    assert duty.get(f"{HAND}?item=99999999").status_code == 200 and duty.get(f"{HAND}?item=x").status_code == 200


def test_it_is_handed_over_once_however_often_the_button_is_pressed():
    token = uuid.uuid4()
    for _ in range(3):
        assert hand(signed_in("duty_officer"), token=token).status_code == 302
    assert CareReferral.objects.count() == 1


def test_what_is_refused(standing, run_scene):
    duty = signed_in("duty_officer")
    assert hand(duty, note="").status_code == 422 and hand(duty, note="x" * 501).status_code == 422
    with pytest.raises(Refused):
        hand_to_care(Actor(run_scene, "staff"), token=uuid.uuid4(), note="演练")
    row_actor = Actor(LIVE, "care")
    hand(duty)
    with pytest.raises(Refused):
        settle_care(row_actor, CareReferral.objects.get(), state="waiting")
    PostRight.objects.filter(right=Right.CARE).delete()
    assert hand(duty).status_code == 409 and "权限表" in text_of(duty.get(HAND))
    assert handing(acting("duty_officer")).name == "" and CareReferral.objects.count() == 1


def test_without_the_right_to_watch_nobody_hands_over():
    PostRight.objects.filter(right=Right.WATCH).delete()
    assert counsellor().get(HAND).status_code == 404


def test_the_ledger_as_exported_says_nothing_of_it():
    hand(signed_in("duty_officer"))
    whole = b"\n".join(as_lines("site")).decode()
    assert SECRET not in whole and "hand_to_care" in whole


def test_a_lost_key_shows_that_something_was_handed_over_and_nothing_else(tmp_path, settings):
    hand(signed_in("duty_officer"))
    settings.DATA = tmp_path / "restored"
    page = text_of(counsellor().get("/follow/care/"))
    assert SECRET not in page and "打不开" in page


def test_a_list_of_many_is_paged(standing):
    CareReferral.objects.bulk_create(
        CareReferral(token=uuid.uuid4(), posts=["care"], handed_at=standing.now() - timedelta(minutes=n))
        for n in range(45)
    )
    assert "3" in text_of(counsellor().get("/follow/care/?page=3"))
