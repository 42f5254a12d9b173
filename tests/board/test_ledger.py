"""The ledger's pages: who sees which stream, what is found, what a check says."""

import json

import pytest

from shudao.ledger.actions import record_heads
from shudao.ledger.models import Entry, SideRecord, Stream
from shudao.ledger.queries import entries_of
from shudao.org.models import Organisation, PostRight
from tests.site import acting, furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(standing):
    furnished(standing)
    return opened()


def place(incident):
    return f"/ledger/streams/{incident.stream}/"


def test_streams_are_seen_by_right(incident):
    watcher = signed_in("drafter")
    assert incident.title in text_of(watcher.get("/ledger/"))
    assert "/ledger/streams/site/" not in text_of(watcher.get("/ledger/"))
    assert watcher.get("/ledger/streams/site/").status_code == 404
    keeper = signed_in("office_head")
    assert "/ledger/streams/site/" in text_of(keeper.get("/ledger/"))
    assert keeper.get("/ledger/streams/site/").status_code == 200
    PostRight.objects.all().delete()
    Organisation.objects.update(is_sample=False)  # in a sample everyone may play a drill
    for address in ("/ledger/", place(incident), f"{place(incident)}entries/1/", f"{place(incident)}download/"):
        assert watcher.get(address).status_code == 404, address


def test_entries_are_found_by_verb_post_and_day(incident, standing):
    client = signed_in("office_head")

    def count(query):
        return text_of(client.get(f"{place(incident)}?{query}")).count('id="entry-')

    assert count("verb=open_incident") == 1 and count("verb=close_incident") == 0
    assert count("post=duty_officer") > 1 and count("post=leader") == 0
    today = standing.now().date().isoformat()
    assert count(f"since={today}&until={today}") > 1 and count("until=2020-01-01") == 0 and count("since=nonsense") > 1


def test_an_entry_shows_its_texts_until_they_are_erased(incident):
    client = signed_in("office_head")
    seq = next(row["seq"] for row in entries_of(incident.stream) if row["verb"] == "open_incident")
    page = text_of(client.get(f"{place(incident)}entries/{seq}/"))
    assert incident.title in page and "已依法删除" not in page
    SideRecord.objects.filter(stream=incident.stream).delete()
    page = text_of(client.get(f"{place(incident)}entries/{seq}/"))
    assert incident.title not in page and "已依法删除" in page
    assert client.get(f"{place(incident)}entries/9999/").status_code == 404


def test_the_download_is_the_stream_and_holds_no_name(incident):
    lines = signed_in("office_head").get(f"{place(incident)}download/").content.splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [row["seq"] for row in entries_of(incident.stream)]
    assert acting("duty_officer").name.encode() not in b"".join(lines)


def test_a_check_holds_and_says_where_it_breaks(incident, django_db_blocker):
    client = signed_in("office_head")
    assert "到链头为止" in text_of(client.get(f"{place(incident)}?check=1"))
    row = Entry.objects.get(stream=incident.stream, seq=3)
    Entry.objects.filter(pk=row.pk)._raw_delete(using="default")
    assert "第 3 条起对不上" in text_of(client.get(f"{place(incident)}?check=1"))


def test_a_shortened_stream_is_found(incident, standing):
    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor

    record_heads(Actor(LIVE, "system"))
    stream = Stream.objects.get(name=incident.stream)
    last = Entry.objects.get(stream=incident.stream, seq=stream.length)
    before = last.prev
    Entry.objects.filter(pk=last.pk)._raw_delete(using="default")
    client = signed_in("office_head")
    assert "对不上" in text_of(client.get(f"{place(incident)}?check=1"))
    Stream.objects.filter(pk=stream.pk).update(length=stream.length - 1, head=before)
    page = text_of(client.get(f"{place(incident)}?check=1"))
    assert "到链头为止" in page and "与登记不一致" in page


def test_a_long_chain_is_checked_part_by_part(incident):
    from shudao.ledger.looking import check_part

    length = Stream.objects.get(name=incident.stream).length
    part = check_part(incident.stream, 1, 3)
    assert (part.ok, part.last, part.next) == (True, 3, 4)
    rest = check_part(incident.stream, part.next, 1000)
    assert (rest.ok, rest.last, rest.next) == (True, length, None)
    assert not check_part(incident.stream, length + 5).ok


def test_questions_do_not_grow_with_the_streams(incident):
    client = signed_in("office_head")
    first, one = queries_of(client, "/ledger/"), queries_of(client, place(incident))
    for n in range(5):
        opened(f"停电{n}")
    assert queries_of(client, "/ledger/") == first and queries_of(client, place(incident)) == one


def test_only_real_streams_are_written_to(incident):
    assert (
        not Stream.objects.exclude(name="site").exclude(name__startswith="incident/").exclude(name__startswith="run/")
    )
