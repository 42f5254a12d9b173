"""The header: what exists and may be seen has a link, the page one is on is marked, a run keeps its players inside."""

import pytest
from django.test import RequestFactory

from shudao.base import navigation
from shudao.base.navigation import address_of, menu_of
from tests.site import furnished, opened, signed_in, text_of

pytestmark = pytest.mark.django_db
ADDRESSES = {
    "board:board": ("/", frozenset()),
    "board:run_board": ("/runs/7/", frozenset()),
    "sense:alerts": ("/sense/alerts/", frozenset({"watch"})),
    "org:registers": ("/org/registers/", frozenset({"registers"})),
    "listen:report": ("/listen/report/", frozenset()),
}


@pytest.fixture
def few(monkeypatch):
    """A site with a few pages only."""
    monkeypatch.setattr(navigation, "address_of", lambda name, run="": ADDRESSES.get(name, ("", frozenset())))


def keys(links):
    return [link.key for link in links]


def menu(path, rights=(), **more):
    return menu_of(RequestFactory().get(path), frozenset(rights), **more)


def test_what_does_not_exist_or_may_not_be_seen_has_no_link(few):
    shown = menu("/")
    assert (keys(shown.at_hand), keys(shown.next), keys(shown.more)) == (["board"], ["report"], [])
    assert keys(menu("/", ["watch"]).at_hand) == ["board", "alerts"]
    assert keys(menu("/", ["registers"]).more) == ["registers"]


@pytest.mark.parametrize(
    ("path", "place", "here"),
    [("/", "", "board"), ("/sense/alerts/7/", "board", "alerts"), ("/org/registers/", "", "registers"),
     ("/elsewhere/", "board", "board"), ("/elsewhere/", "", "")],
)  # fmt: skip
def test_the_page_one_is_on_is_marked(few, path, place, here):
    shown = menu(path, ["watch", "registers"], place=place)
    links = (*shown.at_hand, *shown.next, *shown.more)
    assert [link.key for link in links if link.is_here] == ([here] if here else [])
    assert shown.is_more_here == (here == "registers")


def test_in_a_run_only_the_runs_own_pages_are_offered(few):
    shown = menu("/runs/7/", ["watch"], run="7", place="board")
    assert [link.path for link in (*shown.at_hand, *shown.next, *shown.more)] == ["/runs/7/"]


def test_an_address_knows_the_rights_its_page_needs():
    address_of.cache_clear()
    assert address_of("board:board") == ("/", frozenset()) and address_of("no:such") == ("", frozenset())
    assert "people" in address_of("org:people")[1]


def test_the_header_counts_what_nobody_has_confirmed(standing):
    furnished(standing)
    opened()
    page = text_of(signed_in("duty_officer").get("/"))
    assert 'aria-current="page"' in page and "更多" in page


def test_a_silent_worker_is_said_on_every_page(standing):
    from shudao.base.models import JobRow

    furnished(standing)
    client = signed_in("duty_officer")
    assert "alarm-band" not in text_of(client.get("/"))
    JobRow.objects.create(name="notify.deliver_messages", due_at=standing.now())
    standing.advance(minutes=3)
    assert "后台已停止工作" in text_of(client.get("/"))
