"""The situation board: one sentence on top, every clock below, two taps from an alert to a room."""

import re
from datetime import timedelta

import pytest

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.board.screens import outlook
from shudao.engine.post import Post
from shudao.listen.actions import read_batch
from shudao.listen.models import Item, Source
from shudao.listen.queries import source_of
from shudao.notify.models import Message
from shudao.org.queries import who_holds
from shudao.respond.models import Incident
from shudao.sense.models import Alert, AlertItem, Topic
from tests.site import acting, furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(standing):
    outlook.forget()
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
    client.get("/")  # the last day is counted once for everybody
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


def test_the_last_day_is_a_chart_with_its_numbers_beside(site, standing):
    posts = [
        Post(
            id=f"v{n}", source="微言", kind="social", text=f"停电 {n}", published_at=standing.now() - timedelta(hours=n)
        )
        for n in range(1, 5)
    ]
    read_batch(acting("duty_officer"), source_of(LIVE, "微言"), posts)
    page = text_of(signed_in("duty_officer").get("/"))
    assert "过去 24 小时 4 条" in page and re.search(r"/charts/[0-9a-f]{40}\.light\.wide\.png", page)
    assert "看数字" in page and "社交平台" in page


def test_a_chart_has_its_picture_for_staff_alone(site, standing, client):
    from shudao.base.charts import keep_chart
    from shudao.engine.charts.model import VolumeChart

    name = keep_chart(VolumeChart(title="量", columns=(), series=(), unit="条"))
    assert client.get(f"/charts/{name}.light.wide.png").status_code == 302
    duty = signed_in("duty_officer")
    assert duty.get(f"/charts/{name}.pink.wide.png").status_code == 404
    assert duty.get(f"/charts/{'0' * 40}.light.wide.png").status_code == 404


def test_sources_in_trouble_are_counted(site):
    assert "个信源都正常" in text_of(signed_in("duty_officer").get("/"))
    first = Source.objects.order_by("pk").first()
    Source.objects.filter(pk=first.pk).update(state="failing")
    page = text_of(signed_in("duty_officer").get("/"))
    assert "1 个读取失败" in page and "state=failing" in page


def test_a_drill_under_way_is_named_on_the_real_board_alone(site):
    from shudao.drill.actions import make_run, start_run
    from shudao.drill.screens import scenarios
    from shudao.ledger.verbs import Actor
    from shudao.plan.queries import edition_in_force

    scenario = scenarios()["zh/outage"]
    run = make_run(scenario, edition_in_force(scenario.plan), seed=1, team="people", speed=1)
    start_run(Actor(run.scene, "controller"), run, simulated=False)
    client = signed_in("duty_officer")
    assert f"/runs/{run.code}/" in text_of(client.get("/"))
    inside = text_of(client.get(f"/runs/{run.code}/"))
    assert 'id="drills"' not in inside and 'class="drill"' in inside and 'data-see="run/' in inside


def test_the_note_of_the_shift_before_is_shown_to_who_comes(site, standing):
    from shudao.org.models import HandOver, Post, Staff

    post = Post.objects.get(code="duty_officer")
    HandOver.objects.create(
        post=post, writer=Staff.objects.first(), text="城南变压器晚上要盯", written_at=standing.now()
    )
    assert "城南变压器晚上要盯" in text_of(signed_in("duty_officer").get("/"))
    assert "城南变压器晚上要盯" not in text_of(signed_in("leader").get("/"))


def test_who_has_no_post_sees_a_useful_page_and_nothing_of_the_matters(alert):
    from django.test import Client

    from shudao.org.models import Staff

    opened("城南片区停电")
    staff = Staff.objects.filter(holdings=None, shifts=None).first()
    if staff is None:
        staff = who_holds("drafter", clock.now(LIVE))[0]
        staff.holdings.all().delete()
        staff.shifts.all().delete()
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(staff.user)
    page = text_of(client.get("/"))
    assert "您现在没有岗位" in page and "/listen/report/" in page
    assert "城南片区停电" not in page and "半小时内 30 条" not in page


def test_the_most_urgent_alerts_are_shown_and_the_rest_is_counted(alert, standing):
    for number in range(2, 9):
        an_alert(standing, number)
    Alert.objects.filter(number=8).update(level_hint="I")
    page = text_of(signed_in("duty_officer").get("/"))
    assert page.count('class="card alert-card') == 5 and "还有 3 条预警" in page
    assert page.index('id="alert-8"') < page.index('id="alert-1"')


def test_what_waits_is_done_from_the_board_with_one_tap(site):
    opened("城南片区停电")
    client = signed_in("duty_officer")
    page = text_of(client.get("/"))
    mine = page.split('id="mine"')[1].split("</section>")[0]
    assert "城南片区停电" in mine and "acknowledge_task" in mine
