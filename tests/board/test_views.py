"""The situation board: one sentence on top, every clock below, two taps from an alert to a room."""

import re

import pytest

from shudao.base.scene import LIVE
from shudao.engine.post import Post
from shudao.listen.actions import read_batch
from shudao.listen.models import Item
from shudao.listen.queries import source_of
from shudao.notify.models import Message
from shudao.respond.models import Incident
from shudao.sense.models import Alert, AlertItem, Topic
from tests.site import acting, furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(standing):
    furnished(standing)


@pytest.fixture
def alert(site, standing):
    """An alert with two posts behind it."""
    posts = [
        Post(id=f"p{n}", source="微言", kind="social", text=f"城南又停电了 {n}", published_at=standing.now())
        for n in range(2)
    ]
    read_batch(acting("duty_officer"), source_of(LIVE, "微言"), posts)
    return an_alert(standing, 1)


def an_alert(standing, number):
    row = Alert.objects.create(
        scene="live", number=number, kind="burst", topic=Topic.objects.first(), level_hint="III", version="t",
        why_zh="半小时内 30 条", why_en="30 posts in half an hour", at=standing.now(), raised_at=standing.now(),
    )  # fmt: skip
    for place, item in enumerate(Item.objects.order_by("pk")):
        AlertItem.objects.create(alert=row, item=item, place=place)
    return row


def heading(page):
    return re.search(r"<h1>(.*?)</h1>", text_of(page)).group(1)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-hans", "没有事件在发展，没有事等您"), ("en", "No matter is moving, nothing waits for you")],
)
def test_an_empty_board_teaches(site, language, sentence):
    page = signed_in("leader", language).get("/")
    assert heading(page) == sentence and text_of(page).count('class="empty') >= 3


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-hans", "两件事在发展，两件等您办"), ("en", "Two matters are moving, two tasks wait for you")],
)
def test_the_sentence_counts_what_moves_and_what_waits(site, language, sentence):
    opened("甲"), opened("乙")
    assert heading(signed_in("duty_officer", language).get("/")) == sentence


def test_an_alert_is_taken_up_with_one_tap_and_opened_with_two(alert):
    client = signed_in("duty_officer")
    page = text_of(client.get("/"))
    assert "半小时内 30 条" in page and "城南又停电了 1" in page
    client.post("/sense/alerts/1/acknowledge_alert/")
    alert.refresh_from_db()
    assert alert.acknowledged_by == "duty_officer"
    assert 'name="title" value="电费与电表"' in text_of(client.get("/respond/open_incident/?alert=1"))
    client.post("/respond/open_incident/", {"alert": "1", "title": "城南停电"})
    incident = Incident.objects.get()
    assert incident.origin == "alert" and incident.attachment_set.count() == 2
    assert "半小时内 30 条" not in text_of(client.get("/")).split('id="alerts"')[1].split("</section>")[0]


def test_opening_takes_an_untouched_alert_up_first(alert):
    signed_in("duty_officer").post("/respond/open_incident/", {"alert": "1", "title": "城南停电"})
    alert.refresh_from_db()
    assert alert.acknowledged_at and Incident.objects.exists()


def test_taking_up_twice_is_refused_in_words(alert):
    client = signed_in("duty_officer")
    client.post("/sense/alerts/1/acknowledge_alert/")
    again = client.post("/sense/alerts/1/acknowledge_alert/")
    assert again.status_code == 409 and 'role="alert"' in text_of(again)


def test_dismissing_needs_a_reason(alert):
    client = signed_in("duty_officer")
    assert client.get("/sense/alerts/1/dismiss_alert/").status_code == 200
    assert client.post("/sense/alerts/1/dismiss_alert/", {"reason": ""}).status_code == 422
    assert client.post("/sense/alerts/1/dismiss_alert/", {"reason": "外地同名小区"}).status_code == 302
    alert.refresh_from_db()
    assert alert.dismissed_by == "duty_officer" and alert.reason == "外地同名小区"


def test_a_message_is_confirmed_by_its_own_post(site):
    opened()
    message = Message.objects.get(post="duty_officer")
    assert signed_in("drafter").post("/confirm_message/", {"message": message.pk}).status_code == 404
    assert signed_in("duty_officer").post("/confirm_message/", {"message": message.pk}).status_code == 302
    message.refresh_from_db()
    assert message.confirmed_by == "duty_officer"


def test_a_run_that_does_not_exist_has_no_board(site):
    assert signed_in("duty_officer").get("/runs/0099/").status_code == 404


def test_the_number_of_questions_does_not_grow_with_the_rows(alert, standing):
    opened("甲")
    client = signed_in("duty_officer")
    first = queries_of(client, "/")
    for number in (2, 3):
        opened(f"第{number}件")
        an_alert(standing, number)
    assert queries_of(client, "/") == first


def test_the_most_urgent_matter_stands_first(site, standing):
    opened("先来的")
    standing.advance(minutes=30)
    opened("后来的")
    page = text_of(signed_in("leader").get("/"))
    assert page.index("先来的") < page.index("后来的") and "1 项超时" in page


def test_many_matters_are_paged(site):
    for number in range(12):
        opened(f"第{number}件")
    client = signed_in("duty_officer")
    page = text_of(client.get("/"))
    assert page.count('<article class="card edge') == 10 and 'rel="next"' in page
    assert text_of(client.get("/?page=2")).count('<article class="card edge') == 2
