"""The page of keeping and erasing: periods, a dry run that changes nothing, records that can be printed and kept."""

import json
from datetime import timedelta

import pytest

from shudao.engine.deletion import holds
from shudao.engine.post import Post
from shudao.ledger.models import Entry, Retention
from shudao.ledger.queries import deletion_records, verify_stream
from shudao.listen.actions import read_batch
from shudao.listen.models import Item
from shudao.listen.queries import source_of
from tests.site import LIVE, acting, furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(standing, settings, tmp_path):
    """The head of the office, who may erase; three old items and one new."""
    settings.DATA = tmp_path
    furnished(standing)
    source = source_of(LIVE, "微言")
    old = [Post(id=f"old{n}", kind="social", text=f"旧事第{n}件", published_at=standing.now()) for n in range(3)]
    read_batch(acting("duty_officer"), source, old)
    standing.advance(days=300)
    read_batch(
        acting("duty_officer"), source, [Post(id="new", kind="social", text="新事", published_at=standing.now())]
    )
    return signed_in("office_head")


def day(standing, days):
    """A day so many days ago."""
    return (standing.now() - timedelta(days=days)).date().isoformat()


def test_the_page_says_every_class_and_teaches_when_nothing_went(head):
    page = text_of(head.get("/retention/"))
    assert "未关联的信息条" in page and "180 天" in page and "长期留存" in page and "还没有清除过" in page
    assert queries_of(head, "/retention/") < 30


def test_a_dry_run_counts_and_changes_nothing(head, standing):
    entries = Entry.objects.count()
    page = head.post("/retention/erase_old/", {"before": day(standing, 100), "kinds": ["items", "alerts"]})
    assert page.status_code == 200 and "将清除 3 条" in text_of(page)
    assert (Item.objects.count(), Entry.objects.count()) == (4, entries)
    nothing = head.post("/retention/erase_old/", {"before": day(standing, 3000), "kinds": ["items"]})
    assert "没有到期的内容" in text_of(nothing)


def test_erasing_leaves_a_record_that_can_be_read_kept_and_checked(head, standing):
    given = {"before": day(standing, 100), "kinds": ["items"], "erase": "1"}
    assert head.post("/retention/erase_old/", given).status_code == 302
    assert [item.ext_id for item in Item.objects.all()] == ["new"]
    record = deletion_records().get()
    assert record.post == "office_head"
    page = text_of(head.get(f"/retention/records/{record.seq}/"))
    assert "签名相符" in page and record.hash in page
    kept = json.loads(head.get(f"/retention/records/{record.seq}/?as=json").content)
    assert holds(kept) and kept == record.as_value()
    assert "3 条" in text_of(head.get("/retention/")) and verify_stream("site").ok
    assert head.get("/retention/records/99999/").status_code == 404


@pytest.mark.parametrize(
    ("given", "status"),
    [({}, 422), ({"before": "x", "kinds": ["items"]}, 422), ({"before": "2020-01-01"}, 422),
     ({"before": "2020-01-01", "kinds": ["nonsense"]}, 422), ({"before": "2020-01-01", "kinds": ["archives"]}, 422),
     ({"before": "2099-01-01", "kinds": ["items"], "erase": "1"}, 409)],
)  # fmt: skip
def test_what_cannot_be_read_or_done_is_said(head, given, status):
    assert head.post("/retention/erase_old/", {"x": "1", **given}).status_code == status
    assert Item.objects.count() == 4


def test_a_period_is_set_with_its_reason(head):
    assert head.get("/retention/items/set_retention/").status_code == 200
    refused = head.post("/retention/items/set_retention/", {"days": "60", "is_on": "on"})
    assert refused.status_code == 409 and "理由" in text_of(refused) and not Retention.objects.exists()
    done = head.post("/retention/items/set_retention/", {"days": "60", "is_on": "on", "reason": "本单位规定"})
    assert done.status_code == 302
    row = Retention.objects.get()
    assert (row.kind, row.days, row.is_on, row.set_by) == ("items", 60, True, "office_head")
    assert "60 天" in text_of(head.get("/retention/")) and "本单位规定" in text_of(head.get("/retention/"))
    assert head.post("/retention/items/set_retention/", {"days": "abc"}).status_code == 422
    assert head.get("/retention/nonsense/set_retention/").status_code == 404


def test_only_who_may_erase_sees_any_of_it(head, standing):
    duty = signed_in("duty_officer")
    for address in ("/retention/", "/retention/erase_old/", "/retention/items/set_retention/", "/retention/records/1/"):
        assert duty.get(address).status_code == 404
    assert duty.post("/retention/erase_old/", {"before": "2020-01-01", "kinds": ["items"]}).status_code == 404
